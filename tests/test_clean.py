"""Edits chosen, applied and composed; cleaning in rounds, told on the original text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.batch import Batch
from auditor.check import Engine
from auditor.clean import Cleaned, clean, wanted
from auditor.edits import apply, chosen, compose
from auditor.kinds.base import Hit, Stuck
from auditor.kinds.regex import RegexRule
from auditor.model import Document, Edit, Fix
from auditor.packs import load_pack

# --- edits -------------------------------------------------------------------------------------------------------


def disjoint(edits: tuple[Edit, ...]) -> bool:
    return list(edits) == sorted(edits) and all(one.end <= two.start for one, two in pairwise(edits))


@st.composite
def edit_of(draw: st.DrawFn, length: int) -> Edit:
    """Deletions, replacements and insertions of a text of ``length``, the ends included."""
    start = draw(st.integers(0, length))
    end = draw(st.integers(start, min(length, start + 5)))
    return Edit(start, end, draw(st.sampled_from(["", "", "x", "yz", "ABCD"])))


def edits_of(length: int) -> st.SearchStrategy[tuple[Edit, ...]]:
    return st.lists(edit_of(length), max_size=7).map(chosen)


def evaluated(fixes: list[Edit]) -> list[Edit]:
    """The rule in words of its own: deletions unite; of other overlaps a deletion wins, else the first."""
    kept: list[Edit] = []
    for fix in sorted(fixes, key=lambda edit: (edit.start, -edit.end)):
        if not kept or fix.start >= kept[-1].end:
            kept.append(fix)
        elif not fix.replacement and not kept[-1].replacement:
            kept[-1] = Edit(kept[-1].start, max(kept[-1].end, fix.end), "")
        elif not fix.replacement:
            kept[-1] = fix
    return kept


@pytest.mark.parametrize(
    ("fixes", "expected"),
    [
        ([(0, 4, ""), (2, 6, "")], [(0, 6, "")]),  # deletions unite
        ([(0, 4, ""), (4, 6, "")], [(0, 4, ""), (4, 6, "")]),  # those that only touch stay two
        ([(0, 4, "x"), (3, 6, "")], [(3, 6, "")]),  # a deletion swallows a replacement before it,
        ([(0, 4, ""), (3, 6, "x")], [(0, 4, "")]),  # after it
        ([(1, 2, "x"), (0, 4, "")], [(0, 4, "")]),  # and inside it
        ([(2, 6, "y"), (0, 4, "x")], [(0, 4, "x")]),  # of replacements the first wins
        ([(0, 4, "y"), (0, 6, "x")], [(0, 6, "x")]),  # of those that begin together the longest
        ([(0, 2, "x"), (0, 2, "x")], [(0, 2, "x")]),  # the same twice is one
        ([(3, 3, "x"), (3, 5, "")], [(3, 5, "")]),  # an insertion where a deletion begins is swallowed
        ([(5, 5, "x"), (3, 5, "")], [(3, 5, ""), (5, 5, "x")]),  # one where it ends is not
        ([(3, 3, "")], []),  # nothing for nothing
        ([], []),
    ],
)
def test_chosen(fixes: list[tuple[int, int, str]], expected: list[tuple[int, int, str]]) -> None:
    assert [tuple(edit) for edit in chosen(Edit(*fix) for fix in fixes)] == expected


@settings(deadline=None)
@given(st.lists(edit_of(20), max_size=12))
def test_chosen_edits_are_sorted_and_disjoint_whatever_the_order(fixes: list[Edit]) -> None:
    found = chosen(fixes)
    assert disjoint(found)
    assert found == chosen(reversed(fixes))
    assert found == chosen(found)


@given(st.lists(edit_of(20), max_size=12, unique=True).map(sorted))
def test_chosen_does_what_the_rule_says(fixes: list[Edit]) -> None:
    text = "abcdefghijklmnopqrst"
    something = [fix for fix in fixes if fix.start < fix.end or fix.replacement]
    assert apply(text, chosen(fixes)) == apply(text, evaluated(something))


def test_apply_joins_what_the_edits_leave() -> None:
    assert apply("abcdef", [Edit(0, 1, ""), Edit(2, 3, "XY"), Edit(6, 6, "!")]) == "bXYdef!"
    assert apply("abc", []) == "abc"
    assert apply("abc", [Edit(0, 3, "")]) == ""


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_composed_edits_do_what_both_do_in_turn(data: st.DataObject) -> None:
    original = data.draw(st.text("abc\n", max_size=14))
    first = data.draw(edits_of(len(original)))
    middle = apply(original, first)
    second = data.draw(edits_of(len(middle)))
    both = compose(original, first, second)
    assert disjoint(both)
    assert apply(original, both) == apply(middle, second)


@given(st.data())
def test_composed_edits_can_be_composed_again(data: st.DataObject) -> None:
    original = text = data.draw(st.text("abc", max_size=10))
    edits: tuple[Edit, ...] = ()
    for _ in range(4):
        more = data.draw(edits_of(len(text)))
        text = apply(text, more)
        edits = compose(original, edits, more)
    assert disjoint(edits)
    assert apply(original, edits) == text


def test_composition_drops_what_undoes_itself() -> None:
    assert compose("abc", [Edit(1, 2, "x")], [Edit(1, 2, "b")]) == ()


def test_composition_keeps_far_edits_apart() -> None:
    assert compose("abcdef", [Edit(0, 1, "")], [Edit(4, 5, "X")]) == (Edit(0, 1, ""), Edit(5, 6, "X"))


# --- rounds ------------------------------------------------------------------------------------------------------


class Rewriting:
    """Stands in for an engine: every ``(pattern, replacement, fix)`` is a rule that fires wherever its text stands."""

    def __init__(self, *rules: tuple[str, str, str]) -> None:
        example = {"message": "m", "bad": (), "good": (), "severity": "error", "category": "boilerplate"}
        self.rules = [
            (RegexRule(id=f"p/{old}-{new}", pattern=old, fix=fix, **example), old, new)  # type: ignore[arg-type]
            for old, new, fix in rules
        ]

    def hits(self, batch: Batch) -> Iterator[Hit]:
        for rule, old, new in self.rules:
            for match in regex.finditer(old, batch.text, overlapped=True):
                yield Hit(rule, *match.span(), "why", Edit(*match.span(), match.expand(new)))


def cleaned(text: str, *rules: tuple[str, str, str], unsafe: bool = False) -> Cleaned:
    return clean(Rewriting(*rules), [Document(text=text)], unsafe)[0]  # type: ignore[arg-type]


def told(done: Cleaned, unsafe: bool = False) -> str:
    """The original with every announced fix made, as a reader of findings.jsonl would."""
    fixes = [finding.fix for finding in done.checked.findings if wanted(finding.fix, unsafe)]
    return apply(done.document.text, chosen(Edit(fix.start, fix.end, fix.replacement) for fix in fixes if fix))


def consistent(done: Cleaned, unsafe: bool = False) -> None:
    assert disjoint(done.edits)
    assert apply(done.document.text, done.edits) == done.text
    assert told(done, unsafe) == done.text
    for finding in done.checked.findings:
        assert done.document.text[finding.start : finding.end] == finding.text


@settings(max_examples=300, deadline=None)
@given(
    st.text("abc", max_size=12),
    st.lists(
        st.tuples(st.text("abc", min_size=1, max_size=3), st.text("abX", max_size=2), st.just("safe")),
        min_size=1,
        max_size=4,
        unique=True,
    ),
)
def test_announced_fixes_give_the_cleaned_text(text: str, rules: list[tuple[str, str, str]]) -> None:
    consistent(cleaned(text, *rules))


@settings(max_examples=300, deadline=None)
@given(
    st.text("abc", max_size=12),
    st.lists(
        st.tuples(st.text("abc", min_size=1, max_size=3), st.just(""), st.sampled_from(["safe", "unsafe"])),
        min_size=1,
        max_size=4,
        unique=True,
    ),
)
def test_announced_deletions_give_the_cleaned_text(text: str, rules: list[tuple[str, str, str]]) -> None:
    done, bold = cleaned(text, *rules), cleaned(text, *rules, unsafe=True)
    consistent(done)
    consistent(bold, unsafe=True)
    assert told(done, unsafe=True) == bold.text


@pytest.mark.parametrize(
    ("text", "rules", "safe", "unsafe"),
    [
        # An unsafe deletion leaves what a safe rule then takes: announced, but as unsafe.
        ("xabcx", [("b", "", "unsafe"), ("ac", "", "safe")], "xabcx", "xx"),
        # A safe one takes what an unsafe rule found first: that rule has nothing left to do.
        ("xabx", [("ab", "", "safe"), ("ab", "Z", "unsafe")], "xx", "xx"),
        # It takes what a safe one has left of its range: at the beginning, inside and at the end.
        ("xabcdx", [("a", "", "safe"), ("abc", "", "unsafe")], "xbcdx", "xdx"),
        ("xabcdx", [("c", "", "safe"), ("abcd", "", "unsafe")], "xabdx", "xx"),
        ("xabcdx", [("c", "y", "safe"), ("bcd", "", "unsafe")], "xabydx", "xax"),
        ("xabcdx", [("cd", "", "safe"), ("abc", "", "unsafe")], "xabx", "xx"),
        # Where a replacement reaches over its end, it does nothing.
        ("xabcdx", [("cd", "y", "safe"), ("abc", "", "unsafe")], "xabyx", "xabyx"),
        # Safe fixes come first: what they lead to is done with unsafe ones, too.
        ("abc", [("a", "", "safe"), ("bc", "d", "safe"), ("ab", "x", "unsafe")], "d", "d"),
    ],
)
def test_unsafe_fixes_are_told_without_being_made(
    text: str, rules: list[tuple[str, str, str]], safe: str, unsafe: str
) -> None:
    done, bold = cleaned(text, *rules), cleaned(text, *rules, unsafe=True)
    assert (done.text, bold.text) == (safe, unsafe)
    consistent(done)
    assert told(done, unsafe=True) == bold.text


@pytest.mark.parametrize(
    ("text", "rules", "expected"),
    [
        ("a&amp;b", [("&amp;", "&", "safe")], "a&b"),
        # An entity becomes a blank, and only then is the whole a known phrase.
        ("x\nread&nbsp;more\ny", [("&nbsp;", " ", "safe"), ("read more\n", "", "safe")], "x\ny"),
        # A deletion leaves two letters side by side that make another rule fire.
        ("xabcx", [("b", "", "safe"), ("ac", "Z", "safe")], "xZx"),
        # Overlapping replacements: the first wins, the other is tried again.
        ("abc", [("ab", "a", "safe"), ("bc", "b", "safe")], "ac"),
        # What one round writes a later one takes away: nothing is left to announce.
        ("ab", [("a", "x", "safe"), ("xb", "ab\u200b", "safe"), ("ab\u200b", "", "safe")], ""),
    ],
)
def test_rounds_are_told_on_the_original(text: str, rules: list[tuple[str, str, str]], expected: str) -> None:
    done = cleaned(text, *rules)
    assert done.text == expected
    consistent(done)


def test_findings_of_later_rounds_stand_where_the_original_has_them() -> None:
    done = cleaned("one\nread&nbsp;more", ("&nbsp;", " ", "safe"), ("read more", "", "safe"))
    first, second = sorted(done.checked.findings, key=lambda finding: finding.rule)
    assert (first.text, first.line, first.column) == ("&nbsp;", 2, 5)
    assert (second.text, second.line, second.column, second.end_column) == ("read&nbsp;more", 2, 1, 15)
    assert done.applied == {first.fingerprint, second.fingerprint}
    assert done.edits == (Edit(4, 18, ""),)


def test_a_finding_is_announced_once_though_it_took_two_rounds() -> None:
    done = cleaned("abc", ("ab", "X", "safe"), ("c", "", "safe"), ("bc", "Y", "safe"))
    assert len({(finding.rule, finding.start) for finding in done.checked.findings}) == len(done.checked.findings)
    consistent(done)


def test_fingerprints_are_unique_over_all_rounds() -> None:
    done = cleaned("aa ba aa", ("b", "a", "safe"), ("aa", "c", "safe"))
    prints = [finding.fingerprint for finding in done.checked.findings]
    assert done.text == "c c c"
    assert len(set(prints)) == len(prints) == 4


def test_a_document_whose_rules_never_settle_is_left_as_it_came_and_names_them() -> None:
    restless, calm = clean(
        Rewriting(("a", "aa", "safe"), ("z", "", "safe")),  # type: ignore[arg-type]
        [Document(text="xaz", path="news.txt", record=3), Document(text="xz", path="news.txt", record=4)],
    )
    assert (restless.text, restless.edits, restless.checked.findings) == ("xaz", (), [])
    assert restless.checked.unchecked is not None
    assert restless.checked.unchecked.record == 3
    assert "the last were those of p/a-aa" in restless.checked.unchecked.reason
    assert calm.text == "x"


def test_of_two_rules_that_undo_each_other_one_is_told() -> None:
    unchecked = cleaned("a", ("a", "b", "safe"), ("b", "a", "safe")).checked.unchecked
    assert unchecked is not None
    assert re.search(r"p/[ab]-[ab]", unchecked.reason)


def test_five_rounds_are_enough_for_five_steps() -> None:
    assert cleaned("a", *[(old, new, "safe") for old, new in zip("abcde", "bcdef", strict=True)]).text == "f"


def test_a_fix_that_changes_nothing_does_not_count_as_restless() -> None:
    done = cleaned("aa", ("a", "a", "safe"))
    assert (done.text, done.edits) == ("aa", ())


def test_unsafe_fixes_only_when_asked_for_and_display_ones_never() -> None:
    rules = [("s", "", "safe"), ("u", "", "unsafe"), ("d", "", "display"), ("n", "", "none")]
    assert cleaned("sudn", *rules).text == "udn"
    assert cleaned("sudn", *rules, unsafe=True).text == "dn"
    assert [finding.fix is None for finding in cleaned("sudn", *rules).checked.findings] == [False, False, False, True]
    fix = Fix(start=0, end=1, replacement="", applicability="unsafe")
    assert (wanted(fix, False), wanted(fix, True), wanted(None, True)) == (False, True, False)


def test_what_is_not_fixed_remains() -> None:
    done = cleaned("xn", ("x", "", "safe"), ("n", "", "none"))
    assert [(finding.text, finding.start) for finding in done.remaining] == [("n", 0)]


def test_documents_are_cleaned_on_their_own() -> None:
    texts = ["a b", "", "b", "a"]
    done = clean(Rewriting(("a", "x", "safe"), ("x", "yy", "safe")), [Document(text=text) for text in texts])  # type: ignore[arg-type]
    assert [one.text for one in done] == ["yy b", "", "b", "yy"]
    for one in done:
        consistent(one)


class StuckLater(Rewriting):
    """The first check goes well; the second runs over its time limit."""

    checks = 0

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:  # type: ignore[override]
        self.checks += 1
        yield from [Stuck(self.rules[0][0], 0)] if self.checks == 2 else super().hits(batch)


def test_a_document_that_gets_stuck_in_a_later_round_is_left_as_it_was() -> None:
    done = clean(StuckLater(("a", "b", "safe")), [Document(text="a")])[0]  # type: ignore[arg-type]
    assert (done.text, done.edits, done.applied, done.checked.findings) == ("a", (), frozenset(), [])
    assert done.checked.unchecked is not None
    assert "time limit" in done.checked.unchecked.reason


PACK = """
schema: 1
pack: test
rules:
- id: entity
  kind: regex
  category: encoding
  severity: warning
  message: m
  pattern: "&nbsp;"
  replace: " "
  fix: safe
  bad: [{text: "a<<&nbsp;>>b", fixed: a b}]
  good: [a b]
- id: more
  kind: lexicon
  category: boilerplate
  severity: error
  message: m
  phrases: [اقرأ أيضا]
  fix: safe
  bad: [{text: "<<اقرأ أيضا>>", fixed: ""}]
  good: [اقرأ]
"""


def test_real_rules_in_two_rounds(tmp_path: Path) -> None:
    (tmp_path / "test.yaml").write_text(PACK, encoding="utf-8")
    engine = Engine([load_pack(tmp_path / "test.yaml")])
    text = "نص أول\r\n  اقرأ&nbsp;أيضا  \r\nنص&nbsp;ثان"
    done = clean(engine, [Document(text=text)])[0]
    assert done.text == "نص أول\r\nنص ثان"
    consistent(done)
    assert [finding.rule for finding in done.checked.findings] == ["test/more", "test/entity", "test/entity"]
