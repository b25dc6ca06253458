"""Around a match: its line's place in the document, cue words in its sentence, exceptions, and what a fix removes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import regex

from auditor.batch import Batch
from auditor.folding import DEFAULT, WORD, folding
from auditor.kinds.base import LineRule, Near
from auditor.kinds.clitics import PREFIXES, PROCLITICS
from auditor.model import Edit

_SENTENCE_END = regex.compile(r"[.!?؟۔…](?=[\s\"”»)\]]|$)|[؛;]")


class Token(NamedTuple):
    start: int
    end: int
    folded: str


def passes(rule: LineRule, batch: Batch, line: int, start: int, end: int) -> str | None:
    """Whether a match (offsets in its line) stands where the rule wants it: the reason why, or None."""
    if rule.max_words is not None and len(WORD.findall(batch.line(line))) > rule.max_words:
        return None
    if not _in_place(rule, batch, line):
        return None
    if rule.except_ and _excepted(rule.except_, batch, line, start, end):
        return None
    if rule.not_near is not None and find_cue(rule.not_near, batch.line(line), start, end):
        return None
    if rule.near is None:
        return "" if rule.first_lines is None and rule.last_lines is None else _place(batch, line)
    cue = find_cue(rule.near, batch.line(line), start, end)
    return f"near '{cue}'" if cue else None


def find_cue(near: Near, text: str, start: int, end: int) -> str:
    """The first cue that stands near ``text[start:end]`` in its sentence, or an empty string."""
    tokens = _tokens(text)
    left = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
    stop = _SENTENCE_END.search(text, end)
    right = stop.start() if stop else len(text)
    before = [token for token in tokens if left <= token.start and token.end <= start]
    before = before[len(before) - near.before :] if near.before < len(before) else before
    inside = [token for token in tokens if token.end > start and token.start < end]
    after = [token for token in tokens if token.start >= end and token.end <= right][: near.after]
    for window, following in ((before, inside[:1]), (after, [])):
        for cue in near.any:
            if _holds(window, following, _cue(cue)):
                return cue
    return ""


def _holds(window: list[Token], following: list[Token], cue: tuple[tuple[str, ...], str]) -> bool:
    words, beginning = cue
    reach = window + following if beginning else window
    size = len(words) + bool(beginning)
    for at in range(len(reach) - size + 1):
        if not all(_is(reach[at + n].folded, word, n == 0) for n, word in enumerate(words)):
            continue
        if not beginning or reach[at + len(words)].folded.startswith(beginning):
            return True
    return False


def _is(token: str, word: str, first: bool) -> bool:
    return token == word or (first and token.endswith(word) and token[: -len(word)] in PREFIXES)


@cache
def _cue(cue: str) -> tuple[tuple[str, ...], str]:
    """A cue as folded words, and what the word after them must begin with (a cue ending in a lone proclitic)."""
    words = [folding(DEFAULT).fold(word) for word in WORD.findall(cue)]
    if len(words) > 1 and words[-1] in PROCLITICS:
        return tuple(words[:-1]), words[-1]
    return tuple(words), ""


def _tokens(text: str) -> list[Token]:
    fold = folding(DEFAULT).fold
    return [Token(match.start(), match.end(), fold(match[0])) for match in WORD.finditer(text)]


def _excepted(phrases: tuple[str, ...], batch: Batch, line: int, start: int, end: int) -> bool:
    folded = batch.folded_line(line, folding(DEFAULT))
    for phrase in phrases:
        for at in occurrences(folded.text, folding(DEFAULT).fold(phrase).strip()):
            left, right = folded.span(at, at + len(folding(DEFAULT).fold(phrase).strip()))
            if left <= start and end <= right:
                return True
    return False


def occurrences(text: str, phrase: str) -> Iterator[int]:
    """Offsets of ``phrase`` in ``text``, overlapping ones too."""
    at = text.find(phrase)
    while at >= 0:
        yield at
        at = text.find(phrase, at + 1)


def _in_place(rule: LineRule, batch: Batch, line: int) -> bool:
    if rule.first_lines is None and rule.last_lines is None:
        return True
    above, below = _rank(batch, line)
    return above < (rule.first_lines or 0) or below < (rule.last_lines or 0)


def _rank(batch: Batch, line: int) -> tuple[int, int]:
    """How many non-blank lines of its document stand above a line, and how many below it."""
    document = batch.line_documents[line]
    first, stop = batch.document_lines[document], batch.document_lines[document + 1]
    return batch.filled[line] - batch.filled[first], batch.filled[stop] - batch.filled[line + 1]


def _place(batch: Batch, line: int) -> str:
    above, below = _rank(batch, line)
    return f"line {above + 1} of its text" if above <= below else f"line {below + 1} from the end of its text"


def remove_line(batch: Batch, line: int) -> Edit:
    """Deletes a line with its line break; between blank lines (or at the top) the blank ones after it go too."""
    document = batch.line_documents[line]
    first, stop = batch.document_lines[document], batch.document_lines[document + 1]
    after = line + 1
    if line == first or batch.blank_line(line - 1):
        while after < stop - 1 and batch.blank_line(after):
            after += 1
    if after < stop:
        return Edit(batch.line_starts[line], batch.line_starts[after], "")
    above = line - 1
    while above > first and batch.blank_line(above):
        above -= 1
    start = batch.line_ends[above] if above >= first else batch.line_starts[line]
    return Edit(start, batch.starts[document + 1] - 1, "")


def remove_part(batch: Batch, line: int, start: int, end: int) -> Edit:
    """Deletes part of a line (batch offsets): with the white space before it at the line's end, else after it."""
    text = batch.text
    left, right = batch.line_starts[line], batch.line_ends[line]
    if not text[left:start].strip() and not text[end:right].strip():
        return remove_line(batch, line)
    if not text[end:right].strip():
        while start > left and text[start - 1].isspace():
            start -= 1
        return Edit(start, right, "")
    while end < right and text[end].isspace() and (start == left or text[start - 1].isspace()):
        end += 1
    return Edit(start, end, "")
