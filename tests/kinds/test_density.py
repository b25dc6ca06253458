"""Rates over a document, and how much of it must be there to speak of one."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.check import Engine, check
from auditor.model import Document
from kinds.marking import engine, findings, holds, rule


def density(**fields: Any) -> Engine:
    return engine(rule("density", **{"fix": "none", "per": "words", **fields}))  # type: ignore[arg-type]


def test_the_first_match_is_marked_and_the_figures_are_told() -> None:
    made = density(pattern="تم", above=0.2)
    holds(made, ["<<تم>> الفتح ثم تم الغلق", "تم الفتح بعد يوم طويل من العمل"])
    assert findings(made, "تم الفتح ثم تم الغلق")[0].why == "2 for 5 words: 0.4, above 0.2"


def test_phrases_are_whole_words_folded() -> None:
    holds(density(phrases=["أيضا"], above=0.2), ["<<أيضًا>> وايضا ايضا", "أيضاح"])


def test_against_lines_and_against_another_pattern() -> None:
    holds(density(pattern="#", per="lines", above=0.9), ["<<#>>a\n\n#b", "#a\n\nb"])
    spaced = density(pattern=" ،", per="pattern", per_pattern="،", above=0.5, min_count=2)
    holds(spaced, ["نعم<< ،>> لا ، ربما", "نعم ، لا، ربما", "نعم ، لا"])
    assert findings(spaced, "نعم ، لا ، ربما")[0].why == "2 for 2 matches of ،: 1, above 0.5"


def test_what_comes_late_counts_too() -> None:
    made = density(pattern="a", per="pattern", per_pattern="[ab]", above=0.6, min_count=2)
    holds(made, ["b\nb\n<<a>>\na\na\na", "b\na\nb\nb", "a\nb\nb", "<<a>>\na\nb"])


def test_below_marks_the_first_match_or_the_whole_text() -> None:
    made = density(pattern=r"\.", per="lines", below=0.5)
    holds(made, ["\n<<a\nb\nc>>\n", "a<<.>>\nb\nc", "a.\nb."])


def test_too_little_evidence() -> None:
    holds(density(pattern="تم", above=0.2, min_count=4), ["تم الفتح", "<<تم>> الفتح ثم أغلق"])


def test_documents_that_are_looked_at() -> None:
    holds(density(pattern="a", above=0.1, when={"min-words": 3}), ["a b", "<<a>> b c"])


def test_documents_are_counted_apart() -> None:
    made = density(pattern="a", above=0.5)
    assert [len(one.findings) for one in check(made, [Document(text=text) for text in ("a b", "a", "b", "a")])] == [
        0,
        1,
        0,
        1,
    ]


@pytest.mark.parametrize("where", ["pattern", "per_pattern"])
def test_a_pattern_over_its_time_limit(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.kinds.clock.TIME_LIMIT", 0.05)
    patterns = {"pattern": "a", "per_pattern": "a", where: r"(?:a|aa)+$"}
    checked = check(
        density(per="pattern", above=0.0, **patterns), [Document(text="a" * 60 + "b a"), Document(text="a")]
    )
    assert [one.unchecked is not None for one in checked] == [True, False]
