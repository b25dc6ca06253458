"""The hash by which GitHub knows a line of a file again (`primaryLocationLineHash`), and how wide a line is.

A line's hash is that of its next hundred UTF-16 code units, blanks and tabs left out and every kind of line end one
line feed, on into the lines that follow; behind the end of the file stand 65535 and zeros. It is the polynomial of
these units in 37, modulo 2 ** 64, followed by which of the lines with this hash it is.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from auditor.arrays import np
from auditor.formats.compression import open_read

if TYPE_CHECKING:
    import numpy.typing as npt

Units: TypeAlias = "npt.NDArray[np.uint16]"
Hashes: TypeAlias = "npt.NDArray[np.uint64]"

_REACH = 100  # units that a hash looks at
_END = 65535
_CHUNK = 1 << 20
_ROWS = 1 << 14  # lines hashed at once
_LF, _CR = 10, 13


def hashes(path: Path, lines: Collection[int]) -> dict[int, str]:
    """``hash:number`` of each of these lines (from 1) that the file has, as GitHub computes them for the same bytes.

    Lines end where GitHub ends them, at a lone carriage return, too. OSError where the file cannot be read.
    """
    with path.open("rb") as stream:
        every = np.concatenate([*_hashes(stream)])
    wanted = np.array(sorted(line for line in lines if 0 < line <= len(every)), np.int64)
    if not len(wanted):
        return {}
    alike = np.flatnonzero(np.isin(every, every[wanted - 1]))
    asked, found, seen = set(wanted.tolist()), {}, Counter[int]()
    for line, value in zip((alike + 1).tolist(), every[alike].tolist(), strict=True):
        seen[value] += 1
        if line in asked:
            found[line] = f"{value:x}:{seen[value]}"
    return found


def widths(path: Path, lines: Collection[int]) -> dict[int, int]:
    """Code points of each of these lines (from 1), line end left out; compressed files are read as what they hold."""
    asked, found = set(lines), {}
    with open_read(path) as stream:
        for number, raw in enumerate(stream, 1):
            if number in asked:
                found[number] = len(raw.rstrip(b"\r\n").decode("utf-8", "replace"))
                if len(found) == len(asked):
                    break
    return found


def _hashes(stream: BinaryIO) -> Iterator[Hashes]:
    """The hashes of all lines in order, some lines at a time."""
    powers = np.array([pow(37, _REACH - 1 - at, 1 << 64) for at in range(_REACH)], np.uint64)
    rest, begins = np.empty(0, np.uint16), True
    for units, last in _units(stream):
        held = np.concatenate([rest, units])
        if last:
            held = np.concatenate([held, np.array([_END], np.uint16), np.zeros(_REACH, np.uint16)])
        whole = len(held) - _REACH  # line starts below it have all the units they look at
        if whole <= 0:
            rest = held
            continue
        starts = np.flatnonzero(held[: whole - 1] == _LF) + 1
        if begins:
            starts = np.concatenate([[0], starts])
        yield _polynomials(held, starts, powers)
        begins, rest = bool(held[whole - 1] == _LF), held[whole:]


def _polynomials(units: Units, starts: npt.NDArray[np.int64], powers: Hashes) -> Hashes:
    reach = np.arange(_REACH)
    parts = [
        (units[starts[at : at + _ROWS, None] + reach].astype(np.uint64) * powers).sum(axis=1, dtype=np.uint64)
        for at in range(0, len(starts), _ROWS)
    ]
    return np.concatenate([np.empty(0, np.uint64), *parts])


def _units(stream: BinaryIO) -> Iterator[tuple[Units, bool]]:
    """UTF-16 units of a file, blanks and tabs left out, line ends as line feeds; and whether they are the last."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    before = 0
    while True:
        chunk = stream.read(_CHUNK)
        raw = decoder.decode(chunk, final=not chunk).encode("utf-16-le")
        units = np.frombuffer(raw, "<u2")
        shifted = np.concatenate([np.array([before], np.uint16), units[:-1]]) if len(units) else units
        before = int(units[-1]) if len(units) else before
        kept = units[(units != 32) & (units != 9) & ~((units == _LF) & (shifted == _CR))]
        yield np.where(kept == _CR, _LF, kept).astype(np.uint16), not chunk
        if not chunk:
            return
