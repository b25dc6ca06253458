"""Figures of a document: its ratios, the machine-translation fingerprint, its language, its quality."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from auditor import metrics
from auditor.metrics import language, measure, quality
from auditor.model import Document, Finding, Fix, Translated

ARABIC = "قال الوزير في مؤتمر صحفي إن المحادثات تقدمت كثيرا هذا الأسبوع"


def finding(start: int, end: int, fix: str | None = None, **fields: Any) -> Finding:
    made: dict[str, Any] = {"category": "boilerplate", "severity": "error", "confidence": "high", **fields}
    return Finding(
        path="",
        record=0,
        id=None,
        rule="p/r",
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        start=start,
        end=end,
        text="",
        message="",
        why="",
        related=(),
        fingerprint="",
        fix=Fix(start=start, end=end, replacement="", applicability=fix) if fix else None,  # type: ignore[arg-type]
        **made,
    )


def test_one_row() -> None:
    text = "one two\n\n  \nthree ، x،\n"
    row = measure(
        Document(text=text, path="p", record=2, id="i", site="s"),
        [finding(0, 7), finding(4, 7, category="duplicate", severity="warning")],
        fixed=1,
        characters_deleted=5,
    )
    assert (row.path, row.record, row.id, row.site) == ("p", 2, "i", "s")
    assert (row.chars, row.words, row.lines) == (len(text), 4, 2)
    assert (row.boilerplate_ratio, row.duplicate_ratio, row.mixed_script_ratio) == (0.4286, 0.2143, 0.0)
    assert row.spaced_comma_ratio == 0.5
    assert (row.findings, row.errors, row.warnings, row.fixed, row.characters_deleted) == (2, 1, 1, 1, 5)
    assert (row.mt_engine, row.mt_score, row.quality_cleaned) == (None, None, None)


def test_ratios_are_shares_of_what_is_not_white_space() -> None:
    row = measure(Document(text="ab      cd"), [finding(0, 8)])
    assert row.boilerplate_ratio == 0.5


def test_overlapping_findings_count_once() -> None:
    found = [finding(0, 6), finding(2, 4), finding(4, 8), finding(0, 6)]
    assert measure(Document(text="abcdefghij"), found).boilerplate_ratio == 0.8


@pytest.mark.parametrize("text", ["", "   \n\t"])
def test_an_empty_document(text: str) -> None:
    row = measure(Document(text=text), [])
    assert (row.words, row.lines, row.quality, row.boilerplate_ratio, row.language) == (0, 0, 1.0, 0.0, None)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], 1.0),
        ([finding(0, 5)], 0.0625),  # half of it: (1 - 1/2) ** 4
        ([finding(0, 1, severity="warning")], 0.6561),
        ([finding(0, 5, severity="info")], 1.0),
        ([finding(0, 5, severity="info"), finding(5, 6)], 0.4096),  # one in five of those that are judged
        ([finding(0, 10)], 0.0),
    ],
)
def test_quality(found: list[Finding], expected: float) -> None:
    assert quality("abcdefghij", found) == expected


SPACED = "قال ، ثم ذهب ، ثم عاد ، وجلس."


def test_the_fingerprint_of_machine_translation_is_told_apart_from_quality() -> None:
    assert quality(SPACED, []) == 1.0
    assert measure(Document(text=SPACED), []).mt_engine == "spaced-comma"


@settings(max_examples=200)
@given(st.data())
def test_deleting_what_was_found_does_not_lower_quality(data: st.DataObject) -> None:
    text = data.draw(st.text("ab ،.", min_size=1, max_size=30))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=6)))
    spans = [(low, high) for low, high in zip(cuts[::2], cuts[1::2], strict=False) if low < high]
    severities = st.sampled_from(["error", "warning", "info"])
    gone = [finding(low, high, "safe", severity=data.draw(severities)) for low, high in spans]
    left = "".join(char for at, char in enumerate(text) if not any(low <= at < high for low, high in spans))
    assert quality(left, []) >= quality(text, gone)


def test_machine_translation_is_looked_for_in_arabic_alone() -> None:
    persian = "وزیر خارجه گفت ، که مذاکرات ، این هفته ، خوب پیش رفته است"
    assert measure(Document(text=persian), []).mt_engine is None
    row = measure(Document(text=(ARABIC + "، وأضاف أن العمل جار. ") * 6), [])
    assert row.mt_score is not None
    assert row.mt_signals is not None
    assert {part.split(": ")[0] for part in row.mt_signals.split("; ")} <= {"more", "less"}


def test_what_is_not_reported_is_not_judged() -> None:
    row = measure(Document(text=SPACED + ARABIC * 6), [], judged=False)
    assert (row.mt_engine, row.mt_score, row.mt_signals) == (None, None, None)


def test_signs_of_machine_translation_are_counted() -> None:
    signs = metrics.Machine()
    assert signs.report() is None
    row = measure(Document(text=SPACED), [])
    signs.add(row)
    signs.add(replace(row, mt_engine=None, mt_score=0.95, mt_signals="more: a; less: b"))
    signs.add(replace(row, mt_engine=None, mt_score=0.91, mt_signals="less: b"))
    signs.add(replace(row, mt_engine=None, mt_score=0.2, mt_signals="more: c"))
    expected = Translated(engines={"spaced-comma": 1}, judged=3, high=2, signals={"less: b": 2, "more: a": 1})
    assert signs.report() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ARABIC, "ar"),
        (ARABIC + " The Guardian", "ar"),
        ("وزیر خارجه گفت که مذاکرات این هفته خوب پیش رفته است", "fa"),
        ("وزیر خارجہ نے کہا ہے کہ اس ہفتے مذاکرات میں پیش رفت ہوئی ہے", "ur"),
        ("The minister said at a press conference that the talks had moved on this week", "en"),
        ("Le ministre a déclaré lors d'une conférence de presse que les discussions avancent", "fr"),
        ("Ok", None),
        ("12345 67890 12345 67890", None),
        ("", None),
    ],
)
def test_language(text: str, expected: str | None) -> None:
    assert language(text) == expected


def test_a_few_persian_letters_do_not_make_arabic_persian() -> None:
    assert language(ARABIC + " پ " + ARABIC) == "ar"


def test_the_language_is_the_same_every_time() -> None:
    text = "Minister talks conference la presse die Woche press semaine Gespräche"
    assert len({language(text) for _ in range(5)}) == 1


def test_quality_after_cleaning_stands_beside_the_one_before() -> None:
    row = measure(Document(text="abcdefghij"), [finding(0, 5)], ("fghij", []))
    assert (row.quality, row.quality_cleaned) == (0.0625, 1.0)


def test_arabic_typed_with_persian_letters_is_arabic() -> None:
    arabic = "افتتح الوزیر المعرض الجدید فی المدینة القدیمة، وقال إن الحکومة الجدیدة ستکمل المسیرة"
    persian = "وزیر نمایشگاه تازه شهر را گشود و گفت که دولت جدید این راه را ادامه می دهد و پیش می رود"
    assert (language(arabic), language(persian)) == ("ar", "fa")


def test_findings_on_the_whole_text_do_not_say_where_it_is_damaged() -> None:
    text = "abcdefghij"
    damage = finding(0, 5)
    for whole in (finding(0, 10, category="quality", severity="warning"), finding(0, 10, severity="info")):
        assert quality(text, [whole]) == 1.0
        assert quality(text, [whole, damage]) == quality(text, [damage])


def test_plain_english_needs_no_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "detect", None)
    assert (
        language("The mayor said that the bridge would be open to all of the people by the end of the month.") == "en"
    )
