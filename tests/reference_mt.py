"""The figures of `auditor.mtsignals` as plain Python reads them, text by text and word by word."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import regex

from auditor.mtsignals import ADVERBS, AFFIXES, CODE, DIALECT, FAMILIES, NOISE, OPENING, OPENINGS, PATTERNS, READ, SIGNS

MARKS = regex.compile("[\u064b-\u0652\u0670\u0640]+")  # tashkeel and tatweel
WORD = re.compile("[\u0621-\u064a]+")
SENTENCE = regex.compile(r"""(?:[.!?؟…]++['"”»)\]]*+(?=\s)|\n)\s*+""")


def _numbers(families: dict[str, frozenset[str]]) -> dict[str, tuple[int, ...]]:
    """For each word the numbers of the families that it is in."""
    words = frozenset().union(*families.values())
    return {word: tuple(at for at, family in enumerate(families.values()) if word in family) for word in words}


_FAMILIES_OF, _OPENINGS_OF = _numbers(FAMILIES), _numbers(OPENINGS)


class Reading:
    """A text with what is foreign to its style taken out; its Arabic words, vowel signs stripped, are ``words``."""

    def __init__(self, text: str) -> None:
        self.text = NOISE.sub(" ", text[:READ])
        self.plain = MARKS.sub("", self.text)
        self.words: list[str] = WORD.findall(self.plain)
        self.counts = Counter(self.words)


def signals(reading: Reading) -> npt.NDArray[np.float64]:
    """The figures of `SIGNALS`, in their order."""
    per_word = np.array([*_of_words(reading), *_of_signs(reading)], np.float64)
    return np.concatenate((np.sqrt(per_word / max(1, len(reading.words))), _shares(reading)))


def _of_words(reading: Reading) -> Iterable[int]:
    counts, text = reading.counts, reading.text
    families = [0] * len(FAMILIES)
    for word in counts.keys() & _FAMILIES_OF.keys():
        for family in _FAMILIES_OF[word]:
            families[family] += counts[word]
    yield from families
    long = f" {'  '.join([word for word in reading.words if len(word) > 3])} "
    yield from map(long.count, AFFIXES.values())
    yield sum(
        max(0, min(counts[word], text.count(word) - text.count(word + "\u064b"))) for word in counts.keys() & ADVERBS
    )


def _of_signs(reading: Reading) -> Iterable[int]:
    text = reading.text
    yield from (text.count(sign) for sign in SIGNS.values())
    yield sum(map(text.count, "\u064c\u064d\u064e\u0650\u0652"))
    yield len(text) - len(reading.plain)
    yield from (len(pattern.findall(text)) for pattern in PATTERNS.values())


def _shares(reading: Reading) -> list[float]:
    text, commas = reading.plain, max(1, reading.text.count("،"))
    sentences = [part for part in SENTENCE.split(text) if len(part) > 8]
    lengths = sorted(len(part.split()) for part in sentences) or [0]
    mean = sum(lengths) / len(lengths)
    spread = math.sqrt(sum((length - mean) ** 2 for length in lengths) / len(lengths))
    first = [found[0] for part in sentences if (found := WORD.search(part))]
    opened, early = max(1, len(first)), reading.words[:60]
    families = [0] * len(OPENINGS)
    for word in first:
        for family in _OPENINGS_OF.get(word, ()):
            families[family] += 1
    counts = [
        *families,
        sum(word[0] == "و" for word in first),
        sum(word[:2] == "ال" for word in first),
        sum(word[0] in "يت" or word in FAMILIES["words of saying"] for word in first),
        sum("،" in part[:OPENING] for part in sentences),
    ]
    return [
        *(text.count(mark) / commas for mark in (" ،", "، و", "، ف")),
        *(count / opened for count in counts),
        math.log1p(lengths[len(lengths) // 2]),
        spread / (1 + mean),
        sum(map(len, reading.words)) / max(1, len(reading.words)),
        len(set(early)) / max(1, len(early)),
    ]


def foreign(reading: Reading) -> bool:
    """Whether a text is of a kind that is not judged: few words, dialect, code, lists."""
    words = len(reading.words)
    spoken = reading.counts.keys() & DIALECT
    if words < 18 or (len(spoken) > 1 and sum(reading.counts[word] for word in spoken) * 50 > words):
        return True
    text = reading.text
    if sum(map(text.count, (*CODE, "()"))) * 40 > len(text):
        return True
    if text.count("\n") < 7:
        return False
    lines = sorted(line.count(" ") + 1 for line in map(str.strip, text.split("\n")) if line)
    return len(lines) >= 8 and lines[len(lines) // 2] < 4
