"""Fingerprints of translation engines: few texts bear one, and of those hardly any was written by a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.mtengine import FINGERPRINTS, mt_engine


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال ، ثم ذهب ، ثم عاد ، وجلس.", "spaced-comma"),
        ("قال ، ثم ذهب ، ثم عاد.", None),  # two commas tell nothing
        ("قال ، ثم ، ثم، ثم ، عاد", None),  # three of four
        ("ا ، ب ، ج ، د ، ه ، و ، ز ، ح ، ط ، ي، ك", "spaced-comma"),  # nine of ten
        ("اختر ، ثم **فتح**، ثم **حفظ**، ثم عد ، وانتظر ، ثم أغلق", "spaced-comma"),  # none is set after markup
        ("اختر **فتح**، ثم **حفظ**، ثم **نسخ**، ثم عد", None),
        ("قال ،ثم ذهب ،ثم عاد ،وجلس", None),  # glued to the next word: a typist's habit
        ("قال ، ثم ذهب ، ثم عاد ، وجلس .", None),  # stops are spaced, too
        ("قال ، ثم ( ذهب ) ، ثم عاد ، وجلس", None),
        ("قال, ثم , ذهب , ثم , عاد", None),  # Latin commas
    ],
)
def test_spaced_commas(text: str, expected: str | None) -> None:
    assert mt_engine(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("انتقل إلى الصفحه ثم اضغط علي الزر للحصول علي المساعدة", "mixed-finals"),
        ("انتقل إلى الصفحة ثم اضغط على الزر للحصول علي المساعده", None),  # على stands there, too
        ("انتقل إلي الصفحه ثم اضغط علي الزر للحصول علي المساعده", None),  # a typist who dots every final ya
        ("ذهب علي إلى المدرسة وعاد علي مع أخيه علي", None),  # a name
        ("شكر علي الله وذهب إلى بيته مع علي", None),
    ],
)
def test_mixed_finals(text: str, expected: str | None) -> None:
    assert mt_engine(text) == expected


def test_every_fingerprint_is_described() -> None:
    page = (Path(__file__).parents[1] / "docs/mt-score.md").read_text(encoding="utf-8")
    assert [name for name in FINGERPRINTS if f"| `{name}` |" not in page] == []
