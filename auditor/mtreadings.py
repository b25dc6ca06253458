"""The figures of `auditor.mtsignals` for many texts at once: their code points are looked at together, as arrays."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from auditor.arrays import np
from auditor.mtsignals import ADVERBS, CODE, OPENING, PATTERNS, SIGNS, VOWELS
from auditor.mtstream import (
    ARABIC,
    AT,
    BLANK,
    FIRST,
    LATIN,
    LETTERS,
    LONG,
    MARK,
    MASK,
    SINGLE,
    SPACE,
    WORD,
    Figures,
    Flags,
    Ints,
    Keys,
    Stream,
    known_words,
    listed,
    read,
    sentences,
    signs,
    sorts,
)
from auditor.page import code_points_of

if TYPE_CHECKING:
    import numpy.typing as npt

LEAST_WORDS = 18  # Arabic words, links and tags left out
_EARLY = 60  # words of which the different ones are counted


class Readings:
    """Texts with what is foreign to their style taken out; arrays below have one row or number a text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = [read(text) for text in texts]
        codes = code_points_of("\n".join(("", *self.texts, "")))
        lengths = np.fromiter(map(len, self.texts), np.int64, len(texts))
        bounds = np.concatenate(([0], np.cumsum(lengths + 1)))
        self._text = Stream(codes, sorts().take(codes), bounds)
        self._plain = self._text.without_marks()
        self._lengths = lengths

    # Words

    @cached_property
    def _words(self) -> tuple[Ints, Ints, Ints]:
        """Where the Arabic words stand in the text without marks, and the text of each."""
        starts, ends = self._plain.runs(self._plain.sorts & ARABIC != 0)
        return starts, ends, self._plain.documents(starts)

    @cached_property
    def words(self) -> Ints:
        return self._plain.per(self._words[0])

    def _keys(self, words: Ints, letters: int = LETTERS) -> Keys:
        """Of some words, or of their first letters; `LONG` tells those of more than `LETTERS`."""
        starts, ends, _ = self._words
        starts, lengths = starts[words], (ends - starts)[words]
        found = np.zeros(len(words), np.uint64)
        for place in range(letters):
            there = np.flatnonzero(lengths > place)
            codes = self._plain.codes[starts[there] + place] - np.uint32(FIRST)
            found[there] |= codes.astype(np.uint64) << np.uint64(6 * place)
        found[lengths > LETTERS] |= np.uint64(LONG)
        return found

    @cached_property
    def _places(self) -> Ints:
        """Which of the known words each word is, or -1."""
        every = np.arange(len(self._words[0]))
        known, found = known_words(), np.full(len(every), -1)
        likely = np.flatnonzero(known.maybe[self._keys(every, 3) & np.uint64(MASK)])
        keys = self._keys(likely)
        at = np.searchsorted(known.keys, keys)
        at[at == len(known.keys)] = 0
        found[likely] = np.where(known.keys[at] == keys, at, -1)
        return found

    @cached_property
    def _counts(self) -> Ints:
        """How often each known word stands in each text: texts x known words."""
        width, places = len(known_words().words), self._places
        seen = np.flatnonzero(places >= 0)
        pairs = self._words[2][seen] * width + places[seen]
        return np.bincount(pairs, minlength=len(self.texts) * width).reshape(len(self.texts), width)

    def _of_words(self) -> list[npt.NDArray[Any]]:
        counts, (starts, ends, documents) = self._counts, self._words
        codes, long = self._plain.codes, np.flatnonzero(ends - starts > 3)

        def per(flags: Flags) -> Ints:
            return np.bincount(documents[long[flags]], minlength=len(self.texts))

        first, last = [codes[starts[long] + at] for at in range(3)], codes[ends[long] - 1]
        begun = (first[0] == ord("ا")) & (first[1] == ord("ل")) & (first[2] == ord("ا"))
        affixes = [last == ord("ه"), last == ord("ة"), begun]
        members, begins = known_words().families
        # Added up, not multiplied as matrices: numpy's library for these keeps a thread busy waiting for more
        families = np.add.reduceat(counts.take(members, axis=1), begins, axis=1)
        return [*families.T, *map(per, affixes), self._bare_adverbs()]

    def _bare_adverbs(self) -> Ints:
        """Adverbs written without the tanween they end in."""
        words, counts = known_words().words, self._counts
        found = np.zeros(len(self.texts), np.int64)
        asked = np.array([word in ADVERBS for word in words])
        for document, at in np.argwhere((counts > 0) & asked).tolist():
            text, word = self.texts[document], words[at]
            bare = text.count(word) - text.count(word + "\u064b")
            found[document] += max(0, min(int(counts[document, at]), bare))
        return found

    # Signs

    @cached_property
    def _single(self) -> Ints:
        """How often each sign of one code point stands in each text: texts x signs."""
        numbers = signs().take(self._text.codes)
        places = np.flatnonzero(numbers)
        width = len(SINGLE) + 1
        pairs = self._text.documents(places) * width + numbers[places]
        found = np.bincount(pairs, minlength=(len(self.texts) + 1) * width).reshape(-1, width)[: len(self.texts)]
        found[:, AT["\n"]] -= 1  # the one before each text
        return found

    def count(self, signs: Iterable[str]) -> Ints:
        found: Ints = self._single[:, [AT[sign] for sign in signs]].sum(axis=1)
        return found

    def _of_signs(self) -> list[Ints]:
        text = self._text
        tanween = np.flatnonzero(text.codes == 0x064B)
        doubled = [text.per(tanween[text.codes[tanween + by] == ord("ا")]) for by in (1, -1)]
        singles = [self.count(sign) for sign in SIGNS.values() if len(sign) == 1]
        marks = text.per(np.flatnonzero(text.sorts & MARK))
        return [*doubled, *singles, self.count(VOWELS), marks, *self._of_patterns()]

    def _of_patterns(self) -> list[Ints]:
        """In the order of `PATTERNS`; those that are rare are searched for where their signs are."""
        text = self._text
        stops = np.flatnonzero(text.codes == ord("."))
        before = text.codes[stops - 1]
        held = text.sorts[stops - 1] & WORD != 0
        for sign in '"”»)':
            held |= before == ord(sign)
        full = stops[held & (text.sorts[stops + 1] & SPACE != 0)]
        latin, ends = text.runs(text.sorts & LATIN != 0)
        found = {"full stops": text.per(full), "Latin words": text.per(latin[ends - latin > 1])}
        for name, marks in (
            ("prepositions with tatweel", "ـ"),
            ("single words in quotes", '"“«'),
            ("stops inside markup", "*"),
        ):
            found[name] = np.zeros(len(self.texts), np.int64)
            for document in np.flatnonzero(self.count(marks)).tolist():
                found[name][document] = len(PATTERNS[name].findall(self.texts[document]))
        return [found[name] for name in PATTERNS]

    # Sentences

    @cached_property
    def _sentences(self) -> tuple[Ints, Ints]:
        """Where sentences begin and end in the text without marks."""
        return sentences(self._plain)

    def _of_openings(self) -> tuple[Ints, list[npt.NDArray[Any]]]:
        """How many sentences of each text open with a word, and how many of them with one of some kinds."""
        (starts, ends), (words, _, documents) = self._sentences, self._words
        at = np.searchsorted(words, starts)
        inside = at < len(words)
        inside[inside] = words[at[inside]] < ends[inside]
        at = at[inside]
        known, places, owners = known_words(), self._places[at], documents[at]
        first, second = self._plain.codes[words[at]], self._plain.codes[words[at] + 1]

        def per(flags: Flags) -> Ints:
            return np.bincount(owners[flags], minlength=len(self.texts))

        seen = places >= 0
        openings = [per(seen & (members[places] > 0)) for members in known.openings.T]
        saying = (first == ord("ي")) | (first == ord("ت")) | (seen & known.saying[places])
        article = (first == ord("ا")) & (second == ord("ل"))
        return per(owners >= 0), [*openings, per(first == ord("و")), per(article), per(saying)]

    def _of_lengths(self) -> tuple[Figures, Figures]:
        """The middle length of each text's sentences, in words, and how far they spread beside their mean."""
        plain, (starts, ends) = self._plain, self._sentences
        owners = plain.documents(starts)
        blank = plain.sorts & BLANK != 0
        begun = np.flatnonzero(~blank[1:] & blank[:-1]) + 1
        lengths = np.searchsorted(begun, ends) - np.searchsorted(begun, starts)
        count = np.bincount(owners, minlength=len(self.texts))
        total, squares = (
            np.bincount(owners, values, len(self.texts)) for values in (lengths, lengths.astype(np.float64) ** 2)
        )
        least = np.maximum(1, count)
        spread = np.sqrt(np.maximum(0, squares * least - total * total)) / least  # whole numbers under the root
        middle = np.zeros(len(self.texts), np.int64)
        some = np.flatnonzero(count)
        middle[some] = lengths[np.lexsort((lengths, owners))][(np.cumsum(count) - count + count // 2)[some]]
        logs = np.array([math.log1p(length) for length in range(int(middle.max(initial=0)) + 1)])
        return logs[middle], spread / (1 + total / least)

    def _different(self) -> Figures:
        """The share of different words among the first of each text."""
        starts, ends, documents = self._words
        firsts = np.cumsum(self.words) - self.words
        early = np.flatnonzero(np.arange(len(starts)) - firsts[documents] < _EARLY)
        keys, known = self._keys(early), dict[str, int]()
        for at in np.flatnonzero(keys & np.uint64(LONG)).tolist():
            word = self._plain.codes[starts[early[at]] : ends[early[at]]].tobytes().decode("utf-32-le")
            keys[at] = np.uint64(LONG) + np.uint64(known.setdefault(word, len(known)))
        owners = documents[early]
        order = np.lexsort((keys, owners))
        keys, owners = keys[order], owners[order]
        new = np.ones(len(keys), bool)
        new[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
        found: Figures = np.bincount(owners[new], minlength=len(self.texts)) / np.clip(self.words, 1, _EARLY)
        return found

    def _shares(self) -> list[npt.NDArray[Any]]:
        plain, (starts, ends) = self._plain, self._sentences
        commas, places = np.maximum(1, self.count("،")), np.flatnonzero(plain.codes == ord("،"))
        spaced = plain.per(places[plain.codes[places - 1] == ord(" ")])
        glued = plain.pairs("،", " و", " ف")
        opened, kinds = self._of_openings()
        reach = np.searchsorted(places, np.minimum(ends, starts + OPENING)) > np.searchsorted(places, starts)
        closed = np.bincount(plain.documents(starts)[reach], minlength=len(self.texts))
        middle, spread = self._of_lengths()
        first, last, _ = self._words
        letters = np.bincount(self._words[2], last - first, len(self.texts))
        return [
            *(count / commas for count in (spaced, *glued)),
            *(count / np.maximum(1, opened) for count in (*kinds, closed)),
            middle,
            spread,
            letters / np.maximum(1, self.words),
            self._different(),
        ]

    # All together

    @cached_property
    def figures(self) -> Figures:
        """The figures of `mtsignals.SIGNALS`, in their order: texts x signals."""
        if not self.texts:
            return np.zeros((0, 0))
        counts = np.stack([*self._of_words(), *self._of_signs()], axis=1, dtype=np.float64)
        per_word = np.sqrt(counts / np.maximum(1, self.words)[:, None])
        return np.concatenate((per_word, np.stack(self._shares(), axis=1)), axis=1)

    @cached_property
    def foreign(self) -> Flags:
        """Which texts are of a kind that the models have not learnt: few words, dialect, code, lists."""
        spoken = self._counts[:, known_words().dialect]
        dialect = ((spoken > 0).sum(axis=1) > 1) & (spoken.sum(axis=1) * 50 > self.words)
        code = (self.count(CODE) + self._text.pairs("(", ")")[0]) * 40 > self._lengths
        found: Flags = (self.words < LEAST_WORDS) | dialect | code
        for at in np.flatnonzero(~found & (self.count("\n") >= 7)).tolist():
            found[at] = listed(self.texts[at])
        return found
