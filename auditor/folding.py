"""Matching-only normalisation: folded text plus the way back to the original's code points.

Nothing here ever changes a document. A folding is a set of steps, each switchable per rule; it is many to
many (tashkeel vanish, a lam-alef ligature becomes two letters), so every folded text can be asked for the
original span of any of its ranges, and spans snap outward to whole original characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import msgspec

from auditor.arrays import np
from auditor.cache import remember
from auditor.expressions import expression, regex

if TYPE_CHECKING:
    import numpy.typing as npt

Positions: TypeAlias = "npt.NDArray[np.signedinteger[Any]]"
Step = Literal[
    "tashkeel",  # vowel signs and Qur'anic marks vanish
    "tatweel",  # the stretching stroke vanishes
    "alef",  # أ إ آ ٱ -> ا
    "ya",  # ى ی -> ي and ک ڪ -> ك
    "ta-marbuta",  # ة -> ه
    "hamza",  # ؤ -> و, ئ -> ي
    "case",  # Unicode case folding
    "width",  # presentation forms, ligatures and full-width forms by NFKC
    "invisible",  # zero-width, bidi and other format characters vanish
    "space",  # any run of white space is one blank
    "digits",  # all decimal digits -> 0-9
]
STEPS: tuple[Step, ...] = get_args(Step)
DEFAULT: frozenset[Step] = frozenset(STEPS) - {"hamza", "digits"}
WIDEST: frozenset[Step] = frozenset(STEPS)
# Steps that make text shorter or longer; the rest puts one letter for another. A folding with all of these gives text
# with a code point for each one of the widest folding.
SHAPING: frozenset[Step] = frozenset({"tashkeel", "tatweel", "invisible", "space", "width", "case"})

WORD = expression(r"[\p{L}\p{M}\p{N}]+")  # DESIGN section 5: letters, marks, digits, tatweel (a letter)

SEVERAL = 0x110000  # no code point

MOST = 64  # foldings kept: each takes 1 to 6 MB, and packs could ask for every one of 2,048 sets of steps

BACKWARDS = expression(f"(?r){WORD.pattern}")  # from the end on

_LETTERS: dict[Step, dict[str, str]] = {
    "alef": dict.fromkeys("أإآٱٲٳٵ", "ا"),
    "ya": dict.fromkeys("ىیې", "ي") | dict.fromkeys("کڪ", "ك"),
    "ta-marbuta": {"ة": "ه"},
    "hamza": {"ؤ": "و", "ئ": "ي"},
}
_TASHKEEL = expression(
    r"[\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u08D3-\u08E1\u08E3-\u08FF]"
)
_INVISIBLE = expression(r"[\p{Cf}\uFE00-\uFE0F\u034F\u115F\u1160\u17B4\u17B5\u3164\uFFA0]")
_WIDTH = expression(r"[\uFB00-\uFB06\uFB13-\uFB17\uFB50-\uFDFF\uFE70-\uFEFE\uFF01-\uFF9F\uFFE0-\uFFEE]")
_BLANKS = expression(" {2,}")


@cache
def is_word(char: str) -> bool:
    """Whether one code point belongs to words (letter, mark, number or tatweel)."""
    return WORD.fullmatch(char) is not None


class Folded:
    """A folded line and, when asked, the original span of any of its ranges."""

    def __init__(self, original: str, text: str, positions: Callable[[], Positions]) -> None:
        """``positions`` gives, for each code point of ``text``, the offset of the original one it came from."""
        self.original = original
        self.text = text
        self._positions = positions

    @cached_property
    def _index(self) -> Positions:
        return self._positions()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original half-open span of ``text[start:end]`` (not empty), vanished characters after it included."""
        index, last = self._index, self._index[end - 1]  # an array: lines may be megabytes long
        while end < len(index) and index[end] == last:  # inside an expanded character: take it whole
            end += 1
        return int(index[start]), int(index[end]) if end < len(index) else len(self.original)


class Folding:
    """One set of steps, ready to use; obtain it through `folding` (cached)."""

    def __init__(self, steps: frozenset[Step]) -> None:
        self.steps = steps
        self.table = _table(steps)  # code point -> its folded form, where it differs
        self._collapse = "space" in steps

    def fold(self, text: str) -> str:
        """Folded ``text`` (at most one line)."""
        folded = text.translate(self.table)
        return _BLANKS.sub(" ", folded) if self._collapse else folded

    def line(self, text: str) -> Folded:
        """``text`` folded, with the way back."""
        return Folded(text, self.fold(text), partial(self.positions, text))

    def positions(self, text: str) -> Positions:
        """For each code point of ``fold(text)``, the offset of the original code point it came from."""
        codes = _codes(text)
        lengths = self._lengths[codes]
        index = np.repeat(np.arange(len(text)), lengths)
        if self._collapse:
            wide = lengths.max(initial=0) > 1  # a ligature may hold blanks
            blank = self._blank[_codes(text.translate(self.table)) if wide else codes[index]]
            index = index[~(blank & np.concatenate(([False], blank[:-1])))]
        return index

    @cached_property
    def letters(self) -> npt.NDArray[np.uint32]:
        """What each code point becomes; `SEVERAL` where it is several, or nothing."""
        letters = np.arange(0x110000, dtype=np.uint32)
        letters[list(self.table)] = [ord(folded) if len(folded) == 1 else SEVERAL for folded in self.table.values()]
        return letters

    @cached_property
    def _lengths(self) -> npt.NDArray[np.uint8]:
        """How many code points each one becomes."""
        lengths = np.ones(0x110000, dtype=np.uint8)
        lengths[list(self.table)] = [len(folded) for folded in self.table.values()]
        return lengths

    @cached_property
    def _blank(self) -> npt.NDArray[np.bool_]:
        """Which code points become a blank."""
        blank = np.zeros(0x110000, dtype=bool)
        blank[[ord(" "), *(code for code, folded in self.table.items() if folded == " ")]] = True
        return blank


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@lru_cache(MOST)
def folding(steps: frozenset[Step]) -> Folding:
    """The folding made of ``steps``."""
    return Folding(steps)


def expand_steps(steps: Iterable[str]) -> frozenset[Step]:
    """Steps by name; ``default`` stands for the default set. Raises ValueError with the unknown name."""
    chosen: set[Step] = set()
    for name in steps:
        if name == "default":
            chosen |= DEFAULT
        elif name in STEPS:
            chosen.add(name)
        else:
            raise ValueError(name)
    return frozenset(chosen)


def _table(steps: frozenset[Step]) -> dict[int, str]:
    """Only code points that some step can change are looked at, so that building stays a matter of milliseconds."""

    def made() -> bytes:
        folded = {ord(char): _fold_char(char, steps) for char in _changeable()}
        return msgspec.msgpack.encode({code: text for code, text in folded.items() if text != chr(code)})

    kept = remember("folding", [step.encode() for step in sorted(steps)], made)
    return msgspec.msgpack.decode(kept, type=dict[int, str])


def _fold_char(char: str, steps: frozenset[Step]) -> str:
    pieces = unicodedata.normalize("NFKC", char) if "width" in steps and _WIDTH.match(char) else char
    if "case" in steps:
        pieces = pieces.casefold()
    return "".join(_fold_piece(piece, steps) for piece in pieces)


def _fold_piece(char: str, steps: frozenset[Step]) -> str:
    if "space" in steps and char.isspace() and char != "\n":
        return " "
    if "tatweel" in steps and char == "\u0640":
        return ""
    if "tashkeel" in steps and _TASHKEEL.match(char):
        return ""
    if "invisible" in steps and _INVISIBLE.match(char):
        return ""
    if "digits" in steps and (digit := unicodedata.decimal(char, None)) is not None:
        return str(digit)
    for step, letters in _LETTERS.items():
        if step in steps and char in letters:
            return letters[char]
    return char


@cache
def _changeable() -> tuple[str, ...]:
    """Code points that at least one step changes; beyond U+1FBFA no character has case, width or digit forms."""
    every = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x1FC00), *range(0xE0000, 0xE0200)]))
    classes = [kind.pattern for kind in (_TASHKEEL, _INVISIBLE, _WIDTH)]
    classes += [r"\p{Nd}", r"[\s\x1C-\x1F]", r"\p{Changes_When_Casemapped}", r"\p{Changes_When_Casefolded}"]
    found = regex.findall("|".join(classes) + "|[\u0640أإآٱٲٳٵىیېکڪةؤئ]", every)
    return tuple(char for char in found if char != "\n")
