"""JSON lines: only the text value changes, and what is left of it keeps its spelling."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import CleanError
from auditor.formats import ReadOptions, Row, read_rows, rewrite_row
from auditor.formats.base import BOM, apply_edits
from auditor.model import Edit

OPTIONS = ReadOptions()
CHARACTERS = 'aé ش😀\r\n\t\u2028\0\x01\x7f"\\/u{}[],:0\ufffd'
TEXTS = st.text(alphabet=st.sampled_from(CHARACTERS), max_size=25)
SPACES = st.sampled_from(["", " ", "\t", "  "])
SPELLINGS = {
    "raw": lambda c: json.dumps(c, ensure_ascii=False)[1:-1],
    "ascii": lambda c: json.dumps(c)[1:-1],
    "upper": lambda c: "".join(f"\\u{unit:04X}" for unit in _units(c)),
    "short": lambda c: "\\/" if c == "/" else json.dumps(c)[1:-1],
}


def _units(character: str) -> list[int]:
    data = character.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]


def read(data: bytes, options: ReadOptions = OPTIONS) -> list[Row]:
    rows = list(read_rows(io.BytesIO(data), "jsonl", "a.jsonl", options))
    assert b"".join(row.raw for row in rows) == data
    return rows


def change(line: str, *edits: tuple[int, int, str], options: ReadOptions = OPTIONS) -> str:
    (row,) = read(line.encode())
    return apply_edits(row.raw, rewrite_row(row, [Edit(*edit) for edit in edits], "jsonl", options)).decode()


def test_a_row_becomes_a_document() -> None:
    (row,) = read('{"id": 7, "url": "https://www.Example.org:80/a?b", "text": "نص"}\r\n'.encode())
    assert row.document is not None
    assert (row.document.text, row.document.id, row.document.site) == ("نص", "7", "example.org")
    assert (row.document.path, row.document.record) == ("a.jsonl", 0)


@pytest.mark.parametrize(
    ("value", "site"),
    [
        ("http://u:p@host.net/x", "host.net"),
        ("//www.host.net", "host.net"),
        ("http://[::1]:8080/", "[::1]"),
        ("Some Site", "Some Site"),
        ("a/b//c", "a/b//c"),
        ("", ""),
        ("http:///x", "http:///x"),
    ],
)
def test_site_is_the_host_of_a_url_or_the_name_given(value: str, site: str) -> None:
    (row,) = read(json.dumps({"text": "", "url": value}).encode())
    assert row.document is not None
    assert row.document.site == site


@pytest.mark.parametrize(("value", "id"), [("1", "1"), ('"a"', "a"), ("true", None), ("1.5", None), ("{}", None)])
def test_id_is_a_string_or_an_integer(value: str, id: str | None) -> None:
    (row,) = read(f'{{"id": {value}, "text": "x"}}'.encode())
    assert row.document is not None
    assert row.document.id == id


def test_fields_can_be_named() -> None:
    options = ReadOptions(text_field="body", id_field="key", site_field="site")
    (row,) = read(b'{"body": "b", "key": "k", "site": "s", "text": "t"}', options)
    assert row.document is not None
    assert (row.document.text, row.document.id, row.document.site) == ("b", "k", "s")


INSIDE = ReadOptions(text_field="a.b.c")


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ('{"a": {"b": {"c": "xy"}}, "c": "x"}', '{"a": {"b": {"c": "y"}}, "c": "x"}'),
        ('{"a": {"b.c": "xy", "b": {"c": "no"}}}', '{"a": {"b.c": "y", "b": {"c": "no"}}}'),
        ('{"a": {"b": {"c": "no"}}, "a.b.c": "xy"}', '{"a": {"b": {"c": "no"}}, "a.b.c": "y"}'),
        ('{"a.b.c": null, "a": {"b": {"c": "xy"}}}', '{"a.b.c": null, "a": {"b": {"c": "y"}}}'),
        ('{"a.b.c": "no", "a.b.c": null, "a": {"b.c": "xy"}}', '{"a.b.c": "no", "a.b.c": null, "a": {"b.c": "y"}}'),
        ('{"x": {"b": {"c": "no"}}, "a": {"b": {"c": "xy"}}}', '{"x": {"b": {"c": "no"}}, "a": {"b": {"c": "y"}}}'),
        ('{"a": {"b": {"c": "xy", "d": {"c": "no"}}}}', '{"a": {"b": {"c": "y", "d": {"c": "no"}}}}'),
        ('{"a": [1], "a": {"b": 1, "b": {"c": "xy"}}}', '{"a": [1], "a": {"b": 1, "b": {"c": "y"}}}'),
        ('{"a": {"x": ["b"], "b": {"x": "c", "c": "xy"}}}', '{"a": {"x": ["b"], "b": {"x": "c", "c": "y"}}}'),
    ],
)  # fmt: skip
def test_a_dot_leads_into_objects(line: str, changed: str) -> None:
    (row,) = read(line.encode(), INSIDE)
    assert row.document is not None
    assert row.document.text == "xy"
    edits = rewrite_row(row, [Edit(0, 1, "")], "jsonl", INSIDE)
    assert apply_edits(row.raw, edits).decode() == changed


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": {"b": 1}}', "has no field 'a.b.c' (its fields: a)"),
        (b'{"a": {"b": {"c": 1}}}', "has no string in field 'a.b.c' but a number"),
        (b'{"a": {"b": [{"c": "x"}]}}', "has no field 'a.b.c'"),
    ],
)
def test_objects_without_the_text_are_named(line: bytes, reason: str) -> None:
    (row,) = read(line, INSIDE)
    assert row.unchecked is not None
    assert reason in row.unchecked.reason


def test_blank_lines_count_as_records_and_only_newlines_end_a_row() -> None:
    rows = read('\n{"text": "a\u2028b\x0b\x85"}\r\n \t\r\n{"text": "c\\r\\n"}'.encode())
    assert [row.document and row.document.record for row in rows] == [None, 1, None, 3]
    assert all(row.unchecked is None for row in rows)


def test_a_byte_order_mark_is_no_part_of_the_json() -> None:
    rows = read(BOM + b'{"text": "a"}\n' + BOM + b'{"text": "b"}')
    assert [row.document and row.document.text for row in rows] == ["a", "b"]
    assert apply_edits(rows[0].raw, rewrite_row(rows[0], [Edit(0, 1, "x")], "jsonl", OPTIONS)).startswith(BOM)


@pytest.mark.parametrize(
    "line",
    [
        '{"n": NaN, "i": [-Infinity, 1e999], "text": "a"}',
        '{"n": ' + "9" * 5000 + ', "text": "a"}',
        '{"id": ' + "9" * 5000 + ', "text": "a"}',
        '{"text": "a", "x": "\\ud800"}',
        '{"text": 5, "text": "b", "text": "a"}',
        '{"x": "\0\t", "text": "a"}',
        '{"text": "a", "x": {"text": "c", "y": ["text", {"text": "d"}]}}',
    ],
)
def test_unusual_rows_are_read_and_keep_their_bytes(line: str) -> None:
    (row,) = read(line.encode())
    assert row.document is not None
    assert row.document.text == "a"
    assert change(line, (0, 1, "z")) == line.replace('"a"', '"z"')


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "line 2 is not JSON: Expecting property name"),
        (b"no", "line 2 is not JSON"),
        (b"[1]", "line 2 is not a JSON object but a list"),
        (b"3", "but a number"),
        (b"{}", "line 2 has no field 'text' (its fields: none)"),
        (b'{"body": 1}', "(its fields: body); name the right one with --text-field"),
        (b'{"text": null}', "line 2 has no string in field 'text' but null"),
        (b'{"text": "a", "text": [1]}', "but a list"),
        (b'{"text": "\xff"}', "line 2 is not valid UTF-8: byte 0xff at offset 10"),
        (b'{"text": "\xed\xa0\x80"}', "byte 0xed at offset 10"),
        (b'{"x": ' + b"[" * 100_000, "line 2 is nested too deeply"),
        (b'{"text": "' + b"x" * 200_000 + b'"}', "is larger than --max-document-size (150000 bytes)"),
    ],
)
def test_rows_that_cannot_be_checked_are_named_and_kept(line: bytes, reason: str) -> None:
    rows = read(b'{"text": "a"}\n' + line + b'\n{"text": "b"}\n', ReadOptions(max_document_size=150_000))
    assert rows[1].document is None
    assert rows[1].unchecked is not None
    assert rows[1].unchecked.record == 1
    assert reason in rows[1].unchecked.reason
    assert rows[-1].document is not None
    assert (rows[-1].document.text, rows[-1].document.record) == ("b", 2)


def test_lone_surrogates_survive() -> None:
    line = '{"text": "a\\ud800b\\uD83D\\uDE00c"}'
    (row,) = read(line.encode())
    assert row.document is not None
    assert row.document.text == "a\ud800b😀c"
    assert change(line, (2, 3, ""), (4, 5, "d")) == '{"text": "a\\ud800\\uD83D\\uDE00d"}'


@pytest.mark.parametrize(
    ("line", "edit", "result"),
    [
        ('{"text": "a é"}', (0, 1, 'ش"\n'), '{"text": "ش\\"\\n é"}'),
        ('{"text": "a \\u00e9"}', (0, 1, "ü😀"), '{"text": "\\u00fc\\ud83d\\ude00 \\u00e9"}'),
        ('{"text": "a \\u00C9"}', (0, 1, "\u00fc\\u00fc"), '{"text": "\\u00FC\\\\u00fc \\u00C9"}'),
        ('{"text": "a", "by": "\\u00e9"}', (0, 1, "é"), '{"text": "\\u00e9", "by": "\\u00e9"}'),
        ('{"text": "a", "by": "é"}', (0, 1, "é"), '{"text": "é", "by": "é"}'),
        ('{"text": "a \\\\u00e9"}', (0, 1, "é"), '{"text": "é \\\\u00e9"}'),
        ('{"text": "a \\n\\u0001"}', (0, 1, "é"), '{"text": "é \\n\\u0001"}'),
        ('{"text": "a \\/"}', (0, 1, "b/"), '{"text": "b\\/ \\/"}'),
        ('{"text": "a /"}', (0, 1, "b/"), '{"text": "b/ /"}'),
        ('{"text": ""}', (0, 0, "new"), '{"text": "new"}'),
        ('{ "te\\u0078t" :\t"ab" }', (1, 2, ""), '{ "te\\u0078t" :\t"a" }'),
        ('{"x": "\\"text\\": \\"b", "text": "a"}', (0, 1, "c"), '{"x": "\\"text\\": \\"b", "text": "c"}'),
    ],
)
def test_what_is_inserted_follows_the_spelling_of_the_row(line: str, edit: tuple[int, int, str], result: str) -> None:
    assert change(line, edit) == result


def test_a_row_without_the_field_is_not_rewritten() -> None:
    with pytest.raises(CleanError, match="no string in field 'body'"):
        change('{"text": "a"}', (0, 1, ""), options=ReadOptions(text_field="body"))


@st.composite
def literals(draw: st.DrawFn) -> str:
    spell = SPELLINGS[draw(st.sampled_from(sorted(SPELLINGS)))]
    return '"' + "".join(spell(character) for character in draw(TEXTS)) + '"'


MEMBERS = st.one_of(
    literals(),
    st.sampled_from(["NaN", "-0", "1E400", "null", "[]", '{"text": "no"}', '["text", {"text": {"text": 1}}]']),
)


@st.composite
def lines(draw: st.DrawFn) -> tuple[str, str, str]:
    """What stands before the text literal, the literal, what follows."""

    def members(keys: list[str]) -> list[str]:
        pairs = st.tuples(st.sampled_from(keys), SPACES, SPACES, MEMBERS)
        return [f'{space}"{key}"{space}:{gap}{value}' for key, space, gap, value in draw(st.lists(pairs, max_size=3))]

    before = members(["text", "id", "te\\u0078t", "x"])
    after = members(["id", "x", "", "texts", "t\\\\ext"])
    key = draw(st.sampled_from(["text", "\\u0074ext"]))
    head = "{" + "".join(member + draw(SPACES) + "," for member in before) + f'{draw(SPACES)}"{key}"{draw(SPACES)}: '
    tail = draw(SPACES) + "".join("," + member for member in after) + draw(SPACES) + "}" + draw(SPACES)
    return head, draw(literals()), tail + draw(st.sampled_from(["\n", "\r\n", ""]))


@settings(deadline=None)
@given(lines(), st.lists(st.integers(0, 25), max_size=6), st.lists(TEXTS, min_size=3, max_size=3))
def test_edits_change_the_text_value_and_nothing_else(
    line: tuple[str, str, str], points: list[int], replacements: list[str]
) -> None:
    head, _, tail = line
    (row,) = read("".join(line).encode())
    assert row.document is not None
    text = row.document.text
    points = sorted(min(point, len(text)) for point in points)
    edits = [Edit(*pair) for pair in zip(points[::2], points[1::2], replacements, strict=False)]
    expected = text
    for edit in reversed(edits):
        expected = expected[: edit.start] + edit.replacement + expected[edit.end :]

    byte_edits = rewrite_row(row, edits, "jsonl", OPTIONS)
    changed = apply_edits(row.raw, byte_edits)

    start, end = len(head.encode()), len(changed) - len(tail.encode())
    assert changed[:start] == head.encode()
    assert changed[end:] == tail.encode()
    assert json.loads(changed[start:end], strict=False) == expected
    (again,) = read(changed)
    assert again.document is not None
    assert again.document.text == expected
    assert len(byte_edits) == len(edits)


@settings(deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=20), st.sampled_from([b'{"text": "a"}', b"", b"\r", BOM])), max_size=6))
def test_rows_join_to_the_file_whatever_it_holds(parts: list[bytes]) -> None:
    read(b"\n".join(parts), ReadOptions(max_document_size=12))
