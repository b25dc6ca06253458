"""`auditor rules eval` on labelled text: counts, samples, sums, and the table it keeps."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Auditor

PACK = """\
schema: 1
pack: own
rules:
- id: more
  kind: lexicon
  category: boilerplate
  severity: warning
  message: "'{match}' is a link"
  phrases: [Read more, Home]
  fix: safe
  bad: [{text: "<<Read more>>", fixed: ""}]
  good: [They read more than ever]
- id: loud
  kind: regex
  category: boilerplate
  severity: info
  message: "{match}"
  pattern: '[A-Z]{3,}'
  bad: [{text: "<<STOP>>"}]
  good: [Stop]
- id: gap
  kind: regex
  category: spacing
  severity: info
  message: "gap"
  pattern: '  +'
  bad: [{text: "a<<  >>b"}]
  good: [a b]
- id: never
  kind: regex
  category: boilerplate
  severity: info
  message: "{match}"
  pattern: 'zzz'
  bad: [{text: "<<zzz>>"}]
  good: [z]
"""
ONE = [
    ("Home", "boilerplate"),
    ("The NATO  council met.", "content"),
    ("Read more", "boilerplate"),
    ("Menu", "tagline"),
]
TWO = [("NEWS", "headline"), ("Read more", "content"), ("NOW OPEN", "boilerplate")]


def rows(*documents: list[tuple[str, str]]) -> str:
    found = [
        {"lines": [{"text": text, "label": label} for text, label in lines], "site": f"site {number}"}
        for number, lines in enumerate(documents)
    ]
    return "".join(json.dumps(one) + "\n" for one in found)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "gold.jsonl").write_text(rows(ONE, TWO), encoding="utf-8")
    return tmp_path


def figures(auditor: Auditor, *arguments: object, code: int = 0) -> Any:
    done = auditor("rules", "eval", *arguments, "--rules", "own.yaml", "--format", "json")
    assert done.code == code, done.err
    return json.loads(done.out)


def test_the_worst_rule_comes_first_with_what_it_found_wrongly(auditor: Auditor, folder: Path) -> None:
    done = auditor("rules", "eval", "gold.jsonl", "--rules", "own.yaml")
    assert done.code == 0
    assert done.out.splitlines() == [
        "2 documents of 2 sites in 1 file",
        "labelled lines: 4 right to find, 2 content, 1 neutral",
        "safe fixes: precision 66.7 % (20.8 to 93.9), recall 50 % (15 to 85) (mean over sites 33.3 %), "
        "1 content lines, 8 of 25 letters of content; neutral: 0 of 1 headlines",
        "all findings of furniture: precision 75 % (30.1 to 95.4), recall 75 % (30.1 to 95.4) "
        "(mean over sites 83.3 %), 1 content lines, 12 of 25 letters of content; neutral: 1 of 1 headlines",
        "",
        "rule      precision %          95 %  right  wrong  neutral  sites  site mean %  finds  alone  lost",
        "own/loud         66.7  20.8 to 93.9      2      1        1      2           50      1      1     0",
        "    wrong: gold.jsonl[0]:2 (site 0): The ⟦NATO⟧  council met.",
        "own/more         66.7  20.8 to 93.9      2      1        0      2           50      2      2     8",
        "    wrong: gold.jsonl[1]:2 (site 1): ⟦Read more⟧",
        "",
        "the labels do not speak of findings by 1 rule: own/gap 1",
        "",
        "never fired, 1 of 4 rules: own/never",
    ]
    assert auditor("rules", "eval", "gold.jsonl", "--rules", "own.yaml", "--jobs", "2").out == done.out


def test_the_same_for_programs(auditor: Auditor, folder: Path) -> None:
    found = figures(auditor, "gold.jsonl")
    assert found["never_fired"] == ["own/never"]
    more = found["rules"]["own/more"]
    assert (more["right"], more["wrong"], more["found"], more["recall"], more["content_lost"]) == (2, 1, 2, 0.5, 8)
    assert more["sites"] == {"site 0": {"right": 2}, "site 1": {"wrong": 1}}
    assert found["lines"]["fixes"]["recall_site_mean"] == 0.3333


def test_as_a_page(auditor: Auditor, folder: Path) -> None:
    done = auditor("rules", "eval", "gold.jsonl", "--rules", "own.yaml", "--format", "markdown", "-o", "page.md")
    assert (done.code, done.out) == (0, "")
    page = (folder / "page.md").read_text(encoding="utf-8")
    assert "| `own/more` | 66.7 | 20.8 to 93.9 | 2 | 1 |" in page
    assert "| `own/loud` | `site 0` | `NATO` |" in page


def test_spans(auditor: Auditor, folder: Path) -> None:
    text = "Home\nA  b and  c"
    spans = [{"start": 0, "end": 4, "category": "boilerplate"}, {"start": 6, "end": 8, "category": "spacing"}]
    (folder / "gold.jsonl").write_text(json.dumps({"text": text, "spans": spans}) + "\n", encoding="utf-8")
    found = figures(auditor, "gold.jsonl")
    assert found["spans"] == {"found": 1, "missed": 1, "right": 1, "wrong": 0, "neutral": 2, "unjudged": 0}
    assert found["rules"]["own/more"]["right"] == 1


def test_many_findings_in_one_long_line_take_no_long_time(auditor: Auditor, folder: Path) -> None:
    text = "NEWS  " * 3_000
    spans = [{"start": at, "end": at + 4, "category": "boilerplate"} for at in range(0, len(text), 12)]
    (folder / "gold.jsonl").write_text(
        json.dumps({"text": text, "spans": spans}) + "\n" + rows([(text, "content")]), encoding="utf-8"
    )
    loud = figures(auditor, "gold.jsonl")["rules"]["own/loud"]
    assert (loud["right"], loud["wrong"], loud["found"]) == (1_500, 4_500, 1_500)


def test_bad_rows_are_named_and_the_rest_goes_on(auditor: Auditor, folder: Path) -> None:
    text = rows(ONE) + '\n{"lines": [{"text": "x", "label": "menu\x1b"}]}\n'.replace("\x1b", "\\u001b") + rows(TWO)
    (folder / "gold.jsonl").write_text(text, encoding="utf-8")
    done = auditor("rules", "eval", "gold.jsonl", "--rules", "own.yaml", "--update", "measured.tsv")
    assert done.code == 2
    assert "measured.tsv stays as it was" in done.err
    assert not (folder / "measured.tsv").exists()
    assert "not used: gold.jsonl:3: lines[0]: unknown label 'menu" in done.err
    assert "\x1b" not in done.err
    assert "own/loud         66.7  20.8 to 93.9      2      1" in done.out


def test_packed_files_and_text_that_is_all_content(auditor: Auditor, folder: Path) -> None:
    with gzip.open(folder / "news.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(json.dumps({"text": "Home\nAll is \ud800 well"}) + "\n")
    found = figures(auditor, "news.jsonl.gz", "gold.jsonl", "--all-content")
    assert (found["documents"], found["rules"]["own/more"]["wrong"]) == (3, 2)


def test_the_table_is_kept_set_by_set(auditor: Auditor, folder: Path) -> None:
    for name in ("gold.jsonl", "other.jsonl"):
        (folder / name).write_text(rows(ONE, TWO), encoding="utf-8")
        assert auditor("rules", "eval", name, "--rules", "own.yaml", "--update", "measured.tsv").code == 0
    first = (folder / "measured.tsv").read_bytes()
    assert auditor("rules", "eval", "gold.jsonl", "--rules", "own.yaml", "--update", "measured.tsv").code == 0
    assert (folder / "measured.tsv").read_bytes() == first
    shown = auditor("rules", "show", "own.yaml").out
    assert "  measured: 66.7 % right of 6 (95 %: 30 to 90.3) on 4 sites (gold, other)" in shown.splitlines()
    assert "66.7%/6" in auditor("rules", "list", "own.yaml").out
    (folder / "own.yaml").write_text(PACK.replace("Read more, Home", "Read more"), encoding="utf-8")
    assert "(gold, other; before the rule's last change)" in auditor("rules", "show", "own.yaml").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "say what to measure on: GOLD files, or --judged SHEET"),
        (["own.yaml"], "labelled text is a .jsonl file"),
        (["gold.jsonl", "more/gold.jsonl"], "are both called 'gold'"),
        (["gold.jsonl", "--judged", "x.csv"], "--judged reads a sheet alone"),
        (["nowhere.jsonl"], "nowhere.jsonl: no such file"),
    ],
)
def test_a_wrong_call_is_explained(auditor: Auditor, folder: Path, arguments: list[str], message: str) -> None:
    (folder / "more").mkdir()
    (folder / "more/gold.jsonl").write_text(rows(ONE), encoding="utf-8")
    done = auditor("rules", "eval", *arguments, "--rules", "own.yaml")
    assert done.code == 2
    assert message in done.err
