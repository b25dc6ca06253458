"""The gate by its section of auditor.toml: budgets by path and site, expectations, the ratchet, decisions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import Auditor
from test_gate import row, write

from auditor import config
from auditor.errors import ConfigError, GateError
from auditor.gate import GateResult, asked, gate, render
from auditor.model import Finding, RunReport, Totals

pytest.importorskip("great_expectations")

NONE = '[gate]\nsuite = "none"\n'


def judge(tmp_path: Path, section: str, rows: list[dict[str, Any]], **flags: Any) -> GateResult:
    """Run the gate over rows by a section of auditor.toml."""
    (tmp_path / "auditor.toml").write_text(section, encoding="utf-8")
    found = config.load(tmp_path / "auditor.toml")
    out = write(tmp_path / "out", rows)
    wish = asked(found.gate, found.root, flags.get("suite"), flags.get("than"), flags.get("decisions"))
    return gate(out, wish, flags.get("data_docs"))


def finding(path: str, number: int = 0, **fields: Any) -> Finding:
    base: dict[str, Any] = {
        **{"path": path, "record": 0, "id": None, "rule": "t/menu", "category": "boilerplate", "severity": "error"},
        **{"confidence": "high", "line": 1, "column": 1, "end_line": 1, "end_column": 2, "start": 0, "end": 1},
        **{"text": "x", "message": "", "why": "", "related": (), "fingerprint": f"{number:016x}", "fix": None},
    }
    return Finding(**base | fields)


def found(tmp_path: Path, findings: list[Finding]) -> None:
    (tmp_path / "out").mkdir(exist_ok=True)
    text = b"".join(msgspec.json.encode(one) + b"\n" for one in findings)
    (tmp_path / "out/findings.jsonl").write_bytes(text)


def failed(result: GateResult) -> list[str]:
    return [one.message for one in result.checks if not one.success]


def test_a_budget_is_of_its_paths_as_a_whole(tmp_path: Path) -> None:
    section = NONE + '[[gate.budgets]]\nmatch = "news/**"\ncharacters-deleted = 0.1\n'
    rows = [row(n, chars=1000, characters_deleted=0) for n in range(8)]
    rows += [row(8, chars=4000, characters_deleted=1000), row(9, path="blog/9.txt", characters_deleted=900)]
    assert judge(tmp_path, section, rows).passed  # 1,000 of 12,000
    rows[7]["characters_deleted"] = 300
    result = judge(tmp_path, section, rows)
    assert failed(result) == ["budget news/**: the share of text deleted should be at most 0.1; it is 0.1083"]
    assert [(one.path, one.figures) for one in result.worst] == [
        ("news/7.txt", {"deleted_ratio": 0.3}),
        ("news/8.txt", {"deleted_ratio": 0.25}),
    ]


def test_with_mostly_a_budget_is_of_each_document(tmp_path: Path) -> None:
    section = NONE + "[[gate.budgets]]\ncharacters-deleted = 0.1\nquality = 0.5\nmostly = 0.75\n"
    rows = [
        row(n, chars=1000, characters_deleted=500 if n < 3 else 0, quality=0.4 if n < 2 else 0.9) for n in range(10)
    ]
    result = judge(tmp_path, section, rows)
    assert failed(result) == [
        "budget all documents: the share of text deleted should be at most 0.1 in 75% of documents; "
        "3 of 10 documents (30.0%) fail"
    ]


def test_findings_per_1000_words_by_severity_category_and_rule(tmp_path: Path) -> None:
    section = (
        NONE + '[[gate.budgets]]\nfindings-per-1000-words = {error = 4, boilerplate = 2, "t/menu" = 9, info = 0}\n'
    )
    found(tmp_path, [finding("news/3.txt", n) for n in range(6)] + [finding("gone.txt")])
    result = judge(tmp_path, section, [row(n, words=200) for n in range(10)])
    assert failed(result) == ["budget all documents: boilerplate findings per 1,000 words should be at most 2; it is 3"]
    assert len(result.checks) == 4
    text = render(result)
    assert "news/3.txt: findings_per_1000_words.boilerplate 30; mostly t/menu 6x" in text
    assert "next: auditor check news/3.txt" in text


def test_known_findings_and_false_positives_do_not_count(tmp_path: Path) -> None:
    section = NONE + "[[gate.budgets]]\nfindings-per-1000-words = 0\n"
    found(tmp_path, [finding("news/0.txt", 1, decision="known"), finding("news/0.txt", 2, decision="false-positive")])
    assert judge(tmp_path, section, [row(0)]).passed
    found(tmp_path, [finding("news/0.txt", 1), finding("news/0.txt", 2)])
    assert not judge(tmp_path, section, [row(0)]).passed
    decisions = tmp_path / "decisions.yaml"
    decisions.write_text(
        f"known:\n- document: other/0.txt\n  findings: {{t/menu: {{'{1:016x}': x}}}}\n"
        f"verdicts:\n- {{fingerprint: '{2:016x}', rule: t/menu, verdict: false-positive}}\n",
        encoding="utf-8",
    )
    assert not judge(tmp_path, section, [row(0)], decisions=decisions).passed  # of another path
    decisions.write_text(decisions.read_text("utf-8").replace("other/0.txt", "news/0.txt"), encoding="utf-8")
    assert judge(tmp_path, section, [row(0)], decisions=decisions).passed


def test_sites_and_conditions_choose_documents(tmp_path: Path) -> None:
    section = NONE + (
        '[[gate.budgets]]\nname = "long Arabic pages"\nsites = ["example.org"]\n'
        'where = {language = ["ar", "fa"], words = {min = 100}}\nmt-engine = 0.25\nnotes = "Ask the desk."\n'
    )
    rows = [row(n, site="example.org", mt_engine="an engine" if n < 3 else None) for n in range(9)]
    rows += [row(n, site="example.com", mt_engine="an engine") for n in range(9, 30)]
    rows += [row(n, site="example.org", words=20, mt_engine="an engine") for n in range(30, 40)]
    rows += [row(n, site="example.org", language="en", mt_engine="an engine") for n in range(40, 50)]
    result = judge(tmp_path, section, rows)
    (message,) = failed(result)
    assert message.startswith("budget long Arabic pages: the share of documents with the fingerprint of a translation")
    assert message.endswith("should be at most 0.25; 3 of 9 documents (33.3%) fail")
    assert "Ask the desk." in render(result)
    assert judge(tmp_path, section.replace("0.25", "0.34"), rows).passed


def test_severity_warning_is_said_and_passes(tmp_path: Path) -> None:
    result = judge(tmp_path, NONE + '[[gate.budgets]]\nquality = 0.95\nseverity = "warning"\n', [row(1)])
    assert result.passed
    assert "warning: budget all documents: quality should be at least 0.95; it is 0.9" in render(result)


def test_quality_cleaned_is_that_of_what_is_used(tmp_path: Path) -> None:
    rows = [row(1, quality=0.5, quality_cleaned=1.0), row(2, quality=0.6)]
    section = NONE + "[[gate.budgets]]\nquality-cleaned = 0.8\n"
    assert judge(tmp_path, section, rows).passed
    assert not judge(tmp_path, section.replace("0.8", "0.81"), rows).passed


def test_a_budget_of_nothing_is_said_and_alone_never_passes(tmp_path: Path) -> None:
    budget = '[[gate.budgets]]\nmatch = "new/**"\nquality = 0.5\n'
    result = judge(tmp_path, budget, [row(1)])
    assert any("auditor.toml:1: no document belongs to the budget 'new/**'" in note for note in result.warnings)
    with pytest.raises(GateError, match=r"nothing was checked: .*no document belongs"):
        judge(tmp_path, NONE + budget, [row(1)])


def test_budgets_stand_beside_the_suite_and_expectations_in_its_own_terms(tmp_path: Path) -> None:
    section = (
        '[[gate.expectations]]\ntype = "expect_column_values_to_be_in_set"\nseverity = "warning"\n'
        'kwargs = {column = "language", value_set = ["fa"], mostly = 0.9}\n'
        "[[gate.budgets]]\nquality = 0.5\n"
    )
    result = judge(tmp_path, section, [row(n) for n in range(10)])
    assert result.suite == "intake"
    assert len(result.checks) == 15
    assert len(failed(result)) == 1
    with pytest.raises(GateError, match=r"auditor.toml:1: expectation 'expect_colum_x' is unknown; did you mean"):
        judge(tmp_path, '[[gate.expectations]]\ntype = "expect_colum_x"\n', [row(1)])


def test_the_flag_outranks_the_configured_suite(tmp_path: Path) -> None:
    suite = tmp_path / "mine.yaml"
    entry = "{type: expect_table_row_count_to_be_between, kwargs: {min_value: 1}}"
    suite.write_text(f"expectations: [{entry}]", encoding="utf-8")
    assert judge(tmp_path, '[gate]\nsuite = "mine.yaml"\n', [row(1)]).suite == "mine"
    section = NONE + "[[gate.budgets]]\nquality = 0\n"
    assert judge(tmp_path, section, [row(1)], suite=suite).suite == "mine"


def test_data_docs_show_budgets_and_run_nothing_from_the_corpus(tmp_path: Path) -> None:
    rows = [row(n, path="<script>alert(1)</script>.txt", record=n, quality=0.1) for n in range(3)]
    section = NONE + '[[gate.budgets]]\nmatch = "*.txt"\nquality = 0.5\nmostly = 0.9\ncharacters-deleted = 0.5\n'
    result = judge(tmp_path, section, rows, data_docs=tmp_path / "docs")
    assert result.data_docs == str(tmp_path / "docs/index.html")
    pages = list((tmp_path / "docs/validations").rglob("*.html"))
    assert pages
    assert not any("<script>alert(1)" in page.read_text("utf-8") for page in pages)


# --- the ratchet ---------------------------------------------------------------------------------------------------


def run_json(path: Path, *, words: int, documents: int = 10, rule: str = "t/menu", **by_category: int) -> Path:
    totals: dict[str, Any] = {
        **dict.fromkeys(("files", "characters", "fixed", "remaining", "characters_deleted", "unchecked"), 0),
        **{"documents": documents, "findings": sum(by_category.values()), "by_severity": {}, "quality": 1.0},
        **{"by_category": by_category, "by_rule": {rule: sum(by_category.values())}, "quality_cleaned": None},
        **{"verdict": "clean", "words": words},
    }
    report = RunReport(version="1", packs={"t": rule}, options={}, totals=Totals(**totals), files=())
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(msgspec.json.encode(report))
    return path


def test_what_got_worse_closes_the_gate_and_names_its_documents(tmp_path: Path) -> None:
    then = run_json(tmp_path / "then.json", words=100_000, boilerplate=100, spacing=50)
    found(tmp_path, [finding("news/2.txt", n) for n in range(3)])
    run_json(tmp_path / "out/run.json", words=2_000, boilerplate=3, spacing=1)
    result = judge(tmp_path, NONE + "no-worse-than = 'then.json'\n", [row(n) for n in range(10)])
    assert not result.passed
    assert failed(result) == [f"boilerplate: 1.5 findings per 1,000 words, was 1 in {then}"]
    assert [one.path for one in result.worst] == ["news/2.txt"]
    assert judge(tmp_path, NONE + "no-worse-than = 'then.json'\ntolerance = 0.5\n", [row(1)]).passed
    run_json(tmp_path / "out/run.json", words=200_000, boilerplate=200, spacing=99)
    assert judge(tmp_path, NONE + "no-worse-than = 'then.json'\n", [row(1)]).passed


def test_by_rule_and_by_documents(tmp_path: Path) -> None:
    run_json(tmp_path / "then.json", words=0, documents=10, boilerplate=10)
    run_json(tmp_path / "out/run.json", words=500, documents=10, rule="t/new", boilerplate=10)
    found(tmp_path, [])
    section = NONE + "no-worse-than = 'then.json'\n"
    assert judge(tmp_path, section, [row(1)]).passed
    result = judge(tmp_path, section + 'no-worse-by = "rule"\n', [row(1)])
    assert "t/new: 1,000 findings per 1,000 documents, was 0" in failed(result)[0]
    assert "rules differ from the recorded run's (t)" in result.warnings[0]


@pytest.mark.parametrize("text", ["{}", "[" * 10**5, '{"totals": 1}', "\xff"])
def test_a_run_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "then.json").write_text(text, encoding="latin-1")
    run_json(tmp_path / "out/run.json", words=1)
    with pytest.raises(ConfigError, match=r"is not the run\.json of an audit"):
        judge(tmp_path, NONE + "no-worse-than = 'then.json'\n", [row(1)])


# --- mistakes in the section ------------------------------------------------------------------------------------------

BUDGET = "[[gate.budgets]]\nquality = 0.5\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("gate = 1", "1", "gate must be a table, not 1"),
        ("[gate]\nsuit = 'x'", "2", "unknown key 'suit'; did you mean suite?"),
        ("[gate]\nno-worse-by = 'categories'", "2", "no-worse-by: 'categories' is not known; did you mean category?"),
        ("[gate]\ntolerance = -1", "2", "tolerance: must be a number from 0, not -1"),
        ("[gate]\nbudgets = 3", "2", "budgets: is written as [[gate...]] tables, not as 3"),
        (NONE, "1", "the gate would check nothing"),
        (BUDGET + "[[gate.budgets]]\nqualty = 0.5", "4", "unknown key 'qualty'; did you mean quality?"),
        (BUDGET + BUDGET, "3", "two budgets are called 'all documents'"),
        (BUDGET + "mostly = 0", "3", "mostly: 0 lets every document pass"),
        (BUDGET + "severity = 'eror'", "3", "severity: 'eror' is not known"),
        (BUDGET + "where = {langage = 'ar'}", "3", "documents.jsonl has no column 'langage'; did you mean language?"),
        (BUDGET + "where = {words = {above = 3}}", "3", "words: bounds are written {min = 1, max = 2}"),
        (BUDGET + "match = '*a*a*a*a*a*a*a*a*a'", "3", "has more than 8 wildcards"),
        ("[[gate.budgets]]\nname = 'x'", "1", "a budget bounds something: one of characters-deleted, findings-per"),
        ("[[gate.budgets]]\ncharacters-deleted = 5", "2", "must be a share from 0 to 1, not 5"),
        ("[[gate.budgets]]\nquality = nan", "2", "must be a number from 0, not nan"),
        (
            "[[gate.budgets]]\nfindings-per-1000-words = {boilerplat = 1}",
            "2",
            "'boilerplat' is no severity, category or pack/rule; did you mean boilerplate?",
        ),
    ],
)
def test_a_mistake_is_shown_where_it_is(tmp_path: Path, text: str, line: str, message: str) -> None:
    (tmp_path / "auditor.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load(tmp_path / "auditor.toml")
    first = str(caught.value).split("\n")[0]
    assert f"auditor.toml:{line}: " in first
    assert message in first


def test_findings_that_are_none_or_missing_are_an_error(tmp_path: Path) -> None:
    section = NONE + "[[gate.budgets]]\nfindings-per-1000-words = 1\n"
    with pytest.raises(GateError, match=r"findings\.jsonl: cannot read it"):
        judge(tmp_path, section, [row(1)])
    (tmp_path / "out/findings.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(GateError, match=r"findings\.jsonl:1: not a finding"):
        judge(tmp_path, section, [row(1)])


def test_the_command(tmp_path: Path, auditor: Auditor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "out", [row(n) for n in range(10)])
    Path("auditor.toml").write_text(NONE + "[[gate.budgets]]\nquality = 0.95\n", encoding="utf-8")
    done = auditor("gate", "out", "--format", "json")
    assert done.code == 1
    assert json.loads(done.out)["checks"][0]["observed"] == pytest.approx(0.9)
    Path("auditor.toml").write_text(NONE + "[[gate.budgets]]\nquality = 0.85\n", encoding="utf-8")
    assert auditor("gate", "out").out.startswith("gate passed: 1 check, over 10 documents (suite budgets)")
    assert auditor("gate", "out", "--isolated").code in (0, 1)
