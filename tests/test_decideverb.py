"""`auditor decide` from the command line, and what decisions do to the other verbs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from conftest import Auditor

PACK = """\
schema: 1
pack: t
rules:
- id: more
  kind: lexicon
  category: boilerplate
  severity: error
  message: "{match}"
  phrases: [Read more]
  at: end
  fix: safe
  bad: [{text: "<<Read more>>", fixed: ""}]
  good: [a b]
"""
LONG = "The harbour master said the ferry would run again from Monday.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("t.yaml").write_text(PACK, encoding="utf-8")
    Path("corpus").mkdir()
    Path("corpus/a.txt").write_text(LONG + "Read more\n", encoding="utf-8")
    Path("corpus/b.txt").write_text("They seldom\nRead more\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(auditor: Auditor) -> Auditor:
    def called(*arguments: object, **more: object):  # type: ignore[no-untyped-def]
        rules = ["--rules", "t.yaml"] if arguments[1] not in ("import", "list") and arguments[0] != "gate" else []
        return auditor(*arguments, *rules, **more)

    return called


def verdict(path: Path, **fields: str) -> Path:
    one = {"rule": "t/more", "text": "Read more", "scope": "here", "person": "Salma", "date": "2026-11-02", **fields}
    path.write_text(yaml.safe_dump([one], allow_unicode=True), encoding="utf-8")
    return path


def fingerprint_of(run: Auditor, path: str) -> str:
    return str(json.loads(run("check", path, "--format", "jsonl").out.split("\n")[0])["fingerprint"])


def test_a_baseline_makes_old_findings_known_and_new_ones_count(run: Auditor) -> None:
    assert run("check", "corpus").code == 1
    assert run("decide", "record", "corpus").code == 0
    assert run("check", "corpus", "--decisions", "decisions.yaml").code == 0
    Path("corpus/c.txt").write_text("News.\nRead more\n", encoding="utf-8")
    done = run("check", "corpus", "--decisions", "decisions.yaml", "--format", "jsonl")
    assert done.code == 1
    rows = [json.loads(row) for row in done.out.split("\n") if row]
    assert [(row["path"], row["decision"]) for row in rows] == [
        ("corpus/a.txt", "known"),
        ("corpus/b.txt", "known"),
        ("corpus/c.txt", None),
    ]


def test_a_run_and_its_sources_give_one_baseline_whatever_the_jobs(run: Auditor) -> None:
    run("audit", "corpus", "-o", "out")
    assert run("decide", "record", "out", "-o", "one.yaml").code == 0
    assert run("decide", "record", "corpus", "-o", "two.yaml", "--jobs", "2").code == 0
    one, two = (Path(name).read_text("utf-8") for name in ("one.yaml", "two.yaml"))
    assert one.replace("document: ", "document: corpus/") == two.replace("document: corpus/", "document: corpus/")
    assert run("check", "corpus", "--decisions", "one.yaml").code == 0


def test_known_and_false_positives_are_counted_apart(run: Auditor) -> None:
    run("decide", "record", "corpus/a.txt")
    verdict(Path("salma.yaml"), fingerprint=fingerprint_of(run, "corpus/b.txt"), verdict="false-positive")
    assert run("decide", "import", "salma.yaml").code == 0
    run("audit", "corpus", "-o", "out", "--decisions", "decisions.yaml", "--jobs", "2")
    totals = json.loads(Path("out/run.json").read_bytes())["totals"]
    assert (totals["findings"], totals["known"], totals["false_positives"]) == (1, {"error": 1}, 1)
    assert (totals["fixed"], totals["by_rule"]) == (1, {"t/more": 1})
    assert "Read more" in Path("out/cleaned/b.txt").read_text("utf-8")  # judged false, so left alone
    assert "Read more" not in Path("out/cleaned/a.txt").read_text("utf-8")
    assert "1 known" in Path("out/summary.md").read_text("utf-8")
    run("clean", "corpus", "-o", "cleaned", "--decisions", "decisions.yaml")
    assert "Read more" in Path("cleaned/cleaned/b.txt").read_text("utf-8")
    rows = [json.loads(row) for row in Path("out/documents.jsonl").read_text("utf-8").splitlines()]
    assert [(row["findings"], row["known"], row["quality"]) for row in rows][1] == (0, 0, 1.0)


def test_the_configuration_names_the_file(run: Auditor) -> None:
    Path("auditor.toml").write_text('decisions = "decisions.yaml"\n', encoding="utf-8")
    assert "cannot read decisions" in run("check", "corpus").err
    assert run("decide", "record", "corpus").code == 0
    assert run("check", "corpus").code == 0
    assert run("decide", "record", "corpus").code == 0  # again: what is known stays in it
    assert run("check", "corpus").code == 0


def test_what_nothing_needs_is_named_and_pruned(run: Auditor) -> None:
    run("decide", "record", "corpus")
    assert run("decide", "check", "corpus").code == 0
    Path("corpus/b.txt").write_text("They seldom read.\n", encoding="utf-8")
    done = run("decide", "check", "corpus")
    assert done.code == 1
    assert done.out.startswith("unused: known corpus/b.txt: t/more ")
    assert run("decide", "check", "corpus", "--prune").code == 0
    assert run("decide", "check", "corpus").code == 0
    assert "b.txt" not in Path("decisions.yaml").read_text("utf-8")


def test_conflicts_end_the_import_and_name_both(run: Auditor) -> None:
    mark = "0123456789abcdef"
    verdict(Path("salma.yaml"), fingerprint=mark, verdict="true")
    verdict(Path("omar.yaml"), fingerprint=mark, verdict="false-positive", person="Omar")
    done = run("decide", "import", "salma.yaml", "omar.yaml", "-o", "both.yaml")
    assert done.code == 1
    assert "Omar says false-positive on 2026-11-02, Salma says true on 2026-11-02" in done.err
    assert not Path("both.yaml").exists()
    assert run("decide", "import", "salma.yaml", "omar.yaml", "-o", "both.yaml", "--prefer", "Omar").code == 0
    shown = run("decide", "list", "--decisions", "both.yaml").out
    assert shown == f"false-positive t/more {mark} 'Read more' (here) by Omar 2026-11-02\n"
    assert run("decide", "list", "--decisions", "both.yaml", "--person", "Salma").out == ""


def test_verdicts_become_examples(run: Auditor) -> None:
    Path("corpus/b.txt").write_text("They seldom Read more\n", encoding="utf-8")
    verdict(Path("s.yaml"), fingerprint=fingerprint_of(run, "corpus/b.txt"), verdict="false-positive")
    run("decide", "import", "s.yaml")
    assert run("decide", "examples", "t/more", "corpus").out == "  good:\n    - They seldom Read more\n"
    assert run("decide", "examples", "t/more").out == "  good:\n    - Read more\n"
    assert run("decide", "examples", "t/other").out == ""


def test_a_document_that_cannot_be_checked_has_no_baseline(run: Auditor) -> None:
    Path("corpus/c.jsonl").write_text("{\n", encoding="utf-8")
    done = run("decide", "record", "corpus")
    assert done.code == 2
    assert not Path("decisions.yaml").exists()


def test_the_ratchet_fails_only_for_what_got_worse(run: Auditor) -> None:
    run("audit", "corpus", "-o", "base")
    assert run("check", "corpus", "--no-worse-than", "base").code == 0  # errors, but no more than before
    assert run("check", "corpus", "--no-worse-than", "base", "--fail-on", "error").code == 1
    Path("corpus/c.txt").write_text(LONG * 3, encoding="utf-8")
    assert run("check", "corpus", "--no-worse-than", "base/run.json").code == 0
    Path("corpus/d.txt").write_text("News.\nRead more\n" * 9, encoding="utf-8")
    done = run("check", "corpus", "--no-worse-than", "base")
    assert done.code == 1
    assert "worse than base: boilerplate: " in done.err
    assert "findings per 1,000 words, was " in done.err
    assert run("audit", "corpus", "-o", "now", "--no-worse-than", "base").code == 1
    assert run("check", "corpus", "--no-worse-than", "none").code == 2


def test_rules_are_off_for_documents_by_their_id(run: Auditor) -> None:
    rows = [{"id": f"wire-{n}" if n % 2 else f"own-{n}", "text": "They seldom\nRead more"} for n in range(4)]
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    Path("auditor.toml").write_text('[[paths]]\nids = ["wire-*"]\noff = ["t/more"]\n', encoding="utf-8")
    found = [json.loads(row)["id"] for row in run("check", "rows.jsonl", "--format", "jsonl").out.split("\n") if row]
    assert found == ["own-0", "own-2"]
