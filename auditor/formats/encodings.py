"""Encodings other than UTF-8: recognised only when certain, and the way back into them.

UTF-16 is known by its byte order mark or by where its zero bytes stand; windows-1256 and windows-1252 by the words
that come out: letters alone prove nothing, since any bytes are some letters in some code page. Everything here
depends on the bytes alone.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable, Sequence
from typing import BinaryIO, NamedTuple

from auditor.errors import CleanError
from auditor.expressions import expression
from auditor.formats.base import ByteEdit
from auditor.formats.evidence import is_arabic_page, is_latin_page

SAMPLE = 1 << 20  # bytes that decide
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_LEAST_UNITS = 8  # of UTF-16 without a mark
_MULTIBYTE = expression(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = expression(rb"[\x80-\xff]")
_ALPHABETS = expression(r"[\p{Latin}\p{Arabic}\p{Cyrillic}\p{Greek}\p{Hebrew}]")


class Guess(NamedTuple):
    """``encoding`` is None for UTF-8 and where nothing is certain; ``candidates`` then names what it may be."""

    encoding: str | None = None
    candidates: tuple[str, ...] = ()


class LackingError(CleanError):
    """A fix needs characters that its file's encoding does not have."""


def guess(data: bytes, whole: bool = True) -> Guess:
    """The encoding of a file, or (not ``whole``) of its beginning, which may end within a character."""
    for mark, encoding in _MARKS:
        if data.startswith(mark) and not data.startswith(_WIDE_MARKS):
            return Guess(encoding)
    if data.startswith(_WIDE_MARKS):
        return Guess(candidates=("utf-32",))
    if b"\0" in data[:SAMPLE]:
        return Guess(next((name for _, name in _MARKS if _is_wide(data[:SAMPLE], name)), None))
    bad = _first_wrong(data, whole)
    if bad is None:
        return Guess()
    sample = data if len(data) <= SAMPLE else data[max(0, bad - SAMPLE // 4) : bad + SAMPLE]
    if sum(map(len, _MULTIBYTE.findall(sample))) * 2 > len(_HIGH.findall(sample)):
        return Guess()  # broken UTF-8
    arabic, latin = sample.decode("cp1256"), sample.decode("cp1252", "replace")
    if is_arabic_page(arabic):
        return Guess("windows-1256")
    if "\ufffd" not in latin and is_latin_page(latin):
        return Guess("windows-1252")
    return Guess(candidates=("windows-1256", "windows-1252"))


def sniffed(stream: BinaryIO) -> tuple[BinaryIO, str | None]:
    """A stream from its beginning, and the encoding its first bytes are certain to be in (None: take it as UTF-8)."""
    ahead = Ahead.of(stream)
    return ahead, guess(ahead.head, len(ahead.head) < SAMPLE).encoding  # type: ignore[return-value]


class Ahead:
    """A stream whose first bytes, ``head``, were read already."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self.head, self._at, self._stream = head, 0, stream

    @classmethod
    def of(cls, stream: BinaryIO) -> Ahead:
        """A stream from where it stands; itself if it is one of these that nothing was read from."""
        if isinstance(stream, cls) and not stream._at:
            return stream
        return cls(stream.read(SAMPLE), stream)

    def read(self, size: int) -> bytes:
        found = self.head[self._at : self._at + size]
        self._at += len(found)
        return found if len(found) == size else found + self._stream.read(size - len(found))

    def readline(self, size: int) -> bytes:
        if self._at >= len(self.head):
            return self._stream.readline(size)
        stop = self.head.find(b"\n", self._at, self._at + size) + 1 or min(self._at + size, len(self.head))
        found, self._at = self.head[self._at : stop], stop
        if len(found) == size or found.endswith(b"\n"):
            return found
        return found + self._stream.readline(size - len(found))


def liner(stream: BinaryIO, encoding: str | None) -> tuple[Callable[[int], bytes], bytes]:
    """``readline`` of a stream in some encoding, and what its lines end in."""
    if not wide(encoding):
        return stream.readline, b"\n"
    ending = "\n".encode(encoding or "")

    def readline(size: int) -> bytes:
        size += size % 2  # whole units, so that every piece begins with one
        found = b""
        while len(found) < size and (piece := stream.readline(size - len(found))):
            found += piece
            if len(found) % 2 and (second := stream.read(1)):
                found += second
            if found.endswith(ending):
                break
        return found

    return readline, ending


def wide(encoding: str | None) -> bool:
    """Whether characters take two bytes or four."""
    return encoding is not None and encoding.startswith("utf-16")


def as_utf8(raw: bytes, encoding: str) -> bytes:
    """The same text in UTF-8, byte order mark included; UnicodeDecodeError where it is not in that encoding."""
    return raw.decode(encoding).encode()


def readable(data: bytes) -> str:
    """Text to look at, whatever it takes."""
    return data.decode(guess(data).encoding or "utf-8", "replace").removeprefix("\ufeff")


def recoded(edits: Sequence[ByteEdit], raw: bytes, encoding: str) -> list[ByteEdit]:
    """Edits of ``raw`` in its own encoding for edits of the same text in UTF-8; LackingError where it lacks letters."""
    utf8 = as_utf8(raw, encoding)
    at = position = 0
    found = []
    for edit in edits:
        at += len(utf8[position : edit.at].decode().encode(encoding))
        removed = edit.removed.decode().encode(encoding)
        try:
            inserted = edit.inserted.decode().encode(encoding)
        except UnicodeEncodeError as error:
            lacking = error.object[error.start]
            raise LackingError(
                f"a fix needs U+{ord(lacking):04X} '{lacking}', which {encoding} does not have: left as it was; "
                "write it in UTF-8 with --to-utf8"
            ) from None
        found.append(ByteEdit(at, removed, inserted))
        at += len(removed)
        position = edit.at + len(edit.removed)
    return found


def _first_wrong(data: bytes, whole: bool) -> int | None:
    """Offset of the first byte that is not UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _is_wide(data: bytes, encoding: str) -> bool:
    """Whether bytes with zeros among them are UTF-16: they stand where the high halves of ASCII do, text comes out."""
    data = data[: len(data) // 2 * 2]
    high, low = (data[1::2], data[::2]) if encoding.endswith("le") else (data[::2], data[1::2])
    if len(high) < _LEAST_UNITS or not high.count(0) or low.count(0) * 20 > high.count(0):
        return False
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return False
    if any(unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") and char not in "\t\n\r\f" for char in set(text)):
        return False
    letters = [char for char in text if char.isalpha()]
    known = sum(1 for char in letters if _ALPHABETS.match(char))
    return len(letters) * 3 >= len(text) and known * 20 >= len(letters) * 19
