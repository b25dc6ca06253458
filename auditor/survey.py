"""Facts about a whole corpus, merged and frozen before rules see them: on how many pages of a site each line stands.

A line is known by 128 bits of BLAKE2b over its folded text, keyed with its site: that two of a hundred million lines
share them has odds of one to 10^22, so counts are exact. Only lines that rules can ask about are in the frozen table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from auditor.arrays import np
from auditor.batch import Batch
from auditor.facts import Facts, Names, Table, packed
from auditor.folding import SHAPING, Step, folding
from auditor.minhash import Signatures
from auditor.model import Document
from auditor.runs import Records, added, earliest, records, united

if TYPE_CHECKING:
    import numpy.typing as npt

KEY = 16  # bytes
_TOGETHER = 1000  # documents made into one batch
_DIGITS = re.compile(r"\d+")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,62})\.)+[a-z]{2,24}", re.IGNORECASE)
_ROWS = (".jsonl", ".ndjson", ".parquet", ".warc", ".wet")  # formats with many documents a file
_KNOWN = {*_ROWS, ".txt", ".html", ".htm", ".json", ".gz", ".zst"}


class View(msgspec.Struct, frozen=True, order=True):
    """How lines are compared: the steps of their folding, and whether every run of digits is one 0."""

    steps: tuple[str, ...]
    mask_digits: bool


class Asked(msgspec.Struct, frozen=True):
    """What rules want to know: ways to compare lines and documents, the fewest pages of a line that is of interest."""

    views: tuple[View, ...] = ()
    least: int = 0
    near: tuple[bool, ...] = ()  # whether documents are compared within their site, or all of a corpus, or both

    def __bool__(self) -> bool:
        return bool(self.views or self.near)


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
    """Counts the lines of documents, each line once a page, and notes the bands of their hashes."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._lines, self._bands = bytearray(), bytearray()
        self._values: list[npt.NDArray[np.uint64]] = []  # of the bands

    def add(self, batch: Batch, numbers: Sequence[int]) -> None:
        """``numbers`` are those of the documents: the order of the corpus, in which one of two is the earlier."""
        for view in self._asked.views:
            lines = batch.view(compared(view))
            for number, document in enumerate(batch.documents):
                if (site := site_of_page(document)) is None:
                    continue
                first, stop = batch.document_lines[number], batch.document_lines[number + 1]
                mine = set(lines[first:stop])
                mine.discard("")
                self._lines += page_key(site, view) + b"".join(line_keys(site, view, mine))
        for within in self._asked.near:
            for at, number in enumerate(numbers):
                bands = bands_of(batch, at, within)
                self._bands += bands
                self._values.append(np.full(len(bands) // KEY, number << 1, np.uint64))

    def __len__(self) -> int:
        return (len(self._lines) + len(self._bands)) // KEY

    def take(self) -> tuple[Records, Records]:
        """What was counted since the last time: lines, and bands."""
        lines = records(self._lines, np.ones(len(self._lines) // KEY, np.uint64))
        bands = records(self._bands, np.concatenate([np.zeros(0, np.uint64), *self._values]))
        self._lines, self._bands, self._values = bytearray(), bytearray(), []
        return lines, bands


def bands_of(batch: Batch, document: int, within: bool) -> bytes:
    """The keys of a document's bands; none for one of no site where documents are compared ``within`` their site."""
    site = site_of_page(batch.documents[document]) if within else ""
    return b"" if site is None else batch.view(Signatures).bands(document, f"{within} {site}")


def numbered(source: int, record: int) -> int:
    """The number of a document in its corpus."""
    return source << 32 | record & 0xFFFFFFFF


def survey(documents: Sequence[Document], asked: Asked) -> Facts:
    """The facts of documents that are all in memory."""
    tally = Tally(asked)
    for at in range(0, len(documents), _TOGETHER):
        group = documents[at : at + _TOGETHER]
        tally.add(Batch(group), [numbered(at + place, document.record) for place, document in enumerate(group)])
    lines, bands = tally.take()
    return Facts(
        Table.of(next(frequent([united(lines, added)], asked.least))),
        Table.of(next(shared([united(bands, earliest)]))),
        Names(packed(document.path for document in documents)),
    )


def frequent(pieces: Iterable[Records], least: int) -> Iterator[Records]:
    """Records of which there are at least so many."""
    for found in pieces:
        yield found[found["value"] >= least]


def shared(pieces: Iterable[Records]) -> Iterator[Records]:
    """Bands that several documents have."""
    for found in pieces:
        yield found[found["value"] & np.uint64(1) > 0]
