"""Facts about a whole corpus, merged and frozen before rules see them: on how many pages of a site each line stands.

A line is known by 128 bits of BLAKE2b over its folded text, keyed with its site: that two of a hundred million lines
share them has odds of one to 10^22, so counts are exact. Only lines that rules can ask about are in the frozen table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b, sha256
from pathlib import Path, PurePosixPath

import msgspec
import numpy as np
import numpy.typing as npt

from auditor.batch import Batch
from auditor.errors import AuditorError
from auditor.folding import SHAPING, Step, folding
from auditor.model import Document
from auditor.runs import Figures, Records, added, records, united

KEY = 16  # bytes
_TOGETHER = 1000  # documents made into one batch
_PARTS = ("high", "low", "value")
_DIGITS = re.compile(r"\d+")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,62})\.)+[a-z]{2,24}", re.IGNORECASE)
_ROWS = (".jsonl", ".ndjson", ".parquet", ".warc", ".wet")  # formats with many documents a file
_KNOWN = {*_ROWS, ".txt", ".html", ".htm", ".json", ".gz", ".zst"}


class View(msgspec.Struct, frozen=True, order=True):
    """How lines are compared: the steps of their folding, and whether every run of digits is one 0."""

    steps: tuple[str, ...]
    mask_digits: bool


class Asked(msgspec.Struct, frozen=True):
    """What rules want to know: ways to compare lines, and the fewest pages of a line that is of interest."""

    views: tuple[View, ...] = ()
    least: int = 0


def site_of_page(document: Document) -> str | None:
    """The site a document belongs to: as its row says, else by its path.

    A folder or file named like a host is that site; else the folder of a file of one page. Rows of a file that says
    nothing of sites belong to none: lines that other sites print, too, are not furniture for that.
    """
    if document.site is not None:
        return document.site or None
    return _site_of_path(document.path) if document.path else None


@lru_cache(maxsize=256)
def _site_of_path(path: str) -> str | None:
    *folders, name = PurePosixPath(path).parts
    stem, suffixes = name, set[str]()
    while (suffix := PurePosixPath(stem).suffix.lower()) in _KNOWN:
        stem = stem[: -len(suffix)]
        suffixes.add(suffix)
    many = not suffixes.isdisjoint(_ROWS)
    for part in (*folders, *([stem] if many else [])):
        if _HOST.fullmatch(part):
            return part.lower().removeprefix("www.")
    return None if many else "/".join(folders) or "."


def told_site(site: str) -> str:
    """A site's name for people; strangers chose it."""
    name = " ".join("".join(char if char.isprintable() else " " for char in site[:200]).split())
    name = name if len(name) <= 60 else name[:59] + "…"
    return "this folder" if name == "." else name or "its site"


@lru_cache(maxsize=1024)
def _site_key(site: str, view: View) -> bytes:
    told = msgspec.json.encode([view.steps, view.mask_digits])
    return blake2b(told + b"\0" + site.encode("utf-8", "surrogatepass"), digest_size=32).digest()


def page_key(site: str, view: View) -> bytes:
    """The key under which the pages of a site are counted: no line holds a line break."""
    return blake2b(b"\n", digest_size=KEY, key=_site_key(site, view)).digest()


def line_keys(site: str, view: View, lines: Iterable[str]) -> list[bytes]:
    """The keys of folded lines of a page."""
    key = _site_key(site, view)
    return [blake2b(line.encode("utf-8", "surrogatepass"), digest_size=KEY, key=key).digest() for line in lines]


@cache
def compared(view: View) -> Callable[[Batch], list[str]]:
    """Makes the lines of a batch as a view compares them; for ``batch.view``."""
    steps: frozenset[Step] = frozenset(view.steps)  # type: ignore[arg-type]
    by = folding(steps)

    def lines(batch: Batch) -> list[str]:
        text = batch.folded_text(by) if steps >= SHAPING else by.fold(batch.text)
        return [line.strip() for line in (_DIGITS.sub("0", text) if view.mask_digits else text).split("\n")]

    return lines


class Tally:
    """Counts the lines of documents: each line once a page."""

    def __init__(self, views: Sequence[View]) -> None:
        self._views = views
        self._keys = bytearray()

    def add(self, batch: Batch) -> None:
        for view in self._views:
            lines = batch.view(compared(view))
            for number, document in enumerate(batch.documents):
                if (site := site_of_page(document)) is None:
                    continue
                first, stop = batch.document_lines[number], batch.document_lines[number + 1]
                mine = set(lines[first:stop])
                mine.discard("")
                self._keys += page_key(site, view) + b"".join(line_keys(site, view, mine))

    def __len__(self) -> int:
        return len(self._keys) // KEY

    def take(self) -> Records:
        """What was counted since the last time."""
        found = records(self._keys, np.ones(len(self), np.uint64))
        self._keys = bytearray()
        return found


class Table:
    """Frozen keys and their figures, in memory or in a file that processes share."""

    def __init__(self, high: Figures, low: Figures, value: Figures, digest: str) -> None:
        self._high, self._low, self._value = high, low, value
        self.digest = digest

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
    try:
        files = [(folder / part).open("wb") for part in _PARTS]
        try:
            for found in pieces:
                digest.update(found.tobytes())
                for part, file in zip(_PARTS, files, strict=True):
                    file.write(found[part].tobytes())
        finally:
            for file in files:
                file.close()
        (folder / "digest").write_text(digest.hexdigest(), "ascii")
    except OSError as error:
        raise AuditorError(
            f"{folder}: {error.strerror or error}; the table of frequent lines takes 24 bytes of disk a line: "
            "free some space, or write elsewhere"
        ) from error
    return thawed(folder)


def thawed(folder: Path) -> Table:
    """A table that `frozen` has kept."""
    high, low, value = (_mapped(folder / part) for part in _PARTS)
    return Table(high, low, value, (folder / "digest").read_text("ascii"))


def _mapped(path: Path) -> Figures:
    if not path.stat().st_size:  # nothing cannot be mapped
        return np.zeros(0, np.uint64)
    return np.memmap(path, "<u8", "r")


def survey(documents: Sequence[Document], asked: Asked) -> Table:
    """The table of documents that are all in memory."""
    tally = Tally(asked.views)
    for at in range(0, len(documents), _TOGETHER):
        tally.add(Batch(documents[at : at + _TOGETHER]))
    (found,) = frequent([united(tally.take(), added)], asked.least)
    high, low, value = (np.ascontiguousarray(found[part]) for part in _PARTS)
    return Table(high, low, value, "")


def frequent(pieces: Iterable[Records], least: int) -> Iterator[Records]:
    """Records of which there are at least so many."""
    for found in pieces:
        yield found[found["value"] >= least]
