"""What texts are read as for `auditor.mtreadings`: what sort each code point is, signs and words that are counted.

Words of up to ten letters are numbers made of their letters, six bits each, so that equal numbers are equal words.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from auditor.arrays import np
from auditor.expressions import regex
from auditor.mtsignals import ADVERBS, CODE, DIALECT, FAMILIES, NOISE, OPENINGS, READ, SAYING, SIGNS, VOWELS
from auditor.page import BLANK_CLASS, Bytes, classes, kept

if TYPE_CHECKING:
    import numpy.typing as npt

Figures: TypeAlias = "npt.NDArray[np.float64]"
Ints: TypeAlias = "npt.NDArray[np.int64]"
Flags: TypeAlias = "npt.NDArray[np.bool_]"
Keys: TypeAlias = "npt.NDArray[np.uint64]"

ARABIC, MARK, STOP, CLOSER, SPACE, BLANK, WORD, LATIN = (1 << bit for bit in range(8))
LETTERS = 10  # that fit into a key
FIRST = 0x620  # below the first letter
LONG = 1 << 63  # keys of longer words
_SENTENCE = 8  # code points; shorter ones are none
_NOISY = ("//", "www.", "#", "@", "`", "&")  # one of which all noise holds
MASK = (1 << 18) - 1  # the first three letters of a key


@cache
def sorts() -> Bytes:
    """What each code point is: bit sets, as the patterns of a plain reading have it."""
    return kept("mtsorts", _made_sorts)


def _made_sorts() -> Bytes:
    table, every = np.zeros(0x110000, np.uint8), "".join(map(chr, range(0x110000)))
    for bit, pattern in (
        (ARABIC, "[\u0621-\u064a]+"),
        (MARK, "[\u064b-\u0652\u0670\u0640]+"),
        (STOP, "[.!?؟…]+"),
        (CLOSER, r"""['"”»)\]]+"""),
        (SPACE, r"\s+"),
        (WORD, r"\w+"),
        (LATIN, "[A-Za-z]+"),
    ):
        for match in regex.finditer(pattern, every):
            table[match.start() : match.end()] |= bit
    table[classes() & BLANK_CLASS != 0] |= BLANK
    return table


SINGLE = tuple(sign for sign in (*SIGNS.values(), *VOWELS, *CODE, "ـ", "*", "\n", "\u064b") if len(sign) == 1)
AT = {sign: at for at, sign in enumerate(SINGLE, 1)}


@cache
def signs() -> Bytes:
    """The number of each sign that is counted; 0 for what is none."""
    table = np.zeros(0x110000, np.uint8)
    for sign, at in AT.items():
        table[ord(sign)] = at
    return table


class KnownWords(NamedTuple):
    """The words that are counted, by ascending key, and which of them are in which set of words."""

    words: tuple[str, ...]
    keys: Keys
    maybe: Flags  # by the first three letters
    families: tuple[Ints, Ints]  # the words of one family after another, and where each begins
    openings: Figures  # words x openings
    dialect: Flags
    saying: Flags


@cache
def known_words() -> KnownWords:
    every = frozenset().union(*FAMILIES.values(), *OPENINGS.values(), DIALECT, ADVERBS)
    words = tuple(sorted(every, key=_key))
    keys = np.array(list(map(_key, words)), np.uint64)
    maybe = np.zeros(1 << 18, bool)
    maybe[keys & np.uint64(MASK)] = True

    def members(sets: Iterable[frozenset[str]]) -> Figures:
        return np.array([[word in one for one in sets] for word in words], np.float64)

    grouped = [[at for at, word in enumerate(words) if word in family] for family in FAMILIES.values()]
    families = np.concatenate(grouped), np.cumsum([0, *map(len, grouped[:-1])])
    dialect, saying = (members([one])[:, 0] > 0 for one in (DIALECT, SAYING))
    return KnownWords(words, keys, maybe, families, members(OPENINGS.values()), dialect, saying)


def _key(word: str) -> int:
    """Of a word of Arabic letters, at most ten."""
    return sum((ord(letter) - FIRST) << (6 * at) for at, letter in enumerate(word))


class Stream:
    """Texts one after another, a line break before each and after the last: their code points, and whose they are."""

    def __init__(self, codes: npt.NDArray[np.uint32], sorts: Bytes, bounds: Ints) -> None:
        """``bounds``: where the added line breaks stand."""
        self.codes, self.sorts, self.bounds = codes, sorts, bounds

    def per(self, places: Ints) -> Ints:
        """How many of some ascending places each text has."""
        found: Ints = np.diff(np.searchsorted(places, self.bounds))
        return found

    def documents(self, places: Ints) -> Ints:
        """The text of each of some ascending places."""
        firsts = np.searchsorted(places, self.bounds)
        return np.repeat(np.arange(len(firsts)), np.diff(firsts, append=len(places)))

    def without_marks(self) -> Stream:
        kept = self.sorts & MARK == 0
        marks = np.flatnonzero(~kept)
        return Stream(self.codes[kept], self.sorts[kept], self.bounds - np.searchsorted(marks, self.bounds))

    def runs(self, flags: Flags) -> tuple[Ints, Ints]:
        """Where runs of flagged code points begin and end; an added line break is in none."""
        edges = np.flatnonzero(flags[1:] != flags[:-1]) + 1
        return edges[::2], edges[1::2]

    def pairs(self, first: str, *others: str) -> list[Ints]:
        """How often two code points, or three, stand in a row."""
        at = np.flatnonzero(self.codes == ord(first))
        found = []
        for other in others:
            places = at[self.codes[at + 1] == ord(other[0])]
            for offset, code in enumerate(other[1:], 2):
                places = places[self.codes[np.minimum(places + offset, len(self.codes) - 1)] == ord(code)]
            found.append(self.per(places))
        return found


def sentences(plain: Stream) -> tuple[Ints, Ints]:
    """Where the sentences of texts without marks begin and end."""
    low, high = _ends(plain)
    low, high = np.concatenate((low, plain.bounds)), np.concatenate((high, plain.bounds + 1))
    order = np.argsort(low, kind="stable")
    starts, ends = high[order][:-1], low[order][1:]
    long = ends - starts > _SENTENCE
    return starts[long], ends[long]


def _ends(plain: Stream) -> tuple[Ints, Ints]:
    """Stops with closing signs and white space behind them, and white space from its first line break on."""
    space = plain.sorts & SPACE != 0
    space[plain.bounds] = False
    blanks, after = plain.runs(space)
    stops, ends = plain.runs(plain.sorts & STOP != 0)
    closers, closed = plain.runs(plain.sorts & CLOSER != 0)
    if len(closers) and len(stops):
        at = np.minimum(np.searchsorted(closers, ends), len(closers) - 1)
        ends = np.where(closers[at] == ends, closed[at], ends)
    stops, ends = stops[space[ends]], ends[space[ends]]
    stopped = np.searchsorted(blanks, ends)
    breaks = np.flatnonzero((plain.codes == ord("\n")) & space)
    runs, first = np.unique(np.searchsorted(blanks, breaks, side="right") - 1, return_index=True)
    free = ~np.isin(runs, stopped)
    return (
        np.concatenate((stops, breaks[first[free]])),
        np.concatenate((after[stopped], after[runs[free]])),
    )


def read(text: str) -> str:
    text = text[:READ]
    return NOISE.sub(" ", text) if any(sign in text for sign in _NOISY) else text


def listed(text: str) -> bool:
    """Whether at least half of eight and more lines have fewer than four words."""
    lines = sorted(line.count(" ") + 1 for line in map(str.strip, text.split("\n")) if line)
    return len(lines) >= 8 and lines[len(lines) // 2] < 4
