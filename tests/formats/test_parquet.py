"""Parquet: only texts change; columns, schema, metadata and the shape of row groups stay."""

from __future__ import annotations

import gc
import io
import json
import sys
import weakref
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Auditor, Done, raw
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import ReadError
from auditor.formats import ReadOptions, Row, open_copy, open_texts, parquetcopy, parquetfile, read_rows, rewrite_row
from auditor.formats.base import apply_edits
from auditor.formats.encodings import LackingError
from auditor.model import Edit

OPTIONS = ReadOptions()
KINDS = {
    "string": pa.string(),
    "large_string": pa.large_string(),
    "string_view": pa.string_view(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "dictionary of large_string": pa.dictionary(pa.int16(), pa.large_string()),
}
TEXTS = st.none() | st.text(alphabet=st.sampled_from('aé ش😀\r\n\t\u2028\0\x01\x7f"\\/u{}[],:0\ufffd'), max_size=25)


def column(texts: list[str | None], kind: Any = None) -> Any:
    if kind is not None and pa.types.is_dictionary(kind):
        return pa.array(texts, kind.value_type).dictionary_encode().cast(kind)
    return pa.array(texts, kind or pa.string())


def packed(table: Any, **settings: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **settings)
    return out.getvalue()


def file(*texts: str | None, **settings: Any) -> bytes:
    return packed(pa.table({"text": column(list(texts))}), **settings)


def read(data: bytes, options: ReadOptions = OPTIONS) -> list[Row]:
    return list(read_rows(io.BytesIO(data), "parquet", "a.parquet", options))


def texts(data: bytes, field: str = "text") -> list[str | None]:
    return pq.read_table(io.BytesIO(data)).column(field).to_pylist()  # type: ignore[no-any-return]


def written(data: bytes, lines: list[bytes], field: str = "text") -> bytes:
    """The file with these lines in place of its texts, given in odd pieces."""
    out, joined = io.BytesIO(), b"".join(lines)
    with open_copy(out, io.BytesIO(data), "a.parquet", "parquet", field) as copy:
        for at in range(0, len(joined), 7):
            copy.write(joined[at : at + 7])
    return out.getvalue()


def line(text: str | None) -> bytes:
    return json.dumps(text, ensure_ascii=False).encode() + b"\n"


def change(text: str, *edits: tuple[int, int, str]) -> str:
    (row,) = read(file(text))
    cleaned = apply_edits(row.raw, rewrite_row(row, [Edit(*edit) for edit in edits], "parquet", OPTIONS))
    return texts(written(file(text), [cleaned]))[0] or ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_becomes_a_document(kind: str) -> None:
    table = pa.table({"id": [7], "url": ["https://www.Example.org:80/a"], "text": column(["نص"], KINDS[kind])})
    (row,) = read(packed(table))
    assert row.document is not None
    assert (row.document.text, row.document.id, row.document.site) == ("نص", "7", "example.org")
    assert (row.document.path, row.document.record) == ("a.parquet", 0)
    assert row.raw == line("نص")


def test_the_columns_can_be_named() -> None:
    table = pa.table({"body": ["a"], "key": ["k"], "host": ["h.net"], "id": [1]})
    (row,) = read(packed(table), ReadOptions(text_field="body", id_field="key", site_field="host"))
    assert row.document is not None
    assert (row.document.text, row.document.id, row.document.site) == ("a", "k", "h.net")


def test_ids_that_are_no_names_are_none() -> None:
    table = pa.table({"text": ["a"], "id": [{"$oid": "x"}], "url": [1.5]})
    (row,) = read(packed(table))
    assert row.document is not None
    assert (row.document.id, row.document.site) == (None, None)


def test_a_row_without_text_is_named_and_the_others_go_on() -> None:
    first, second, third = read(file("a", None, "b"))
    assert (first.document and first.document.text, third.document and third.document.text) == ("a", "b")
    assert second.unchecked is not None
    assert (second.unchecked.record, second.unchecked.path) == (1, "a.parquet")
    assert second.unchecked.reason == "row 1 has no string in column 'text' but null; fill it, or drop the row"


def test_a_row_that_is_no_utf8_is_named_and_stays() -> None:
    broken = pa.array([b"a", b"b\xff\xc0", b"c"], pa.binary()).view(pa.string())
    data = packed(pa.table({"text": broken}))
    rows = read(data)
    assert rows[1].unchecked is not None
    assert rows[1].unchecked.reason.startswith("row 1 is not valid UTF-8: byte 0xff at offset 1")
    copy = written(data, [line("x"), *(row.raw for row in rows[1:])])
    assert pq.read_table(io.BytesIO(copy)).column("text").cast(pa.binary()).to_pylist() == [b"x", b"b\xff\xc0", b"c"]


def test_a_text_over_the_limit_is_passed_on_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquetfile, "CHUNK", 5)
    rows = read(file("ok", "é" * 20, "end"), ReadOptions(max_document_size=39))
    assert [row.unchecked.record for row in rows if row.unchecked] == [1]
    assert len(rows) == 10
    assert max(len(row.raw) for row in rows) < 9
    assert b"".join(row.raw for row in rows) == line("ok") + line("é" * 20) + line("end")


REFUSED = {
    "no text": (packed(pa.table({"body": ["a"]})), r"has no column 'text' \(it has: body\).*--text-field"),
    "no string": (packed(pa.table({"text": [7]})), "column 'text' holds int64, not strings.*--text-field"),
    "a list": (packed(pa.table({"text": [["a"]]})), "column 'text' holds list"),
    "bytes": (packed(pa.table({"text": [b"a"]})), "column 'text' holds binary"),
    "twice": (packed(pa.table([["a"], ["b"]], ["text", "text"])), "has several columns 'text'"),
    "nothing": (b"", "is empty"),
    "no parquet": (b"PK\3\4" * 9, "is no parquet file"),
    "truncated": (file("a")[:-9], "is truncated"),
    "short": (b"PAR1PAR1", "is truncated"),
    "encrypted": (b"PARE" + bytes(40) + b"PARE", "is encrypted; decrypt it"),
    "long metadata": (b"PAR1" + b"\xff\xff\xff\x7fPAR1", "is damaged"),
    "no metadata": (b"PAR1" + b"\xff" * 90 + (90).to_bytes(4, "little") + b"PAR1", "its metadata cannot be read"),
}


def test_texts_in_objects_are_not_read() -> None:
    data = packed(pa.table({"content": [{"body": "a"}]}))
    with pytest.raises(ReadError, match=r"column 'content' holds objects; texts in objects are read from jsonl only"):
        read(data, ReadOptions(text_field="content.body"))


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_says_why(kind: str) -> None:
    data, reason = REFUSED[kind]
    with pytest.raises(ReadError, match="^a.parquet: .*" + reason):
        read(data)


def test_a_damaged_page_says_from_which_row_on() -> None:
    data = bytearray(file(*(f"text {number} {number * 7919}" for number in range(400)), row_group_size=100))
    start = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(2).column(0).dictionary_page_offset
    data[start : start + 60] = b"\xff" * 60
    with pytest.raises(ReadError, match=r"a.parquet: cannot be read from row 200 on: .*; fetch or write it again"):
        read(bytes(data))


def test_a_file_packed_as_a_whole_is_refused() -> None:
    with pytest.raises(ReadError, match=r"a.parquet.gz: parquet compresses within itself.*\(gunzip\)"):
        list(read_rows(io.BytesIO(), "parquet", "a.parquet.gz", OPTIONS))


def test_without_pyarrow_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ReadError, match=r"pip install 'corpus-auditor\[parquet\]'"):
        read(file("a"))


def test_a_large_text_told_a_thousand_times_is_held_once() -> None:
    numbers = pa.array([0] * 1000, pa.int32())
    bomb = pa.DictionaryArray.from_arrays(numbers, pa.array(["x" * (8 << 20)]))
    data = packed(pa.table({"text": bomb}), compression="zstd", dictionary_pagesize_limit=1 << 28, store_schema=False)
    assert len(data) < 1 << 16
    before, most = pa.total_allocated_bytes(), 0
    for value in parquetfile.values(io.BytesIO(data), "a.parquet", ("text",)):
        assert value.data is not None
        assert len(value.data) == 8 << 20
        most = max(most, pa.total_allocated_bytes() - before)
    assert most < 64 << 20


# The copy


def test_edits_land_where_they_belong() -> None:
    assert change('a "b" \\ é\n😀 c', (2, 5, "/"), (10, 11, '"\n')) == 'a / \\ é\n"\n c'
    assert change("abc", (0, 3, "")) == ""


def test_an_edit_that_utf8_cannot_hold_is_refused() -> None:
    (row,) = read(file("abc"))
    with pytest.raises(LackingError):
        rewrite_row(row, [Edit(0, 1, "\ud800")], "parquet", OPTIONS)


def rich() -> Any:
    """A table with what a schema can hold."""
    meta = {"huggingface": '{"info": 1}', "note": "kept"}
    table = pa.table(
        {
            "n": pa.array(range(50), pa.uint16()),
            "text": column([None if at % 9 == 4 else f"text {at % 5}" for at in range(50)]),
            "tags": pa.array([["a", None], [], None, ["b"], ["c"]] * 10, pa.list_(pa.large_string())),
            "deep": pa.array([{"x": [{"y": at}], "z": None} for at in range(50)]),
            "kind": pa.array(["p", "q"] * 25).dictionary_encode(),
            "map": pa.array([[("k", at)] for at in range(50)], pa.map_(pa.string(), pa.int8())),
            "when": pa.array(range(50), pa.timestamp("us", "Asia/Riyadh")),
            "span": pa.array(range(50), pa.duration("s")),
            "price": pa.array(range(50), pa.int32()).cast(pa.decimal128(12, 2)),
            "empty": pa.nulls(50),
            "half": pa.array([0.5] * 50, pa.float16()),
        }
    ).replace_schema_metadata(meta)
    at = table.schema.get_field_index("n")
    return table.cast(table.schema.set(at, table.schema.field(at).with_nullable(False).with_metadata({"unit": "1"})))


def metadata(data: bytes) -> Any:
    return pq.ParquetFile(io.BytesIO(data)).metadata


def facts(data: bytes) -> list[Any]:
    """Rows of each row group, and what is told of each of its columns, sizes and places aside."""
    found: list[Any] = []
    told = metadata(data)
    for number in range(told.num_row_groups):
        group = told.row_group(number)
        columns = [group.column(at) for at in range(group.num_columns)]
        names = ("path_in_schema", "physical_type", "compression", "encodings", "has_dictionary_page", "is_stats_set")
        found.append([group.num_rows, [[getattr(one, name) for name in names] for one in columns]])
    return [told.format_version, str(told.schema).split("\n", 1)[1], found]


SETTINGS: dict[str, dict[str, Any]] = {
    "as pyarrow writes": {},
    "zstd": {"compression": "zstd", "row_group_size": 7},
    "a codec each": {"compression": {"text": "gzip", "n": "none", "kind": "lz4", "half": "brotli"}},
    "no dictionaries": {"use_dictionary": False, "row_group_size": 50},
    "no statistics": {"write_statistics": ["n"], "use_dictionary": ["text"]},
    "old": {"version": "1.0", "use_compliant_nested_type": False, "use_deprecated_int96_timestamps": True},
    "without Arrow's schema": {"store_schema": False, "write_page_index": True},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_everything_but_the_texts_stays(name: str) -> None:
    table = rich().drop(["span"]) if name == "without Arrow's schema" else rich()
    if name == "old":
        table = table.drop(["half"])
    codec = SETTINGS[name].get("compression", "snappy")
    if isinstance(codec, dict):
        table = table.select(["n", "text", "kind", "half"])
    data = packed(table, **SETTINGS[name])
    lines = [row.raw for row in read(data)]
    lines[30] = line("changed")
    copy = written(data, lines)
    before, after = pq.read_table(io.BytesIO(data)), pq.read_table(io.BytesIO(copy))
    assert after.schema.equals(before.schema, check_metadata=True)
    assert after.drop(["text"]).equals(before.drop(["text"]))
    assert after.column("text").to_pylist() == [
        "changed" if row == 30 else text for row, text in enumerate(before.column("text").to_pylist())
    ]
    assert facts(copy) == facts(data)
    assert (metadata(copy).metadata or {}).keys() == (metadata(data).metadata or {}).keys()


def test_without_changes_the_copy_has_the_same_bytes() -> None:
    data = packed(rich(), compression="zstd", row_group_size=11)
    assert written(data, [row.raw for row in read(data)]) == data


def test_a_copy_that_is_done_leaves_nothing_to_the_collector() -> None:
    """A row group takes megabytes, and long runs look for rings seldom."""
    original, out = io.BytesIO(file("a", "b")), io.BytesIO()
    gc.disable()
    try:
        with open_copy(out, original, "a.parquet", "parquet", "text") as copy:
            kept = weakref.ref(copy)
            copy.write(b'"a"\n"c"\n')
        del copy
        assert kept() is None
    finally:
        gc.enable()


def test_a_file_without_rows_is_copied() -> None:
    data = file()
    assert read(data) == []
    assert written(data, []) == data


def test_a_huge_row_group_is_written_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [f"text {number} {number * 7919}" for number in range(1000)]
    data = packed(pa.table({"text": given, "n": range(1000)}), row_group_size=600)
    monkeypatch.setattr(parquetcopy, "_WHOLE", metadata(data).row_group(0).total_byte_size // 4)
    lines = [row.raw for row in read(data)]
    lines[777] = line("changed")
    copy = written(data, lines)
    assert [rows for rows, _ in facts(copy)[2]] == [120, 120, 120, 120, 120, 134, 134, 132]
    assert texts(copy) == [*given[:777], "changed", *given[778:]]
    assert pq.read_table(io.BytesIO(copy)).column("n").to_pylist() == list(range(1000))


@pytest.mark.parametrize("lines", [[line("a")], [line("a"), line("b"), line("c")], [line("a"), b'"b']])
def test_texts_must_be_as_many_as_rows(lines: list[bytes]) -> None:
    with pytest.raises(ReadError, match="it may have changed while it was read"):
        written(file("a", "b"), lines)


def test_a_small_dictionary_that_overflows_says_so() -> None:
    kind = pa.dictionary(pa.int8(), pa.string())
    data = packed(pa.table({"text": column([f"{number}" for number in range(120)], kind)}))
    lines = [row.raw for row in read(data)]
    with pytest.raises(ReadError, match="column 'text' cannot take the changed texts"):
        written(data, [line(f"changed {number}") for number in range(len(lines))])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=30), st.sampled_from(sorted(KINDS)), st.integers(1, 9), st.data())
def test_there_and_back(pairs: list[tuple[str | None, str | None]], kind: str, rows: int, data: st.DataObject) -> None:
    """Texts come out as given, rows that were not changed stay equal, and the way back leads to the same table."""
    size = len(pairs)
    given = column([one for one, _ in pairs], KINDS[kind])
    table = pa.table(
        {"n": pa.array(range(size), pa.int64()), "text": given, "z": pa.array([b"\0"] * size, pa.binary())}
    )
    table = table.replace_schema_metadata({"k": "v"})
    original = packed(table, row_group_size=rows, compression=data.draw(st.sampled_from(["zstd", "none", "snappy"])))
    keep = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    wanted = [one if kept else other for (one, other), kept in zip(pairs, keep, strict=True)]
    copy = written(original, [line(text) for text in wanted])
    after = pq.read_table(io.BytesIO(copy))
    assert after.column("text").to_pylist() == wanted
    assert after.schema.equals(pq.read_table(io.BytesIO(original)).schema, check_metadata=True)
    assert after.drop(["text"]).equals(table.drop(["text"]))
    back = written(copy, [row.raw for row in read(original)])
    assert texts(back) == [one for one, _ in pairs]
    assert open_texts(io.BytesIO(back), "a", "parquet", "text").read() == b"".join(row.raw for row in read(original))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=12), st.booleans())
def test_damage_never_crashes(at: int, junk: bytes, cut: bool) -> None:
    """Whatever bytes are changed: rows, or a ReadError."""
    data = bytearray(file(*(f"text {number}" for number in range(40)), None, row_group_size=9))
    at %= len(data)
    data[at : at + len(junk)] = junk
    try:
        rows = read(bytes(data[: at + len(junk)] if cut else data))
        written(bytes(data), [row.raw for row in rows])
    except ReadError:
        pass


# Whole commands


PACK = """
schema: 1
pack: own
language: en
rules:
- id: more
  kind: lexicon
  category: boilerplate
  severity: error
  message: "'{match}' is a link"
  phrases: [Read more]
  fix: safe
  bad: [{text: "<<Read more>>\\nThe bridge is open.", fixed: The bridge is open.}]
  good: [They read more than ever.]
"""


def corpus(folder: Path) -> Path:
    """Part files in folders, as Hive and Spark leave them, one of them broken."""
    for day in ("2026-01-01", "2026-01-02"):
        path = folder / "corpus" / f"day={day}" / "part-0.parquet"
        path.parent.mkdir(parents=True)
        bodies = [f"The bridge of {day} is open.\nRead more\nPage {number}" for number in range(5)]
        pq.write_table(pa.table({"id": [f"{day}/{at}" for at in range(5)], "text": bodies, "v": [[1.5]] * 5}), path)
    (folder / "corpus" / "broken.parquet").write_bytes(b"PAR1 no more")
    return folder / "corpus"


def run(auditor: Auditor, tmp_path: Path, *arguments: object) -> Done:
    (tmp_path / "own.yaml").write_text(PACK, encoding="utf-8")
    return auditor(*arguments, "--rules", tmp_path / "own.yaml")


def tables(folder: Path) -> dict[str, Any]:
    found = sorted(folder.rglob("*.parquet"))
    return {path.relative_to(folder).as_posix(): pq.ParquetFile(path).read() for path in found}


def test_audit_and_restore(auditor: Auditor, tmp_path: Path) -> None:
    folder, out = corpus(tmp_path), tmp_path / "out"
    done = run(auditor, tmp_path, "audit", folder, "-o", out, "--sarif")
    assert done.code == 2
    assert "broken.parquet: is truncated (it does not end with PAR1); fetch it again" in done.err
    (folder / "broken.parquet").unlink()
    found = [json.loads(one) for one in (out / "findings.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["path"], one["record"], one["id"], one["line"]) for one in found[4:6]] == [
        ("day=2026-01-01/part-0.parquet", 4, "2026-01-01/4", 2),
        ("day=2026-01-02/part-0.parquet", 0, "2026-01-02/0", 2),
    ]
    before, cleaned = tables(folder), tables(out / "cleaned")
    for name, table in before.items():
        assert cleaned[name]["text"].to_pylist() == [
            text.replace("Read more\n", "") for text in table["text"].to_pylist()
        ]
        assert cleaned[name].drop(["text"]).equals(table.drop(["text"]), check_metadata=True)
    assert auditor("restore", out, "-o", tmp_path / "back").code == 0
    assert tables(tmp_path / "back") == before
    assert auditor("restore", out, "-o", tmp_path / "back").code == 0  # what is there has these texts already
    sarif = json.loads((out / "report.sarif").read_bytes())["runs"][0]["results"]
    place = sarif[4]["locations"][0]
    assert place["physicalLocation"]["region"]["startLine"] == 5
    assert place["logicalLocations"][0]["properties"]["row"] == 4
    assert "primaryLocationLineHash" not in sarif[4]["partialFingerprints"]


def test_restore_notices_what_was_altered(auditor: Auditor, tmp_path: Path) -> None:
    out, name = tmp_path / "out", "day=2026-01-01/part-0.parquet"
    run(auditor, tmp_path, "audit", corpus(tmp_path), "-o", out)
    path, patch = out / "cleaned" / name, out / "patches" / f"{name}.patch.jsonl"
    table = pq.ParquetFile(path).read()
    pq.write_table(table.set_column(1, "text", pa.array(["altered"] * 5)), path)
    done = auditor("restore", out, "-o", tmp_path / "back")
    assert (done.code, "cleaned copy" in done.err, "altered" in done.err) == (2, True, True)
    pq.write_table(table, path, compression="none")  # packed otherwise, the same texts
    assert auditor("restore", out, "-o", tmp_path / "back").code == 0
    patch.unlink()
    done = auditor("restore", out, "-o", tmp_path / "other")
    assert "is missing, which tells where its texts are; put the patch back" in done.err


def test_clean_in_place_twice_and_back(auditor: Auditor, tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    (folder / "broken.parquet").unlink()
    before, patches = tables(folder), tmp_path / "patches"
    assert run(auditor, tmp_path, "clean", folder, "--in-place", "--patches", patches).code == 0
    again = folder / "day=2026-01-01" / "part-0.parquet"
    table = pq.ParquetFile(again).read()
    assert "Read more" not in "".join(table["text"].to_pylist())
    stamp = again.stat().st_mtime_ns
    assert run(auditor, tmp_path, "clean", folder, "--in-place", "--patches", patches).code == 0
    assert again.stat().st_mtime_ns == stamp  # nothing to do, nothing written
    assert auditor("restore", patches, "--cleaned", folder, "-o", tmp_path / "back").code == 0
    assert tables(tmp_path / "back") == before


def test_check_score_diff_and_standard_input(auditor: Auditor, tmp_path: Path) -> None:
    path = corpus(tmp_path) / "day=2026-01-01" / "part-0.parquet"
    for format, told in (
        ("concise", "part-0.parquet[3]:2:1: error own/more"),
        ("github", "part-0.parquet,line=4,"),
        ("gitlab", '"lines":{"begin":4,"end":4}'),
        ("junit", "own/more 3:2:1"),
        ("markdown", "part-0.parquet[3]:2:1"),
    ):
        done = run(auditor, tmp_path, "check", path, "--format", format)
        assert (done.code, told in done.out) == (1, True), done.out
    scored = run(auditor, tmp_path, "score", path).out.splitlines()
    assert [json.loads(row)["id"] for row in scored] == [f"2026-01-01/{number}" for number in range(5)]
    diff = run(auditor, tmp_path, "clean", path, "--diff").out
    assert '-"The bridge of 2026-01-01 is open.\\nRead more\\nPage 0"' in diff
    assert '+"The bridge of 2026-01-01 is open.\\nPage 0"' in diff
    (tmp_path / "own.yaml").write_text(PACK, encoding="utf-8")
    options = ["--stdin-name", "a.parquet", "--rules", tmp_path / "own.yaml", "--format", "concise"]
    assert "a.parquet[4]:2:1" in auditor("check", "-", *options, stdin=path.read_bytes()).out


def test_processes_give_the_same_bytes(auditor: Auditor, tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    for jobs in (1, 2):
        run(auditor, tmp_path, "audit", folder, "-o", tmp_path / f"{jobs}", "--jobs", jobs)
    one, two = raw(tmp_path / "1" / "cleaned"), raw(tmp_path / "2" / "cleaned")
    assert one == two
    assert len(one) == 2


def test_a_failed_copy_leaves_nothing_behind(auditor: Auditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    folder = corpus(tmp_path)
    (folder / "broken.parquet").unlink()
    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    done = run(auditor, tmp_path, "audit", folder, "-o", tmp_path / "out")
    assert done.code == 2
    assert "No space left on device; nothing of it was kept: free space" in done.err
    assert raw(tmp_path / "out" / "cleaned") == {}
    assert raw(tmp_path / "out" / "patches") == {}
