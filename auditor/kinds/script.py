"""`script`: tokens that mix two scripts: icon texts glued to words, names glued to their translation, homoglyphs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from time import perf_counter
from typing import Annotated

import msgspec

from auditor.automaton import Automaton, Pattern, prepared
from auditor.batch import Batch
from auditor.expressions import expression, regex
from auditor.folding import WORD
from auditor.kinds.base import Hit, Rule, Stuck, Texts
from auditor.kinds.clitics import PREFIXES
from auditor.kinds.clock import Clock
from auditor.model import Edit
from auditor.page import any_of, byte_set

_LEAD = expression(r"(\p{Script=Arabic}{1,4})\u0640*(?=\P{Script=Arabic})")


class ScriptRule(Rule, frozen=True, kw_only=True, tag="script"):
    """``clitics`` lets Arabic proclitics stand before a foreign word; ``allow`` are patterns of whole tokens."""

    scripts: Annotated[tuple[str, ...], msgspec.Meta(min_length=2, max_length=2)]
    clitics: bool = True
    allow: Texts = ()
    split: bool = True


class _Prepared:
    def __init__(self, rule: ScriptRule) -> None:
        self.rule = rule
        one, two = ([*rule.scripts, ""])[:2]
        # Marks, digits and tatweel have no script of their own and may stand in the seam.
        self.letters = [rf"(?:(?=\p{{L}})(?!\u0640)\p{{Script={name}}})" for name in (one, two)]
        between = r"[\p{M}\p{N}\u0640]*+"
        self.seam = regex.compile("|".join(f"(?<={a}{between})(?={b})" for a, b in self._orders))
        self._walk = regex.compile("|".join(f"{a}{between}(?={b})" for a, b in self._orders))
        self._scripts = [regex.compile(rf"\p{{Script={name}}}") for name in (one, two)]

    @property
    def _orders(self) -> list[tuple[str, str]]:
        return [(self.letters[0], self.letters[1]), (self.letters[1], self.letters[0])]

    @cached_property
    def allowed(self) -> list[regex.Pattern[str]]:
        return [regex.compile(pattern) for pattern in self.rule.allow]

    def seams(self, text: str) -> list[int]:
        """Where letters of one script meet those of the other."""
        if not all(script.search(text) for script in self._scripts):
            return []
        return [match.end() for match in self._walk.finditer(text)]  # faster than to look back everywhere

    def expressions(self) -> list[bytes]:
        sets = [any_of(byte_set(letters, False)) for letters in self.letters]
        between = any_of(byte_set(r"[\p{M}\p{N}\u0640]", False)) + b"*"
        return [sets[0] + between + sets[1], sets[1] + between + sets[0]]

    def passes(self, token: str, limit: float) -> bool:
        """Whether a mixed token is allowed: a clitic before a foreign word, or a listed shape."""
        if any(pattern.fullmatch(token, timeout=limit) for pattern in self.allowed):
            return True
        lead = _LEAD.match(token) if self.rule.clitics and "Arabic" in self.rule.scripts else None
        return lead is not None and lead[1].rstrip("\u0640") in PREFIXES and not self.seam.search(token, lead.end() + 1)


class ScriptMatcher:
    """Lines with a seam are candidates; their tokens are looked at one by one."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[ScriptRule]) -> None:
        self._prepared = [_Prepared(rule) for rule in rules]
        self._automaton = Automaton(prepared("script", rules, self._patterns, list[Pattern]))

    def _patterns(self) -> list[Pattern]:
        return [Pattern("plain", expression) for rule in self._prepared for expression in rule.expressions()]

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        candidates, clock = self._automaton.candidates(batch), Clock(batch)
        for line, number in sorted({(line, pattern // 2) for line, pattern in candidates}):
            prepared, text, offset = self._prepared[number], batch.line(line), batch.line_starts[line]
            every = prepared.seams(text)  # none reaches beyond its word
            for match in WORD.finditer(text) if every else ():
                start, end = match.span()
                low = bisect_left(every, start)
                if low == len(every) or every[low] >= end:
                    continue
                seams = [at - start for at in every[low : bisect_left(every, end)]]
                if clock.is_over(prepared.rule.id, line):
                    break
                started = perf_counter()
                try:
                    allowed = prepared.passes(match[0], clock.limit)
                except TimeoutError:
                    clock.stop(prepared.rule.id, line)
                if clock.passed(prepared.rule.id, line, started) or clock.is_over(prepared.rule.id, line):
                    yield Stuck(prepared.rule, line)
                    break
                if allowed:
                    continue
                start, end = offset + start, offset + end
                edit = Edit(start, end, _split(match[0], seams)) if prepared.rule.split else None
                yield Hit(prepared.rule, start, end, " next to ".join(prepared.rule.scripts), edit)


def _split(token: str, seams: list[int]) -> str:
    parts = [token[start:end] for start, end in zip([0, *seams], [*seams, len(token)], strict=True)]
    return " ".join(parts)
