"""Findings: exact spans in each document, their order, their places and their fingerprints."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence

import pytest
from conftest import CORPUS
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds.marking import engine, findings, rule

from auditor.batch import Batch
from auditor.check import Engine, check, digest
from auditor.clean import clean
from auditor.folding import DEFAULT, folding
from auditor.folding import WORD as WORDS
from auditor.model import Document, Finding

WORD = rule("lexicon", phrases=["x"], at="anywhere", id="t/word")
PATTERN = rule("regex", pattern="x+|y", id="t/pattern", fix="none", severity="info")
BOTH = engine(WORD, PATTERN)


def test_a_finding_says_all_about_itself() -> None:
    document = Document(text="first\nsay x now", path="a.jsonl", record=3, id="n7", site="s")
    made = engine(rule("lexicon", phrases=["x"], at="anywhere", message="{match} -> '{replacement}' ({why})"))
    (found,) = check(made, [document])[0].findings
    assert (found.path, found.record, found.id, found.rule) == ("a.jsonl", 3, "n7", "t/rule")
    assert (found.category, found.severity, found.confidence) == ("boilerplate", "error", "medium")
    assert (found.start, found.end, found.text) == (10, 11, "x")
    assert (found.line, found.column, found.end_line, found.end_column) == (2, 5, 2, 6)
    assert found.message.startswith("x -> '' (")
    assert found.fix is not None
    assert (found.fix.start, found.fix.end, found.fix.replacement, found.fix.applicability) == (10, 12, "", "safe")


def test_findings_are_in_order_of_start_end_and_rule() -> None:
    found = findings(engine(rule("regex", pattern="ab", id="t/b"), rule("regex", pattern="ab?", id="t/a")), "ab ab")
    assert [(one.start, one.rule) for one in found] == [(0, "t/a"), (0, "t/b"), (3, "t/a"), (3, "t/b")]


def test_lines_end_at_line_feeds_only() -> None:
    places = [(one.line, one.column) for one in findings(WORD, "a\r\nx\u2028x\u0085x\rx\x0bx\n x")]
    assert places == [(2, 1), (2, 3), (2, 5), (2, 7), (2, 9), (3, 2)]


def test_a_finding_may_span_lines() -> None:
    found = findings(rule("regex", pattern="b\nc", scope="document"), "a\nb\ncd")[0]
    assert (found.line, found.column, found.end_line, found.end_column) == (2, 1, 3, 2)


def test_columns_count_code_points() -> None:
    assert findings(WORD, "😀 x")[0].column == 3


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("xy \n\ré😀\u200f", max_size=12), max_size=6))
def test_documents_in_one_batch_are_checked_as_if_alone(texts: list[str]) -> None:
    together = [one.findings for one in check(BOTH, [Document(text=text) for text in texts])]
    assert together == [findings(BOTH, text) for text in texts]
    for text, found in zip(texts, together, strict=True):
        for one in found:
            assert text[one.start : one.end] == one.text
            lines = text.split("\n")
            assert lines[one.line - 1][one.column - 1 :].startswith(one.text)


def test_no_rules_and_no_documents() -> None:
    assert check(Engine([]), [Document(text="x"), Document(text="")]) == [([], None), ([], None)]
    assert check(BOTH, []) == []


def test_lone_surrogates_pass() -> None:
    assert [one.start for one in findings(WORD, "\ud800 x \udfff")] == [2]


def test_braces_in_a_match_are_text() -> None:
    assert (
        findings(rule("regex", pattern=r"\{\w+\}", message="found {match}"), "a {match} b")[0].message
        == "found {match}"
    )


def prints(found: list[Finding]) -> list[str]:
    return [one.fingerprint for one in found]


def test_fingerprints_stay_when_text_moves() -> None:
    text = "one two three x four five six"
    moved = "another line\n" + text + "\nand one more"
    assert prints(findings(WORD, text)) == prints(findings(WORD, moved))
    assert prints(findings(WORD, text)) == prints(findings(WORD, text.replace(" ", "  ")))


def test_fingerprints_tell_findings_apart() -> None:
    found = prints(findings(BOTH, "x a b x c x\nx a b x c x"))
    assert len(set(found)) == len(found) == 12
    assert prints(findings(WORD, "a x b")) != prints(findings(WORD, "a x c"))


def test_fingerprints_do_not_look_into_other_documents() -> None:
    alone, after = [check(BOTH, [Document(text=one), Document(text="x")])[1] for one in ("", "one two three")]
    assert prints(alone.findings) == prints(after.findings)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text("xa5 \n\0ــَأﷺﻻé\u200f.\u00a0😀\ud800", max_size=40), max_size=4))
def test_fingerprints_are_of_the_match_and_three_words_on_each_side_each_folded(texts: list[str]) -> None:
    made = engine(PATTERN, rule("regex", pattern=r"[^xy\n]{1,3}", id="t/any"))
    for text, one in zip(texts, check(made, [Document(text=text) for text in texts]), strict=True):
        said = [_said(text, finding) for finding in one.findings]
        wanted = [f"{key}\0{said[: at + 1].count(key)}" for at, key in enumerate(said)]
        assert prints(one.findings) == [digest(key) for key in wanted]


def _said(text: str, finding: Finding) -> str:
    fold = folding(DEFAULT).fold
    before = WORDS.findall(text[max(0, finding.start - 120) : finding.start])[-3:]
    after = WORDS.findall(text[finding.end : finding.end + 120])[:3]
    return "\0".join(
        (finding.rule, " ".join(fold(finding.text).split()), fold(" ".join(before)), fold(" ".join(after)))
    )


def test_the_same_rules_in_another_order_find_the_same() -> None:
    text = "x xx y\nx"
    assert findings(engine(PATTERN, WORD), text) == findings(BOTH, text)


def test_a_rule_for_a_language_looks_at_documents_in_it_alone() -> None:
    made = engine(rule("regex", pattern="اليوم|today|امروز", fix="none", **{"when-language": ["ar", "en"]}))
    arabic, persian = "افتتح الوزير المعرض اليوم في المدينة", "وزیر نمایشگاه بزرگ شهر را امروز گشود و گفت چنین است"
    assert [one.text for one in findings(made, arabic)] == ["اليوم"]
    assert [one.text for one in findings(made, "The minister opened the fair in the city today.")] == ["today"]
    assert findings(made, persian) == []
    assert findings(made, "today") == []  # too short to tell


def test_a_batch_goes_when_its_work_is_done(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held by what it holds, it would wait for the collector, megabytes at a time."""
    made: list[weakref.ref[Batch]] = []
    init = Batch.__init__

    def noted(self: Batch, documents: Sequence[Document]) -> None:
        init(self, documents)
        made.append(weakref.ref(self))

    monkeypatch.setattr(Batch, "__init__", noted)
    documents = [Document(text=path.read_text("utf-8", "replace")) for path in sorted(CORPUS.rglob("*.txt"))]
    gc.disable()
    try:
        clean(engine, documents)
        assert len(made) > 1
        assert [batch for batch in made if batch() is not None] == []
    finally:
        gc.enable()
