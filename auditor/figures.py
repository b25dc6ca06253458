"""Named figures of documents, as `metric` rules use them: those of Gopher, C4 and FineWeb beside our own.

Each is an array with one number a document. Ratios whose name ends in ``char-ratio`` or ``gram-ratio`` are shares of
a text's characters, white space included, as in the filters they come from; a ratio of nothing is 0. Lines are those
that are not blank, compared without the white space around them; words are compared as they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias

from auditor.arrays import np
from auditor.batch import Batch
from auditor.expressions import expression
from auditor.features import Features, Ints
from auditor.folding import folding
from auditor.page import LETTER_CLASS

if TYPE_CHECKING:
    import numpy.typing as npt

Numbers: TypeAlias = "npt.NDArray[np.float64]"

SHORT_LINE = 30  # code points; FineWeb's
LONG_LINE = 200  # code points; C4's
_BREAK = expression(r"\n\s*\n")


class Figures:
    """What several figures are made of; get it by ``batch.view(Figures)``."""

    def __init__(self, batch: Batch) -> None:
        self.of = batch.view(Features)

    @cached_property
    def texts(self) -> list[str]:
        return [document.text for document in self.of.batch.documents]

    @cached_property
    def chars(self) -> Ints:
        return np.fromiter(map(len, self.texts), np.int64, len(self.texts))

    def count(self, *parts: str) -> Ints:
        return np.fromiter((sum(map(text.count, parts)) for text in self.texts), np.int64, len(self.texts))

    @cached_property
    def word_documents(self) -> Ints:
        starts = np.asarray(self.of.batch.starts[:-1], np.int64)
        return np.searchsorted(starts, self.of.word_starts, side="right") - 1

    @cached_property
    def word_lengths(self) -> Ints:
        return self.of.word_ends - self.of.word_starts

    @cached_property
    def word_ids(self) -> Ints:
        """A number for every word, equal for equal words."""
        known: dict[str, int] = {}
        text, edges = self.of.batch.text, zip(self.of.word_starts.tolist(), self.of.word_ends.tolist(), strict=True)
        words = (known.setdefault(text[start:end], len(known)) for start, end in edges)
        return np.fromiter(words, np.int64, len(self.of.word_starts))

    @cached_property
    def duplicate_lines(self) -> tuple[Ints, Ints]:
        """Lines that stood before in their document, and their characters."""
        batch, bounds, blank = self.of.batch, self.of.batch.document_lines, self.of.blank
        return _duplicates(
            [batch.line(line).strip() for line in range(bounds[at], bounds[at + 1]) if not blank[line]]
            for at in range(len(self.texts))
        )

    @cached_property
    def paragraphs(self) -> list[list[str]]:
        return [[part for part in map(str.strip, _BREAK.split(text)) if part] for text in self.texts]

    @cached_property
    def duplicate_paragraphs(self) -> tuple[Ints, Ints]:
        return _duplicates(self.paragraphs)

    @cached_property
    def _grams(self) -> list[Ints]:
        return [self.word_ids]

    def grams(self, size: int) -> Ints:
        """A number for the ``size`` words that begin at each word, equal for equal ones (over documents' ends, too)."""
        while len(self._grams) < size:
            shorter, ids = self._grams[-1], self.word_ids[len(self._grams) :]
            width = max(1, len(self.word_ids))
            pairs = shorter[: len(ids)] * width + ids  # both are below the number of words
            self._grams.append(np.unique(pairs, return_inverse=True)[1].astype(np.int64).reshape(-1))
        return self._grams[size - 1]

    def whole_grams(self, size: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Of all ``size`` words in a row within a document: first word, number, document and length with blanks."""
        grams = self.grams(size)
        first = np.arange(len(grams))
        inside = self.word_documents[first] == self.word_documents[first + size - 1] if len(grams) else first > 0
        first = first[inside]
        sums = np.concatenate(([0], np.cumsum(self.word_lengths)))
        return first, grams[first], self.word_documents[first], sums[first + size] - sums[first] + size - 1


def _duplicates(documents: Iterable[list[str]]) -> tuple[Ints, Ints]:
    """How many parts of each document stood in it before, and how long these are together."""
    counts, characters = [], []
    for parts in documents:
        seen: set[str] = set()
        again = []
        for part in parts:
            if part in seen:
                again.append(part)
            seen.add(part)
        counts.append(len(again))
        characters.append(sum(map(len, again)))
    return np.asarray(counts, np.int64), np.asarray(characters, np.int64)


def _ratio(part: npt.NDArray[np.generic], whole: npt.NDArray[np.generic]) -> Numbers:
    below = np.asarray(whole, np.float64)
    return np.asarray(part, np.float64) / np.where(below == 0, np.inf, below)


def _of_lines(figures: Figures, lines: npt.NDArray[np.bool_]) -> Numbers:
    """The share of lines, blank ones aside, that are of some sort."""
    return _ratio(figures.of.in_documents(lines & ~figures.of.blank), figures.of.document_lines)


def _short(figures: Figures) -> Numbers:
    return _of_lines(figures, figures.of.ends - figures.of.starts <= SHORT_LINE)


def _long_lines(figures: Figures) -> Numbers:
    return figures.of.in_documents(figures.of.ends - figures.of.starts >= LONG_LINE).astype(np.float64)


def _by_document(figures: Figures, weights: npt.NDArray[np.generic]) -> Ints:
    """Sums of a figure of words over each document."""
    sums = np.bincount(figures.word_documents, weights.astype(np.float64), len(figures.texts))
    return sums.astype(np.int64)


def _mean_word(figures: Figures) -> Numbers:
    return _ratio(_by_document(figures, figures.word_lengths), figures.of.document_words)


def _longest_word(figures: Figures) -> Numbers:
    """The longest run without white space."""
    return np.array([max(map(len, text.split()), default=0) for text in figures.texts], np.float64)


def _alphabetic(figures: Figures) -> Numbers:
    letters = np.concatenate(([0], np.cumsum(figures.of.kinds & LETTER_CLASS != 0)))
    written = letters[figures.of.word_ends] > letters[figures.of.word_starts]
    return _ratio(_by_document(figures, written), figures.of.document_words)


def _sentences(figures: Figures) -> Numbers:
    return figures.of.in_documents(figures.of.in_lines(figures.of.sentence_ends)).astype(np.float64)


def _c4_sentences(figures: Figures) -> Numbers:
    """Sentences on the lines that C4 keeps: at least three words, an end mark that is no ellipsis."""
    of = figures.of
    kept = (of.words >= 3) & (of.ended | of.quoted) & ~of.elliptic
    return of.in_documents(np.maximum(of.in_lines(of.sentence_ends), 1) * kept).astype(np.float64)


def _spaced_commas(figures: Figures) -> Numbers:
    return _ratio(figures.count(" ،"), figures.count("،"))


def _duplicate(figures: Figures, paragraphs: bool, chars: bool) -> Numbers:
    found = (figures.duplicate_paragraphs if paragraphs else figures.duplicate_lines)[chars]
    if chars:
        return _ratio(found, figures.chars)
    whole = np.fromiter(map(len, figures.paragraphs), np.int64) if paragraphs else figures.of.document_lines
    return _ratio(found, whole)


def _top_gram(figures: Figures, size: int) -> Numbers:
    """Characters of the most frequent so many words in a row (of several, the first), all its places counted."""
    first, grams, documents, lengths = figures.whole_grams(size)
    covered = np.zeros(len(figures.texts))
    if len(first):
        order = np.lexsort((first, grams, documents))
        grams, documents, lengths, first = grams[order], documents[order], lengths[order], first[order]
        new = np.flatnonzero(np.diff(grams, prepend=-1) | np.diff(documents, prepend=-1))
        counts = np.diff(np.append(new, len(grams)))
        best = np.lexsort((first[new], -counts, documents[new]))
        leaders = best[np.unique(documents[new][best], return_index=True)[1]]
        covered[documents[new][leaders]] = counts[leaders] * lengths[new][leaders]
    return _ratio(covered, figures.chars)


def _duplicate_gram(figures: Figures, size: int) -> Numbers:
    """Characters of so many words in a row that stood before in their document; what is counted is passed over."""
    _, grams, documents, lengths = figures.whole_grams(size)
    covered = np.zeros(len(figures.texts))
    keys = documents * max(1, len(figures.word_ids)) + grams
    _, counts = np.unique(keys, return_counts=True)
    if len(counts) < len(keys):
        edges = np.searchsorted(documents, np.arange(len(covered) + 1))
        for document, (low, high) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
            covered[document] = _covered(grams[low:high].tolist(), lengths[low:high].tolist(), size)
    return _ratio(covered, figures.chars)


def _covered(grams: list[int], lengths: list[int], size: int) -> int:
    seen: set[int] = set()
    if len(set(grams)) == len(grams):
        return 0
    at = total = 0
    while at < len(grams):
        if grams[at] in seen:
            total += lengths[at]
            at += size
        else:
            seen.add(grams[at])
            at += 1
    return total


def stop_words(figures: Figures, words: tuple[str, ...]) -> Numbers:
    """How many words are among ``words``; tashkeel, tatweel and case make no difference."""
    fold = folding(frozenset({"tashkeel", "tatweel", "case"})).fold
    wanted = {fold(word) for word in words}
    ids = figures.word_ids
    places = np.unique(ids, return_index=True)[1]
    text, starts, ends = figures.of.batch.text, figures.of.word_starts, figures.of.word_ends
    hits = np.array([fold(text[starts[at] : ends[at]]) in wanted for at in places.tolist()], bool)
    return _by_document(figures, hits[ids] if len(ids) else ids).astype(np.float64)


FIGURES: dict[str, Callable[[Figures], Numbers]] = {
    "chars": lambda figures: figures.chars.astype(np.float64),
    "words": lambda figures: figures.of.document_words.astype(np.float64),
    "lines": lambda figures: figures.of.document_lines.astype(np.float64),
    "long-lines": _long_lines,
    "sentences": _sentences,
    "c4-sentences": _c4_sentences,
    "curly-brackets": lambda figures: figures.count("{").astype(np.float64),
    "longest-word": _longest_word,
    "mean-word-length": _mean_word,
    "alphabetic-word-ratio": _alphabetic,
    "newline-word-ratio": lambda figures: _ratio(figures.count("\n"), figures.of.document_words),
    "hash-word-ratio": lambda figures: _ratio(figures.count("#"), figures.of.document_words),
    "ellipsis-word-ratio": lambda figures: _ratio(figures.count("...", "…"), figures.of.document_words),
    "spaced-comma-ratio": _spaced_commas,
    "ended-line-ratio": lambda figures: _of_lines(figures, figures.of.ended | figures.of.quoted),
    "short-line-ratio": _short,
    "bullet-line-ratio": lambda figures: _of_lines(figures, figures.of.bulleted),
    "ellipsis-line-ratio": lambda figures: _of_lines(figures, figures.of.elliptic),
    "duplicate-line-ratio": partial(_duplicate, paragraphs=False, chars=False),
    "duplicate-line-char-ratio": partial(_duplicate, paragraphs=False, chars=True),
    "duplicate-paragraph-ratio": partial(_duplicate, paragraphs=True, chars=False),
    "duplicate-paragraph-char-ratio": partial(_duplicate, paragraphs=True, chars=True),
    **{f"top-{size}-gram-ratio": partial(_top_gram, size=size) for size in (2, 3, 4)},
    **{f"duplicate-{size}-gram-ratio": partial(_duplicate_gram, size=size) for size in range(5, 11)},
}
