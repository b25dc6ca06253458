"""128-bit keys with a figure each, more of them than memory holds: sorted runs on disk, merged range by range.

A run is a file of records in the order of their keys, each key once; before them stands where each of `RANGES` equal
ranges of keys begins. Runs are merged one range after the other, so that memory holds a share of each and no more.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from auditor.arrays import np
from auditor.errors import AuditorError

if TYPE_CHECKING:
    import numpy.typing as npt

RECORD = [("high", "<u8"), ("low", "<u8"), ("value", "<u8")]
Records: TypeAlias = "npt.NDArray[np.void]"
Figures: TypeAlias = "npt.NDArray[np.uint64]"
# Values, and where each key's begin -> one a key.
Unite: TypeAlias = "Callable[[Figures, npt.NDArray[np.int64]], Figures]"

RANGES = 4096  # a range of a hundred million keys holds 24,000
HELD = 1 << 21  # records in memory at once: 50 MB, a few times over while they are sorted
_SHIFT = 64 - 12
_INDEX = (RANGES + 1) * 8  # bytes before the records


def added(values: Figures, starts: npt.NDArray[np.int64]) -> Figures:
    """Values of one key are counts: their sum."""
    found: Figures = np.add.reduceat(values, starts)
    return found


def earliest(values: Figures, starts: npt.NDArray[np.int64]) -> Figures:
    """Values are twice a number, and one more where there were several: the lowest number of each key."""
    first = np.minimum.reduceat(values >> np.uint64(1), starts)
    several = np.diff(np.append(starts, len(values))) > 1
    several |= np.bitwise_or.reduceat(values & np.uint64(1), starts) > 0
    found: Figures = (first << np.uint64(1)) | several.astype(np.uint64)
    return found


def records(keys: bytes | bytearray, values: Figures) -> Records:
    """Records of keys of 16 bytes each, joined, in no order."""
    halves = np.frombuffer(keys, ">u8").reshape(-1, 2)
    made = np.empty(len(halves), RECORD)
    made["high"], made["low"], made["value"] = halves[:, 0], halves[:, 1], values
    return made


def united(found: Records, unite: Unite) -> Records:
    """Records in the order of their keys, each key once."""
    if not len(found):
        return found
    found = found[np.argsort(found["high"], kind="stable")]
    same = found["high"][1:] == found["high"][:-1]
    if np.any(same & (found["low"][1:] != found["low"][:-1])):  # keys that share their first half
        found = found[np.lexsort((found["low"], found["high"]))]
        same = found["high"][1:] == found["high"][:-1]
    same &= found["low"][1:] == found["low"][:-1]
    starts = np.flatnonzero(np.concatenate(([True], ~same)))
    kept = found[starts]
    kept["value"] = unite(np.ascontiguousarray(found["value"]), starts)
    return kept


class RunWriter:
    """Writes a run, given its records in order, some at a time."""

    def __init__(self, path: Path) -> None:
        self._path, self._counts = path, np.zeros(RANGES, np.int64)
        with roomy(path.parent):
            self._file: BinaryIO = path.open("wb")
            self._file.write(bytes(_INDEX))

    def add(self, found: Records) -> None:
        self._counts += np.bincount((found["high"] >> np.uint64(_SHIFT)).astype(np.int64), minlength=RANGES)
        with roomy(self._path.parent):
            self._file.write(np.ascontiguousarray(found).tobytes())

    def close(self) -> Path:
        with roomy(self._path.parent):
            self._file.seek(0)
            self._file.write(np.concatenate(([0], np.cumsum(self._counts))).astype("<i8").tobytes())
            self._file.close()
        return self._path

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def write_run(path: Path, found: Records, unite: Unite) -> Path:
    """A run of records in no order."""
    with RunWriter(path) as writer:
        writer.add(united(found, unite))
        return writer.close()


def merged(runs: Sequence[Path], unite: Unite, held: int = HELD) -> Iterator[Records]:
    """The records of all runs in order, each key once, some at a time; about ``held`` of the runs' are in memory."""
    if not runs:
        return
    bounds = np.array([np.fromfile(path, "<i8", RANGES + 1) for path in runs])
    sizes = np.diff(bounds, axis=1).sum(axis=0)
    first = 0
    while first < RANGES:
        stop, size = first + 1, int(sizes[first])
        while stop < RANGES and size + sizes[stop] <= held:
            size += int(sizes[stop])
            stop += 1
        pieces = [
            np.fromfile(path, RECORD, int(begins[stop] - begins[first]), offset=_INDEX + int(begins[first]) * 24)
            for path, begins in zip(runs, bounds, strict=True)
            if begins[stop] > begins[first]
        ]
        if pieces:
            yield united(np.concatenate(pieces), unite)
        first = stop


def merge(path: Path, runs: Sequence[Path], unite: Unite, held: int = HELD) -> Path:
    """One run made of several, which go."""
    with RunWriter(path) as writer:
        for found in merged(runs, unite, held):
            writer.add(found)
        writer.close()
    for run in runs:
        run.unlink()
    return path


class Heap:
    """Runs as they come in: so many of one size are merged into a larger one that few files are ever there."""

    def __init__(self, folder: Path, name: str, unite: Unite, most: int = 32) -> None:
        self._folder, self._name, self._unite, self._most = folder, name, unite, most
        self._levels: list[list[Path]] = [[]]
        self._made = 0

    def add(self, run: Path) -> None:
        self._levels[0].append(run)
        level = 0
        while len(self._levels[level]) >= self._most:
            self._made += 1
            larger = merge(self._folder / f"{self._name}-merged-{self._made}", self._levels[level], self._unite)
            self._levels[level] = []
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(larger)

    def merged(self, held: int = HELD) -> Iterator[Records]:
        """All records in order, each key once."""
        yield from merged([run for level in self._levels for run in level], self._unite, held)


@contextmanager
def roomy(folder: Path) -> Iterator[None]:
    """Says what is the matter where a file of a folder cannot be written."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None), errno.EFBIG)
        todo = (
            "facts about a corpus take about 24 bytes of disk a distinct line: free some space, or write elsewhere "
            "(-o of audit and clean, TMPDIR for check and score)"
            if full
            else "it must be a folder that can be written to"
        )
        raise AuditorError(f"{folder}: {error.strerror or error}; {todo}") from error
