"""The table of measured precision: that of the shipped rules, and how tables are renewed and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from kinds.marking import rule

from auditor.errors import ConfigError
from auditor.measured import Measure, Row, brief, percent, read, renewed, table_file, text_of, together, told, version
from auditor.packs import load_packs

ROW = Row("p/a", "v1", "news", 9, 1, 2, 3)


def test_the_shipped_table_speaks_of_rules_that_are() -> None:
    known = {one.id for pack in load_packs() for one in pack.rules}
    rows = read(table_file())
    gone = sorted({row.rule for row in rows} - known)
    assert gone == [], "measure again: auditor rules eval GOLD... --update"
    assert text_of(sorted(rows)) == table_file().read_text(encoding="utf-8")


def test_a_rule_changes_with_what_it_finds_and_not_with_its_prose() -> None:
    one = rule("regex", pattern="a")
    assert version(one) == version(rule("regex", pattern="a", message="other", severity="info", fix="none"))
    assert version(one) != version(rule("regex", pattern="b"))


def test_only_what_was_measured_anew_is_replaced() -> None:
    old = [ROW, ROW._replace(set="blogs"), ROW._replace(rule="p/gone"), ROW._replace(rule="q/other")]
    new = renewed(old, [ROW._replace(right=10)], {"p/a": "v1", "p/b": "v1"}, ["news"])
    assert new == [ROW._replace(set="blogs"), ROW._replace(right=10), ROW._replace(rule="q/other")]


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "measured.tsv").write_text(text_of([ROW]), encoding="utf-8")
    assert read(tmp_path / "measured.tsv") == [ROW]
    assert read(tmp_path / "none.tsv") == []


@pytest.mark.parametrize("line", ["p/a\tv1", "p/a\tv1\tnews\t9\t1\t2\t-3", "p/a\tv1\tnews\t9\t1\t2\tmany"])
def test_a_broken_table_is_an_error_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "measured.tsv").write_text(f"{text_of([ROW])}{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"measured\.tsv:4: not a row of"):
        read(tmp_path / "measured.tsv")


def test_told_to_people() -> None:
    measure = Measure(9, 1, 2, 3, ("blogs", "news"), True)
    assert told(None) == "not measured"
    assert told(measure) == "90 % right of 10 (95 %: 59.6 to 98.2) on 3 sites (blogs, news)"
    assert told(measure._replace(right=0, wrong=0)) == "nothing judged: 2 findings on neutral text (blogs, news)"
    assert [brief(None), brief(measure), brief(measure._replace(current=False))] == ["-", "90%/10", "90%/10*"]
    assert together([measure, measure]) == (18, 2, 4, 0, ("blogs", "news"), True)
    assert together([]) is None


def test_a_little_is_never_shown_as_nothing_nor_most_as_all() -> None:
    assert [percent(share) for share in (0, 0.0001, 0.5, 0.99999, 1)] == ["0", "0.1", "50", "99.9", "100"]


def test_a_repeat_rule_is_what_it_was_before_there_was_across() -> None:
    known = {row.rule: row.version for row in read(table_file())}
    (pack,) = load_packs(["core-repeat"])
    measured = pack.rules[:2]
    assert [version(one) for one in measured] == [known[one.id] for one in measured]
    assert version(rule("repeat", across="site", also=["a"])) == version(rule("repeat", across="site", also=["b"]))
    assert version(rule("repeat", across="site")) != version(rule("repeat", across="site", min_documents=6))
