"""Labelled rows: what they hold, what they say of a finding, and what is wrong with bad ones."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from auditor.gold import Gold, rows


def row(value: Any, all_content: bool = False) -> Any:
    return next(iter(rows(io.BytesIO(json.dumps(value).encode() + b"\n"), "set", all_content)))


def lines(*labelled: tuple[str, str], **more: Any) -> Gold:
    found = row({"lines": [{"text": text, "label": label} for text, label in labelled], **more})
    assert isinstance(found, Gold)
    return found


def judged(gold: Gold, category: str, part: str) -> str:
    start = gold.text.index(part)
    return gold.judge(category, start, start + len(part))


PAGE = lines(
    ("Home", "boilerplate"),
    ("The bridge is open", "headline"),
    ("The mayor opened the bridge on Monday.", "content"),
    ("The bridge at night", "caption"),
    ("Home | News | Sports", "tagline"),
)


def test_a_finding_is_right_on_lines_that_are_furniture() -> None:
    assert judged(PAGE, "boilerplate", "Home") == "right"
    assert judged(PAGE, "duplicate", "Home | News | Sports") == "right"
    assert judged(PAGE, "boilerplate", "The mayor opened") == "wrong"
    assert judged(PAGE, "boilerplate", "The bridge is open") == "neutral"


def test_blanks_do_not_count_and_a_tenth_is_forgiven() -> None:
    gold = lines(("M" * 95, "boilerplate"), ("T" * 100, "content"))
    assert gold.judge("boilerplate", 0, 96) == "right"
    assert gold.judge("boilerplate", 0, 96 + 10) == "right"
    assert gold.judge("boilerplate", 0, 96 + 12) == "wrong"


def test_captions_and_bylines_may_be_found_where_they_are_labelled() -> None:
    assert judged(PAGE, "caption", "The bridge at night") == "right"
    assert judged(PAGE, "boilerplate", "The bridge at night") == "neutral"
    assert judged(PAGE, "byline", "The mayor opened the bridge on Monday.") == "wrong"
    assert judged(PAGE, "byline", "The mayor") == "unjudged"  # labels of lines cannot tell where one begins


def test_labels_of_lines_say_nothing_of_words() -> None:
    assert judged(PAGE, "spacing", "mayor opened") == "unjudged"


def test_furniture_glued_to_content_is_marked_by_its_beginning() -> None:
    gold = row({"lines": [{"text": "It is open. Follow us: x", "label": "content", "inline_boiler": "Follow us"}]})
    assert judged(gold, "boilerplate", "Follow us: x") == "right"
    assert judged(gold, "boilerplate", "open. Follow us: x") == "wrong"


def test_spans_are_code_points_and_of_a_category() -> None:
    gold = row({"text": "😀 موقع للبديهية قال", "spans": [{"start": 9, "end": 15, "category": "mistranslation"}]})
    assert judged(gold, "mistranslation", "للبديهية") == "right"  # a proclitic is nothing to disagree about
    assert judged(gold, "mistranslation", "موقع") == "wrong"
    assert judged(gold, "spacing", "للبديهية") == "wrong"


def test_only_what_was_labelled_is_judged() -> None:
    gold = row({"text": "a b", "spans": [{"start": 0, "end": 1, "category": "neutral"}], "categories": ["spacing"]})
    assert judged(gold, "spacing", "a") == "neutral"
    assert judged(gold, "spacing", "b") == "wrong"
    assert judged(gold, "boilerplate", "b") == "unjudged"


def test_text_alone_is_content_if_so_said() -> None:
    assert judged(row({"text": "One\nTwo"}, all_content=True), "boilerplate", "Two") == "wrong"
    assert "--all-content" in row({"text": "One\nTwo"})


@pytest.mark.parametrize(
    ("value", "site"),
    [
        ({"site": "one", "url": "https://two.example"}, "one"),
        ({"url": "https://www.two.example/x"}, "two.example"),
        ({"url": "http://[", "source": "three"}, "three"),
        ({}, "set"),
    ],
)
def test_the_site_of_a_row(value: dict[str, str], site: str) -> None:
    assert lines(("x", "content"), **value).site == site


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1], "is not a JSON object"),
        ({"words": 1}, "has neither 'lines' nor a string 'text' (its fields: words)"),
        ({"lines": "x"}, "'lines' is not a list"),
        ({"lines": [{"text": "x"}]}, "lines[0]: is not an object with the strings"),
        ({"lines": [{"text": "x", "label": "boilerplat"}]}, "unknown label 'boilerplat'; did you mean 'boilerplate'?"),
        ({"lines": [{"text": "x", "label": "content", "inline_boiler": "y"}]}, "does not stand in its line"),
        ({"text": "x", "spans": {}}, "'spans' is not a list"),
        ({"text": "x", "spans": [{"start": 0, "end": 2, "category": "spacing"}]}, "0 to 2 is no part of the text"),
        ({"text": "x", "spans": [{"start": 0, "end": True, "category": "spacing"}]}, "code points"),
        ({"text": "x", "spans": [{"start": 0, "end": 1, "category": "space"}]}, "unknown category 'space'"),
        ({"text": "x", "spans": [], "categories": ["all"]}, "'categories' is not a list of categories"),
    ],
)
def test_what_is_wrong_with_a_row(value: Any, message: str) -> None:
    assert message in row(value)


def test_bytes_that_are_no_rows() -> None:
    found = list(rows(io.BytesIO(b'\xff\n\n{"lines": [\n' + b"[" * 100_000), "set"))
    assert found[0] == "is not valid UTF-8 (byte 0)"
    assert found[1] is None
    assert str(found[2]).startswith("is not JSON")
    assert str(found[3]).startswith("is not JSON")
