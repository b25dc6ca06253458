"""Compressed streams: gzip and Zstandard, read to their very end or refused."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard
from isal import isal_zlib

from auditor.errors import ReadError
from auditor.formats.limits import bounded, refuse

SUFFIXES = (".gz", ".zst")

_BUFFER = 1 << 20
_GZIP_FEED = 1 << 16
_GZIP_READ = 1 << 17
_ZSTD_FEED = 1 << 10  # four bytes may unpack to 128 KiB: small feeds keep a hostile file's output bounded
_ZSTD_LARGEST_WINDOW = 1 << 31  # what `zstd --long=31` needs, as used by the large public dumps
_GZIP_LEVEL = 4
_GZIP_FIRST = 0x1F
_GZIP = 31  # zlib's name for a stream with gzip's header and check sum
_ZSTD_LEVEL = 3
# Web archives begin with the dictionary of their frames, in a frame that readers who know of none pass over:
# https://iipc.github.io/warc-specifications/specifications/warc-zstd/
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_ZSTD_FRAME, _DICTIONARY = b"\x28\xb5\x2f\xfd", b"\x37\xa4\x30\xec"  # what a frame and a dictionary begin with
_LARGEST_DICTIONARY = 32 << 20
_BROKEN = (OSError, zlib.error, cast(type[Exception], isal_zlib.error), zstandard.ZstdError)


def compression_of(path: str | Path) -> str:
    """``.gz``, ``.zst`` or nothing."""
    return next((suffix for suffix in SUFFIXES if str(path).lower().endswith(suffix)), "")


def open_read(
    source: Path | BinaryIO,
    suffix: str | None = None,
    name: str | None = None,
    *,
    bound: bool = False,
    limit: int | None = None,
    lenient: bool = False,
) -> BinaryIO:
    """The decompressed bytes of a file or stream, buffered.

    ``suffix`` says how it is compressed (default: what the path says), ``name`` what errors call it. A
    missing, broken or truncated file raises ReadError, when opened or read. A stream given is left open.
    ``bound``: so does one that unpacks to more than ``limit`` bytes or, without a limit, to too many times its own.
    ``lenient``: a truncated one ends with its last whole line, and `torn` tells the rest.
    """
    owned = None
    if isinstance(source, Path):
        name = name or str(source)
        suffix = compression_of(source) if suffix is None else suffix
        source = owned = _open(source, name)
    name = name or "standard input"
    if not suffix:
        if bound and limit is not None:
            refuse(_size(source) or 0, name, None, limit)
        if not bound or limit is None or _size(source):
            return source
        chunks = iter(lambda: source.read(_BUFFER), b"")
    else:
        chunks = _gzip_chunks(source) if suffix == ".gz" else _zstd_chunks(source)
    if bound:
        chunks = bounded(chunks, name, _size(source), limit)
    return cast(BinaryIO, io.BufferedReader(_Chunks(chunks, name, owned, lenient), _BUFFER))


def reached(stream: BinaryIO) -> int:
    """How many bytes of its file a stream of `open_read` has read, as they are on disk; 0 where nobody knows."""
    raw = getattr(stream, "raw", None)
    try:
        return raw.reached() if isinstance(raw, _Chunks) else stream.tell()
    except OSError:  # a pipe
        return 0


def torn(stream: BinaryIO) -> bytes | None:
    """What a truncated stream of a lenient `open_read`, read to its end, had past its last whole line; else None."""
    raw = getattr(stream, "raw", None)
    return raw.torn if isinstance(raw, _Chunks) else None


@contextmanager
def open_write(file: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    """A stream that compresses into ``file``, complete when the context ends; ``file`` is left open.

    The bytes depend on what is written alone: no time, no name, no influence of how it was cut into writes.
    """
    if suffix == ".gz":
        # zlib, not isal: the bytes isal writes depend on the sizes of the writes and on the processor
        with gzip.GzipFile("", "wb", compresslevel=_GZIP_LEVEL, fileobj=file, mtime=0) as packed:
            yield cast(BinaryIO, packed)
    elif suffix == ".zst":
        compressor = zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True)
        with compressor.stream_writer(file, closefd=False) as packed:
            yield cast(BinaryIO, packed)
    else:
        yield file


def _size(file: BinaryIO) -> int | None:
    """Bytes of a file on disk; None for a pipe and what is no file."""
    try:
        found = os.fstat(file.fileno())
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _open(path: Path, name: str) -> BinaryIO:
    try:
        return open(path, "rb", buffering=_BUFFER)
    except OSError as error:
        reason = error.strerror or error
        raise ReadError(f"{name}: cannot be read: {reason}; check its path and permissions") from error


class _Chunks(io.RawIOBase):
    """Raw stream over an iterator of byte strings; every way to break becomes a ReadError with the name."""

    def __init__(self, chunks: Iterator[bytes], name: str, owned: BinaryIO | None, lenient: bool) -> None:
        self._chunks = self._lines(chunks) if lenient else chunks
        self._name = name
        self._owned = owned
        self._pending = memoryview(b"")
        self.torn: bytes | None = None

    def readable(self) -> bool:
        return True

    def reached(self) -> int:
        return self._owned.tell() if self._owned is not None else 0

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            while not self._pending:
                self._pending = memoryview(next(self._chunks))
        except StopIteration:
            return 0
        except EOFError as error:
            raise ReadError(f"{self._name}: is truncated; fetch or compress it again") from error
        except _BROKEN as error:
            raise ReadError(f"{self._name}: broken archive: {error}; fetch or compress it again") from error
        size = min(len(buffer), len(self._pending))
        buffer[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        return size

    def _lines(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The same in whole lines; of one that is longer than a buffer, in pieces."""
        rest = b""
        try:
            for chunk in chunks:
                stop = chunk.rfind(b"\n") + 1
                if stop or len(rest) > _BUFFER:
                    yield rest + chunk[:stop]
                    rest = chunk[stop:]
                else:
                    rest += chunk
        except EOFError:
            self.torn = rest
            return
        yield rest

    def close(self) -> None:
        if self._owned is not None:
            self._owned.close()
        super().close()


def _gzip_chunks(file: BinaryIO) -> Iterator[bytes]:
    """Member after member, zeros between them passed over; EOFError where the file ends within one.

    What can be unpacked before that is given first, which readers of whole blocks do not do.
    """
    member, data, begun = None, b"", False
    while data or (data := file.read(_GZIP_FEED)):
        if member is None and begun and not (data := data.lstrip(b"\0")):
            continue
        if member is None and data[0] != _GZIP_FIRST:
            raise gzip.BadGzipFile("not a gzip file, or more behind it")
        member, begun = member or isal_zlib.decompressobj(wbits=_GZIP), True
        while True:
            if chunk := member.decompress(data, _GZIP_READ):
                yield chunk
            data = member.unconsumed_tail
            if member.eof or (not data and len(chunk) < _GZIP_READ):
                break
        if member.eof:
            data, member = member.unused_data, None
    if member is not None:
        raise EOFError


def _zstd_chunks(file: BinaryIO) -> Iterator[bytes]:
    """Frame after frame; EOFError where the file ends within one, which zstandard's own reader lets pass."""
    data, dictionary, frame = file.read(4), None, None
    if data == _ZSTD_DICTIONARY:
        data, dictionary = b"", _dictionary(file)
    decompressor = zstandard.ZstdDecompressor(dictionary, max_window_size=_ZSTD_LARGEST_WINDOW)
    while data := data or file.read(_ZSTD_FEED):
        frame = frame or decompressor.decompressobj()
        if chunk := frame.decompress(data):
            yield chunk
        data = b""
        if frame.eof:
            data, frame = frame.unused_data, None
    if frame is not None:
        raise EOFError


def _dictionary(file: BinaryIO) -> zstandard.ZstdCompressionDict | None:
    """The dictionary, maybe compressed itself, in the frame whose first bytes have been read; None if there is none."""
    size = int.from_bytes(_exactly(file, 4), "little")
    if size > _LARGEST_DICTIONARY:
        raise zstandard.ZstdError(f"its dictionary has {size} bytes, more than {_LARGEST_DICTIONARY}")
    data = _exactly(file, size)
    if data.startswith(_ZSTD_FRAME):
        with zstandard.ZstdDecompressor(max_window_size=_LARGEST_DICTIONARY).stream_reader(data) as packed:
            data = packed.read(_LARGEST_DICTIONARY + 1)
        if len(data) > _LARGEST_DICTIONARY:
            raise zstandard.ZstdError(f"its dictionary has more than {_LARGEST_DICTIONARY} bytes")
    return zstandard.ZstdCompressionDict(data) if data.startswith(_DICTIONARY) else None


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise EOFError
    return data
