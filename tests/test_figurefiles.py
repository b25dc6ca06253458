"""Figures as files: the same rows in every format."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest
from conftest import CORPUS, Auditor

from auditor.errors import ConfigError
from auditor.figurefiles import columns, targets
from auditor.formats import parquettable
from auditor.model import Metrics

pq = pytest.importorskip("pyarrow.parquet")


def test_all_formats_hold_the_same_rows(auditor: Auditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquettable, "GROUP", 4)
    formats = [f"{name}={tmp_path / name}" for name in ("jsonl", "csv", "parquet")]
    done = auditor("score", CORPUS, *(argument for one in formats for argument in ("--format", one)))
    assert (done.code, done.out) == (0, "")
    rows = [json.loads(line) for line in (tmp_path / "jsonl").read_text("utf-8").splitlines()]
    table = pq.read_table(tmp_path / "parquet")
    assert table.to_pylist() == rows
    assert pq.ParquetFile(tmp_path / "parquet").num_row_groups == -(-len(rows) // 4)
    with (tmp_path / "csv").open(encoding="utf-8", newline="") as file:
        assert [row["path"] for row in csv.DictReader(file)] == table["path"].to_pylist()


def test_the_schema_is_the_same_whatever_the_rows(auditor: Auditor, tmp_path: Path) -> None:
    """No column of nulls becomes one of another kind; a corpus without documents has a table without rows."""
    (tmp_path / "none.jsonl").write_bytes(b"\n")
    (tmp_path / "one.jsonl").write_bytes(b'{"text": "short"}\n')
    schemas = []
    for name in ("none", "one"):
        target = tmp_path / f"{name}.parquet"
        assert auditor("score", tmp_path / f"{name}.jsonl", "--format", "parquet", "-o", target).code == 0
        schemas.append(pq.read_schema(target))
    assert schemas[0].equals(schemas[1])
    assert {str(schemas[0].field(name).type) for name in ("chars", "quality", "mt_score", "id")} == {
        *("int64", "double", "string"),
    }
    assert [field.name for field in schemas[0]] == list(Metrics.__struct_fields__)


def test_columns_tell_what_may_be_missing() -> None:
    found = {name: (kind, nullable) for name, kind, nullable in columns()}
    assert found["id"] == (str, True)
    assert found["chars"] == (int, False)
    assert found["mt_score"] == (float, True)


@pytest.mark.parametrize(
    ("formats", "path", "problem"),
    [
        (["parquet"], None, "a table is written to a file"),
        (["parket=x"], None, "unknown; did you mean parquet?"),
        (["csv=a", "jsonl=a"], None, "several formats would go to one place"),
        (["csv=a"], "b", "every --format names a file of its own already"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_runs(
    formats: list[str], path: str | None, problem: str
) -> None:
    with pytest.raises(ConfigError, match=problem.replace("?", r"\?")):
        targets(formats, Path(path) if path else None)


def test_without_pyarrow_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"corpus-auditor\[parquet\]"):
        targets(["parquet=x"], None)
    assert targets(["csv"], Path("x")) == [("csv", Path("x"))]
