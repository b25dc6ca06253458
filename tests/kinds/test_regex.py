"""Patterns on lines, on folded lines and on whole texts."""

from __future__ import annotations

import time

import pytest

from auditor.check import check
from auditor.model import Document
from kinds.marking import engine, findings, fixed, holds, rule


def test_a_line_is_searched_alone() -> None:
    holds(rule("regex", pattern="^قال"), ["<<قال>> قال\n<<قال>>"])
    holds(rule("regex", pattern=r"\w+$"), ["نص <<آخر>>\r\nنص <<آخر>>"])
    holds(rule("regex", pattern=r"a\s+b"), ["<<a  b>>", "a\nb"])


def test_a_whole_text_is_searched_across_lines() -> None:
    made = rule("regex", pattern=r"^a\n+b$", scope="document")
    holds(made, ["x\n<<a\nb>>\ny", "a b", "<<a\n\nb>>"])
    assert fixed(made, "x\na\nb\ny") == "x\n\ny"


def test_offsets_of_a_whole_text_are_those_of_its_document() -> None:
    made = engine(rule("regex", pattern=r"a\nb", scope="document"))
    found = [one.findings for one in check(made, [Document(text="xx"), Document(text="ya\nb")])]
    assert [[(one.start, one.end, one.line) for one in of] for of in found] == [[], [(1, 4, 1)]]


def test_a_group_named_span_is_what_is_found() -> None:
    made = rule("regex", pattern=r"(?:نقل عن) (?P<span>\w+)")
    holds(made, ["نقل عن <<موقع>> كذا"])
    assert fixed(made, "نقل عن موقع كذا") == "نقل عن  كذا"  # patterns say themselves what white space goes


def test_look_arounds_and_back_references() -> None:
    holds(rule("regex", pattern=r"(?<=رقم )\d+"), ["رقم <<12>>", "عدد 12"])
    holds(rule("regex", pattern=r"\b(\w+) \1\b"), ["قال <<قال قال>>".replace("قال <<", "ثم <<"), "قال ثم قال"])


@pytest.mark.parametrize(
    ("pattern", "template", "text", "expected"),
    [
        (r"(\w+)&amp;(\w+)", r"\2 و \1", "a&amp;b", "b و a"),
        (r"(?P<day>\d+)/(?P<month>\d+)", r"\g<month>-\g<day>", "3/12", "12-3"),
        (r"(x)(y)?z", r"[\2]", "xz", "[]"),
        (r"x", r"", "axb", "ab"),
    ],
)
def test_replace_is_a_template(pattern: str, template: str, text: str, expected: str) -> None:
    assert fixed(rule("regex", pattern=pattern, replace=template), text) == expected


def test_folded_lines_are_matched_as_one_writes_naturally() -> None:
    made = rule("regex", pattern="إقرأ أيضا", fold=["default"])
    holds(made, ["<<اقرا ايضا>>"])
    holds(rule("regex", pattern="صورة", fold=["default"]), ["<<صُورَه>> كبيرة", "<<صـورة>>"])


def test_a_template_takes_groups_from_the_original_text() -> None:
    made = rule("regex", pattern=r"(صوره) (\w+)", replace=r"\2 \1", fold=["default"])
    assert fixed(made, "صُورة أحمد") == "أحمد صُورة"


def test_extent() -> None:
    holds(rule("regex", pattern="اقرأ", extent="to-end"), ["نص <<اقرأ المزيد>>  \nنص"])
    holds(rule("regex", pattern="اقرأ", extent="line"), ["<<نص اقرأ المزيد>>\nنص"])


def test_a_match_of_the_whole_line_removes_the_line() -> None:
    made = rule("regex", pattern=r"^\s*Photo: .*$")
    assert fixed(made, "نص\n Photo: AFP \nنص") in ("نص\nنص", "نص\n\nنص")
    assert fixed(rule("regex", pattern=r"^Photo: .*$"), "نص\nPhoto: AFP\nنص") == "نص\nنص"


def test_what_matches_nothing_is_not_found() -> None:
    assert findings(rule("regex", pattern="(?<=a)x*"), "ab ac") == []


def test_case_and_flags() -> None:
    holds(rule("regex", pattern="(?i)read more"), ["<<READ More>>"])
    holds(rule("regex", pattern="(?x) a  b # comment"), ["<<ab>>"])


def test_a_pattern_that_runs_away_makes_its_document_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.kinds.clock.TIME_LIMIT", 0.05)
    made = engine(rule("regex", pattern=r"(?:a|aa)+$", id="t/slow"))
    stuck, other = check(made, [Document(text="x\n" + "a" * 60 + "b a\n", path="p.txt", record=7), Document(text="aa")])
    assert stuck.findings == []
    assert stuck.unchecked is not None
    assert (stuck.unchecked.path, stuck.unchecked.record) == ("p.txt", 7)
    assert "rule t/slow ran over its time limit on line 2" in stuck.unchecked.reason
    assert "--rules=-t/slow" in stuck.unchecked.reason
    assert [one.text for one in other.findings] == ["aa"]


def test_many_lines_that_each_stay_below_the_limit_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.kinds.clock.TIME_LIMIT", 0.2)
    made = engine(rule("regex", pattern=r"(?:a|aa)+$", id="t/slow"), rule("regex", pattern="b", id="t/sound"))
    hostile = ("a" * 24 + "b a\n") * 3000  # some milliseconds a line
    started = time.monotonic()
    checked = check(made, [Document(text=hostile), Document(text="aa\nb\n")])
    assert time.monotonic() - started < 10
    assert checked[0].unchecked is not None
    assert "rule t/slow ran over its time limit" in checked[0].unchecked.reason
    assert [one.text for one in checked[1].findings] == ["aa", "b"]


def test_slow_rules_are_told() -> None:
    made = engine(rule("regex", pattern=r"(\w)\1\1", id="t/back"), rule("regex", pattern="abc", id="t/plain"))
    assert made.slow == ["t/back"]
