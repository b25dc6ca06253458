"""Patches: what cleaning changed in a file, written beside the cleaned copy, and the way back.

A patch is JSON lines: a header, one line an edit, a trailer. Offsets count in the cleaned, decompressed
bytes, so that restoring is one pass over the cleaned copy; the digests come last because they are known last,
and a patch without its trailer is known to be truncated.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from auditor.errors import RestoreError
from auditor.formats.base import CHUNK, ByteEdit, apply_edits

__all__ = [
    "SCHEMA",
    "PatchSummary",
    "PatchWriter",
    "apply_edits",
    "lines_of",
    "patch_name",
    "restore_file",
    "summary_of",
    "text_column",
]

SCHEMA = 1
_LONGEST_TRAILER = 1 << 10
_LONGEST_LINE = 4  # times the size a document may have: what was removed and inserted, as it is spelled
_SHORT = 1 << 16  # bytes that any line may have
_TRAILER = b'{"end":'
_Kind = TypeVar("_Kind")


class PatchSummary(msgspec.Struct, frozen=True):
    """The trailer: number of edits, SHA-256 and length of the decompressed bytes before and after."""

    edits: int = msgspec.field(name="end")
    original_digest: str
    original_length: int
    cleaned_digest: str
    cleaned_length: int


class _Edit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    at: int
    record: int | None = None
    removed: str = ""
    removed_base64: str | None = None
    inserted: str = ""
    inserted_base64: str | None = None
    rules: tuple[str, ...] = ()


class _Side:
    """Running digest and length of the original or of the cleaned bytes."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()
        self.length = 0

    def add(self, data: bytes) -> None:
        self.hash.update(data)
        self.length += len(data)


def patch_name(name: str) -> str:
    """Where, below ``patches/``, the patch of the cleaned file ``name`` stands."""
    return f"{name}.patch.jsonl"


class PatchWriter:
    """Writes a patch while a file is cleaned row by row, in order; ``close`` ends it.

    ``format`` and ``compression`` (``.gz``, ``.zst`` or nothing) describe the file called ``name``; of a parquet file
    the patch also tells the column of the texts, since these are all that it is about.
    """

    def __init__(self, out: BinaryIO, name: str, format: str, compression: str = "", field: str = "text") -> None:
        self._out = out
        self._original = _Side()
        self._cleaned = _Side()
        self.edits = 0
        header = {"schema": SCHEMA, "name": name, "format": format, "compression": compression}
        self._write(header | ({"field": field} if format == "parquet" else {}))

    def row(
        self,
        raw: bytes,
        record: int = 0,
        edits: Sequence[ByteEdit] = (),
        rules: Sequence[Sequence[str]] = (),
    ) -> bytes:
        """The cleaned bytes of the next row, after noting its edits (row-relative) and the rules of each."""
        cleaned = apply_edits(raw, edits) if edits else raw
        shift = self._cleaned.length
        for edit, ids in zip(edits, rules or [()] * len(edits), strict=True):
            removed, removed_base64 = _spell(edit.removed)
            inserted, inserted_base64 = _spell(edit.inserted)
            self._write(
                _Edit(
                    at=edit.at + shift,
                    record=record,
                    removed=removed,
                    removed_base64=removed_base64,
                    inserted=inserted,
                    inserted_base64=inserted_base64,
                    rules=tuple(ids),
                )
            )
            shift += len(edit.inserted) - len(edit.removed)
        self.edits += len(edits)
        self._original.add(raw)
        self._cleaned.add(cleaned)
        return cleaned

    def join(self, cleaned: BinaryIO, patch: Iterable[bytes]) -> Iterator[bytes]:
        """Go on with rows that were cleaned elsewhere, as their cleaned bytes and a patch of their own tell.

        Gives the cleaned bytes in pieces.
        """
        base = reached = self._cleaned.length
        lines = iter(patch)
        next(lines)  # the header, which is that of the file
        for line in lines:
            if line.startswith(_TRAILER):
                break
            edit = msgspec.json.decode(line, type=_Edit)
            at = base + edit.at
            yield from self._passed(cleaned, at - reached)
            inserted = cleaned.read(len(_bytes(edit.inserted, edit.inserted_base64, "")))
            self._cleaned.add(inserted)
            self._original.add(_bytes(edit.removed, edit.removed_base64, ""))
            yield inserted
            reached = at + len(inserted)
            self._write(msgspec.structs.replace(edit, at=at))
            self.edits += 1
        yield from self._passed(cleaned)

    def _passed(self, cleaned: BinaryIO, size: int | None = None) -> Iterator[bytes]:
        """What no edit touched, as much of it as there is or ``size`` bytes."""
        while data := cleaned.read(CHUNK if size is None else min(CHUNK, size)):
            self._original.add(data)
            self._cleaned.add(data)
            yield data
            size = None if size is None else size - len(data)

    def close(self) -> PatchSummary:
        """Write the trailer; the stream stays open."""
        summary = _summary(self.edits, self._original, self._cleaned)
        self._write(summary)
        return summary

    def _write(self, line: object) -> None:
        self._out.write(msgspec.json.encode(line) + b"\n")


def lines_of(patch: BinaryIO, name: str, document: int) -> Iterator[bytes]:
    """The lines of a patch; RestoreError before one is held that no document of ``document`` bytes gives rise to."""
    most = _SHORT + _LONGEST_LINE * document
    while line := patch.readline(most + 1):
        if len(line) > most:
            raise RestoreError(
                f"{name}: its patch has a line of over {most} bytes, more than cleaning a document of {document} bytes "
                "writes; fetch the patch again, or say with --max-document-size how large documents were when it was "
                "written"
            )
        yield line


def text_column(header: bytes, name: str) -> str:
    """The column that the patch of a parquet file is about."""
    _check_header(header, name)
    field = _parse(header, dict[str, Any], name).get("field")
    if not isinstance(field, str):
        raise RestoreError(f"{name}: its patch does not name the column of its texts; fetch the patch again")
    return field


def summary_of(patch: Path, name: str) -> PatchSummary:
    """The trailer of a patch; RestoreError where it has none."""
    with patch.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LONGEST_TRAILER))
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    return _parse(last, PatchSummary, name)


def restore_file(cleaned: BinaryIO, patch: Iterable[bytes], out: BinaryIO, name: str) -> PatchSummary:
    """Write the original of ``cleaned`` (both decompressed) to ``out``, holding one edit at a time.

    RestoreError, naming ``name``, unless patch, cleaned copy and result are what the patch's digests say;
    what was written by then is not to be kept.
    """
    replay = _Replay(cleaned, out, name)
    lines = iter(patch)
    _check_header(next(lines, b""), name)
    for count, line in enumerate(lines):
        if line.startswith(_TRAILER):
            promised = _parse(line, PatchSummary, name)
            if not line.endswith(b"\n") or next(lines, None) is not None:
                raise RestoreError(f"{name}: its patch is altered at its end; fetch the patch again")
            replay.rest()
            _verify(promised, _summary(count, replay.original, replay.copy), name)
            return promised
        replay.undo(_parse(line, _Edit, name))
    raise RestoreError(f"{name}: its patch is truncated (it has no end line); fetch the patch again")


class _Replay:
    """One pass over a cleaned copy that writes its original."""

    def __init__(self, cleaned: BinaryIO, out: BinaryIO, name: str) -> None:
        self._cleaned = cleaned
        self._out = out
        self._name = name
        self.original = _Side()
        self.copy = _Side()

    def undo(self, edit: _Edit) -> None:
        """Pass on everything up to the edit, then what it removed in place of what it inserted."""
        size = edit.at - self.copy.length
        if size < 0:
            raise RestoreError(f"{self._name}: its patch is altered (byte {edit.at} comes too late); fetch it again")
        removed = _bytes(edit.removed, edit.removed_base64, self._name)
        inserted = _bytes(edit.inserted, edit.inserted_base64, self._name)
        while size and (data := self._cleaned.read(min(size, CHUNK))):
            self._pass_on(data)
            size -= len(data)
        if size or self._cleaned.read(len(inserted)) != inserted:
            raise RestoreError(
                f"{self._name}: the cleaned copy or its patch was altered: byte {edit.at} of the copy is not "
                "what the patch says was put there; restore from the two as they were written"
            )
        self.copy.add(inserted)
        self.original.add(removed)
        self._out.write(removed)

    def rest(self) -> None:
        """Pass on what is left."""
        while data := self._cleaned.read(CHUNK):
            self._pass_on(data)

    def _pass_on(self, data: bytes) -> None:
        self.copy.add(data)
        self.original.add(data)
        self._out.write(data)


def _check_header(line: bytes, name: str) -> None:
    schema = _parse(line, dict[str, Any], name).get("schema")
    if schema != SCHEMA:
        raise RestoreError(
            f"{name}: its patch has schema {schema!r}, this version reads {SCHEMA}; "
            "restore with the version of auditor that wrote it"
        )


def _verify(promised: PatchSummary, found: PatchSummary, name: str) -> None:
    if (promised.cleaned_digest, promised.cleaned_length) != (found.cleaned_digest, found.cleaned_length):
        raise RestoreError(f"{name}: the cleaned copy was altered after cleaning; put it back as it was written")
    if promised != found:
        raise RestoreError(f"{name}: its patch is altered: it does not lead back to the original; fetch it again")


def _summary(edits: int, original: _Side, cleaned: _Side) -> PatchSummary:
    return PatchSummary(edits, original.hash.hexdigest(), original.length, cleaned.hash.hexdigest(), cleaned.length)


def _parse(line: bytes, kind: type[_Kind], name: str) -> _Kind:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RestoreError(f"{name}: its patch is altered or truncated ({error}); fetch it again") from error


def _spell(data: bytes) -> tuple[str, str | None]:
    """The two fields of an edit for some bytes: as text, or else as Base64."""
    try:
        return data.decode(), None
    except UnicodeDecodeError:
        return "", base64.b64encode(data).decode()


def _bytes(text: str, encoded: str | None, name: str) -> bytes:
    try:
        return text.encode() if encoded is None else base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise RestoreError(f"{name}: its patch is altered ({error}); fetch it again") from error
