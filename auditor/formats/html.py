"""Pages: one document a file, the text that trafilatura and the structure of the page say is its own.

The document and what is written of it is text in UTF-8, a line for each line of the page that was kept; ``origins`` in
its ``meta`` tells which element each came from. The page itself is only read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from auditor.errors import ReadError
from auditor.formats.base import ByteEdit, ReadOptions, Row, Slice, too_large
from auditor.formats.htmlblocks import page_of
from auditor.formats.htmlmain import main_lines
from auditor.formats.htmltree import PageError, decoded, lxml, tree
from auditor.formats.text import byte_edits
from auditor.model import Document, Edit, Origin


def rows(stream: BinaryIO, path: str, options: ReadOptions, part: Slice | None = None) -> Iterator[Row]:
    """One row, whose bytes are the text of the page; ReadError for a page that cannot be read."""
    lxml()  # what is missing is said before anything is read
    raw = stream.read(options.max_document_size + 1)
    if len(raw) > options.max_document_size:
        raise ReadError(f"{path}: the page {too_large(options.max_document_size)}")
    try:
        found, origins = text_of(raw, limit=options.max_document_size)
    except PageError as error:
        raise ReadError(f"{path}: the page {error}") from None
    yield Row(found.encode(), document=Document(text=found, path=path, meta={"origins": origins}))


def rewrite(row: Row, edits: Sequence[Edit], options: ReadOptions) -> list[ByteEdit]:
    """One byte edit for each edit, in the same order; a byte order mark that the text begins with is part of it."""
    assert row.document is not None
    return byte_edits(row.document.text, edits)


def text_of(raw: bytes, declared: str | None = None, limit: int | None = None) -> tuple[str, tuple[Origin, ...]]:
    """The text of a page, each line with its line break, and where each line came from.

    ``declared`` is the encoding that came with it, ``limit`` the most bytes of text. PageError where it cannot be had.
    """
    root = tree(decoded(raw, declared))
    if root is None:
        return "", ()
    page = page_of(root)
    lines = main_lines(page, root)
    elements = [page.elements[line.element] for line in lines]
    text = "".join(f"{line.text}\n" for line in lines)
    if limit is not None and len(text) > limit // 4 and len(text.encode()) > limit:  # a letter may take four
        raise PageError(f"has a text that {too_large(limit)}")
    return text, tuple(Origin(element=element.path, line=element.line) for element in elements)
