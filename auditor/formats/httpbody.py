"""The bytes of an HTTP message's body, unpacked as its headers say, never to more than a limit."""

from __future__ import annotations

import re
import zlib

import zstandard

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[^\r\n]*\r?\n")
_WRAPPED = {"gzip": 47, "x-gzip": 47, "deflate": 47}  # zlib: with whichever header it has


class BodyError(ValueError):
    """Why a body cannot be unpacked, in words that can follow "the page"."""


def unpacked(body: bytes, transfer: str, content: str, limit: int) -> bytes:
    """``body`` without its transfer and content encodings, cut one byte after ``limit``.

    Crawlers often unpack bodies and leave the headers as they were: what is not packed is taken as it is.
    """
    if "chunked" in transfer.lower():
        body = _joined(body)
    for name in reversed([part.strip().lower() for part in content.split(",")][:4]):
        if name in ("", "identity", "none"):
            continue
        if name in _WRAPPED:
            body = _inflated(body, limit)
        elif name == "zstd":
            body = _zstd(body, limit)
        elif not _is_plain(body):
            raise BodyError(f"is packed by {name[:40]!r}, which is not read; fetch it unpacked")
    return body


def _joined(body: bytes) -> bytes:
    """The chunks of a body; all of it where it has none."""
    parts: list[bytes] = []
    at = 0
    while found := _SIZE.match(body, at):
        size = int(found[1], 16)
        parts.append(body[found.end() : found.end() + size])
        at = found.end() + size + (2 if body[found.end() + size : found.end() + size + 2] == b"\r\n" else 1)
        if not size:
            break
    return b"".join(parts) if parts else body


def _inflated(body: bytes, limit: int) -> bytes:
    for window in (47, -15):  # some servers send deflate without a header
        try:
            return zlib.decompressobj(window).decompress(body, limit + 1)
        except zlib.error:
            continue
    if _is_plain(body):
        return body
    raise BodyError("is packed, and cannot be unpacked; fetch it again")


def _zstd(body: bytes, limit: int) -> bytes:
    try:
        with zstandard.ZstdDecompressor().stream_reader(body) as stream:
            return stream.read(limit + 1)
    except zstandard.ZstdError:
        if _is_plain(body):
            return body
        raise BodyError("is packed, and cannot be unpacked; fetch it again") from None


def _is_plain(body: bytes) -> bool:
    head = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return not head or head.startswith(b"<")
