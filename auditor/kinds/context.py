"""Around a match: its line's place in the document, cue words in its sentence, exceptions, and what a fix removes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import accumulate, islice
from typing import NamedTuple, TypeAlias

from auditor.batch import Batch
from auditor.expressions import expression, regex
from auditor.folding import BACKWARDS, DEFAULT, WORD, Folded, folding, is_word
from auditor.kinds.base import InText, LineRule, Near
from auditor.kinds.clitics import PREFIXES, PROCLITICS
from auditor.model import Edit
from auditor.page import to_folded

Word: TypeAlias = "regex.Match[str]"

_LONGEST = 100  # code points of a word; longer ones are none, and walking through them takes time
_PREFIX = max(map(len, PREFIXES))
_SHORT = 5_000  # code points of a line that is looked through for each match in it
_NAMED = 3  # cues of a text that a reason lists
_LOOKED_AT = 20_000  # words of a text in which its subject must show
_SENTENCE_END = expression(r"[.!?؟۔…](?=[\s\"”»)\]]|$)|[؛;]")


def passes(rule: LineRule, batch: Batch, line: int, start: int, end: int) -> str | None:
    """Whether a match (offsets in its line) stands where the rule wants it: the reason why, or None."""
    low, high = batch.line_starts[line], batch.line_ends[line]
    if rule.max_words is not None and _longer(batch.text, low, high, rule.max_words):
        return None
    if not in_place(rule, batch, line):
        return None
    if rule.except_ and _excepted(rule.except_, batch, line, start, end):
        return None
    if rule.not_near is not None and _cue_in_line(rule.not_near, batch, line, start, end):
        return None
    cue = _cue_in_line(rule.near, batch, line, start, end) if rule.near is not None else ""
    if rule.near is not None and not cue:
        return None
    reasons = [f"near '{cue}'"] if cue else []
    if rule.in_text is not None:
        found = _in_document(rule.in_text, batch, batch.line_documents[line])
        if len(found) < rule.in_text.at_least:
            return None
        reasons.append("in a text with " + ", ".join(f"'{cue}'" for cue in found[:_NAMED]))
    if not reasons and (rule.first_lines is not None or rule.last_lines is not None):
        return _place(batch, line)
    return ", ".join(reasons)


def _longer(text: str, low: int, high: int, words: int) -> bool:
    return next(islice(WORD.finditer(text, low, high), words, None), None) is not None


def _cue_in_line(near: Near, batch: Batch, line: int, start: int, end: int) -> str:
    """The first cue near a match (offsets in its line), or an empty string: most lines hold none at all."""
    low, high = batch.line_starts[line], batch.line_ends[line]
    if high - low <= _SHORT:
        folded = batch.folded_line(line, folding(DEFAULT)).text
        if not any(word in folded for word in _index(near.any)):
            return ""
    return find_cue(near, batch.text, low + start, low + end, low, high)


def find_cue(near: Near, text: str, start: int, end: int, low: int, high: int) -> str:
    """The first cue that stands near ``text[start:end]`` in its sentence, or an empty string.

    ``low`` and ``high`` bound the line. Only as many words as may count are looked at: lines can be megabytes long.
    """
    left, right = start, end  # widened to whole words
    while max(low, start - _LONGEST) < left < high and is_word(text[left]) and is_word(text[left - 1]):
        left -= 1
    while low < right < min(high, end + _LONGEST) and is_word(text[right]) and is_word(text[right - 1]):
        right += 1
    before = list(islice(BACKWARDS.finditer(text, low, left), near.before))[::-1]
    after = list(islice(WORD.finditer(text, right, high), near.after))
    inside = islice(WORD.finditer(text, left, right), 1)
    windows = [
        (_fold(_sentence_before(before, text, start)), _fold(inside)),
        (_fold(_sentence_after(after, text, end)), []),
    ]
    for window, following in windows:
        if cue := _first_cue(near.any, window, following):
            return cue
    return ""


def _sentence_before(words: list[Word], text: str, start: int) -> list[Word]:
    if not words:
        return words
    stops = _SENTENCE_END.finditer(text, words[0].start(), start + 1)  # what follows the last stop must be seen
    left = max((match.end() for match in stops if match.end() <= start), default=0)
    return [word for word in words if word.start() >= left]


def _sentence_after(words: list[Word], text: str, end: int) -> list[Word]:
    stop = _SENTENCE_END.search(text, end, words[-1].end()) if words else None
    return [word for word in words if stop is None or word.end() <= stop.start()]


def _fold(words: Iterable[Word]) -> list[str]:
    return [_folded(word[0]) for word in words]


@lru_cache(1 << 14)
def _folded(word: str) -> str:
    return folding(DEFAULT).fold(word)


def _first_cue(cues: tuple[str, ...], window: list[str], following: list[str]) -> str:
    """The first of ``cues`` in a window of folded words; ``following`` is what a cue may only begin to reach into."""
    reach = window + following
    found = [cue.order for at in range(len(window)) for cue in _fitting(cues, reach, at, len(window))]
    return cues[min(found)] if found else ""


def _fitting(cues: tuple[str, ...], words: list[str], at: int, stop: int | None = None) -> Iterator[_Cue]:
    """The cues that begin at a word; only what a cue's lone proclitic begins may lie past ``stop``."""
    token, index, last = words[at], _index(cues), len(words) if stop is None else stop
    for size in range(min(_PREFIX, len(token) - 1) + 1):
        for cue in index.get(token[size:], ()) if token[:size] in PREFIXES else ():
            after = at + len(cue.words)
            fits = after < len(words) if cue.beginning else after <= last
            if fits and tuple(words[at + 1 : after]) == cue.words[1:] and _begins(words, after, cue.beginning):
                yield cue


def _in_document(wanted: InText, batch: Batch, document: int) -> tuple[str, ...]:
    """The cues that stand anywhere in a document, in the order of the rule; none where too few can."""
    known = batch.view(_known_cues)
    if (found := known.get((document, wanted))) is None:
        page = batch.folded_document(document)
        least = sum(all(word in page for word in cue) for cue in _on_page(wanted.any)) >= wanted.at_least
        found = known[document, wanted] = _cues_of(wanted.any, batch.documents[document].text) if least else ()
    return found


def _known_cues(_: Batch) -> dict[tuple[int, InText], tuple[str, ...]]:
    """What was found in a batch's documents so far: rules ask of every match."""
    return {}


@cache
def _on_page(cues: tuple[str, ...]) -> tuple[tuple[bytes, ...], ...]:
    """The words of every cue as the folded stream shows them, the longest first: most texts lack them."""
    found = (cue for known in _index(cues).values() for cue in known)
    return tuple(tuple(map(to_folded, sorted(cue.words, key=len, reverse=True))) for cue in found)


@lru_cache(maxsize=32)
def _cues_of(cues: tuple[str, ...], text: str) -> tuple[str, ...]:
    words, places = _words_of(text)
    found: list[_Cue] = []
    for token in _beginnings(cues) & places.keys():
        for at in places[token]:
            found += _fitting(cues, words, at)
    return tuple(dict.fromkeys(cues[order] for order in sorted({cue.order for cue in found})))


@lru_cache(maxsize=4)
def _words_of(text: str) -> tuple[list[str], dict[str, list[int]]]:
    """The folded words at the beginning of a text, and where each stands."""
    words = _fold(islice(WORD.finditer(text), _LOOKED_AT))
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    return words, places


@cache
def _beginnings(cues: tuple[str, ...]) -> frozenset[str]:
    """Every word that a cue can begin with, proclitics before it."""
    return frozenset(prefix + word for prefix in PREFIXES for word in _index(cues))


def _begins(words: list[str], at: int, beginning: str) -> bool:
    return not beginning or words[at].startswith(beginning)


class _Cue(NamedTuple):
    order: int
    words: tuple[str, ...]  # folded
    beginning: str  # of the word after them: what a cue ending in a lone proclitic asks for


@cache
def _index(cues: tuple[str, ...]) -> dict[str, list[_Cue]]:
    """Cues by their first word."""
    index: dict[str, list[_Cue]] = {}
    for order, cue in enumerate(cues):
        words = [folding(DEFAULT).fold(word) for word in WORD.findall(cue)]
        beginning = words.pop() if len(words) > 1 and words[-1] in PROCLITICS else ""
        index.setdefault(words[0], []).append(_Cue(order, tuple(words), beginning))
    return index


def _excepted(phrases: tuple[str, ...], batch: Batch, line: int, start: int, end: int) -> bool:
    starts, reach = _exceptions(phrases, batch.folded_line(line, folding(DEFAULT)))
    at = bisect_right(starts, start)
    return at > 0 and reach[at - 1] >= end


@lru_cache(maxsize=16)
def _exceptions(phrases: tuple[str, ...], line: Folded) -> tuple[list[int], list[int]]:
    """Where excepted phrases begin in a line, sorted, and how far those that began so far reach."""
    spans = []
    for phrase in phrases:
        folded = folding(DEFAULT).fold(phrase).strip()
        spans += [line.span(at, at + len(folded)) for at in occurrences(line.text, folded)]
    spans.sort()
    return [start for start, _ in spans], list(accumulate((end for _, end in spans), max))


def occurrences(text: str, phrase: str) -> Iterator[int]:
    """Offsets of ``phrase`` in ``text``, overlapping ones too."""
    at = text.find(phrase)
    while at >= 0:
        yield at
        at = text.find(phrase, at + 1)


def in_place(rule: LineRule, batch: Batch, line: int) -> bool:
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


def remove_line(batch: Batch, line: int, last: int | None = None) -> Edit:
    """Deletes a line (or lines, to ``last``) with its line break; between blank ones the blank ones after it go too."""
    document = batch.line_documents[line]
    first, stop = batch.document_lines[document], batch.document_lines[document + 1]
    after = (line if last is None else last) + 1
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
    first, last = content(batch, line)
    if start <= first and end >= last:
        return remove_line(batch, line)
    if end >= last:
        while start > left and text[start - 1].isspace():
            start -= 1
        return Edit(start, right, "")
    while end < right and text[end].isspace() and (start == left or text[start - 1].isspace()):
        end += 1
    return Edit(start, end, "")


def content(batch: Batch, line: int) -> tuple[int, int]:
    """The range of a line without the white space around it; a blank line is taken whole."""
    text, start, end = batch.text, batch.line_starts[line], batch.line_ends[line]
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else (batch.line_starts[line], end)
