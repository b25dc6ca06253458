"""`echo`: what only says again words of the text: the site's name behind the title, tags beside and below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

import msgspec

from auditor.arrays import np
from auditor.batch import Batch
from auditor.expressions import expression
from auditor.features import CUTTER, Features, Ints
from auditor.folding import DEFAULT, WORD, folding
from auditor.kinds.base import Count, Hit, Rule, Stuck
from auditor.kinds.context import content, remove_line, remove_part
from auditor.kinds.lexicon import bare
from auditor.page import to_folded

_SUFFIX = expression(r".*\S(?P<cut>\s*[|»·]\s*|\s+(?:::|[-–—])\s+)(?P<tail>[^\s|»·][^|»·]*)$")
_CUT = expression(r"[|»·]|\s(?:::|[-–—])\s")
_PIPES = frozenset("|»·:")
_TITLE = 400  # code points of the longest title, and of the longest row of its words
_FIRST_WORDS = 4  # of a line, by which most show that they are in no order
_TITLE_WORDS = 3  # what is left of a title says at least so much
_TEXT_WORDS = 20_000  # of a text that labels are looked for in


class EchoRule(Rule, frozen=True, kw_only=True, tag="echo"):
    """What ``shape`` says again, folded by default.

    ``suffix``: behind a title among the ``first-lines``, one of at most ``max-words`` words after a bar, if it or the
    title is also a line of its own; after a dash, if the title is. ``sorted``: a line of at least ``min-words``
    different words in order, without an end mark, all of them words of one title (among the ``first-lines``).
    ``labels``: at least ``min-lines`` lines in a row below the last paragraph, without end marks and of at most
    ``max-words`` words, all of which stand in a row in a paragraph.
    """

    shape: Literal["suffix", "sorted", "labels"]
    first_lines: Count = 5
    min_words: Count = 5
    max_words: Annotated[int, msgspec.Meta(ge=1, le=8)] = 4
    min_lines: Count = 3


class _Page(NamedTuple):
    """A document: its lines that are not blank."""

    batch: Batch
    of: Features
    lines: list[int]


class _Places(NamedTuple):
    """Of the lines of a batch that are not blank: their numbers, documents, and how many of the document are above."""

    lines: Ints
    documents: Ints
    above: Ints


class EchoMatcher:
    """Arrays tell which documents have such lines at all; only these are folded and compared."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[EchoRule]) -> None:
        self._rules = rules

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        of = batch.view(Features)
        lines = np.flatnonzero(~of.blank)
        documents = np.asarray(batch.line_documents, np.int64)[lines]
        firsts = np.searchsorted(documents, np.arange(len(batch.documents) + 1))
        places = _Places(lines, documents, np.arange(len(lines)) - firsts[documents])
        pages: dict[int, list[EchoRule]] = {}
        for rule in self._rules:
            for document in np.unique(documents[_LIKELY[rule.shape](rule, batch, of, places)]).tolist():
                pages.setdefault(document, []).append(rule)
        for document, rules in sorted(pages.items()):
            page = _Page(batch, of, lines[firsts[document] : firsts[document + 1]].tolist())
            for rule in rules:
                yield from _FIND[rule.shape](rule, page)


def _cut_lines(rule: EchoRule, _: Batch, of: Features, places: _Places) -> Ints:
    """Lines at the top that hold a bar, a dash or a colon, by their place among the lines that are not blank."""
    at = np.flatnonzero(places.above < rule.first_lines)
    marks = np.flatnonzero(of.traits & CUTTER)
    lines = places.lines[at]
    found: Ints = at[np.searchsorted(marks, of.ends[lines]) > np.searchsorted(marks, of.starts[lines])]
    return found


def _unended(rule: EchoRule, batch: Batch, of: Features, places: _Places) -> Ints:
    """Lines that may be a row of words: their first ones begin with letters in order."""
    lines = places.lines
    brief = of.ends[lines] - of.starts[lines] <= _TITLE
    found = np.flatnonzero(brief & (of.words[lines] >= rule.min_words) & ~of.ended[lines])
    letters, first = batch.codes[of.word_starts], np.searchsorted(of.word_starts, of.starts[lines[found]])
    for at in range(min(_FIRST_WORDS, rule.min_words) - 1):
        rising = letters[first + at] <= letters[first + at + 1]
        found, first = found[rising], first[rising]
    return found


def _closing(rule: EchoRule, batch: Batch, of: Features, places: _Places) -> Ints:
    """Short lines below the last paragraph, in documents that have enough of them."""
    lines, documents = places.lines, places.documents
    last = np.full(len(batch.documents), len(of.starts))
    prose = np.flatnonzero(of.prose[lines])
    last[documents[prose]] = lines[prose]  # of several, the last one stays
    short = (of.words[lines] > 0) & (of.words[lines] <= rule.max_words) & ~of.ended[lines] & (of.letters[lines] > 0)
    found = np.flatnonzero(short & (lines > last[documents]))
    enough: Ints = found[np.bincount(documents[found], minlength=len(last))[documents[found]] >= rule.min_lines]
    return enough


def _suffixes(rule: EchoRule, page: _Page) -> Iterator[Hit]:
    batch = page.batch
    for line in page.lines[: rule.first_lines]:
        start, end = content(batch, line)
        if end - start > _TITLE or not _CUT.search(batch.text, start, end):
            continue
        match = _SUFFIX.match(batch.text, start, end)
        if match is None or len(WORD.findall(match["tail"])) > rule.max_words:
            continue
        title, tail = batch.text[start : match.start("cut")], match["tail"]
        if len(WORD.findall(title)) < _TITLE_WORDS or not WORD.search(tail):
            continue
        again = next((said for said in (title, tail) if _stands(page, line, said)), None)
        if again is not None and (again is title or not _PIPES.isdisjoint(match["cut"])):
            edit = remove_part(batch, line, match.start("cut"), end)
            yield Hit(rule, match.start("cut"), end, f"'{again}' is a line of its own", edit)


def _stands(page: _Page, line: int, said: str) -> bool:
    """Whether a text is all that another line says."""
    shown, wanted = to_folded(said), _bare(said)
    lines = page.batch.folded_lines
    return bool(wanted) and any(
        other != line and shown in lines[other] and _bare(page.batch.line(other)) == wanted for other in page.lines
    )


def _bare(text: str) -> str:
    folded = folding(DEFAULT).fold(text)
    left, right = bare(folded)
    return folded[left:right].strip()


def _sorted(rule: EchoRule, page: _Page) -> Iterator[Hit]:
    of, lines = page.of, np.asarray(page.lines, np.int64)
    brief = of.ends[lines] - of.starts[lines] <= _TITLE
    listed = lines[brief & (of.words[lines] >= rule.min_words) & ~of.ended[lines]].tolist()
    for line in [line for line in listed if _rising(page.batch.line(line))]:
        words = _words(page, line)
        titles = (title for title, fits in zip(page.lines[: rule.first_lines], brief, strict=False) if fits)
        if len(words) >= rule.min_words and any(set(words) <= set(_words(page, one)) for one in titles if one != line):
            yield Hit(rule, *content(page.batch, line), "the title's words in order", remove_line(page.batch, line))


def _rising(text: str) -> bool:
    """Whether the words are in order; most texts show within three that they are not."""
    return all(one[0] < two[0] for one, two in pairwise(WORD.finditer(text)))


def _labels(rule: EchoRule, page: _Page) -> Iterator[Hit]:
    of, lines = page.of, page.lines
    paragraphs = [line for line in lines if of.prose[line]]
    if not paragraphs:
        return
    short = (of.words[lines] > 0) & (of.words[lines] <= rule.max_words) & ~of.ended[lines] & (of.letters[lines] > 0)
    below = np.asarray(lines) > paragraphs[-1]
    if np.sum(short & below) < rule.min_lines:
        return
    labels = {
        line: tuple(_words(page, line)) for line, fits in zip(lines, (short & below).tolist(), strict=True) if fits
    }
    said = _said(page, paragraphs, set(labels.values()), rule.max_words)
    run: list[int] = []
    for line in [*lines, -1]:
        if line in labels and labels[line] in said:
            run.append(line)
            continue
        if len(run) >= rule.min_lines:
            start, end = content(page.batch, run[0])[0], content(page.batch, run[-1])[1]
            why = f"{len(run)} labels that stand in the text"
            yield Hit(rule, start, end, why, remove_line(page.batch, run[0], run[-1]))
        run = []


def _said(page: _Page, paragraphs: list[int], labels: set[tuple[str, ...]], most: int) -> set[tuple[str, ...]]:
    """Which of the labels are runs of up to ``most`` words of the paragraphs."""
    found: set[tuple[str, ...]] = set()
    sizes: dict[str, set[int]] = {}  # of the labels that begin with a word
    for label in labels:
        if 0 < len(label) <= most:
            sizes.setdefault(label[0], set()).add(len(label))
    left = _TEXT_WORDS
    for line in paragraphs:
        words = _words(page, line)[:left]
        left -= len(words)
        for at, word in enumerate(words):
            for size in sizes.get(word, ()):
                if (run := tuple(words[at : at + size])) in labels:
                    found.add(run)
        if left <= 0:
            break
    return found


def _words(page: _Page, line: int) -> list[str]:
    words: list[str] = WORD.findall(page.batch.folded_line(line, folding(DEFAULT)).text)
    return words


_FIND = {"suffix": _suffixes, "sorted": _sorted, "labels": _labels}
_LIKELY = {"suffix": _cut_lines, "sorted": _unended, "labels": _closing}
