"""The pages about the rules are made from the packs, and those in docs/ are current."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from conftest import Auditor
from kinds.marking import rule

from auditor.model import Category
from auditor.packs import Pack, load_packs
from auditor.rulepages import MEANING, WHY, pages

DOCS = Path(__file__).parents[1] / "docs/rules"


def test_the_pages_in_docs_are_current() -> None:
    made = pages(load_packs())
    kept = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
    assert kept == made, "run: auditor rules docs docs/rules"


def test_every_category_has_its_meaning() -> None:
    assert set(MEANING) == set(WHY) == set(get_args(Category))


def test_every_rule_is_told_once() -> None:
    text = "".join(pages(load_packs()).values())
    for pack in load_packs():
        for one in pack.rules:
            assert text.count(f"\n### {one.id}\n") == 1


def test_a_rule_is_told_with_what_why_and_examples() -> None:
    one = rule(
        "regex",
        id="t/mark",
        pattern="!{2,}",
        replace="!",
        category="quality",
        message="'{match}' shouts",
        about="One mark is enough.",
        link="https://example.org/marks",
        bad=[{"text": "Stop<<!!!>>", "fixed": "Stop!"}],
        good=["Stop!\nGo"],
    )
    made = pages([Pack(name="t", path="", language=None, about="Marks.", digest="", rules=(one,))])
    assert set(made) == {"README.md", "quality.md"}
    assert "| [quality](quality.md) |" in made["README.md"]
    assert made["quality.md"].endswith(
        "## t\n\nMarks.\n\n### t/mark\n\n`'{match}' shouts`\n\nOne mark is enough.\n\n"
        "See <https://example.org/marks>.\n\n- error, kind `regex`, confidence medium, fix: safe\n"
        "- measured: not measured\n- catches `Stop⟦!!!⟧` → `Stop!`\n- leaves `Stop!⏎Go`\n"
    )


@pytest.mark.parametrize("hostile", ["<script>x</script>", "`a` *b*", "a | b", "\u202eabc"])
def test_text_of_packs_is_no_markup(hostile: str) -> None:
    one = rule("regex", pattern="x", about=hostile, message=hostile.replace("{", ""), good=[hostile + " y"])
    page = pages([Pack(name="t", path="", language=None, about="", digest="", rules=(one,))])["boilerplate.md"]
    outside = [part for at, part in enumerate(page.replace("``", "`").split("`")) if at % 2 == 0]
    assert not any("<script>" in part or "\u202e" in part for part in outside)


def test_the_command_writes_them(auditor: Auditor, tmp_path: Path) -> None:
    assert auditor("rules", "docs", tmp_path / "out", "core-repeat").code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["README.md", "duplicate.md"]
