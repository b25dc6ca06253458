"""Figures out of bounds."""

from __future__ import annotations

from typing import Any, get_args

from auditor.check import Engine
from auditor.figures import FIGURES
from auditor.kinds.metric import Metric
from kinds.marking import engine, findings, holds, rule


def metric(name: str, **fields: Any) -> Engine:
    return engine(rule("metric", metric=name, **{"fix": "none", "category": "quality", **fields}))  # type: ignore[arg-type]


def test_the_whole_text_is_marked_and_the_figure_is_told() -> None:
    made = metric("words", min=2, max=3)
    holds(made, ["\n <<واحد>>\n", "واحد اثنان", "<<1 2\n3 4>>", "", " \n"])
    assert findings(made, "1 2 3 4")[0].why == "words is 4, above 3"
    assert findings(made, "1")[0].why == "words is 1, below 2"


def test_the_bounds_themselves_are_fine() -> None:
    holds(metric("ended-line-ratio", min=0.5), ["نعم.\nلا", "<<نعم.\nلا\nربما>>"])


def test_arabic_end_marks_and_closing_quotes_end_a_line() -> None:
    lines = ["نعم.", "نعم؟", "نعم۔", "نعم…", "قال «نعم»", "قال ”نعم”", 'قال "نعم"', "(نعم!)", "نعم.\u200f "]
    holds(metric("ended-line-ratio", min=1), lines)
    holds(metric("ended-line-ratio", min=1), [f"<<{line}>>" for line in ("نعم", "نعم،", "نعم:", "(نعم)", "الرئيسية ›")])


def test_stop_words_are_given_by_the_rule() -> None:
    holds(metric("stop-words", words=["في", "the"], min=2), ["فِي البيت The", "<<في البيت وفي>>"])


def test_only_some_documents() -> None:
    arabic = "قال العمدة إن الجسر سيفتح قريبا"
    holds(
        metric("sentences", min=1, when={"language": ["ar"]}),
        [f"<<{arabic}>>", "the mayor opened the bridge on Monday"],
    )
    holds(metric("sentences", min=1, when={"min-words": 7}), [arabic, f"<<{arabic} جدا>>"])


def test_every_metric_has_its_figure() -> None:
    assert set(get_args(Metric)) == {*FIGURES, "stop-words"}


def test_documents_do_not_repeat_each_other() -> None:
    from auditor.check import check
    from auditor.model import Document

    text = "the mayor opened his new iron bridge"
    made = metric("duplicate-5-gram-ratio", max=0.1)
    found = check(made, [Document(text=text), Document(text=text), Document(text=f"{text}. {text}")])
    assert [len(one.findings) for one in found] == [0, 0, 1]
