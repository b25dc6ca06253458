"""Readers' comments below a text, found by their heading and by what comes back with each of them."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from auditor.errors import PackError
from auditor.packs import load_pack
from kinds.marking import findings, fixed, holds, rule

COMMENTS = rule("thread", begins_with=["Comments", "تعليقات القراء"], returns=["Reply", "رد"], min_words=10)
TEXT = "The mayor opened the new bridge over the river on Monday morning."


def test_from_the_heading_to_the_last_line_that_returns() -> None:
    holds(
        COMMENTS,
        [
            f"{TEXT}\n<<Comments\nAnna\nAt last!\nReply\n\nNo.\nReply\nYes.\nReply>>\nAbout us",
            f"{TEXT}\n<<تعليقات القراء\nسالم\nمبروك\nرد\nرد\nمنى\nرد>>",
        ],
    )


def test_numbers_and_decoration_do_not_count() -> None:
    holds(
        COMMENTS,
        [f"{TEXT}\n<<36 Comments:\nReply (2)\n· reply ·\nNo.\n٣ Reply>>", f"{TEXT}\nComments\n" + "Replying\n" * 3],
    )


def test_fewer_returns_are_no_thread() -> None:
    holds(COMMENTS, [f"{TEXT}\nComments\nAt last!\nReply\nNo.\nReply", f"{TEXT}\n" + "At last!\nReply\n" * 5])


def test_where_no_paragraph_stands_above_the_comments_are_the_text() -> None:
    holds(COMMENTS, ["How do I mend a bridge?\nComments\n" + "Ask the mayor.\nReply\n" * 4])


def test_what_is_too_far_away_is_another_matter() -> None:
    near = rule("thread", begins_with=["Comments"], returns=["Reply"], min_words=10, within=3)
    holds(
        near,
        [
            f"{TEXT}\n<<Comments\na\nb\nReply\na\n\nb\nReply\nReply>>\na\nb\nc\nReply",
            f"{TEXT}\nComments\na\nb\nc\nReply\nReply\nReply",
        ],
    )


def test_the_nearest_heading_counts() -> None:
    holds(COMMENTS, [f"{TEXT}\n3 Comments\n{TEXT}\n<<Comments\nReply\nReply\nComments\nReply>>"])


def test_each_text_has_its_own() -> None:
    thread = "<<Comments\nReply\nReply\nReply>>"
    holds(COMMENTS, [f"{TEXT}\n{thread}\n{TEXT}\n{thread}\nAbout us"])


def test_why_and_what_goes() -> None:
    text = f"{TEXT}\n3 Comments\nAt last!\nReply\nNo.\nReply\nYes.\nReply\nAbout us"
    assert findings(COMMENTS, text)[0].why == "3 lines such as 'Reply' under '3 Comments'"
    assert fixed(COMMENTS, text) == f"{TEXT}\nAbout us"


@pytest.mark.parametrize("field", ["begins-with", "returns"])
@pytest.mark.parametrize(
    ("phrase", "told"),
    [("12 )", "phrase '12 )' is empty once folded"), ("word " * 20, "a phrase of 100 characters; 80 are the most")],
)
def test_phrases_that_can_never_match(field: str, phrase: str, told: str, tmp_path: Path) -> None:
    fields = {"begins-with": "[Comments]", "returns": "[Reply]"} | {field: f"[x, '{phrase}']"}
    path = tmp_path / "t.yaml"
    path.write_text(
        "schema: 1\npack: t\nrules:\n- {id: t, kind: thread, category: boilerplate, severity: info, message: m,\n"
        f"   begins-with: {fields['begins-with']}, returns: {fields['returns']},\n"
        "   bad: [{text: <<x>>}], good: [y]}\n",
        encoding="utf-8",
    )
    with pytest.raises(PackError, match=re.escape(f"{field}: {told}")):
        load_pack(path)


@pytest.mark.parametrize("text", [f"{TEXT}\nComments\n", "Reply\n", "Comments\nReply\n", f"{TEXT}\nComments\nReply\n"])
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    findings(COMMENTS, text * 20_000)
    assert time.process_time() - began < 10  # a second at most; squared it would be minutes
