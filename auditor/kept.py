"""What checking a file gave, kept for as long as neither the file nor anything that decides about it changes.

A hook that sees the same few files again and again answers at once, and so does a second run over a corpus. An entry
is named by a digest of the file's bytes and name, the rules, the settings, the versions and our own source files, so
that none is ever out of date; whether several processes shared the file makes no difference. Cleaned copies and patches
are not kept, only their digests: where those of the last run still lie where this one would write them, they stay;
where one of them is missing or altered, the file is done again.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec
import zstandard

from auditor import cache
from auditor.errors import AuditorError
from auditor.model import FileReport
from auditor.notes import part
from auditor.packs import Pack
from auditor.pipeline import Item, Plan, targets
from auditor.places import relative

MOST = 20_000  # files of a run; more would only drive each other out
_LARGEST_ENTRY = 1 << 28  # bytes, before they are compressed
_DIGEST = 32  # bytes at the beginning of an entry
_FOLDER_ENTRIES, _FOLDER_BYTES = 2048, 32 << 20  # of each of the sixteen
_CHUNK = 1 << 20
_PARTS = ("findings", "documents", "lines", "texts")
_STALE = 3600.0  # seconds after which an unfinished entry is nobody's any more


class _Entry(msgspec.Struct, array_like=True):
    report: FileReport
    parts: dict[str, int]  # bytes of each, which follow in this order
    written: dict[str, bytes]  # digests of what was written beside the parts


class Kept:
    """The results of one run's plan; where nothing is to be kept, every file is done afresh."""

    def __init__(self, packs: Sequence[Pack], plan: Plan, items: int) -> None:
        folder = None if plan.in_place or items > MOST else cache.folder()
        base = b"" if folder is None else _base(packs, plan)
        self._plan, self._base = plan, base or b""
        self._folder = None if folder is None or base is None else folder / "results"
        self._keys: dict[int, str] = {}  # of files that were asked for and are not known

    def done(self, item: Item, work: Callable[[], FileReport]) -> FileReport:
        """The report of a file and, in the run's folder, its parts: as kept, else by ``work``, which is then kept."""
        if (known := self.known(item)) is not None:
            return known
        report = work()
        self.keep(item, report)
        return report

    def known(self, item: Item) -> FileReport | None:
        """The report of a file as kept, its parts in the run's folder; None where it has to be made."""
        key = self._key(item)
        report = None if key is None else self._recalled(key, item)
        if key is not None and report is None:
            self._keys[item.number] = key
        return report

    def keep(self, item: Item, report: FileReport) -> None:
        """Keep what came of a file that was not known."""
        key = self._keys.pop(item.number, None)
        # Read again, since it may have changed while it was checked; what failed may not fail next time.
        if key is not None and not report.unchecked and self._key(item) == key:
            with suppress(AuditorError, OSError, UnicodeEncodeError):
                self._keep(key, item, report)

    def _key(self, item: Item) -> str | None:
        path = item.source.path
        if self._folder is None or path is None:
            return None
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                return None
            content = _digest(path)
        except OSError:
            return None
        name = relative(item.source, self._plan.root) if self._plan.paths else ""
        digest = hashlib.sha256(self._base)
        for piece in (
            item.source.name.encode("utf-8", "surrogatepass"),
            name.encode("utf-8", "surrogatepass"),
            content,
        ):
            digest.update(len(piece).to_bytes(8, "big") + piece)
        return digest.hexdigest()

    def _recalled(self, key: str, item: Item) -> FileReport | None:
        path = self._path(key)
        made: list[Path] = []
        try:
            with path.open("rb") as file:
                if file.read(_DIGEST) != _digest_of(file):  # torn or altered
                    return None
                file.seek(_DIGEST)
                with zstandard.ZstdDecompressor().stream_reader(file) as stream:
                    entry = msgspec.msgpack.decode(stream.read(int.from_bytes(stream.read(8), "big")), type=_Entry)
                    if entry.written != self._written(item):
                        return None
                    self._plan.parts.mkdir(parents=True, exist_ok=True)
                    for kind, size in entry.parts.items():
                        made.append(part(self._plan.parts, item.number, kind))
                        _write(made[-1], stream, size)
        except (AuditorError, EOFError, OSError, msgspec.DecodeError, zstandard.ZstdError):
            for torn in made:
                torn.unlink(missing_ok=True)
            return None
        with suppress(OSError):
            os.utime(path)  # what is used stays
        return entry.report

    def _keep(self, key: str, item: Item, report: FileReport) -> None:
        parts = {kind: part(self._plan.parts, item.number, kind) for kind in _PARTS}
        parts = {kind: file for kind, file in parts.items() if file.exists()}
        sizes = {kind: file.stat().st_size for kind, file in parts.items()}
        if sum(sizes.values()) > _LARGEST_ENTRY:
            return
        head = msgspec.msgpack.encode(_Entry(report, sizes, self._written(item)))
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if key[1:3] == "00":  # now and then: what was kept longest without use goes
            _prune(path.parent)
        unfinished = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with unfinished.open("w+b") as file:
                file.write(bytes(_DIGEST))
                with zstandard.ZstdCompressor(1).stream_writer(file, closefd=False) as out:
                    out.write(len(head).to_bytes(8, "big") + head)
                    for one in parts.values():
                        with one.open("rb") as lines:
                            shutil.copyfileobj(lines, out, _CHUNK)
                file.seek(_DIGEST)
                digest = _digest_of(file)
                file.seek(0)
                file.write(digest)
            unfinished.replace(path)  # at once: others may be writing the same
        finally:
            unfinished.unlink(missing_ok=True)

    def _written(self, item: Item) -> dict[str, bytes]:
        """Digests of what lies where this run writes a file's copy, patch and report."""
        return {kind: _digest(path) for kind, path in targets(self._plan, item.source.name).items()}

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / key[0] / key[1:]


def _digest(path: Path) -> bytes:
    with path.open("rb") as stream:
        return _digest_of(stream)


def _digest_of(stream: BinaryIO) -> bytes:
    """Of what is left of a stream."""
    found = hashlib.sha256()
    while data := stream.read(_CHUNK):
        found.update(data)
    return found.digest()


def _write(path: Path, stream: BinaryIO, size: int) -> None:
    with path.open("wb") as out:
        while size:
            data = stream.read(min(size, _CHUNK))
            if not data:
                raise EOFError
            out.write(data)
            size -= len(data)


def _base(packs: Sequence[Pack], plan: Plan) -> bytes | None:
    """A digest of everything but the file that decides what checking gives; None for rules with lone surrogates."""
    decided = plan.decisions.read_bytes() if plan.decisions else b""
    writes = [kind is not None for kind in (plan.cleaned, plan.patches, plan.reports)]
    known = plan.survey.digest if plan.survey else ""
    asked = (plan.read, plan.unsafe, plan.utf8, plan.judged, plan.lines, plan.texts, plan.paths)
    settings = (*asked, decided, writes, known)
    try:
        told = [settings, *((pack.name, pack.digest, pack.rules) for pack in packs)]  # a digest covers files beside it
        pieces = [cache.surroundings(), *map(msgspec.msgpack.encode, told)]
    except UnicodeEncodeError:
        return None
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.digest()


def _prune(folder: Path) -> None:
    found = []
    for path in folder.iterdir():
        with suppress(OSError):  # another process may have been faster
            kept = path.stat()
            if path.name.startswith("."):
                if time.time() - kept.st_mtime > _STALE:
                    path.unlink()
                continue
            found.append((kept.st_mtime, kept.st_size, path))
    size = sum(entry[1] for entry in found)
    for number, (_, bytes_, path) in enumerate(sorted(found)):
        if size <= _FOLDER_BYTES and len(found) - number <= _FOLDER_ENTRIES:
            return
        size -= bytes_
        with suppress(OSError):
            path.unlink()
