"""Web archives: a document for each html response and each conversion record (WET), the rest is passed over.

What is written of an archive is JSON lines: the address (``id`` and ``url``), the ``date`` and the ``text`` of each
document in its order, ``null`` for one that could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

import msgspec

from auditor.formats.base import ByteEdit, ReadOptions, Row, Slice, not_utf8, site_of, too_large
from auditor.formats.html import text_of
from auditor.formats.htmltree import PageError, lxml
from auditor.formats.httpbody import BodyError, unpacked
from auditor.formats.jsonl import rewrite as rewrite_line
from auditor.formats.warcrecords import Headers, records
from auditor.model import Document, Edit, Origin, Unchecked

_PAGES = ("text/html", "application/xhtml+xml")
_MOST_DAMAGES = 100  # after which the rest of an archive is not read
_HTTP = "application/http"
_STATUS = re.compile(rb"HTTP/\S+ +(\d{3})")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:+-]{1,40})""", re.IGNORECASE)


class _Body(NamedTuple):
    """What is to be read of a record."""

    data: bytes
    kind: str
    transfer: str = ""
    content: str = ""
    cut: bool = False


def rows(stream: BinaryIO, path: str, options: ReadOptions, part: Slice | None = None) -> Iterator[Row]:
    """One row a document; where an archive is damaged, that is told, and what can be read is."""
    asked = record = damages = 0
    limit = options.max_document_size
    for found in records(stream, limit, _may_be_page):
        if found.problem:
            reason = f"the archive is damaged after document {record}: {found.problem}; fetch it again"
            yield Row(b"", unchecked=Unchecked(path=path, record=None, reason=reason))
            damages += 1
            if damages == _MOST_DAMAGES:
                return
            continue
        is_text = found.headers.get("warc-type") == "conversion"
        body = _Body(found.block, "") if is_text else _body(found.headers, found.block)
        if body is None:
            continue
        body = body._replace(cut=found.cut)
        if not (asked or is_text):
            lxml()  # the first page: what is missing is said
        asked += not is_text
        yield _row(found.headers, body, is_text, path, record, limit)
        record += 1


def rewrite(row: Row, edits: Sequence[Edit], options: ReadOptions) -> list[ByteEdit]:
    """One byte edit for each edit, in the same order, in the row that was made of the document."""
    return rewrite_line(row, edits, ReadOptions())


def _may_be_page(headers: Headers) -> bool:
    kind = headers.get("content-type", "").lower()
    match headers.get("warc-type", "").lower():
        case "conversion":
            return kind.startswith("text/plain") or not kind
        case "response" | "resource":
            return kind.startswith((_HTTP, *_PAGES))
    return False


def _body(headers: Headers, block: bytes) -> _Body | None:
    """The page in a record; None where it holds something else, or the server's word that there is none."""
    if not headers.get("content-type", "").lower().startswith(_HTTP):
        return _Body(block, headers["content-type"])
    status, blank = _STATUS.match(block), _BLANK_LINE.search(block)
    if not status or not blank or not status[1].startswith(b"2"):
        return None
    lines = block[: blank.start()].decode("latin-1").split("\n")[1:]
    pairs = (line.partition(":") for line in lines)
    said = {name.strip().lower(): value.strip() for name, _, value in pairs}
    kind = said.get("content-type", "")
    if not kind.lower().startswith(_PAGES):
        return None
    return _Body(block[blank.end() :], kind, said.get("transfer-encoding", ""), said.get("content-encoding", ""))


def _row(headers: Headers, body: _Body, is_text: bool, path: str, record: int, limit: int) -> Row:
    address = headers.get("warc-target-uri", "").strip("<>")
    text, origins, problem = _text(body, is_text, limit)
    facts = {"id": address, "url": address, "date": headers.get("warc-date", ""), "text": text}
    raw = msgspec.json.encode(facts) + b"\n"
    if text is None:
        reason = f"row {record} ({address[:200]}): the page {problem}"
        return Row(raw, unchecked=Unchecked(path=path, record=record, reason=reason))
    site, meta = site_of(address) if address else None, {"origins": origins}
    document = Document(text=text, path=path, record=record, id=address or None, site=site, meta=meta)
    return Row(raw, document=document)


def _text(body: _Body, is_text: bool, limit: int) -> tuple[str | None, tuple[Origin, ...], str]:
    """The text of a record and where its lines came from, or None and why there is none."""
    data = body.data
    try:
        if not body.cut:
            data = unpacked(data, body.transfer, body.content, limit)
        if body.cut or len(data) > limit:
            return None, (), too_large(limit)
        if is_text:
            return data.decode(), (), ""
        declared = _CHARSET.search(body.kind)
        return *text_of(data, declared[1] if declared else None, limit), ""
    except UnicodeDecodeError as error:
        return None, (), not_utf8(error, 0)
    except (BodyError, PageError) as error:
        return None, (), str(error)
