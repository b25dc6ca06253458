"""The gate, with the real Great Expectations: what passes, what closes it, and what it refuses to judge."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import Auditor

from auditor.cli import main
from auditor.errors import GateError
from auditor.gate import GateResult, gate, render
from auditor.gate_result import shell_word
from auditor.model import Metrics

pytest.importorskip("great_expectations")

GOOD: dict[str, Any] = {
    "path": "news/1.txt",
    "record": 0,
    "id": None,
    "site": None,
    "language": "ar",
    "chars": 1200,
    "words": 200,
    "lines": 12,
    "boilerplate_ratio": 0.1,
    "duplicate_ratio": 0.0,
    "mixed_script_ratio": 0.0,
    "spaced_comma_ratio": 0.0,
    "mt_engine": None,
    "mt_score": None,
    "quality": 0.9,
}


def row(number: int, **figures: Any) -> dict[str, Any]:
    metrics = Metrics(**{**GOOD, "path": f"news/{number}.txt", **figures})
    return dict(msgspec.to_builtins(metrics))


def write(folder: Path, rows: list[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
    (folder / "documents.jsonl").write_text(text, encoding="utf-8")
    return folder


def check(tmp_path: Path, *expectations: str, rows: list[dict[str, Any]] | None = None) -> GateResult:
    """Run the gate with expectations written as flow mappings of YAML."""
    suite = tmp_path / "suite.yaml"
    suite.write_text("expectations:\n" + "".join(f"- {one}\n" for one in expectations), encoding="utf-8")
    return gate(write(tmp_path / "out", rows or [row(n) for n in range(10)]), suite)


def refusal(tmp_path: Path, *expectations: str, rows: list[dict[str, Any]] | None = None) -> str:
    with pytest.raises(GateError) as caught:
        check(tmp_path, *expectations, rows=rows)
    return str(caught.value)


def test_a_good_corpus_passes_the_default_suite(tmp_path: Path) -> None:
    result = gate(write(tmp_path / "out", [row(n, quality_cleaned=0.95) for n in range(20)]))
    assert result.passed
    assert all(one.success for one in result.checks), render(result)
    assert result.worst == ()
    assert render(result).startswith("gate passed: ")


def test_a_bad_corpus_fails_the_default_suite_and_names_its_worst_documents(tmp_path: Path) -> None:
    bad = [row(n, record=n, path="bad.jsonl", boilerplate_ratio=0.6 + n / 100) for n in range(20, 35)]
    out = write(tmp_path / "out", [row(n) for n in range(20)] + bad)
    (out / "report.html").write_text("<p>", encoding="utf-8")
    result = gate(out)
    assert not result.passed
    failed = [one for one in result.checks if not one.success]
    assert [(one.column, one.severity) for one in failed] == [("boilerplate_ratio", "critical")]
    assert failed[0].observed == pytest.approx(20 / 35)
    assert "boilerplate_ratio should be at most 0.5 in 90% of documents; 15 of 35" in failed[0].message
    assert [one.record for one in result.worst] == list(range(34, 24, -1))  # worst first, ten at most
    assert result.worst[0].figures == {"boilerplate_ratio": pytest.approx(0.94)}
    text = render(result)
    assert "FAILED: 1 of 13 checks failed, over 35 documents (suite intake)" in text
    assert "bad.jsonl[34]: boilerplate_ratio 0.94" in text
    assert "next: auditor check bad.jsonl\n" in text
    assert str(out / "report.html") in text


def test_the_next_command_works_where_the_audit_ran(
    tmp_path: Path, auditor: Auditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus/a b").mkdir(parents=True)
    (tmp_path / "corpus/a b/page.txt").write_text("The bridge is open.\n", encoding="utf-8")
    auditor("audit", "corpus", "-o", "out", "--isolated")
    done = auditor("gate", "out", "--isolated")
    assert "next: auditor check 'corpus/a b/page.txt'\n" in done.out
    (tmp_path / "out/timings.json").unlink()
    assert "next: auditor check 'a b/page.txt'\n" in auditor("gate", "out", "--isolated").out


def test_a_failing_warning_is_said_but_does_not_close_the_gate(tmp_path: Path) -> None:
    kwargs = "{column: words, min_value: 500}"
    result = check(tmp_path, f"{{type: expect_column_values_to_be_between, kwargs: {kwargs}, severity: warning}}")
    assert result.passed
    assert not result.checks[0].success
    assert "gate passed: 1 check, 1 warning, over 10 documents" in render(result)
    assert "warning: words should be at least 500; 10 of 10 documents (100.0%) fail" in render(result)


def test_severity_is_critical_unless_said_otherwise(tmp_path: Path) -> None:
    result = check(tmp_path, "{type: expect_table_row_count_to_be_between, kwargs: {min_value: 11}}")
    assert not result.passed
    assert result.checks[0].message == "the number of documents should be at least 11; it is 10"


def test_documents_that_pull_a_mean_down_are_the_worst(tmp_path: Path) -> None:
    rows = [row(1), row(2, quality=0.2), row(3, quality=0.0), row(4)]
    mean = "{type: expect_column_mean_to_be_between, kwargs: {column: quality, min_value: 0.6}}"
    result = check(tmp_path, mean, rows=rows)
    assert result.checks[0].observed == pytest.approx(0.5)
    assert [one.path for one in result.worst] == ["news/3.txt", "news/2.txt"]


def test_row_conditions_choose_the_documents(tmp_path: Path) -> None:
    rows = [row(n, language="ar" if n < 5 else "en", mt_score=0.9 if n == 2 else None) for n in range(10)]
    arabic = "{type: comparison, column: {name: language}, operator: '==', parameter: %s}"
    mean = "{type: expect_column_values_to_be_between, kwargs: {column: mt_score, max_value: 0.5, row_condition: %s}}"
    result = check(tmp_path, mean % (arabic % "ar"), mean % (arabic % "en"), rows=rows)
    assert [one.success for one in result.checks] == [False, True]
    assert "where language == ar; 1 of 1 document (100.0%) fail" in result.checks[0].message
    assert result.warnings == ("no document has a value to judge in mt_score (where language == en)",)
    both = f"{{type: and, conditions: [{arabic % 'ar'}, {{type: nullity, column: {{name: mt_score}}, is_null: true}}]}}"
    words = "{type: expect_column_values_to_be_between, kwargs: {column: words, min_value: 999, row_condition: %s}}"
    result = check(tmp_path, words % both, rows=rows)
    assert "where language == ar and mt_score is null; 4 of 4 documents" in result.checks[0].message


def test_an_aggregate_over_nothing_fails(tmp_path: Path) -> None:
    mean = "{type: expect_column_mean_to_be_between, kwargs: {column: quality_cleaned, min_value: 0.5}}"
    result = check(tmp_path, mean)
    assert not result.passed
    assert result.checks[0].message.endswith("there is no value to judge")


def test_columns_of_nulls_and_columns_that_others_joined_in(tmp_path: Path) -> None:
    rows = [{**row(n), "licence": "CC-BY" if n else "unknown"} for n in range(4)]
    result = check(
        tmp_path,
        "{type: expect_column_values_to_be_in_set, kwargs: {column: mt_engine, value_set: [x]}}",
        "{type: expect_column_values_to_be_null, kwargs: {column: quality_cleaned}}",
        "{type: expect_column_values_to_match_regex, kwargs: {column: site, regex: a}}",
        "{type: expect_column_values_to_not_be_in_set, kwargs: {column: licence, value_set: [unknown]}}",
        "{type: expect_column_to_exist, kwargs: {column: site}}",
        rows=rows,
    )
    assert [one.success for one in result.checks] == [True, True, True, False, True]
    assert [one.figures for one in result.worst] == [{"licence": "unknown"}]


@pytest.mark.parametrize(
    ("expectation", "said"),
    [
        (
            "{type: expect_column_values_to_be_betwen, kwargs: {column: words, min_value: 1}}",
            "expectation 'expect_column_values_to_be_betwen' is unknown; "
            "did you mean 'expect_column_values_to_be_between'?",
        ),
        (
            "{type: expect_table_row_count_to_be_between, kwargs: {min_value: 1}, severity: error}",
            "severity 'error' is unknown; known are critical, warning, info",
        ),
        (
            "{type: expect_table_row_count_to_be_between, kwargs: {min_value: 1}, severty: info}",
            "key 'severty' is unknown; did you mean 'severity'?",
        ),
        (
            "{type: expect_table_row_count_to_be_between, kwargs: {min_valu: 1}}",
            "argument 'min_valu' is unknown; did you mean 'min_value'?",
        ),
        (
            "{type: expect_table_row_count_to_be_between, kwargs: {min_value: 1, severity: info}}",
            "severity stands beside kwargs, not inside them",
        ),
        (
            "{type: expect_column_mean_to_be_between, kwargs: {column: quality, min_value: 0.9, max_value: 0.1}}",
            "min_value 0.9 is above max_value 0.1",
        ),
        (
            "{type: expect_column_values_to_be_between, kwargs: {column: words, min_value: 1, mostly: 95}}",
            "mostly: ensure this value is less than or equal to 1.0",
        ),
        (
            "{type: expect_column_mean_to_be_between, kwargs: {column: qualty, min_value: 0.1}}",
            "; did you mean 'quality'? (columns: path, record, id,",
        ),
        (
            "{type: expect_column_mean_to_be_between, kwargs: {column: quality, min_value: 0.1, "
            "row_condition: {type: comparison, column: {name: lang}, operator: '==', parameter: ar}}}",
            "no column 'lang' in",
        ),
        (
            "{type: expect_column_mean_to_be_between, kwargs: {column: quality, min_value: 0.1, "
            "row_condition: {type: comparison, column: {name: language}, operator: '===', parameter: ar}}}",
            "row_condition: not understood; write {type: comparison,",
        ),
        (
            "{type: expect_column_mean_to_be_between, kwargs: {column: path, min_value: 0.1}}",
            "expect_column_mean_to_be_between: cannot be evaluated: ",
        ),
        (
            "{type: expect_column_kl_divergence_to_be_less_than, kwargs: {column: language, threshold: 0.1}}",
            "expect_column_kl_divergence_to_be_less_than: cannot be evaluated: ",
        ),
        (
            "{type: expect_column_values_to_be_between, kwargs: {column: words, min_value: 1, mostly: 0}}",
            "mostly 0 lets every document pass",
        ),
        ("[]", "an expectation is a mapping with a type and kwargs, not a list"),
    ],
)
def test_a_suite_that_cannot_be_evaluated_is_refused_with_its_place(
    tmp_path: Path, expectation: str, said: str
) -> None:
    message = refusal(tmp_path, "{type: expect_table_row_count_to_be_between, kwargs: {min_value: 1}}", expectation)
    assert said in message
    assert message.startswith(f"{tmp_path / 'suite.yaml'}:3:3: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("expectations: []", "has no expectations; a gate that checks nothing must not pass"),
        ("name: x", "expectations must be a list, not nothing"),
        ("- type: x", "a suite is a mapping of name and expectations, not a list"),
        ("", "a suite is a mapping of name and expectations, not nothing"),
        ("expectation: []", "suite key 'expectation' is unknown; did you mean 'expectations'?"),
        ("name: x\nexpectations: [{type: a}\n", "suite.yaml:3:1: not valid YAML: "),
        ("name: x\nname: y\n", "suite.yaml:2:1: key 'name' is written twice"),
        ("name: \x07", "not valid YAML: "),
    ],
)
def test_a_file_that_is_no_suite_is_refused(tmp_path: Path, text: str, said: str) -> None:
    suite = tmp_path / "suite.yaml"
    suite.write_text(text, encoding="utf-8")
    with pytest.raises(GateError, match=re.escape(said)):
        gate(write(tmp_path / "out", [row(1)]), suite)


def test_json_suites_as_great_expectations_writes_them(tmp_path: Path) -> None:
    import great_expectations
    from great_expectations.expectations import ExpectColumnMeanToBeBetween

    mean = ExpectColumnMeanToBeBetween(column="quality", min_value=0.95, severity="warning")
    suite = great_expectations.ExpectationSuite(name="theirs", expectations=[mean])
    (tmp_path / "suite.json").write_text(json.dumps(suite.to_json_dict()), encoding="utf-8")
    result = gate(write(tmp_path / "out", [row(1)]), tmp_path / "suite.json")
    assert (result.suite, result.checks[0].severity, result.checks[0].success) == ("theirs", "warning", False)
    (tmp_path / "broken.json").write_text('{"name": ', encoding="utf-8")
    with pytest.raises(GateError, match="not valid JSON"):
        gate(tmp_path / "out", tmp_path / "broken.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no documents; a gate that judges nothing must not pass"),
        ("\n  \n", "no documents"),
        ('{"path": "a"}\n', "documents.jsonl:1: not a row of metrics: Object missing required field `record`"),
        (json.dumps(row(1)) + "\n{oops\n", "documents.jsonl:2: not a row of metrics: JSON is malformed"),
        (json.dumps({**row(1), "quality": "high"}), "documents.jsonl:1: not a row of metrics: Expected `float`"),
        ("[1]\n", "documents.jsonl:1: not a row of metrics"),
    ],
)
def test_documents_that_cannot_be_judged_are_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "documents.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(GateError, match=re.escape(said)):
        gate(tmp_path)


def test_a_folder_without_documents_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(GateError, match=r"`auditor audit SRC -o DIR` writes DIR/documents.jsonl"):
        gate(tmp_path)


def test_the_file_itself_may_be_given(tmp_path: Path) -> None:
    assert gate(write(tmp_path / "out", [row(1)]) / "documents.jsonl").documents == 1


def test_data_docs_are_written_and_nothing_else_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = write(tmp_path / "out", [row(n, id="<script>alert(1)</script>") for n in range(3)])
    result = gate(out, data_docs=tmp_path / "docs")
    pages = [page.read_text(encoding="utf-8") for page in (tmp_path / "docs").rglob("*.html")]
    assert result.data_docs == str(tmp_path / "docs" / "index.html")
    assert any("duplicate_ratio" in page for page in pages)
    assert not any("<script>alert(1)" in page for page in pages)
    assert capfd.readouterr() == ("", "")


def test_data_docs_need_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(GateError, match="cannot write Data Docs"):
        gate(write(tmp_path / "out", [row(1)]), data_docs=tmp_path / "file")


def test_the_same_documents_give_the_same_result(tmp_path: Path) -> None:
    out = write(tmp_path / "out", [row(n, quality=0.1) for n in range(12)])
    assert gate(out) == gate(out)


def test_hostile_names_cannot_drive_the_terminal_or_the_shell(tmp_path: Path) -> None:
    path = "-a\u202eb\x1b[31m'$(id)`.txt"
    result = gate(write(tmp_path / "out", [row(1, path=path, id="x\x07", words=0)]))
    text = render(result)
    assert not set(text) & {"\u202e", "\x1b", "\x07"}
    assert "(id x<U+0007>)" in text
    word = text.split("auditor check ")[1].splitlines()[0]
    echoed = subprocess.run(
        ["bash", "-c", f"printf %s {word}"], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert echoed.stdout.decode() == f"./{path}"


def test_ordinary_names_stay_readable_in_the_shell() -> None:
    assert shell_word("اخبار/1.txt") == "'اخبار/1.txt'"
    assert shell_word("news/1.txt") == "news/1.txt"


def test_without_great_expectations_the_extra_is_named(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['great_expectations'] = None\n"
        "from pathlib import Path; from auditor.errors import GateError; from auditor.gate import gate\n"
        "try: gate(Path(sys.argv[1]))\n"
        "except GateError as error: print(error)"
    )
    out = write(tmp_path / "out", [row(1)])
    done = subprocess.run([sys.executable, "-c", code, str(out)], capture_output=True, text=True, check=True)
    assert "pip install 'corpus-auditor[gate]'" in done.stdout


def test_the_command_gives_the_verdict_as_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", str(write(tmp_path / "good", [row(n) for n in range(9)]))]) == 0
    assert main(["gate", str(write(tmp_path / "bad", [row(n, quality=0.1) for n in range(9)]))]) == 1
    assert main(["gate", str(tmp_path / "nothing")]) == 2
    said = capsys.readouterr()
    assert said.out.startswith("gate passed: ")
    assert "gate FAILED: 1 of 13 checks failed" in said.out
    assert "documents.jsonl" in said.err
