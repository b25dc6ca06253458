"""A prefilter matches wherever its pattern does, and not much more often."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from test_equivalence import ANY, PATTERNS

from auditor.automaton import Automaton, Pattern
from auditor.batch import Batch
from auditor.folding import DEFAULT, WIDEST, folding
from auditor.model import Document
from auditor.page import to_folded, to_page
from auditor.prefilter import prefilter


def line_expression(pattern: str, folded: bool = False) -> bytes | None:
    return prefilter(pattern, whole_text=False, folded=folded)


def matches(expression: bytes, text: str, folded: bool = False) -> bool:
    """Whether the expression matches one line as its stream shows it."""
    stream = to_folded(text) if folded else to_page(text)
    return re.search(expression, b"\n" + stream + b"\n", re.DOTALL) is not None


FOUND = [
    # what stands in a pattern, and a text it matches
    ("كتاب", "هذا كتاب جديد"),
    ("book", "a book"),
    (r"(?i)straße", "STRAßE"),
    (r"(?i)a\|b", "A|B"),
    (r"(?i)\^x\$", "^X$"),
    (r"(?i)\*\+\?\(\)", "*+?()"),
    (r"3\.5", "3.5"),
    (r"\d+ دقائق", "٣ دقائق"),
    (r"[٠-٩]{2,3}", "١٢"),
    (r"x{5,7}", "xxxxxx"),
    (r"(?:ab){3}", "ababab"),
    (r"[^a]b", "新b"),
    (r"[]x]y", "]y"),
    (r"[[:alpha:]]1", "ك1"),
    (r"\p{Lu}\p{Ll}+", "Éa"),
    (r"𝟎", "𝟎"),
    (r"[𝟎-𝟗]x", "𝟗x"),
    (r"\u0643\x61", "كa"),
    (r"\N{ARABIC LETTER KAF}", "ك"),
    # line edges
    ("^a", "a"),
    ("a$", "a"),
    (r"\Aa\Z", "a"),
    ("^^a$$", "a"),
    (r"a$\s*", "a"),
    (r"^(?:^a|b)", "a"),
    (r"(?:^|\s)a(?:$|\s)", "b a"),
    (r"(?:^|x){2}a", "a"),
    (r"\s*^\s*a", "a"),
    # boundaries and looks
    (r"\bكتاب\b", "كتاب."),
    (r"(?<=a)b", "ab"),
    (r"(?<=^|\s)b(?=$|\s)", "b"),
    (r"(?<!a)b(?!c)", "b"),
    (r"a(?=b)(?=bc)", "abc"),
    (r"(?:a(?=b))b", "ab"),
    (r"a(?=b)?", "a"),
    # groups, choices, counts
    (r"(?P<span>a)b", "ab"),
    (r"(?>a|ab)c", "ac"),
    (r"(?:a|)b", "b"),
    (r"((?:a)|)b", "b"),
    (r"a??b*+c+?", "c"),
    (r"a{,2}b", "b"),
    (r"a{0}b", "b"),
    (r"(?i:A)b", "ab"),
    (r"(?s:.)b", "\u2028b"),
    (r"(?x) a  b # both", "ab"),
    (r"(?#why)a", "a"),
    (r"a\Kb", "ab"),
]


@pytest.mark.parametrize(("pattern", "text"), FOUND)
def test_it_matches_where_the_pattern_does(pattern: str, text: str) -> None:
    assert regex.search(pattern, text)
    expression = line_expression(pattern)
    assert expression is not None
    assert matches(expression, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("اقرأ", "إِقـرَأْ"),
        ("الى", "إلى"),
        (r"\bالله\b", "ﷲ"),
        ("strasse", "STRAßE"),
        (r"a b$", "a \u00a0 b"),
        (r"a b $", "a\tb \u200f\r"),
        (r"[ا-ي]+ [ا-ي]+", "ﻻ ﻻ"),
        (r"[𝟎]", "𝟎"),
        (r"[^0-8]x", "٣x"),
        (r"ؤ[ئء]", "ؤئ"),
        (r"\p{Nd}%", "٣%"),
    ],
)
def test_folded_patterns_match_the_folded_stream(pattern: str, text: str) -> None:
    seen = folding(DEFAULT).fold(text)
    source = "".join(folding(DEFAULT).fold(char) if char > "\x7f" else char for char in pattern)
    assert regex.search(source, seen)
    expression = line_expression(source, folded=True)
    assert expression is not None
    assert matches(expression, text, folded=True)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^a$\n^b$", "a\nb"),
        (r"a$\nb", "a\nb"),
        (r"a\n^b", "a\nb"),
        (r"a\s+b", "a \r\n\n b"),
        (r"(?<=\n)b", "a\nb"),
        (r"(?<=a\n)^b", "a\nb"),
        (r"a$(?=\nb)", "a\nb"),
        (r"a[^x]b", "a\nb"),
        (r"a(?s:.)b", "a\nb"),
        (r"b\Z", "a\nb"),
    ],
)
def test_patterns_over_whole_texts_see_line_breaks(pattern: str, text: str) -> None:
    assert regex.search(pattern, text, regex.MULTILINE)
    expression = prefilter(pattern, whole_text=True, folded=False)
    assert expression is not None
    assert matches(expression, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("كتاب", "مكتوب"),
        ("^a", "ba"),
        ("a$", "ab"),
        (r"\d+ دقائق", "دقائق"),
        (r"(?<=x)a", "ya"),
        (r"a(?=x)", "ay"),
        (r"[a-z]1", "ك1"),
        (r"(?:اقرأ|شاهد) أيضا", "أيضا"),
        (r"(?i)a\|b", "ab"),
        (r"[^\n]x{3}", "axx"),
    ],
)
def test_it_does_not_match_just_anything(pattern: str, text: str) -> None:
    expression = line_expression(pattern)
    assert expression is not None
    assert not matches(expression, text)


@pytest.mark.parametrize("pattern", [r"abc\s*", r"\s*abc", r"abc[^،]{0,40}", r".*?abc.*", r"abc(?!d)", r"\babc\b"])
def test_what_a_pattern_does_not_need_at_its_ends_is_cut(pattern: str) -> None:
    assert line_expression(pattern) == line_expression("abc")


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"(a)\1", r"(?P<x>a)(?P=x)", r"(?:abc){e<=1}", r"a\Xb", r"\L<words>", r"(?R)a", r"(a)?(?(1)b|c)", r"a\Rb"),
        *(r"(?|a|b)", r"a(?i)b", r"(?V1)[a--b]", r"\s*", r"a?", r"(?=a)", r"^\s*$", r"(?r)ab"),
    ],
)
def test_what_cannot_be_scanned_for_is_left_to_regex(pattern: str) -> None:
    assert line_expression(pattern) is None


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@example((r"(?:كتاب|a)$", "كتاب"), "", ["", "\r"], False)
@given(PATTERNS, st.sampled_from(["", "(?i)", "(?s)"]), st.lists(st.sampled_from(ANY), max_size=3), st.booleans())
def test_lines_a_pattern_matches_are_candidates(
    drawn: tuple[str, str], flags: str, more: list[str], folded: bool
) -> None:
    pattern, sample = flags + drawn[0], drawn[1]
    try:
        compiled = regex.compile(pattern)
    except regex.error:
        assume(False)
    expression = line_expression(pattern, folded)
    if expression is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITOR_CACHE", "")
        automaton = Automaton([Pattern("folded" if folded else "plain", expression)])
    if automaton.rejected:
        return
    batch = Batch([Document(text=sample.join([*more, ""])), Document(text=sample)])
    candidates = {line for line, _ in automaton.candidates(batch)}
    for line in range(len(batch.line_starts)):
        text = batch.folded_line(line, folding(WIDEST)).text if folded else batch.line(line)
        if any(match[0] for match in compiled.finditer(text)):
            assert line in candidates, (pattern, text)
