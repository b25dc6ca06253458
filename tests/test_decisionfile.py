"""decisions.yaml: written sorted and readable, read back the same, and refused with the place of the mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.decisionfile import dump, excerpt, load, quoted, read
from auditor.decisions import Known, Place, Ruling
from auditor.errors import ConfigError

F1, F2 = "0123456789abcdef", "fedcba9876543210"
KNOWN = [
    Known(place=Place(path="b.jsonl", record=12, id="007"), findings={"t/b": {F1: "two"}}),
    Known(
        place=Place(path="a b/#1.txt", marks=("aaaaaaaaaaaa", "111111111111")),
        findings={"t/b": {F1: "z"}, "t/a": {F2: "yes", F1: "a: b"}},
    ),
]
RULING = Ruling(
    fingerprint="1" * 16,
    rule="t/a",
    text='"\u202eيا" \\ #\U0001f600\x07',
    verdict="true",
    scope="site",
    site="example.org",
    note="- [no] {yes}",
    person="Salma",
    date="2026-11-02",
)


def refusal(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "decisions.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value).replace(str(tmp_path) + "/", "")


def test_what_is_written_is_read_again_whatever_the_order(tmp_path: Path) -> None:
    text = dump(KNOWN, [RULING])
    assert text == dump(KNOWN[::-1], [RULING])
    path = tmp_path / "d.yaml"
    path.write_text(text, encoding="utf-8")
    found = load(path)
    assert dump(found.known, found.rulings) == text
    assert found.rulings == (RULING,)
    assert {one.place for one in found.known} == {one.place for one in KNOWN}


def test_it_reads_well() -> None:
    assert dump(KNOWN[1:], []).split("\n")[2:] == [
        "known:",
        '- document: "a b/#1.txt"',
        '  marks: ["aaaaaaaaaaaa", "111111111111"]',
        "  findings:",
        "    t/a:",
        f'      "{F1}": "a: b"',
        f'      "{F2}": "yes"',
        "    t/b:",
        f'      "{F1}": z',
        "",
    ]


@given(st.text())
def test_any_text_can_be_quoted(text: str) -> None:
    shown = quoted(text)
    assert re.search("[\u200e\u200f\u2028\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f-\x9f]", shown) is None
    assert yaml.safe_load(shown) == text


def test_excerpts_are_short() -> None:
    assert excerpt("a\n b") == "a b"
    assert len(excerpt("x" * 10**6)) == 60


def test_what_the_report_exports_is_read(tmp_path: Path) -> None:
    path = tmp_path / "salma.yaml"
    path.write_text(
        f'- fingerprint: "{F1}"\n  rule: ar-names/axios\n  text: البديهية\n  verdict: true\n  scope: here\n'
        "  note: ''\n  person: Salma\n  date: 2026-11-02\n"
        f"- {{fingerprint: {F2}, rule: t/a, verdict: skip}}\n",
        encoding="utf-8",
    )
    decisions, _ = read(path)
    assert [one.verdict for one in decisions.rulings] == ["true", "skip"]
    assert decisions.rulings[0].date == "2026-11-02"


BOMB = "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"
RULE = f"verdicts:\n- fingerprint: '{F1}'\n  rule: t/a\n"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (BOMB, "1:4", "anchors and aliases are not part of a file of decisions"),
        ("known: !!python/object/apply:os.system [id]\n", "1:8", "tag"),
        ("[" * 60 + "]" * 60, "1:", "nested too deeply to be a file of decisions"),
        ("verdict: []\n", "1:1", "unknown key 'verdict'; did you mean verdicts?"),
        ("known: 7\n", "1:1", "known must be a list"),
        ("- 1\n", "1:3", "must be a mapping with the keys fingerprint"),
        ("just text\n", "1:1", "decisions are a mapping"),
        ("schema: 2\n", "1:1", "schema 2 is not known here"),
        (RULE + "  verdict: wrong\n", "4:3", "'wrong' is not known"),
        (RULE + "  verdict: false-positiv\n", "4:3", "did you mean false-positive?"),
        (RULE + "  verdict: true\n  scope: site\n", "5:3", "a verdict for a site names it"),
        (RULE + "  verdict: true\n  scope: everywhere\n", "2:3", "key 'text' is missing"),
        (RULE + "  verdict: true\n  date: yesterday\n", "5:3", "a date is written 2026-01-31"),
        (RULE + "  verdict: true\n  person: [a]\n", "5:3", "person must be text"),
        (RULE, "2:3", "key 'verdict' is missing"),
        ("verdicts:\n- fingerprint: 12\n  rule: t/a\n  verdict: true\n", "2:3", "a fingerprint has 16 hex digits"),
        ("known:\n- document: a\n  findings: {t/a: [x]}\n", "3:14", "a rule has a mapping of fingerprints"),
        ("known:\n- document: a\n  record: -1\n  findings: {t/a: {}}\n", "3:3", "record must be a whole number"),
        (f"known:\n- findings: {{t/a: {{'{F1}': x}}}}\n", "2:3", "key 'document' is missing"),
        ("x: " + "9" * 6000, "1:1", "unknown key 'x'"),
    ],
)
def test_a_mistake_is_shown_where_it_is(tmp_path: Path, text: str, place: str, message: str) -> None:
    told = refusal(tmp_path, text)
    assert told.startswith(f"decisions.yaml:{place}")
    assert message in told


def test_what_is_no_text_or_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is not UTF-8" in refusal(tmp_path, b"\xff\xfe\x00")
    monkeypatch.setattr("auditor.decisionfile.LARGEST", 10)
    assert "larger than" in refusal(tmp_path, "known: []   ")
    with pytest.raises(ConfigError, match="cannot read decisions"):
        load(tmp_path / "none.yaml")


def test_verdicts_that_contradict_each_other_in_one_file_are_named(tmp_path: Path) -> None:
    more = (
        RULE
        + "  verdict: true\n  person: Salma\n"
        + RULE.partition("\n")[2]
        + "  verdict: false-positive\n  person: Omar\n"
    )
    told = refusal(tmp_path, more)
    assert "decisions.yaml:6: Omar says false-positive, where Salma says true (decisions.yaml:2)" in told
