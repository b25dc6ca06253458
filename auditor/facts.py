"""What a survey found out about a corpus, frozen: tables in files that processes share, read where they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from auditor.arrays import np
from auditor.runs import Figures, Records, roomy

if TYPE_CHECKING:
    import numpy.typing as npt

_PARTS = ("high", "low", "value")


class Table:
    """Frozen keys and their figures, in memory or in a file that processes share."""

    def __init__(self, high: Figures, low: Figures, value: Figures, digest: str) -> None:
        self._high, self._low, self._value = high, low, value
        self.digest = digest

    @classmethod
    def of(cls, found: Records) -> Table:
        """A table in memory."""
        high, low, value = (np.ascontiguousarray(found[part]) for part in _PARTS)
        return cls(high, low, value, "")

    def __len__(self) -> int:
        return len(self._high)

    def values(self, keys: bytes) -> npt.NDArray[np.uint64]:
        """The figure of each key of 16 bytes, joined; 0 for one that is not in it."""
        halves = np.frombuffer(keys, ">u8").reshape(-1, 2).astype(np.uint64)
        found = np.zeros(len(halves), np.uint64)
        waiting = np.arange(len(halves))
        at = np.searchsorted(self._high, halves[:, 0])
        while len(waiting):
            inside = at < len(self._high)
            waiting, at = waiting[inside], at[inside]
            alike = self._high[at] == halves[waiting, 0]
            waiting, at = waiting[alike], at[alike]
            same = self._low[at] == halves[waiting, 1]
            found[waiting[same]] = self._value[at[same]]
            waiting, at = waiting[~same], at[~same] + 1  # keys that share their first half stand side by side
        return found


def frozen(pieces: Iterable[Records], folder: Path) -> Table:
    """Records in order, kept in a folder; those that come are not all held. AuditorError where there is no room."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = sha256()
    with roomy(folder), ExitStack() as stack:
        files = [stack.enter_context((folder / part).open("wb")) for part in _PARTS]
        for found in pieces:
            digest.update(found.tobytes())
            for part, file in zip(_PARTS, files, strict=True):
                file.write(found[part].tobytes())
        (folder / "digest").write_text(digest.hexdigest(), "ascii")
    return _table(folder)


def _table(folder: Path) -> Table:
    high, low, value = (_mapped(folder / part) for part in _PARTS)
    return Table(high, low, value, (folder / "digest").read_text("ascii"))


def _mapped(path: Path) -> Figures:
    if not path.stat().st_size:  # nothing cannot be mapped
        return np.zeros(0, np.uint64)
    return np.memmap(path, "<u8", "r")


class Names:
    """What sources are called, by their number."""

    def __init__(self, data: bytes | npt.NDArray[np.uint8]) -> None:
        self._data = np.frombuffer(data, np.uint8)

    @cached_property
    def _ends(self) -> npt.NDArray[np.int64]:
        return np.flatnonzero(self._data == 0)

    def __getitem__(self, source: int) -> str:
        start = int(self._ends[source - 1]) + 1 if source else 0
        return self._data[start : int(self._ends[source])].tobytes().decode("utf-8", "surrogatepass")


def packed(names: Iterable[str]) -> bytes:
    """Names as `Names` reads them; no file has a NUL in its name."""
    return b"".join(name.replace("\0", "").encode("utf-8", "surrogatepass") + b"\0" for name in names)


class Facts(msgspec.Struct, frozen=True):
    """On how many pages lines stand, which documents share bands of hashes, and what their sources are called."""

    lines: Table
    bands: Table  # figures: twice the number of the first document, and one more, as there are several
    names: Names


def freeze(folder: Path, lines: Iterable[Records], bands: Iterable[Records], names: Iterable[str]) -> str:
    """Facts kept in a folder; their digest. AuditorError where there is no room."""
    tables = [frozen(lines, folder / "lines"), frozen(bands, folder / "bands")]
    data = packed(names)
    with roomy(folder):
        (folder / "names").write_bytes(data)
    return sha256("".join([*(table.digest for table in tables), sha256(data).hexdigest()]).encode()).hexdigest()


def thawed(folder: Path) -> Facts:
    """Facts that `freeze` has kept."""
    names = folder / "names"
    data = np.memmap(names, np.uint8, "r") if names.stat().st_size else b""
    return Facts(_table(folder / "lines"), _table(folder / "bands"), Names(data))
