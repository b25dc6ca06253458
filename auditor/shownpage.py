"""report.html of a run: made anew only where what it shows, or how, is not as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import msgspec

from auditor.assets import asset_dir
from auditor.cache import remember
from auditor.formats.files import atomic_bytes, atomic_writer, target_inside
from auditor.reporters import html

PAGE = "report.html"
_CHUNK = 1 << 20


def write(out: Path, about: bytes, rows: Iterable[Path], render: Callable[[html.Write], Iterator[str]]) -> None:
    """The page and its shards in ``out``, as ``render`` makes them of ``about`` and the files of ``rows``.

    Where they still lie there as this made them of the same, they stay.
    """
    fresh: list[bytes] = []

    def make() -> bytes:
        shutil.rmtree(out / html.FOLDER, ignore_errors=True)
        with atomic_writer(out / PAGE) as page:
            for piece in render(partial(_shard, out)):
                page.write(piece.encode("utf-8", "replace"))
        fresh.append(msgspec.msgpack.encode(_lying(out)))
        return fresh[0]

    known = remember("page", [about, _together(rows), *_look()], make)
    if not fresh and known != msgspec.msgpack.encode(_lying(out)):
        make()


def _look() -> Iterator[bytes]:
    """What the page is put together from."""
    for path in sorted(asset_dir("reports/templates").iterdir()):
        yield path.name.encode()
        yield path.read_bytes()


def _lying(out: Path) -> list[tuple[str, bytes]]:
    """Name and digest of the page and of all that lies in the folder of its shards."""
    paths = [path for path in (out / PAGE, *sorted((out / html.FOLDER).glob("*"))) if path.is_file()]
    return [(path.name, _digest(path)) for path in paths]


def _shard(out: Path, name: str, content: bytes) -> None:
    atomic_bytes(target_inside(out, name), content)


def _together(paths: Iterable[Path]) -> bytes:
    """One digest of many files; a run may have a hundred thousand."""
    found = sha256()
    for path in paths:
        found.update(_digest(path))
    return found.digest()


def _digest(path: Path) -> bytes:
    found = sha256()
    if path.exists():
        with path.open("rb") as stream:
            while data := stream.read(_CHUNK):
                found.update(data)
    return found.digest()
