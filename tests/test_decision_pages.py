"""docs/decisions.md and docs/gate.md: their examples, run in order."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from conftest import Auditor
from test_budgets import finding, found, run_json
from test_gate import row, write

from auditor import config
from auditor.decisionfile import read
from auditor.gatesection import _BUDGET_KEYS, _KEYS

DOCS = Path(__file__).parents[1] / "docs"
PACK = """\
schema: 1
pack: mine
rules:
- id: read-more
  kind: lexicon
  category: boilerplate
  severity: error
  message: "{match}"
  phrases: [Read more]
  fix: safe
  bad: [{text: "<<Read more>>", fixed: ""}]
  good: [a b]
"""
VERDICT = """\
- fingerprint: "{}"
  rule: mine/read-more
  text: Read more
  verdict: {}
  scope: {}
  note: "{}"
  person: {}
  date: 2026-11-0{}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(PACK, encoding="utf-8")
    Path("corpus").mkdir()
    Path("corpus/ferry.txt").write_text("The ferry runs again from Monday.\nRead more\n", encoding="utf-8")
    Path("corpus/market.txt").write_text("Rain kept the old market closed all week.\nRead more\n", encoding="utf-8")
    return tmp_path


def run(page: str, auditor: Auditor) -> None:
    """Run every command shown; what it prints has to fit, with ``...`` for anything."""
    for block in re.findall(r"^```(?:console|toml)\n.*?^```$", page, re.DOTALL | re.MULTILINE):
        if block.startswith("```toml"):
            continue
        for command, shown in re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ |```).*\n)*)", block, re.MULTILINE):
            words = shlex.split(command)
            if words[0] == "mv":
                Path(words[1]).rename(words[2])
                continue
            done = auditor(*words[1:])
            pattern = r"(?s:.*)".join(re.escape(part) for part in shown.split("..."))
            assert re.match(pattern, done.err + done.out if words[1] == "decide" else done.out + done.err), (
                command,
                done,
            )


def test_decisions(folder: Path, auditor: Auditor) -> None:
    page = (DOCS / "decisions.md").read_text(encoding="utf-8")
    rows = auditor("check", "corpus", "--rules", "mine.yaml", "--format", "jsonl").out.split("\n")
    marks = [json.loads(row)["fingerprint"] for row in rows if row]
    salma = VERDICT.format(marks[0], "false-positive", "everywhere", "a book title", "Salma", 2)
    Path("salma.yaml").write_text(salma, encoding="utf-8")
    Path("omar.yaml").write_text(VERDICT.format(marks[1], "true", "here", "", "Omar", 3), encoding="utf-8")
    run(page, auditor)
    (shown,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    Path("shown.yaml").write_text(shown, encoding="utf-8")
    assert len(read(Path("shown.yaml"))[0].known) == 1
    (settings,) = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    Path("auditor.toml").write_text(settings, encoding="utf-8")
    assert config.load().paths[0].ids == ("wire-*",)


def test_gate(folder: Path, auditor: Auditor) -> None:
    pytest.importorskip("great_expectations")
    page = (DOCS / "gate.md").read_text(encoding="utf-8")
    settings, expectation = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    Path("auditor.toml").write_text(settings, encoding="utf-8")
    rows = [row(n, words=200, quality_cleaned=0.95) for n in range(16)]
    rows += [row(n, path=f"blog/{n}.txt", site="example.org", quality_cleaned=0.7) for n in range(16, 20)]
    write(folder / "out", rows)
    found(folder, [finding("news/3.txt", n, rule="ar-boilerplate/share-bar", severity="info") for n in range(80)])
    (folder / "out").rename("audit-out")
    run_json(folder / "audit-out/run.json", words=4000, boilerplate=80)
    run(page, auditor)
    Path("auditor.toml").write_text(settings + expectation, encoding="utf-8")
    assert len(config.load().gate.expectations) == 1


def test_the_page_of_the_gate_names_every_key() -> None:
    page = (DOCS / "gate.md").read_text(encoding="utf-8")
    for key in {*_KEYS, *_BUDGET_KEYS}:
        assert key in page, key
