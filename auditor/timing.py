"""How long each rule takes by itself, over text made of examples."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import chain, cycle
from typing import NamedTuple

from auditor import cache
from auditor.batch import Batch
from auditor.check import Engine
from auditor.examples import unmarked
from auditor.kinds import AnyRule
from auditor.kinds.base import Stuck
from auditor.model import Document
from auditor.packs import Pack

_TEXT = 200_000  # code points of all examples, one after the other
_LINE = 20_000  # code points of one line of a rule's own examples: what grows with the square of it shows here
_ROUNDS = 2  # the first one also prepares the text


class Timing(NamedTuple):
    """Milliseconds a rule takes for a million code points of ordinary text, and of one long line made for it."""

    rule: str
    text: float
    line: float
    slow: bool  # no automaton looks ahead for it
    stuck: bool  # it ran over its time limit


def measured(packs: Sequence[Pack]) -> list[Timing]:
    """Every rule alone, the slowest first. The text is the same for all; what is printed depends on the machine."""
    rules = [(pack, rule) for pack in packs for rule in pack.rules]
    examples = [example for _, rule in rules for example in _examples(rule)]
    text = Batch([Document(text=_filled(examples, "\n", _TEXT))])
    found = []
    with cache.switched_off():  # hundreds of small automata would drive out the one that is used
        for pack, rule in rules:
            alone = Engine([Pack(name=pack.name, path="", language=None, about="", digest="", rules=(rule,))])
            line = Batch([Document(text=_filled(_examples(rule), " ", _LINE).replace("\n", " "))])
            (in_text, stuck), (in_line, too) = _timed(alone, text), _timed(alone, line)
            found.append(Timing(rule.id, in_text, in_line, bool(alone.slow), stuck or too))
    return sorted(found, key=lambda one: (-one.stuck, -max(one.text, one.line), one.rule))


def table(timings: Sequence[Timing], limit: int) -> str:
    """The slowest rules, one line each."""
    width = max((len(one.rule) for one in timings[:limit]), default=4)
    lines = [f"{'slowest rules'.ljust(width)}  ms a MB of text  ms a MB of its own in one line"]
    for one in timings[:limit]:
        notes = ["over its time limit"] * one.stuck + ["slow: tried on every line"] * one.slow
        lines.append(f"{one.rule.ljust(width)}  {one.text:>15.1f}  {one.line:>30.1f}  {', '.join(notes)}".rstrip())
    if len(timings) > limit:
        lines.append(f"... {len(timings) - limit:,} faster (--limit shows more)")
    return "\n".join(lines) + "\n"


def _examples(rule: AnyRule) -> list[str]:
    return [*(unmarked(bad.text)[0] for bad in rule.bad), *rule.good]


def _filled(examples: Sequence[str], between: str, size: int) -> str:
    """The examples over and over, up to about ``size`` code points."""
    parts: list[str] = []
    length = 0
    for example in chain(examples, cycle(examples)):
        parts.append(example)
        length += len(example) + 1
        if length >= size:
            break
    return between.join(parts)


def _timed(engine: Engine, batch: Batch) -> tuple[float, bool]:
    best, stuck = float("inf"), False
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        stuck = any(isinstance(hit, Stuck) for hit in list(engine.hits(batch)))
        best = min(best, time.perf_counter() - started)
        if stuck:
            break
    return round(best * 1e9 / max(1, len(batch.text)), 3), stuck
