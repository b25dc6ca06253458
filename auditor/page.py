"""A private one-byte alphabet in which automata scan text.

Scanning UTF-8 is slow and loses character offsets; recoded to one byte a code point, the position in the
stream *is* the character index (or, for folded text, one table look-up away from it). Frequent code points have
a byte of their own; the rest share buckets, kept apart by what word boundaries need: word, other, and
beyond the basic plane. Scans therefore over-match, never under-match: every candidate is confirmed on the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from auditor.arrays import np
from auditor.cache import remember
from auditor.expressions import regex
from auditor.folding import WIDEST, WORD, Folding, folding

if TYPE_CHECKING:
    import numpy.typing as npt

Bytes: TypeAlias = "npt.NDArray[np.uint8]"
Ints: TypeAlias = "npt.NDArray[np.int64]"

NEWLINE = 0x0A
DROP = 0x01  # in the folded table: the code point vanishes
EXPAND = 0x02  # in the folded table: it becomes several
ASTRAL_WORD, ASTRAL_OTHER = 0x03, 0x04
BLANK = 0x20

_OWN = (
    "\t\n\r"
    + "".join(map(chr, range(0x20, 0x7F)))
    + "".join(
        map(
            chr,
            [*range(0x621, 0x63B), *range(0x640, 0x653), *range(0x660, 0x66D), 0x670, 0x60C, 0x61B, 0x61F],
        )
    )
    + "پچژگکیں"
    + "".join(map(chr, range(0x6F0, 0x6FA)))
    + "\u00a0\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad\u061c\u202a\u202b\u202c"
    + "«»“”‘’–—…•·©|éèàçñöüä"
)
_OTHER_BUCKETS = 12


@cache
def page() -> Bytes:
    """Near-lossless page: one byte for each of the 0x110000 code points."""
    return kept("page", _page)


def kept(name: str, make: Callable[[], Bytes]) -> Bytes:
    """A table, made once: each takes a twentieth of a second."""
    return np.frombuffer(remember(name, [], lambda: make().tobytes()), dtype=np.uint8)


def _page() -> Bytes:
    own = list(dict.fromkeys(_OWN))
    free = [byte for byte in range(5, 256) if byte not in {ord(char) for char in own if ord(char) < 128}]
    table = np.empty(0x110000, dtype=np.uint8)
    placed = {char: ord(char) if ord(char) < 128 else free.pop() for char in own}
    others, words = np.array(free[:_OTHER_BUCKETS], np.uint8), np.array(free[_OTHER_BUCKETS:], np.uint8)
    code_points = np.arange(0x110000)
    table[:] = others[code_points % len(others)]
    table[0x10000:] = ASTRAL_OTHER
    table[:0x10000][_words()] = words[code_points[:0x10000][_words()] % len(words)]
    for first, stop in ((0x10000, 0x34000), (0xE0000, 0xE0200)):  # elsewhere lie neither letters nor marks
        for match in WORD.finditer("".join(map(chr, range(first, stop)))):
            table[first + match.start() : first + match.end()] = ASTRAL_WORD
    for char, byte in placed.items():
        table[ord(char)] = byte
    return table


@cache
def folded_page() -> Bytes:
    """The page of each code point's widest folding; `DROP` and `EXPAND` mark what is not one byte."""
    return kept("folded", _folded_page)


def _folded_page() -> Bytes:
    plain = page()
    table = plain.copy()
    for code_point, text in folding(WIDEST).table.items():
        table[code_point] = DROP if not text else EXPAND if len(text) > 1 else plain[ord(text)]
    return table


WORD_CLASS, BLANK_CLASS, LETTER_CLASS, ARABIC_CLASS, PERSIAN_CLASS, URDU_CLASS = 1, 2, 4, 8, 16, 32


@cache
def classes() -> Bytes:
    """Bit sets of what each code point is: part of a word, white space, a letter, and of which alphabet."""
    return kept("classes", _classes)


def _classes() -> Bytes:
    table = np.zeros(0x110000, dtype=np.uint8)
    table[:0x10000][_words()] = WORD_CLASS
    table[0x10000:][page()[0x10000:] == ASTRAL_WORD] = WORD_CLASS | LETTER_CLASS
    for bit, pattern in (
        (LETTER_CLASS, r"\p{L}+"),
        (ARABIC_CLASS, r"(?:(?=\p{L})\p{Script=Arabic})+"),
        (PERSIAN_CLASS, "[پچژگکی]+"),
        (URDU_CLASS, "[ٹڈڑںےہھۓ]+"),
    ):
        for match in regex.finditer(pattern, basic_plane()):
            table[match.start() : match.end()] |= bit
    blanks = [code_point for code_point in range(0x3001) if chr(code_point).isspace()]  # none lies above
    table[blanks] |= BLANK_CLASS
    return table


def to_page(text: str) -> bytes:
    """``text`` on the near-lossless page, one byte a code point."""
    return page().take(code_points_of(text)).tobytes()


def to_folded(text: str, by: Folding | None = None) -> bytes:
    """The widest folding of ``text`` (at most one line) on the page, as the folded stream shows it."""
    return to_page((by or folding(WIDEST)).fold(text))


def code_points_of(text: str) -> npt.NDArray[np.uint32]:
    """Code points of ``text``; lone surrogates pass."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def held(flags: npt.NDArray[np.bool_], starts: Ints, ends: Ints) -> Ints:
    """How many code points with a flag each range has. Where many have it, this is sooner done than by their places."""
    counts = np.zeros(len(flags) + 1, np.int32)
    np.cumsum(flags, out=counts[1:])
    return (counts[ends] - counts[starts]).astype(np.int64)


@cache
def word_bytes() -> frozenset[int]:
    """Bytes that stand for word characters (a byte stands for word characters only or for others only)."""
    return frozenset(np.unique(page()[:0x10000][classes()[:0x10000] & WORD_CLASS != 0]).tolist()) | {ASTRAL_WORD}


def literal(data: bytes) -> bytes:
    """The expression for exactly these bytes."""
    return b"".join(b"\\x%02x" % byte for byte in data)


def any_of(found: Iterable[int]) -> bytes:
    """The expression for one byte out of a set, written as ranges."""
    ranges: list[list[int]] = []
    for byte in sorted(found):
        if ranges and byte == ranges[-1][1] + 1:
            ranges[-1][1] = byte
        else:
            ranges.append([byte, byte])
    return b"[" + b"".join(b"\\x%02x-\\x%02x" % (low, high) for low, high in ranges) + b"]"


@cache
def outside_words() -> bytes:
    """The expression for one byte that stands for no word character."""
    return any_of(set(range(256)) - word_bytes())


@cache
def byte_set(atom: str, ignore_case: bool) -> frozenset[int]:
    """Page bytes of all code points that ``atom`` (a `regex` source for one character) can match.

    `regex` itself is asked, over the basic plane; beyond it every atom is taken to match.
    """
    pattern = regex.compile(f"(?:{atom})+", regex.IGNORECASE if ignore_case else 0)
    table, found = page(), {ASTRAL_WORD, ASTRAL_OTHER}
    for match in pattern.finditer(basic_plane()):
        found.update(np.unique(table[match.start() : match.end()]).tolist())
    return frozenset(found)


@cache
def _words() -> npt.NDArray[np.bool_]:
    """Which code points of the basic plane are word characters."""
    words = np.zeros(0x10000, dtype=bool)
    for match in WORD.finditer(basic_plane()):
        words[match.start() : match.end()] = True
    return words


@cache
def basic_plane() -> str:
    """All code points below U+10000 in order."""
    return "".join(map(chr, range(0x10000)))
