"""The examples in packs are tests: each way in which one can fail is told."""

from __future__ import annotations

from typing import Any

import pytest
from kinds.marking import rule

from auditor.examples import failures, unmarked
from auditor.packs import Pack


def pack(**fields: Any) -> Pack:
    made = {"phrases": ["ab"], "at": "anywhere", "good": ["cd"], **fields}
    return Pack(name="t", path="", language=None, about="", digest="", rules=(rule("lexicon", **made),))


@pytest.mark.parametrize(
    ("text", "plain", "spans"),
    [
        ("a <<b>> c", "a b c", ((2, 3),)),
        ("<<a>><<b>>", "ab", ((0, 1), (1, 2))),
        ("a\n<<b\nc>>", "a\nb\nc", ((2, 5),)),
        ("<<a>b>>", "a>b", ((0, 3),)),
        ("<<b>>> c", "b> c", ((0, 2),)),
        ("plain", "plain", ()),
    ],
)
def test_marks(text: str, plain: str, spans: tuple[tuple[int, int], ...]) -> None:
    assert unmarked(text) == (plain, spans)


def test_examples_that_hold() -> None:
    assert failures([pack(bad=[{"text": "x <<ab>> y <<ab>>", "fixed": "x y"}])]) == []
    assert failures([]) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"bad": [{"text": "<<x>>", "fixed": "x"}]}, "found nothing; expected 'x'"),
        ({"bad": [{"text": "<<x ab>>", "fixed": "x"}]}, "found 'ab'; expected 'x ab'"),
        ({"bad": [{"text": "<<ab>> ab", "fixed": ""}]}, "found 'ab', 'ab'; expected 'ab'"),
        ({"bad": [{"text": "x <<ab>>", "fixed": "x "}]}, "the fix gives 'x', not 'x '"),
        ({"bad": [{"text": "<<ab>>", "fixed": ""}], "good": ["an ab"]}, "found 'ab'; expected nothing"),
        ({"bad": [{"text": "<<ab>>", "fixed": "AB"}], "replace": "AB"}, "the fixed text matches again: 'AB'"),
    ],
)
def test_examples_that_do_not(fields: dict[str, Any], message: str) -> None:
    (failure,) = failures([pack(**fields)])
    assert (failure.rule, failure.message) == ("t/rule", message)


def test_display_fixes_are_not_applied() -> None:
    assert failures([pack(bad=[{"text": "<<ab>>"}], fix="display")]) == []


def test_other_rules_do_not_disturb() -> None:
    first, second = (
        pack(bad=[{"text": "<<ab>>", "fixed": ""}]),
        pack(bad=[{"text": "x <<ab>>", "fixed": "x"}], id="t/two"),
    )
    assert failures([first, second]) == []


def test_examples_of_rules_for_sites_are_pages_of_one() -> None:
    fields: dict[str, Any] = {"across": "site", "min_chars": 2, "min_documents": 50, "min_share": 0.5, "fix": "none"}
    bad, also = [{"text": "<<Menu>>\nnews"}], ["Menu\na", "Menu\nb", "c\nd"]
    holds = rule("repeat", bad=bad, good=["c\nnews", "news"], also=also, **fields)
    fails = rule("repeat", bad=bad, good=["Menu"], also=also[1:], **fields)
    packs = [Pack(name="t", path="", language=None, about="", digest="", rules=(made,)) for made in (holds, fails)]
    assert failures(packs[:1]) == []
    assert [one.message for one in failures(packs[1:])] == ["found 'Menu'; expected nothing"]
