"""Encodings are recognised when the text proves them, and never otherwise."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.formats import LackingError, ReadOptions, read_rows, rewrite_row, to_utf8
from auditor.formats.base import apply_edits
from auditor.formats.encodings import guess
from auditor.model import Edit

ARABIC = (
    "افتتح رئيس البلدية صباح اليوم الجسر الجديد على النهر، وقال إن العمل فيه بدأ قبل عامين من الآن.\n"
    "وعبر المارة الجسر في هدوء، ثم عادوا إلى السوق القديم حيث كان الباعة بانتظارهم.\n"
)
PERSIAN = "شهردار امروز در حضور مردم پل جديد را افتتاح كرد و گفت كه اين پل براي شهر و از آن همه مردم است.\n"
FRENCH = (
    "Le maire a inauguré le pont dans la matinée. « C’est une fête pour le quartier », a-t-il déclaré à la foule.\n"
)
GERMAN = "Der Bürgermeister hat die Brücke eröffnet und sich für die Geduld der Anwohner in den Gäßchen bedankt.\n"
ENGLISH = "The mayor said that it’s a good day for the café on the bridge and for all of us. “We waited,” she said.\n"
CZECH = "Starosta dnes ráno otevřel nový most přes řeku a řekl, že je to velký den pro všechny obyvatele města.\n"
POLISH = "Burmistrz otworzył dziś rano nowy most przez rzekę i powiedział, że to wielki dzień dla mieszkańców.\n"
RUSSIAN = "Мэр города сегодня утром открыл новый мост через реку и сказал, что это большой день для всех жителей.\n"
GREEK = "Ο δήμαρχος εγκαινίασε σήμερα το πρωί τη νέα γέφυρα και είπε ότι είναι μεγάλη μέρα για όλους.\n"
CHINESE = "市长今天上午为新桥揭幕，他说这对所有居民来说都是重要的一天。老市场的商贩们一直在等待这一天的到来。\n"
OPTIONS = ReadOptions()


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (ARABIC, "cp1256", "windows-1256"),
        (PERSIAN, "cp1256", "windows-1256"),
        (ARABIC + FRENCH, "cp1256", "windows-1256"),
        (FRENCH, "cp1252", "windows-1252"),
        (GERMAN, "cp1252", "windows-1252"),
        (ENGLISH, "cp1252", "windows-1252"),
        (ARABIC, "utf-16", "utf-16-le"),
        ("\ufeff" + CHINESE, "utf-16-be", "utf-16-be"),
        (ARABIC, "utf-16-le", "utf-16-le"),
        (ENGLISH, "utf-16-be", "utf-16-be"),
        (ARABIC, "utf-8", None),
        (ENGLISH, "ascii", None),
    ],
)
def test_what_is_certain_is_found(text: str, encoding: str, found: str | None) -> None:
    assert guess(text.encode(encoding, "ignore")) == (found, ())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ARABIC, "iso8859-6"),
        (ARABIC, "mac-arabic"),
        (CZECH, "cp1250"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN.upper(), "cp1251"),
        (RUSSIAN, "koi8-r"),
        (GREEK, "cp1253"),
        (GERMAN, "cp850"),
        (FRENCH, "mac-roman"),
        (CHINESE, "gbk"),
        (CHINESE, "big5"),
        (CHINESE, "utf-16-le"),
        (ARABIC, "utf-32"),
        ("بيت", "cp1256"),
        ("café", "cp1252"),
    ],
)
def test_what_is_not_is_left(text: str, encoding: str) -> None:
    assert guess(text.encode(encoding, "ignore")).encoding is None


@pytest.mark.parametrize("text", [ARABIC, FRENCH, ENGLISH, ARABIC + ENGLISH])
def test_broken_utf8_stays_utf8(text: str) -> None:
    data = text.encode()
    for at in range(0, len(data), 7):
        for broken in (data[:at] + b"\xff" + data[at:], data[:at] + data[at + 1 :], data[: at + 1]):
            assert guess(broken).encoding is None


@pytest.mark.parametrize("data", [b"a\0b", b"\0" * 40, b"one\0two\0three\0four\0", b"\x00\x01" * 30, b"abc\0\0\0" * 9])
def test_zero_bytes_alone_make_no_utf16(data: bytes) -> None:
    assert guess(data).encoding is None


def test_the_reason_names_what_it_may_be() -> None:
    (row,) = read_rows(io.BytesIO("café".encode("cp1252")), "txt", "a.txt", OPTIONS)
    assert "byte 0xe9 at offset 3 (it may be windows-1256 or windows-1252, but that is not certain)" in (
        row.unchecked.reason  # type: ignore[union-attr]
    )


ENCODINGS = st.sampled_from(["windows-1256", "windows-1252", "utf-16-le", "utf-16-be"])


@settings(deadline=None)
@given(st.data(), ENCODINGS, st.booleans())
def test_edits_reach_the_bytes_in_any_encoding(data: st.DataObject, encoding: str, as_jsonl: bool) -> None:
    base = FRENCH * 10 if encoding == "windows-1252" else ARABIC
    letters = "é’ \n" if encoding == "windows-1252" else "ش، \n" if encoding == "windows-1256" else "ش😀\u0a0a\u0d00\n"
    text = base + data.draw(st.text(st.sampled_from(letters), max_size=20))
    points = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    edit = Edit(points[0], points[1], data.draw(st.text(st.sampled_from(letters), max_size=5)))
    edited = text[: edit.start] + edit.replacement + text[edit.end :]
    spell = (lambda value: json.dumps({"text": value}, ensure_ascii=False) + "\n") if as_jsonl else str
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    raw = (mark + spell(text)).encode(encoding)
    format = "jsonl" if as_jsonl else "txt"
    (row,) = read_rows(io.BytesIO(raw), format, "a", OPTIONS)
    assert (row.raw, row.encoding) == (raw, encoding)
    assert row.document.text == text  # type: ignore[union-attr]
    assert row.document.meta == {"encoding": encoding}  # type: ignore[union-attr]
    assert apply_edits(raw, rewrite_row(row, [edit], format, OPTIONS)) == (mark + spell(edited)).encode(encoding)
    assert apply_edits(raw, to_utf8(row, [edit], format, OPTIONS)) == spell(edited).encode()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "windows-1256"])
def test_rows_of_a_jsonl_file_in_another_encoding(encoding: str) -> None:
    lines = [json.dumps({"text": ARABIC, "n": "\u0a0a\u010a" if "16" in encoding else ""}, ensure_ascii=False)]
    lines += ["", "not json", '{"text": "الجسر"}', "x" * 3000, '{"text": "آخر"}']
    raw = ("\ufeff" * ("16" in encoding) + "\n".join(lines)).encode(encoding)
    rows = list(read_rows(io.BytesIO(raw), "jsonl", "a.jsonl", ReadOptions(max_document_size=2000)))
    assert b"".join(row.raw for row in rows) == raw
    assert [row.document.text for row in rows if row.document] == [ARABIC, "الجسر", "آخر"]
    assert [row.document.meta for row in rows if row.document] == [{"encoding": encoding}, {}, {}]
    assert [row.unchecked.record for row in rows if row.unchecked] == [2, 4]


def test_rows_of_utf8_among_others_are_read_as_such() -> None:
    raw = json.dumps({"text": ARABIC * 3}, ensure_ascii=False).encode("cp1256") + b"\n" + '{"text": "جسر"}'.encode()
    rows = list(read_rows(io.BytesIO(raw), "jsonl", "a.jsonl", OPTIONS))
    assert [(row.encoding, row.document.text) for row in rows if row.document] == [
        ("windows-1256", ARABIC * 3),
        (None, "جسر"),
    ]


def test_a_replacement_that_the_encoding_lacks_is_refused() -> None:
    (row,) = read_rows(io.BytesIO(ARABIC.encode("cp1256")), "txt", "a.txt", OPTIONS)
    with pytest.raises(LackingError, match=r"U\+2192 '→', which windows-1256 does not have.*--to-utf8"):
        rewrite_row(row, [Edit(0, 1, "→")], "txt", OPTIONS)
