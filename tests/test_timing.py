"""Which rules are slow."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Auditor
from kinds.marking import rule

from auditor.packs import Pack
from auditor.timing import Timing, measured, table


def pack(*rules: object) -> Pack:
    return Pack(name="t", path="", language=None, about="", digest="", rules=rules)  # type: ignore[arg-type]


def test_the_slowest_rule_stands_first() -> None:
    quick = rule("regex", id="t/quick", pattern="bridge", bad=[{"text": "<<bridge>>"}], good=["x" * 200])
    good = ["the old bridge over the river was closed again " * 5]
    slow = rule("regex", id="t/slow", pattern=r"(\w)\1\1", bad=[{"text": "<<aaa>>"}], good=good)  # no automaton helps
    first, second = measured([pack(quick, slow)])
    assert (first.rule, second.rule) == ("t/slow", "t/quick")
    assert max(first.text, first.line) > max(second.text, second.line) > 0


def test_rules_tried_on_every_line_are_marked() -> None:
    (one,) = measured([pack(rule("regex", pattern=r"(\w)\1\1", bad=[{"text": "<<aaa>>"}]))])
    assert one.slow


def test_the_cache_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    measured([pack(rule("regex", pattern="bridge"))])
    assert not (tmp_path / "cache").exists()
    assert os.environ["AUDITOR_CACHE"] == str(tmp_path / "cache")


def test_as_a_table() -> None:
    timings = [Timing("t/one", 1234.5, 2.0, True, True), Timing("t/second", 1.0, 2.0, False, False)]
    assert table(timings, 1).splitlines() == [
        "slowest rules  ms a MB of text  ms a MB of its own in one line",
        "t/one           1234.5                             2.0  over its time limit, slow: tried on every line",
        "... 1 faster (--limit shows more)",
    ]


def test_the_command(auditor: Auditor) -> None:
    done = auditor("rules", "test", "core-repeat", "core-spacing", "--timing", "--limit", "3")
    assert done.code == 0
    assert "0 failed\nslowest rules" in done.out
    assert len(done.out.splitlines()) == 6
