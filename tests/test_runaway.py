"""Patterns that run away are found before they do; sound ones never are."""

from __future__ import annotations

import pytest
import regex

from auditor.kinds.regex import RegexRule, source
from auditor.packs import load_packs
from auditor.runaway import runs_away, swells


@pytest.mark.parametrize(
    "pattern",
    [r"(a|a)*b", r"(?:ab|a|b)+c", r"x(?:\d|\d\d)+y", r"(?:ال|[ا-ي])+\b:", r"^(?:a|aa)+$", r"p: (?:[a-z]|[a-f]x?)+;"],
)
def test_choices_that_overlap_in_a_repeat(pattern: str) -> None:
    assert "48 times" in str(runs_away(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b",  # the regex module sees through these
        r"(?:\w+\s?)+:",
        r"(?:foo|bar)+x",
        r"(?:a|b)+c",
        r"(?>a|aa)+b",
        r"(?:\w++,)++\.",
        r".*.*x",
        r"(\w)\1+",
    ],
)
def test_sound_patterns(pattern: str) -> None:
    assert runs_away(pattern) is None


def test_no_shipped_pattern_is_accused() -> None:
    rules = [rule for pack in load_packs() for rule in pack.rules if isinstance(rule, RegexRule)]
    accused = {rule.id for rule in rules if runs_away(source(rule), regex.MULTILINE if rule.scope == "document" else 0)}
    assert accused == set()


@pytest.mark.parametrize(
    "pattern", [r"(?:(?:ab){1000}){1000}", r"(?:a{999}b){999}", r"[ab]{1000000}", r"((?:x{90}[\]{2]){90}){90}(?=y)"]
)
def test_counts_that_multiply(pattern: str) -> None:
    assert swells(pattern)


@pytest.mark.parametrize(
    "pattern", [r"\d{4}-\d{2}-\d{2}", r"(?:a{0,1000}){0,1000}", r"\{1000000}", r"(?:a{9}){9}", ")){9}"]
)
def test_counts_that_do_not(pattern: str) -> None:
    assert not swells(pattern)
