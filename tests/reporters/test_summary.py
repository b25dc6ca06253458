from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from auditor.model import Translated, Unchecked
from auditor.reporters import summary
from auditor.reporters.markdown import cell, code, table

from .samples import assert_golden, file_report, find, report, run_report


def tokens(markdown: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(markdown)


def test_golden() -> None:
    assert_golden("summary.md", summary.render(report()))


def test_hostile_text_stays_text() -> None:
    """No HTML, link, image or emphasis comes out of the corpus, and tables keep their columns."""
    kinds = {child.type for token in tokens(summary.render(report())) for child in (token.children or [token])}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "em_open", "strong_open", "fence"}
    rows = summary.render(report()).split("## Rules that fired most")[1].split("## Next")[0]
    cells = [token for token in tokens(rows) if token.type in ("td_open", "th_open")]
    assert len(cells) == 4 * 7


@pytest.mark.parametrize("text", ["a|b", "`", "``a`", "<b>", "a\\", "\\", "[x](y)", "@someone #1", " a ", ""])
def test_code_spans_hold_any_text(text: str) -> None:
    [span] = [child for token in tokens(code(text)) for child in (token.children or [])]
    assert span.type == "code_inline"
    assert span.content.strip() == text.strip()
    inline = [token for token in tokens(table(["A", "B"], "<<", [[cell(text), "x"]])) if token.type == "inline"]
    assert [token.content for token in inline][3:] == ["x"]


def test_a_backslash_before_a_pipe_does_not_split_the_cell() -> None:
    assert cell("a\\|b") == "`a<U+005C>\\|b`"


def test_a_clean_run_is_short() -> None:
    text = summary.render(run_report([file_report("a.txt", [], verdict="clean")]))
    assert text.startswith("# Clean: nothing to repair\n")
    assert "##" not in text.replace("## Next", "")
    assert "restore" not in text


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"verdict": "repaired", "findings": 5, "fixed": 4}, "Repaired: 4 of 5 findings fixed in the cleaned copies"),
        (
            {"verdict": "review", "findings": 5, "fixed": 4, "remaining": 1},
            "Review: 1 finding left for a person to look at, 4 fixed",
        ),
        (
            {"verdict": "unchecked", "unchecked": 1},
            "Unchecked: 1 document could not be checked and was left as found",
        ),
    ],
)  # fmt: skip
def test_the_verdict_comes_first(fields: dict[str, object], title: str) -> None:
    text = summary.render(run_report([file_report("a.txt", [])], **fields))
    assert text.split("\n")[0] == f"# {title}"


def test_long_lists_are_cut_and_say_so() -> None:
    finding = find("news/سد.txt", "البديهية", "x/y", "m")
    files = [file_report(f"{number}.txt", [finding], quality=number / 40) for number in range(30)]
    many = {f"x/rule-{number}": 30 - number for number in range(20)}
    unchecked = tuple(Unchecked(path="b.jsonl", record=number, reason="too large") for number in range(25))
    text = summary.render(run_report([*files, file_report("b.jsonl", [], unchecked=unchecked)], by_rule=many))
    assert text.index("`0.txt`") < text.index("`1.txt`") < text.index("`9.txt`")
    assert "`10.txt`" not in text
    assert "and 21 more, all in `report.html`" in text
    assert "`x/rule-14`" in text
    assert "`x/rule-15`" not in text
    assert "- and 5 more, named in `run.json`" in text


@pytest.mark.parametrize(
    ("engines", "judged", "high", "told"),
    [
        ({}, 100, 4, False),  # people have as many
        ({}, 100, 5, True),
        ({"spaced-comma": 1}, 0, 0, True),
        ({}, 0, 0, False),
    ],
)
def test_signs_of_machine_translation(engines: dict[str, int], judged: int, high: int, told: bool) -> None:
    signs = Translated(engines=engines, judged=judged, high=high, signals={})
    text = summary.render(run_report([file_report("a.txt", [], translated=signs)]))
    assert ("May be machine translation" in text) is told
    assert ("Signs, no proof" in text) is told
