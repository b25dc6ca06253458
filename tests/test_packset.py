"""Packs that extend packs: what comes along, what is switched off or changed, and what is refused where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from auditor.errors import PackError
from auditor.examples import failures
from auditor.kinds import AnyRule
from auditor.packs import Pack, load_pack, load_packs

BASE = """\
schema: 1
pack: base
rules:
- id: more
  kind: lexicon
  category: boilerplate
  severity: error
  message: "found {match}"
  phrases: [Read more]
  fix: safe
  bad: [{text: <<Read more>>, fixed: ""}]
  good: [Read]
- id: share
  kind: lexicon
  category: boilerplate
  severity: warning
  message: "found {match}"
  phrases: [Share]
  bad: [{text: <<Share>>}]
  good: [They share]
"""
HOUSE = "schema: 1\npack: house\nextends: [base.yaml]\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(text: str, name: str = "house.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    made(BASE, "base.yaml")
    return made


def rules(*selectors: object) -> dict[str, AnyRule]:
    return {rule.id: rule for pack in load_packs([str(one) for one in selectors]) for rule in pack.rules}


def error(path: Path) -> str:
    with pytest.raises(PackError) as caught:
        load_packs([str(path)])
    return str(caught.value)


def test_the_rules_of_an_extended_pack_come_along(write: Write) -> None:
    own = BASE.replace("pack: base", "pack: house\nextends: [base.yaml]")
    assert list(rules(write(own))) == ["base/more", "base/share", "house/more", "house/share"]
    assert list(rules(write(HOUSE))) == ["base/more", "base/share"]  # a pack may have no rules of its own


def test_shipped_packs_are_extended_by_name(write: Write) -> None:
    house = write("schema: 1\npack: house\nextends: [core-repeat]\n")
    assert list(rules(house)) == list(rules("core-repeat"))
    everything = write("schema: 1\npack: house\nextends: [default]\noff: [core-repeat]\n")
    assert list(rules(everything)) == list(rules("default", "-core-repeat"))


def test_rules_are_switched_off(write: Write) -> None:
    assert list(rules(write(HOUSE + "off: [base/more]\n"))) == ["base/share"]
    two = write(HOUSE.replace("[base.yaml]", "[base.yaml, core-repeat]") + "off: [base]\n")
    assert list(rules(two)) == list(rules("core-repeat"))


def test_severity_confidence_and_fix_are_changed(write: Write) -> None:
    changed = rules(write(HOUSE + "override:\n  base/more: {severity: info, confidence: low, fix: none}\n"))
    more = changed["base/more"]
    assert (more.severity, more.confidence, more.fix) == ("info", "low", "none")
    assert changed["base/share"].severity == "warning"


def test_what_is_said_of_a_rule_outranks_what_is_said_of_its_pack(write: Write) -> None:
    house = HOUSE + "override:\n  base/share: {severity: error}\n  base: {severity: info, confidence: low}\n"
    changed = rules(write(house))
    assert {name: (rule.severity, rule.confidence) for name, rule in changed.items()} == {
        "base/more": ("info", "low"),
        "base/share": ("error", "low"),
    }


def test_changed_rules_keep_their_tests(write: Write) -> None:
    house = write(HOUSE + "override:\n  base/more: {fix: display}\n")
    assert failures(load_packs([str(house)])) == []


def test_the_outermost_pack_has_the_last_word(write: Write) -> None:
    write(HOUSE + "override:\n  base/more: {severity: warning, fix: unsafe}\n")
    outer = write(
        "schema: 1\npack: desk\nextends: [house.yaml]\noverride: {base/more: {severity: info}}\n", "desk.yaml"
    )
    more = rules(outer)["base/more"]
    assert (more.severity, more.fix) == ("info", "unsafe")
    assert list(rules(write("schema: 1\npack: desk\nextends: [house.yaml]\noff: [base/more]\n", "desk.yaml"))) == [
        "base/share"
    ]


def test_a_pack_is_in_a_run_once_as_its_extender_wants_it(write: Write, tmp_path: Path) -> None:
    house = write(HOUSE + "off: [base/more]\n")
    for selectors in ([house, tmp_path / "base.yaml"], [tmp_path / "base.yaml", house], [tmp_path]):
        assert list(rules(*selectors)) == ["base/share"]
    assert list(rules(house, "-base/share", "core-repeat")) == list(rules("core-repeat"))


def test_the_digest_of_a_changed_pack_tells(write: Write, tmp_path: Path) -> None:
    def digest(selector: Path) -> str:
        return next(pack.digest for pack in load_packs([str(selector)]) if pack.name == "base")

    plain = digest(tmp_path / "base.yaml")
    assert digest(write(HOUSE)) == plain
    one = digest(write(HOUSE + "off: [base/more]\n"))
    two = digest(write(HOUSE + "off: [base/share]\n"))
    assert len({plain, one, two}) == 3


def test_a_diamond_is_no_circle(write: Write) -> None:
    for name in ("left", "right"):
        write(f"schema: 1\npack: {name}\nextends: [base.yaml]\n", f"{name}.yaml")
    top = write("schema: 1\npack: top\nextends: [left.yaml, right.yaml]\noff: [base/more]\n", "top.yaml")
    assert list(rules(top)) == ["base/share"]


MISTAKES = [
    ("extends: [bas.yaml]", "3:11", "extends: no such file 'bas.yaml'; did you mean base.yaml?"),
    ("extends: [core-repat]", "3:11", "extends: no shipped pack 'core-repat'; did you mean core-repeat?"),
    ("extends: [../../etc/passwd]", "3:11", "extends: no shipped pack"),
    ("extends: [base.yaml, house.yaml]", "3:22", "extends 'house.yaml', which extends this pack in turn"),
    ("extends: base.yaml", "3:1", "extends: Expected a list, got text"),
    ("extend: [base.yaml]", "3:1", "unknown key 'extend'; did you mean extends?"),
    ("extends: [base.yaml]\noff: [base/mor]", "4:7", "the pack 'base' has no rule 'base/mor'; did you mean base/more?"),
    ("extends: [base.yaml]\noff: [bas/more]", "4:7", "no pack 'bas' among those this one extends; did you mean base?"),
    (
        "extends: [base.yaml]\noff: [core-repeat]",
        "4:7",
        "no pack 'core-repeat' among those this one extends; known: ba",
    ),
    ("override: {base/more: {severity: info}}\nextends: []", "1:1", "key 'rules' is missing"),
    ("extends: [base.yaml]\noverride:\n  base/moer: {severity: info}", "5:3", "has no rule 'base/moer'; did you mean"),
    (
        "extends: [base.yaml]\noverride:\n  base/more: {severty: info}",
        "5:15",
        "unknown key 'severty'; did you mean severity?",
    ),
    (
        "extends: [base.yaml]\noverride:\n  base/more: {severity: warn}",
        "5:15",
        "severity: 'warn' is not known; did you mean warning?",
    ),
    ("extends: [base.yaml]\noverride:\n  base/more: info", "5:3", "Expected a mapping, got text"),
    (
        "extends: [base.yaml]\noverride:\n  base/share: {fix: safe}",
        "5:16",
        "base/share has fix: none and no `fixed` examples; it cannot become safe",
    ),
    ("extends: [base.yaml]\noverride:\n  base: {fix: unsafe}", "5:10", "base/share has fix: none"),
]


@pytest.mark.parametrize(("text", "place", "message"), MISTAKES, ids=[each[2][:50] for each in MISTAKES])
def test_a_mistake_is_shown_where_it_is(write: Write, text: str, place: str, message: str) -> None:
    path = write(f"schema: 1\npack: house\n{text}\n")
    found = error(path)
    assert found.startswith(f"{path}:{place}: ")
    assert message in found.split("\n")[0]


def test_a_circle_through_other_packs(write: Write) -> None:
    write("schema: 1\npack: desk\nextends: [house.yaml]\n", "desk.yaml")
    path = write("schema: 1\npack: house\nextends: [desk.yaml]\n")
    assert "desk.yaml:3:11: extends 'house.yaml', which extends this pack in turn" in error(path)


def test_a_long_chain(write: Write) -> None:
    for number in range(30):
        write(f"schema: 1\npack: p{number}\nextends: [p{number + 1}.yaml]\n", f"p{number}.yaml")
    path = write(BASE.replace("pack: base", "pack: p30"), "p30.yaml")
    assert "packs extend each other more than 20 deep" in error(path.with_name("p0.yaml"))
    assert list(rules(path.with_name("p15.yaml"))) == ["p30/more", "p30/share"]


def test_switching_off_without_extending(write: Write) -> None:
    own = BASE.replace("pack: base", "pack: house\noff: [base/more]")
    assert "house.yaml:3:7: off: 'base/more' stands in no pack this one extends; add it" in error(write(own))


# --- lists in files ----------------------------------------------------------------------------------------------


def test_a_list_in_a_file(write: Write) -> None:
    write("# places\nport\n\n  bridge # old\n", "lists/places.txt")
    text = BASE.replace("rules:", "define:\n  places: {file: lists/places.txt}\nrules:", 1)
    path = write(text.replace("[Read more]", "[Read more, $places]"), "own.yaml")
    before = load_pack(path)
    assert before.rules[0].phrases == ("Read more", "port", "bridge # old")  # type: ignore[union-attr]
    write("harbour\n", "lists/places.txt")
    after = load_pack(path)
    assert after.rules[0].phrases == ("Read more", "harbour")  # type: ignore[union-attr]
    assert before.digest != after.digest


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{file: ../secret.txt}", "file '../secret.txt' lies outside the pack's folder"),
        ("{file: none.txt}", "file 'none.txt' cannot be read"),
        ("{fil: x.txt}", "define: places is a list of texts, or {file: lists/places.txt}"),
        ("{file: [x]}", "define: places is a list of texts, or {file: lists/places.txt}"),
    ],
)
def test_lists_that_cannot_be_read(write: Write, given: str, message: str) -> None:
    path = write(BASE.replace("rules:", f"define:\n  places: {given}\nrules:", 1), "own.yaml")
    found = error(path)
    assert found.startswith(f"{path}:4:")
    assert message in found


def test_packs_go_to_worker_processes_whole(write: Write) -> None:
    pack = load_pack(write(HOUSE + "override: {base: {severity: info}}\n"))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(pack), type=Pack) == pack
