"""Rules told to people: the list, the sheet of a rule, and the outcome of its examples."""

from __future__ import annotations

import json

from kinds.marking import rule

from auditor import rulebook
from auditor.packs import Pack, load_packs
from auditor.rulebook import kind, listed, schema_text, shown

THRICE = {"text": "<<aaa>>"}
PACKS = [
    Pack(
        name="t",
        path="t.yaml",
        language="ar",
        about="",
        digest="",
        rules=(
            rule(
                "name",
                id="t/axios",
                wrong=["البديهية"],
                right="أكسيوس",
                near={"any": ["صحيفة"]},
                about="An outlet.",
                link="https://example.org",
                message="m",
                bad=[{"text": "صحيفة <<البديهية>>", "fixed": "صحيفة أكسيوس"}],
                good=["البديهية"],
            ),
            rule(
                "regex", id="t/twice", pattern=r"(\w)\1\1", evidence="predicted", fix="none", bad=[{"text": "<<aaa>>"}]
            ),
        ),
    )
]


def test_the_list_has_one_line_a_rule() -> None:
    first, second = listed(PACKS).splitlines()
    assert first.split() == ["t/axios", "name", "boilerplate", "error", "safe", "-"]
    assert second.split() == ["t/twice", "regex", "boilerplate", "error", "none", "-", "slow"]
    assert first.index("boilerplate") == second.index("boilerplate")


def test_a_list_of_nothing() -> None:
    assert rulebook.listed([]) == ""


def test_the_sheet_of_a_rule_answers_what_a_reader_asks() -> None:
    sheet = shown(PACKS)
    for line in (
        "t/axios",
        "  error · boilerplate · kind name · confidence medium · fix: safe",
        "  measured: not measured",
        "  why: An outlet.",
        "  see: https://example.org",
        "  right: أكسيوس",
        "  catches: 'صحيفة <<البديهية>>' -> 'صحيفة أكسيوس'",
        "  leaves:  'البديهية'",
        "  the wrong form is predicted: nobody has reported it from real text yet",
    ):
        assert line in sheet.splitlines()
    assert "صحيفة" in next(line for line in sheet.splitlines() if line.startswith("  near:"))
    assert "ta-marbuta" in next(line for line in sheet.splitlines() if line.startswith("  fold:"))


def test_the_outcome_of_examples() -> None:
    assert rulebook.tested(PACKS) == ("2 rules in 1 pack, 4 examples, 0 failed\n", True)
    broken = [
        PACKS[0],
        Pack(name="u", path="", language=None, about="", digest="", rules=(rule("regex", pattern="z"),)),
    ]
    text, holds = rulebook.tested(broken)
    assert not holds
    assert "FAIL t/rule: found nothing; expected 'x'\n     in: 'x'\n" in text
    assert text.endswith(" failed\n")


def test_kinds_have_their_names() -> None:
    assert [kind(rule) for rule in PACKS[0].rules] == ["name", "regex"]


def test_the_schema_is_told_in_one_stable_way() -> None:
    assert schema_text() == schema_text()
    assert json.loads(schema_text())["title"] == "auditor rule pack"


def test_the_examples_of_all_shipped_rules_hold() -> None:
    text, holds = rulebook.tested(load_packs())
    assert holds, text
