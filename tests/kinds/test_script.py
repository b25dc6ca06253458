"""Tokens that mix scripts: what is allowed, and where the others are split."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.check import check
from auditor.kinds.script import _Prepared
from auditor.model import Document
from kinds.marking import engine, findings, fixed, holds, rule

MIXED = rule("script", scripts=["Arabic", "Latin"])


@pytest.mark.parametrize(
    "token",
    [
        "بGoogle",
        "الـiPhone",
        "الـachievement",
        "الiPhone",
        "وNylon",
        "لـGoogle",
        "وبالـGPS",
        "COVID-19",
        "5G",
        "G20",
        "كلمة",
        "word",
    ],
)
def test_allowed(token: str) -> None:
    assert findings(MIXED, f"قال {token} أمس") == []


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("iconدقائق", "icon دقائق"),
        ("دقائقicon", "دقائق icon"),
        ("كلمةabcكلمة", "كلمة abc كلمة"),
        ("بGoogleكلمة", "ب Google كلمة"),
        ("قالGoogle", "قال Google"),
        ("iconدَقائق", "icon دَقائق"),
        ("كلمة12abc", "كلمة12 abc"),
        ("كلمةٌabc", "كلمةٌ abc"),
    ],
)
def test_found_and_split_at_the_seam(token: str, expected: str) -> None:
    holds(MIXED, [f"قال <<{token}>> أمس"])
    assert fixed(MIXED, f"قال {token} أمس") == f"قال {expected} أمس"


def test_clitics_can_be_refused() -> None:
    holds(rule("script", scripts=["Arabic", "Latin"], clitics=False), ["<<بGoogle>>", "<<وNylon>>"])


def test_whole_tokens_can_be_allowed() -> None:
    holds(rule("script", scripts=["Arabic", "Latin"], allow=["[a-z]كم", "iconدقائق"]), ["xكم", "iconدقائق", "<<xxكم>>"])


def test_without_split_there_is_no_fix() -> None:
    assert [one.fix for one in findings(rule("script", scripts=["Arabic", "Latin"], split=False), "iconدقائق")] == [
        None
    ]


@given(st.text("بwя5ـَ́ -\ud800é", max_size=20))
def test_seams_are_where_a_letter_of_one_script_follows_one_of_the_other(text: str) -> None:
    for scripts in (("Arabic", "Latin"), ("Latin", "Cyrillic")):
        prepared = _Prepared(rule("script", scripts=scripts))  # type: ignore[arg-type]
        assert prepared.seams(text) == [seam.start() for seam in prepared.seam.finditer(text)]


def test_other_scripts_are_no_concern() -> None:
    holds(MIXED, ["мирworld", "世界كلمة"])
    holds(rule("script", scripts=["Cyrillic", "Latin"]), ["<<мирworld>>", "<<pаypal>>", "iconدقائق"])


def test_the_reason() -> None:
    assert findings(MIXED, "iconدقائق")[0].why == "Arabic next to Latin"


def test_an_allowed_pattern_that_runs_away_makes_its_document_unchecked() -> None:
    made = engine(rule("script", scripts=["Arabic", "Latin"], allow=[r"(?:\w|\w\w)+[0-9]x?"]))
    checked = check(made, [Document(text="كلمةabc" * 10)])[0]
    assert checked.unchecked is not None
    assert checked.findings == []


def test_many_tokens_that_each_stay_below_the_limit_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.kinds.clock.TIME_LIMIT", 0.2)
    made = engine(rule("script", scripts=["Arabic", "Latin"], allow=[r"(?:\w|\w\w)+[0-9]x?"]))
    started = time.monotonic()
    checked = check(made, [Document(text=("كلمة" + "abc" * 6 + " ") * 3000), Document(text="كلمةabc")])
    assert time.monotonic() - started < 10
    assert [one.unchecked is not None for one in checked] == [True, False]
