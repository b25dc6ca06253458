"""A cleaned copy and its patch give back the original, or say why they cannot."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import CleanError, RestoreError
from auditor.formats import ReadOptions, read_rows, rewrite_row
from auditor.formats.base import BOM, ByteEdit
from auditor.model import Edit
from auditor.patches import PatchWriter, apply_edits, restore_file

OPTIONS = ReadOptions()


def clean(data: bytes, format: str, edits: list[list[Edit]]) -> tuple[bytes, bytes]:
    """Cleaned bytes and patch; the n-th item of ``edits`` is for the n-th document, as far as it fits there."""
    patch, cleaned = io.BytesIO(), b""
    writer = PatchWriter(patch, "a", format)
    for row in read_rows(io.BytesIO(data), format, "a", OPTIONS):
        document = row.document
        fitting = [edit for edit in (edits.pop() if edits else []) if document and edit.end <= len(document.text)]
        byte_edits = rewrite_row(row, fitting, format, OPTIONS)
        record = document.record if document else 0
        cleaned += writer.row(row.raw, record, byte_edits, [("pack/rule",)] * len(byte_edits))
    writer.close()
    return cleaned, patch.getvalue()


def restore(cleaned: bytes, patch: bytes) -> bytes:
    out = io.BytesIO()
    restore_file(io.BytesIO(cleaned), io.BytesIO(patch), out, "a.txt")
    return out.getvalue()


ROWS = st.one_of(
    st.text(alphabet=st.sampled_from('aش😀é\n\r"\\\ud800'), max_size=12).map(lambda text: json.dumps({"text": text})),
    st.text(alphabet=st.sampled_from("aش😀é\r"), max_size=12).map(
        lambda t: json.dumps({"text": t}, ensure_ascii=False)
    ),
    st.sampled_from(["", "no json", '{"text": 1}']),
)
FILES = st.one_of(
    st.lists(ROWS, max_size=5).map(lambda rows: ("jsonl", "\n".join(rows).encode())),
    st.text(alphabet=st.sampled_from("aش😀é\r\n\ufeff"), max_size=20).map(lambda text: ("txt", text.encode())),
    st.binary(max_size=20).map(lambda data: ("txt", data)),
)


@st.composite
def document_edits(draw: st.DrawFn) -> list[Edit]:
    points = sorted(draw(st.lists(st.integers(0, 12), max_size=6)))
    texts = st.text(alphabet=st.sampled_from('aش😀"\n'), max_size=4)
    return [Edit(*pair, draw(texts)) for pair in zip(points[::2], points[1::2], strict=False)]


@settings(deadline=None)
@given(FILES, st.lists(document_edits(), max_size=5), st.sampled_from([b"", BOM]))
def test_restoring_gives_the_original(file: tuple[str, bytes], edits: list[list[Edit]], mark: bytes) -> None:
    format, data = file
    cleaned, patch = clean(mark + data, format, edits)
    assert restore(cleaned, patch) == mark + data


def test_a_patch_reads_like_this() -> None:
    patch = io.BytesIO()
    writer = PatchWriter(patch, "x/a.jsonl.gz", "jsonl", ".gz")
    raw = '{"text": "نص هنا"}\n'.encode()
    edits = [ByteEdit(10, "نص".encode(), b""), ByteEdit(15, b"\xd9", b"ab")]
    cleaned = writer.row(b"\n") + writer.row(raw, 1, edits, [["p/a", "p/b"], []])
    summary = writer.close()
    original = b"\n" + raw
    head, *lines, end = (json.loads(line) for line in patch.getvalue().splitlines())
    assert head == {"schema": 1, "name": "x/a.jsonl.gz", "format": "jsonl", "compression": ".gz"}
    assert lines == [
        {"at": 11, "record": 1, "removed": "نص", "rules": ["p/a", "p/b"]},
        {"at": 12, "record": 1, "removed_base64": "2Q==", "inserted": "ab"},
    ]
    assert end == {
        "end": 2,
        "original_digest": hashlib.sha256(original).hexdigest(),
        "original_length": len(original),
        "cleaned_digest": hashlib.sha256(cleaned).hexdigest(),
        "cleaned_length": len(cleaned),
    }
    assert summary.original_digest == end["original_digest"]
    assert restore(cleaned, patch.getvalue()) == original


def test_edits_that_do_not_fit_are_refused() -> None:
    assert apply_edits(b"abc", [ByteEdit(0, b"a", b"x"), ByteEdit(1, b"b", b"")]) == b"xc"
    for edits in ([ByteEdit(0, b"b", b"")], [ByteEdit(1, b"b", b""), ByteEdit(0, b"a", b"")], [ByteEdit(3, b"c", b"")]):
        with pytest.raises(CleanError, match="does not fit"):
            apply_edits(b"abc", edits)


CLEANED, PATCH = clean(b"one two three\n", "txt", [[Edit(0, 4, ""), Edit(8, 13, "3")]])
HEAD, FIRST, SECOND, END = PATCH.splitlines(keepends=True)


@pytest.mark.parametrize(
    ("cleaned", "patch", "message"),
    [
        (b"two 3!\n", PATCH, "the cleaned copy was altered"),
        (CLEANED + b"x", PATCH, "the cleaned copy was altered"),
        (b"two 4\n", PATCH, "byte 4 of the copy is not what the patch says"),
        (b"tw", PATCH, "cleaned copy or its patch was altered"),
        (CLEANED, HEAD + FIRST + SECOND, "truncated"),
        (CLEANED, b"", "truncated"),
        (CLEANED, PATCH[:-1], "altered at its end"),
        (CLEANED, PATCH[:-9], "truncated"),
        (CLEANED, PATCH + HEAD, "altered at its end"),
        (CLEANED, HEAD + SECOND + FIRST + END, "comes too late"),
        (CLEANED, HEAD + SECOND + END, "does not lead back"),
        (CLEANED, HEAD + FIRST.replace(b"one", b"eno") + SECOND + END, "does not lead back"),
        (CLEANED, HEAD + FIRST.replace(b'"at":0', b'"at":"0"') + SECOND + END, "altered"),
        (CLEANED, HEAD + FIRST.replace(b'"at":0', b'"at":-1') + SECOND + END, "comes too late"),
        (CLEANED, HEAD + FIRST.replace(b'"removed"', b'"removed_base64"') + SECOND + END, "altered"),
        (CLEANED, PATCH.replace(b'"schema":1', b'"schema":2'), "has schema 2, this version reads 1"),
        (CLEANED, b"[]\n" + PATCH, "altered"),
        (CLEANED, FIRST + SECOND + END, "has schema None"),
    ],
)
def test_what_was_tampered_with_is_an_error_that_names_the_file(cleaned: bytes, patch: bytes, message: str) -> None:
    with pytest.raises(RestoreError, match=rf"a\.txt: .*{message}"):
        restore(cleaned, patch)
