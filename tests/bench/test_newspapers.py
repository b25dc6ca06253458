"""The page about newspapers speaks of rules that are, and of all that were judged."""

from __future__ import annotations

import csv
import io
import re

import newspapers

from auditor.packs import load_packs
from auditor.sheets import judged


def test_the_page_lists_the_judged_rules_and_only_rules_that_are() -> None:
    found = judged(newspapers.KEPT)
    listed = re.findall(r"^\| `([^`]+)` \|", newspapers.PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    known = {rule.id for pack in load_packs() for rule in pack.rules}
    assert found.bad == []
    assert set(listed) == set(found.rules)
    assert set(listed) - known == set(), "draw, judge and make it again: tests/bench/newspapers.py"


def test_the_page_says_how_each_rule_is_fixed_now() -> None:
    fixes = {rule.id: rule.fix for pack in load_packs() for rule in pack.rules}
    rows = re.findall(r"^\| `([^`]+)` \| (\w+) \|", newspapers.PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {rule: fix for rule, fix in rows} == {rule: fixes[rule] for rule, _ in rows}


def test_samples_are_cut_to_a_few_words() -> None:
    assert newspapers.short(" ".join("abcdefghij")) == "a b c d e f g h…"
    assert newspapers.short("Write to someone@example.org or 5550123") == "Write to …@example.org or …"
    cells = re.findall(r"\u2068([^\u2069]*)\u2069", newspapers.PAGE.read_text(encoding="utf-8"))
    assert all(len(cell.split()) <= newspapers.WORDS for cell in cells)


def test_what_is_kept_holds_no_text() -> None:
    rows = list(csv.DictReader(io.StringIO(newspapers.KEPT.read_text(encoding="utf-8"))))
    assert set(rows[0]) == {"verdict", "rule", "key", "findings", "note"}
