"""Classes of code points by which shapes of lines are told: commas, arrows, digits, capitals; a bit for each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from auditor.arrays import np
from auditor.cache import remember
from auditor.expressions import regex
from auditor.page import basic_plane

if TYPE_CHECKING:
    import numpy.typing as npt

SIGNS = {
    "comma": r"[,،、，;؛]",
    "bar": r"[|/\\•·¦]",
    "arrow": r"[»›«‹→←▶◀►▼▲❯❮]",
    "at": r"[@#]",
    "colon": r"[:：]",
    "bracket": r"[()\[\]]",
    "symbol": r"[©®™+*=_~]",
    "stop": r"[.。۔]",
    "quote": r"""["“”«»„]""",
}
_CLASSES = SIGNS | {
    "digit": r"\p{Nd}",
    "mark": r"[\p{P}\p{S}]",
    "question": r"[?؟!]",
    "latin": r"\p{Script=Latin}",
    "upper": r"\p{Lu}",
    "space": r"[\s\x1C-\x1F]",
}


@cache
def sign_bits() -> npt.NDArray[np.uint16]:
    """A bit for each class that a code point belongs to, in the order of `_CLASSES`; none beyond the basic plane."""
    made = remember("line classes", ["".join(_CLASSES.values()).encode()], lambda: _class_table().tobytes())
    table = np.zeros(0x110000, np.uint16)
    table[:0x10000] = np.frombuffer(made, np.uint16)
    return table


def _class_table() -> npt.NDArray[np.uint16]:
    table = np.zeros(0x10000, np.uint16)
    for bit, pattern in enumerate(_CLASSES.values()):
        for match in regex.finditer(f"(?:{pattern})+", basic_plane()):
            table[match.start() : match.end()] |= 1 << bit
    return table


@cache
def bit(name: str) -> int:
    """The bit of a class."""
    return 1 << list(_CLASSES).index(name)
