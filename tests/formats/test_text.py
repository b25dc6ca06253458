"""Plain text: rows join to the file, edits change what they name and nothing else."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.formats import ReadOptions, read_rows, rewrite_row
from auditor.formats.base import BOM, apply_edits
from auditor.model import Edit

OPTIONS = ReadOptions()
TEXTS = st.text(alphabet=st.sampled_from("aé ش😀\r\n\u2028\0\ufeff<"), max_size=30)


@st.composite
def texts_and_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(TEXTS)
    points = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    points = points[: len(points) // 2 * 2]
    return text, [Edit(*pair, draw(TEXTS)) for pair in zip(points[::2], points[1::2], strict=True)]


def edited(text: str, edits: list[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text


def only_row(data: bytes, options: ReadOptions = OPTIONS):  # type: ignore[no-untyped-def]
    (row,) = read_rows(io.BytesIO(data), "txt", "a.txt", options)
    return row


@pytest.mark.parametrize("text", ["", "one\r\ntwo\n", "نص\0\u2028نص", "\ufeff\ufeffx"])
def test_text_is_the_file_without_its_byte_order_mark(text: str) -> None:
    for data in (text.encode(), BOM + text.encode()):
        row = only_row(data)
        assert row.raw == data
        assert row.document.path == "a.txt"
        assert row.document.text == data.removeprefix(BOM).decode()


@settings(deadline=None)
@given(texts_and_edits(), st.sampled_from([b"", BOM]))
def test_edits_reach_the_bytes(case: tuple[str, list[Edit]], mark: bytes) -> None:
    text, edits = case
    mark = BOM if text.startswith("\ufeff") else mark
    row = only_row(mark + text.encode())
    byte_edits = rewrite_row(row, edits, "txt", OPTIONS)
    assert len(byte_edits) == len(edits)
    assert apply_edits(row.raw, byte_edits) == mark + edited(text, edits).encode()


@pytest.mark.parametrize(("mark", "offset"), [(b"", 3), (BOM, 6)])
def test_bytes_that_are_no_utf8_are_kept_and_located(mark: bytes, offset: int) -> None:
    row = only_row(mark + b"abc\xff")
    assert row.document is None
    assert row.raw == mark + b"abc\xff"
    assert f"byte 0xff at offset {offset}" in row.unchecked.reason
    assert row.unchecked.record is None


def test_a_file_over_the_limit_is_passed_on_in_pieces() -> None:
    data = b"x" * 3_000_000
    rows = list(read_rows(io.BytesIO(data), "txt", "a.txt", ReadOptions(max_document_size=1000)))
    assert b"".join(row.raw for row in rows) == data
    assert all(row.document is None for row in rows)
    assert [row.unchecked is not None for row in rows[:2]] == [True, False]
    assert "--max-document-size (1000 bytes)" in rows[0].unchecked.reason  # type: ignore[union-attr]
    assert only_row(b"x" * 1000, ReadOptions(max_document_size=1000)).document
