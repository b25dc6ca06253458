"""`lexicon`: fixed phrases, folded, as a whole line, at a line's start or end, or anywhere in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from auditor.automaton import Automaton, Pattern, prepared
from auditor.batch import Batch
from auditor.folding import Folded, is_word
from auditor.kinds.base import Hit, LineRule, Rule, Stuck, Texts
from auditor.kinds.context import content, occurrences, passes, remove_line, remove_part
from auditor.model import Edit
from auditor.page import literal, outside_words, page, to_folded, word_bytes

KEPT_AT_ENDS = frozenset("\"'“”‘’«»?؟")  # a question or a quotation is not decoration


class LexiconRule(LineRule, frozen=True, kw_only=True, tag="lexicon"):
    """Phrases; a whole-line phrase may have decoration (other punctuation, symbols, blanks) at its two ends."""

    phrases: Texts = ()
    phrases_file: str | None = None
    at: Literal["line", "start", "end", "anywhere"] = "line"


class _Entry(NamedTuple):
    rule: LexiconRule
    phrase: str  # folded as the rule folds


class _Shape(NamedTuple):
    """A phrase of the rule of a number, and the line it is looked up by (``looked_up``) or the expression for it."""

    rule: int
    phrase: str
    looked_up: bool
    data: bytes


class LexiconMatcher:
    """Whole lines are looked up in one table; the rest goes through the automaton."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[LexiconRule]) -> None:
        self._whole: dict[bytes, list[_Entry]] = defaultdict(list)
        self._entries: list[_Entry] = []
        expressions = []
        for number, phrase, looked_up, data in prepared("lexicon", rules, lambda: _shapes(rules), list[_Shape]):
            entry = _Entry(rules[number], phrase)
            if looked_up:
                self._whole[data].append(entry)
            else:
                self._entries.append(entry)
                expressions.append(data)
        self._automaton = Automaton([Pattern("folded", expression) for expression in expressions])

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        yield from self._whole_lines(batch)
        lines: dict[tuple[int, str], list[_Entry]] = defaultdict(list)
        for line, pattern in self._automaton.candidates(batch):
            entry = self._entries[pattern]
            lines[line, entry.rule.id].append(entry)
        for (line, _), entries in lines.items():
            yield from _within(batch, line, entries)

    def _whole_lines(self, batch: Batch) -> Iterator[Hit]:
        table = self._whole
        known = batch.view(_bare_lines) if table else {}
        for data in table.keys() & known.keys():
            for number in known[data]:
                for rule, phrase in table[data]:
                    folded = batch.folded_line(number, rule.folding())
                    left, right = bare(folded.text)
                    if folded.text[left:right] == phrase:
                        hit = _hit(rule, batch, number, folded, left, right)
                        if hit:
                            yield hit


def _bare_lines(batch: Batch) -> dict[bytes, list[int]]:
    """The lines of the folded stream without decoration, and which ones each of them is; empty ones are none."""
    decoration, found = decoration_bytes(), defaultdict[bytes, list[int]](list)
    for number, data in enumerate(batch.folded_lines):
        if data:
            found[data.strip(decoration)].append(number)
    return found


def _shapes(rules: Sequence[LexiconRule]) -> list[_Shape]:
    """Phrases as they are scanned for."""
    entries = [(number, _Entry(rule, phrase)) for number, rule in enumerate(rules) for phrase in phrases(rule)]
    on_page = to_folded("\n".join(entry.phrase for _, entry in entries)).split(b"\n")  # at once: there are thousands
    found = []
    for (number, entry), data in zip(entries, on_page, strict=False):  # of no entries there is one empty line
        # Without width the stream shows other ends than the rule sees: ？ is decoration, ? is not.
        looked_up = entry.rule.at == "line" and "width" in entry.rule.folding().steps
        shown = data.strip(decoration_bytes()) if looked_up else _expression(entry)
        found.append(_Shape(number, entry.phrase, looked_up, shown))
    return found


def phrases(rule: LexiconRule) -> list[str]:
    """A rule's phrases as it folds them, longest first, bare of decoration where it looks at whole lines."""
    found = set()
    for phrase in rule.phrases:
        folded = rule.folding().fold(phrase.strip())
        left, right = bare(folded) if rule.at == "line" else (0, len(folded))
        found.add(folded[left:right].strip())
    return sorted(found, key=lambda phrase: (-len(phrase), phrase))


def bare(text: str) -> tuple[int, int]:
    """The range of ``text`` without blanks, punctuation and symbols at its ends, quotes and question marks kept."""
    left, right = 0, len(text)
    while left < right and _decorates(text[left]):
        left += 1
    while left < right and _decorates(text[right - 1]):
        right -= 1
    return left, right


def bounded(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` neither begins nor ends inside a word."""
    opens = start == 0 or not (is_word(text[start]) and is_word(text[start - 1]))
    return opens and (end == len(text) or not (is_word(text[end - 1]) and is_word(text[end])))


def _decorates(char: str) -> bool:
    return not is_word(char) and char not in KEPT_AT_ENDS


@cache
def decoration_bytes() -> bytes:
    kept = {int(page()[ord(char)]) for char in KEPT_AT_ENDS}
    return bytes(byte for byte in range(256) if byte not in word_bytes() and byte not in kept and byte != 0x0A)


def _expression(entry: _Entry) -> bytes:
    """The phrase on the page, between bytes that are no word's where the rule's folding allows to tell."""
    phrase = literal(to_folded(entry.phrase))
    if not {"invisible", "width"} <= entry.rule.folding().steps:
        return phrase
    outside = outside_words()
    opens = outside if is_word(entry.phrase[0]) else b""
    return opens + phrase + (outside if is_word(entry.phrase[-1]) else b"")


def _within(batch: Batch, line: int, entries: list[_Entry]) -> Iterator[Hit]:
    """Leftmost, longest, not overlapping among the phrases of one rule in one line."""
    rule = entries[0].rule
    folded = batch.folded_line(line, rule.folding())
    found = sorted(
        (at, -len(phrase))
        for _, phrase in entries
        for at in occurrences(folded.text, phrase)
        if bounded(folded.text, at, at + len(phrase)) and _at(rule, folded.text, at, at + len(phrase))
    )
    reach = 0
    for at, negative in found:
        if at >= reach:
            reach = at - negative
            hit = _hit(rule, batch, line, folded, at, reach)
            if hit:
                yield hit


def _at(rule: LexiconRule, text: str, start: int, end: int) -> bool:
    if rule.at == "line":
        return (start, end) == bare(text)
    if rule.at == "start":
        return start <= bare(text)[0]
    if rule.at == "end":
        return end >= bare(text)[1]
    return True


def _hit(rule: LexiconRule, batch: Batch, line: int, folded: Folded, left: int, right: int) -> Hit | None:
    start, end = folded.span(left, right)
    why = passes(rule, batch, line, start, end)
    if why is None:
        return None
    offset = batch.line_starts[line]
    start, end = offset + start, offset + end
    if rule.at == "line":
        return Hit(rule, *content(batch, line), why or "the whole line", remove_line(batch, line))
    return placed(rule, batch, line, start, end, why or f"at the line's {rule.at}" if rule.at != "anywhere" else why)


def placed(rule: LineRule, batch: Batch, line: int, start: int, end: int, why: str) -> Hit:
    """A hit on part of a line, widened to the rule's extent, with the edit its fix makes."""
    if rule.extent == "line":
        return Hit(rule, *content(batch, line), why, remove_line(batch, line))
    if rule.extent == "to-end":
        end = max(end, content(batch, line)[1])
    if rule.replace is not None:
        return Hit(rule, start, end, why, Edit(start, end, rule.replace))
    return Hit(rule, start, end, why, remove_part(batch, line, start, end))
