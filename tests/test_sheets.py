"""Samples for a person to judge: the same by the same seed, harmless in a spreadsheet, read back with care."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from conftest import Auditor

PACK = """\
schema: 1
pack: own
rules:
- id: sum
  kind: regex
  category: boilerplate
  severity: info
  message: "{match}"
  pattern: '^[=+@-].*'
  bad: [{text: "<<=1>>"}]
  good: [x]
- id: more
  kind: lexicon
  category: boilerplate
  severity: warning
  message: "{match}"
  phrases: [Read more]
  fix: safe
  bad: [{text: "<<Read more>>", fixed: ""}]
  good: [They read more than ever]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    for number in range(6):
        text = "Page\nRead more\n" * 5 + "=HYPERLINK(0)\n"
        (tmp_path / f"corpus/{number}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def sampled(auditor: Auditor, *arguments: object) -> list[dict[str, str]]:
    done = auditor("rules", "eval", "corpus", "--rules", "own.yaml", "--sample", 4, "-o", "sheet.csv", *arguments)
    assert done.code == 0, done.err
    return rows(Path("sheet.csv"))


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def judge(verdicts: dict[str, list[str]], change: str = "") -> None:
    """Fill in the sheet as a person would; ``change`` is a delimiter that their spreadsheet prefers."""
    found = rows(Path("sheet.csv"))
    for rule, given in verdicts.items():
        for row, verdict in zip([row for row in found if row["rule"] == rule], given, strict=False):
            row["verdict"] = verdict
    out = io.StringIO()
    writer = csv.DictWriter(out, list(found[0]), delimiter=change or ",")
    writer.writeheader()
    writer.writerows(found)
    Path("sheet.csv").write_text(out.getvalue(), encoding="utf-8")


def test_a_sample_holds_so_many_of_each_rule(auditor: Auditor, folder: Path) -> None:
    found = sampled(auditor)
    assert [row["rule"] for row in found] == ["own/more"] * 4 + ["own/sum"] * 4
    assert [row["findings"] for row in found] == ["30"] * 4 + ["6"] * 4
    assert found[0]["fix"] == "delete"


def test_the_seed_decides(auditor: Auditor, folder: Path) -> None:
    first = sampled(auditor)
    assert sampled(auditor, "--jobs", 2) == first
    assert sampled(auditor, "--seed", 1) != first


def test_no_cell_is_a_formula(auditor: Auditor, folder: Path) -> None:
    cells = [cell for row in sampled(auditor) for cell in row.values()]
    assert "'=HYPERLINK(0)" in cells
    assert not [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@")[:4] and cell]


def test_verdicts_give_precision_weighted_by_findings(auditor: Auditor, folder: Path) -> None:
    sampled(auditor)
    judge({"own/more": ["right", "yes", "1", "Right"], "own/sum": ["wrong", "right", "unsure"]})
    done = auditor("rules", "eval", "--judged", "sheet.csv", "--rules", "own.yaml")
    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        "all rules, weighted by their findings: precision 91.7 % (67.6 to 100)",
        "",
        "rule      precision %         95 %  right  wrong  unsure  findings",
        "own/sum            50  9.5 to 90.5      1      1       1         6",
        "own/more          100    51 to 100      4      0       0        30",
    ]


def test_sheets_of_other_spreadsheets(auditor: Auditor, folder: Path) -> None:
    sampled(auditor)
    judge({"own/more": ["right"] * 4}, change=";")
    text = Path("sheet.csv").read_text(encoding="utf-8")
    Path("sheet.csv").write_bytes(text.replace(";", "\t").encode("utf-16"))
    done = auditor("rules", "eval", "--judged", "sheet.csv", "--rules", "own.yaml", "--update", "measured.tsv")
    assert done.code == 0, done.err
    assert "measured: 100 % right of 4 (95 %: 51 to 100) (sheet)" in auditor("rules", "show", "own.yaml").out


def test_rows_that_cannot_be_used_are_named(auditor: Auditor, folder: Path) -> None:
    sampled(auditor)
    judge({"own/more": ["right", "maybe"], "own/sum": ["right"]})
    lines = Path("sheet.csv").read_text(encoding="utf-8").split("\n")
    Path("sheet.csv").write_text("\n".join([*lines[:-1], lines[1], "right,,own/gone,,,,,,,k1,7"]), encoding="utf-8")
    done = auditor("rules", "eval", "--judged", "sheet.csv", "--rules", "own.yaml")
    assert done.code == 2
    assert "sheet.csv:3: verdict 'maybe'; write right, wrong or unsure" in done.err
    assert "sheet.csv:10: stands here twice" in done.err
    assert "sheet.csv: own/gone: no such rule in these packs" in done.err
    assert "own/sum" in done.out


def test_what_was_judged_before_is_kept(auditor: Auditor, folder: Path) -> None:
    sampled(auditor)
    judge({"own/more": ["right", "wrong"]})
    before = {row["key"]: row["verdict"] for row in rows(Path("sheet.csv"))}
    found = sampled(auditor, "--judged", "sheet.csv", "--sample", 5)
    assert len(found) == 10
    assert [row["verdict"] for row in found if row["verdict"]] == ["right", "wrong"]
    assert all(before.get(row["key"], "") == row["verdict"] for row in found)


def test_another_file_is_no_sheet(auditor: Auditor, folder: Path) -> None:
    done = auditor("rules", "eval", "--judged", "own.yaml", "--rules", "own.yaml")
    assert done.code == 2
    assert "no column verdict, rule, key, findings; is this a sheet that --sample wrote?" in done.err
