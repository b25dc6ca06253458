"""JSON lines: one document a row, changed only inside the literal of its text value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

import msgspec

from auditor.errors import CleanError
from auditor.formats.base import (
    BOM,
    CHUNK,
    ByteEdit,
    ReadOptions,
    Row,
    Slice,
    member,
    not_utf8,
    site_of,
    too_large,
    way_to,
)
from auditor.formats.encodings import as_utf8, liner, sniffed
from auditor.model import Document, Edit, Unchecked

_FAST = msgspec.json.Decoder()
_BLANK = b" \t\r\n"
_MOST_DIGITS = 4000  # Python refuses to convert longer integers

_STRUCTURE = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}\[\],]', re.DOTALL)
_ESCAPE_OR_RUN = re.compile(
    rb"[^\\]++|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL
)
_NON_ASCII_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[0-7])")
_UPPER_HEX = re.compile(rb"\\u(?=[0-9A-F]{4})[0-9]*[A-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\(?:u([0-9a-f]{4})|.)")


def rows(stream: BinaryIO, path: str, options: ReadOptions, part: Slice | None = None) -> Iterator[Row]:
    """One row a line; lines end at ``\\n`` only and blank ones count as records without a document.

    The first document of a file that is not UTF-8 tells its encoding in ``meta``. Of such a file there are no slices;
    the stream of a slice holds its lines alone.
    """
    limit = options.max_document_size
    stream, encoding = sniffed(stream) if part is None else (stream, None)
    readline, ending = liner(stream, encoding)
    record, told = part.record if part else 0, encoding is None
    while raw := readline(limit + 1):
        if len(raw) > limit and not raw.endswith(ending):
            yield Row(raw, unchecked=_unchecked(path, record, too_large(limit)), encoding=encoding)
            while not raw.endswith(ending) and (raw := readline(CHUNK)):
                yield Row(raw, encoding=encoding)
        elif encoding is None:
            yield _row(raw, path, record, options)
        else:
            row = _recoded_row(raw, path, record, options, encoding)
            if row.document is not None and not told:
                told = True
                document = msgspec.structs.replace(row.document, meta={"encoding": encoding})
                row = msgspec.structs.replace(row, document=document)
            yield row
        record += 1


def rewrite(row: Row, edits: Sequence[Edit], options: ReadOptions) -> list[ByteEdit]:
    """One byte edit for each edit, in the same order, all inside the literal of the text value.

    What is inserted follows the literal's own spelling: ``\\uXXXX`` or UTF-8, ``\\/`` or ``/``.
    """
    way: Sequence[str] = (options.text_field,)
    if "." in options.text_field:
        way = way_to(_decode(row.raw.removeprefix(BOM)), options.text_field)
    start, end = _text_literal(row.raw, way)
    literal = row.raw[start:end]
    offsets = byte_offsets(literal, [offset for edit in edits for offset in edit[:2]])
    escape = _escaper(literal, row.raw)
    result = []
    for edit, low, high in zip(edits, offsets[::2], offsets[1::2], strict=True):
        result.append(ByteEdit(start + low, literal[low:high], escape(edit.replacement)))
    return result


def _row(raw: bytes, path: str, record: int, options: ReadOptions) -> Row:
    body = raw[len(BOM) :] if raw.startswith(BOM) else raw  # joined files have one within
    try:
        value = _decode(body)
    except (ValueError, RecursionError) as error:
        if not body.strip(_BLANK):
            return Row(raw)
        return Row(raw, unchecked=_unchecked(path, record, _why_not(error, len(raw) - len(body))))
    text = member(value, options.text_field) if isinstance(value, dict) else None
    if not isinstance(text, str):
        return Row(raw, unchecked=_unchecked(path, record, _no_text(value, options.text_field)))
    name = member(value, options.id_field)
    site = member(value, options.site_field)
    return Row(
        raw,
        document=Document(
            text=text,
            path=path,
            record=record,
            id=str(name) if isinstance(name, str | int) and not isinstance(name, bool) else None,
            site=site_of(site) if isinstance(site, str) else None,
        ),
    )


def _recoded_row(raw: bytes, path: str, record: int, options: ReadOptions, encoding: str) -> Row:
    """A row of a file that is not UTF-8; one that nevertheless is (files get joined) is read as such."""
    if not encoding.startswith("utf-16"):
        with suppress(UnicodeDecodeError):
            raw.decode()
            return _row(raw, path, record, options)
    try:
        utf8 = as_utf8(raw, encoding)
    except UnicodeDecodeError as error:
        return Row(raw, unchecked=_unchecked(path, record, not_utf8(error, 0)), encoding=encoding)
    return msgspec.structs.replace(_row(utf8, path, record, options), raw=raw, encoding=encoding)


def _decode(body: bytes) -> Any:
    """The value of a row: ValueError or RecursionError where it has none.

    The fast decoder refuses lone surrogates, NaN and raw control characters, all of which scrapers write.
    """
    try:
        return _FAST.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return json.loads(body.decode(), strict=False, parse_int=_integer)


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MOST_DIGITS else None


def _unchecked(path: str, record: int, reason: str) -> Unchecked:
    return Unchecked(path=path, record=record, reason=f"line {record + 1} {reason}")


def _why_not(error: Exception, skipped: int) -> str:
    if isinstance(error, UnicodeDecodeError):
        return not_utf8(error, skipped)
    if isinstance(error, RecursionError):
        return "is nested too deeply to be read; flatten or remove it"
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON: {error.msg} (column {error.colno}); repair or remove it"
    return f"is not JSON: {error}; repair or remove it"


def _no_text(value: Any, field: str) -> str:
    if not isinstance(value, dict):
        return f"is not a JSON object but {_kind(value)}; write it as {{{json.dumps(field)}: ...}}"
    if field in value or member(value, field) is not None:
        return f"has no string in field '{field}' but {_kind(member(value, field))}; name another with --text-field"
    names = ", ".join(list(value)[:8]) or "none"
    return f"has no field '{field}' (its fields: {names}); name the right one with --text-field"


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _text_literal(raw: bytes, way: Sequence[str]) -> tuple[int, int]:
    """Start and end, quotes excluded, of the string literal of the last field that these names lead to."""
    wanted = [name.encode("utf-8", "surrogatepass") for name in way]
    found = None
    depth = on_way = 0  # objects and arrays that are open, and how many of the first ones the way leads through
    key: bytes | None = None  # the member of the innermost of these whose value comes next
    for token in _STRUCTURE.finditer(raw):
        start, end = token.span()
        match raw[start]:
            case 0x7B if depth == on_way < len(wanted) and (not depth or key == wanted[depth - 1]):  # {
                depth, on_way, key = depth + 1, on_way + 1, None
            case 0x7B | 0x5B:  # { [
                depth += 1
            case 0x7D | 0x5D:  # } ]
                depth -= 1
                on_way = min(on_way, depth)
            case 0x2C if depth == on_way:  # ,
                key = None
            case 0x22 if depth == on_way and key is None:  # "
                key = _key(raw[start:end])
            case 0x22 if depth == on_way == len(wanted) and key == wanted[-1]:
                found = start + 1, end - 1
    if found is None:
        raise CleanError(f"the row has no string in field '{'.'.join(way)}'; please report this")
    return found


def _key(literal: bytes) -> bytes:
    if b"\\" not in literal:
        return literal[1:-1]
    value: str = json.loads(literal, strict=False)
    return value.encode("utf-8", "surrogatepass")


def byte_offsets(literal: bytes, points: Sequence[int]) -> list[int]:
    """Byte offsets inside ``literal`` of ascending code-point offsets of the string it spells."""
    tokens = _ESCAPE_OR_RUN.finditer(literal)
    result: list[int] = []
    run = ""  # the characters of the token reached; an escape is one
    first, inside, at = 0, 0, 0  # of the run: the offset in the string, how much of it was passed, the byte there
    for point in points:
        while point - first >= len(run) and (token := next(tokens, None)):
            first += len(run)
            inside, at = 0, token.start()
            run = token[0].decode() if token[0][:1] != b"\\" else "\\"
        passed = point - first
        if passed >= len(run):  # the end of the string
            at = len(literal)
        else:
            at += len(run[inside:passed].encode())
        inside = passed
        result.append(at)
    return result


def _escaper(literal: bytes, raw: bytes) -> Callable[[str], bytes]:
    """How to spell what goes into ``literal``; where it does not tell, the rest of its row may."""
    sample = literal if not literal.isascii() or _NON_ASCII_ESCAPE.search(literal) else raw
    ascii_only = sample.isascii() and _NON_ASCII_ESCAPE.search(sample) is not None
    upper = ascii_only and _UPPER_HEX.search(sample) is not None
    slashes = rb"\/" in literal and re.search(rb"(?<!\\)/", literal) is None

    def escape(text: str) -> bytes:
        spelled = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        spelled = _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", spelled)
        if upper:
            spelled = _ESCAPED.sub(lambda found: f"\\u{found[1].upper()}" if found[1] else found[0], spelled)
        return (spelled.replace("/", "\\/") if slashes else spelled).encode()

    return escape
