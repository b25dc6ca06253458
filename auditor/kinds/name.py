"""`name`: a wrong rendering of a name, with proclitics carried into the fix and cues that must stand near."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from auditor.automaton import Automaton, Pattern, prepared
from auditor.batch import Batch
from auditor.folding import is_word
from auditor.kinds.base import Hit, LineRule, Rule, Stuck, Texts
from auditor.kinds.clitics import PREFIXES, Prefix, joined
from auditor.kinds.context import occurrences, passes
from auditor.model import Edit
from auditor.page import literal, outside_words, to_folded


class NameRule(LineRule, frozen=True, kw_only=True, tag="name"):
    """Wrong forms and the right one. A form written with ال stands for its definite uses, others for bare ones."""

    wrong: Texts
    right: str | None = None
    clitics: bool = True


class _Form(NamedTuple):
    rule: NameRule
    core: str  # folded, without the article
    prefixes: dict[str, Prefix]  # what may stand before the core within its word


class _Shape(NamedTuple):
    """A form as it is kept."""

    rule: int
    core: str
    before: int  # which of `_BEFORE`
    expression: bytes


_LONGEST = max(map(len, PREFIXES))
_BARE = {"": Prefix("", False)}
_DEFINITE = {text: prefix for text, prefix in PREFIXES.items() if prefix.article}
_INDEFINITE = {text: prefix for text, prefix in PREFIXES.items() if not prefix.article}
_BEFORE = (_BARE, _DEFINITE, _INDEFINITE)


class NameMatcher:
    """Every form is one expression: a word's beginning, a known prefix, the core, the word's end."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[NameRule]) -> None:
        shapes = prepared("name", rules, lambda: _shapes(rules), list[_Shape])
        self._forms = [_Form(rules[shape.rule], shape.core, _BEFORE[shape.before]) for shape in shapes]
        self._automaton = Automaton([Pattern("folded", shape.expression) for shape in shapes])

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        lines: dict[tuple[int, str], list[_Form]] = defaultdict(list)
        for line, pattern in self._automaton.candidates(batch):
            form = self._forms[pattern]
            lines[line, form.rule.id].append(form)
        for (line, _), found in lines.items():
            yield from _within(batch, line, found)


def _shapes(rules: Sequence[NameRule]) -> list[_Shape]:
    return [
        _Shape(number, form.core, _BEFORE.index(form.prefixes), _expression(form))
        for number, rule in enumerate(rules)
        for form in forms(rule)
    ]


def forms(rule: NameRule) -> list[_Form]:
    """What a rule's wrong forms look like in folded text."""
    found = []
    for wrong in dict.fromkeys(rule.wrong):
        folded = rule.folding().fold(wrong.strip())
        if not rule.clitics or not "\u0600" <= folded[:1] <= "\u06ff":
            found.append(_Form(rule, folded, _BARE))
        elif folded.startswith("ال") and len(folded) > 3:
            found.append(_Form(rule, folded[2:], _DEFINITE))
        else:
            found.append(_Form(rule, folded, _INDEFINITE))
    return found


def _expression(form: _Form) -> bytes:
    core = literal(to_folded(form.core))
    if not {"invisible", "width"} <= form.rule.folding().steps:
        return core
    prefixes = b"|".join(literal(to_folded(prefix)) for prefix in sorted(form.prefixes, reverse=True) if prefix)
    optional = b"?" if "" in form.prefixes else b""
    before = b"(?:" + prefixes + b")" + optional if prefixes else b""
    opens = outside_words() if before or is_word(form.core[0]) else b""
    return opens + before + core + (outside_words() if is_word(form.core[-1]) else b"")


def _within(batch: Batch, line: int, found: list[_Form]) -> Iterator[Hit]:
    """Leftmost, longest, not overlapping among the forms of one rule in one line."""
    rule = found[0].rule
    folded = batch.folded_line(line, rule.folding())
    text = folded.text
    matches = sorted(
        (span for form in found for at in occurrences(text, form.core) if (span := _token(text, at, form)) is not None),
        key=lambda match: (match[0], -match[1]),
    )
    reach, offset = 0, batch.line_starts[line]
    for left, right, prefix in matches:
        if left < reach:
            continue
        reach = right
        start, end = folded.span(left, right)
        why = passes(rule, batch, line, start, end)
        if why is None:
            continue
        edit = None
        if rule.right is not None:
            edit = Edit(offset + start, offset + end, joined(prefix.kept, rule.right))
        yield Hit(rule, offset + start, offset + end, why or "the form itself", edit)


def _token(text: str, at: int, form: _Form) -> tuple[int, int, Prefix] | None:
    """The whole token around a core found at ``at``, if only a known prefix stands before it in its word."""
    end = at + len(form.core)
    if end < len(text) and is_word(text[end]) and is_word(text[end - 1]):
        return None
    start = at
    if is_word(form.core[0]) or form.prefixes is not _BARE:
        while start > 0 and at - start <= _LONGEST and is_word(text[start - 1]):
            start -= 1
    prefix = form.prefixes.get(text[start:at])
    return None if prefix is None else (start, end, prefix)
