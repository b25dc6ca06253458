from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from auditor.reporters.text import FSI, PDI, excerpt, isolated, place, prose, rtl_runs, share, shorten, visible

from .samples import NEWS, find


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("سطر\nآخر", "سطر⏎آخر"),
        ("سطر\r\n", "سطر<U+000D>⏎"),
        ("\x1b[31mأحمر", "<U+001B>[31mأحمر"),
        ("\x9b2J", "<U+009B>2J"),
        ("\u202eقلب\u202c", "<U+202E>قلب<U+202C>"),
        ("أ\u2028ب\u00a0ج\ufeff\u00ad\u034f\u3164", "أ<U+2028>ب<U+00A0>ج<U+FEFF><U+00AD><U+034F><U+3164>"),
        ("\ud800 \ue001", "<U+D800> <U+E001>"),
        ("دولة\t", "دولة<U+0009>"),
    ],
)
def test_hidden_characters_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["می‌روند", "👩‍🔬 ❤️ 1️⃣", "مُحَمَّدٌ ـ", "آية ۝ ١٢", "क्\u200dष"])
def test_characters_that_scripts_and_emoji_need_stay(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("text", ["كلمة\u200c", "\u200cكلمة", "a\u200cb", "كلمة\u200dكلمة", "أ\ufe0f", "❤\ufe0f\ufe0f"])
def test_joiners_without_a_use_are_written_out(text: str) -> None:
    assert "<U+" in visible(text)


@given(st.text())
def test_visible_text_can_not_drive_a_terminal(text: str) -> None:
    assert not regex.search(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]", visible(text))


@given(st.text())
def test_runs_are_the_whole_text(text: str) -> None:
    assert "".join(part for _, part in rtl_runs(text)) == text


def test_prose_isolates_each_arabic_run() -> None:
    message = "'الحارس' means 'guard'; the newspaper is صحيفة الغارديان"
    assert prose(message, isolate=True) == (
        f"'{FSI}الحارس{PDI}' means 'guard'; the newspaper is {FSI}صحيفة الغارديان{PDI}"
    )
    assert prose(message, isolate=False) == message


def test_only_right_to_left_snippets_are_isolated() -> None:
    assert isolated("share", isolate=True) == "share"
    assert isolated("شارك", isolate=True) == f"{FSI}شارك{PDI}"


def test_shorten_keeps_both_ends() -> None:
    assert shorten("0123456789", 10) == "0123456789"
    assert shorten("0123456789", 7) == "012…789"
    assert shorten("0123456789", 6) == "012…89"


def test_excerpt_is_the_line_around_the_match() -> None:
    finding = find("news/سد.txt", "البديهية", "ar-names/axios", "")
    line = NEWS.split("\n")[1]
    before, match, after = excerpt(finding, line, 100)
    assert (before, match, before + match + after) == ("ونقلت الصحيفة عن ", "البديهية", line)


def test_excerpt_cuts_a_long_line_at_words() -> None:
    finding = find("news/long.txt", "الحارس", "ar-names/guardian", "")
    before, match, after = excerpt(finding, "كلمة " * 83 + " " + "الحارس" + " كلمة" * 90, 60)
    assert match == "الحارس"
    assert before.startswith("… كلمة")
    assert after.endswith("كلمة …")
    assert len(before + match + after) <= 62


def test_excerpt_falls_back_to_the_matched_text() -> None:
    finding = find("news/سد.txt", "البديهية", "ar-names/axios", "")
    assert excerpt(finding, None, 100) == ("", "البديهية", "")
    assert excerpt(finding, "a line that has changed since", 100) == ("", "البديهية", "")


def test_excerpt_of_several_lines_ends_with_the_first() -> None:
    finding = find("news/سد.txt", "عبر فيسبوك\nاشترت الشركة", "x/y", "")
    assert excerpt(finding, NEWS.split("\n")[2], 100) == ("شارك ", "عبر فيسبوك", "")


@given(st.text(alphabet="ab \u0628\u064b", max_size=80), st.data())
def test_excerpt_shows_the_match_whole_where_it_fits(line: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    base = find("news/سد.txt", "البديهية", "x/y", "")
    fields = {"line": 1, "end_line": 1, "column": start + 1, "end_column": end + 1, "text": line[start:end]}
    values = {name: getattr(base, name) for name in base.__struct_fields__} | fields
    before, match, after = excerpt(type(base)(**values), line, 40)
    if end - start <= 40:
        assert match == line[start:end]
        assert line[:start].endswith(before.removeprefix("…"))
        assert line[end:].startswith(after.removesuffix("…"))
    assert len(before + match + after) <= 52


@pytest.mark.parametrize(
    ("path", "record", "shown"),
    [
        ("a/خبر.txt", 0, "a/خبر.txt"),
        ("a.txt.zst", 0, "a.txt.zst"),
        ("a.jsonl", 0, "a.jsonl[0]"),
        ("a.jsonl.gz", 3, "a.jsonl.gz[3]"),
        ("a.parquet", 7, "a.parquet[7]"),
        ("a.dat", 7, "a.dat[7]"),
        ("a\x1b[2J\n.txt", 0, "a<U+001B>[2J⏎.txt"),
    ],
)
def test_place_names_the_record_where_files_have_many(path: str, record: int, shown: str) -> None:
    assert place(path, record) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 10, "0%"), (0, 0, "0%"), (1, 10**7, "under 0.01%"), (1, 400, "0.25%"), (1, 3, "33.3%"),
     (99999, 100000, "99.9%"), (5, 5, "100.0%")],
)  # fmt: skip
def test_share_never_rounds_a_little_to_nothing(part: int, whole: int, shown: str) -> None:
    assert share(part, whole) == shown
