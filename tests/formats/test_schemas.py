"""Layouts of corpora: told by their first row, chosen by name, and what was named by hand stays."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.cli import main
from auditor.errors import ConfigError
from auditor.formats import ReadOptions
from auditor.formats.base import member
from auditor.formats.schemas import SCHEMAS, first_names, names_of, settled
from auditor.model import Fields

URL = "https://www.naba.example/a"
ROWS: dict[str, dict[str, Any]] = {
    "hplt": {"f": "x.warc", "o": 1, "u": URL, "c": "text/html", "ts": "2025", "text": "نص", "id": "h1"},
    "dolma": {"id": "d1", "text": "نص", "source": "cc", "added": "2025", "created": "", "metadata": {"url": URL}},
    "datatrove": {"text": "نص", "id": "t1", "metadata": {"url": URL, "dump": "x"}},
    "datasets": {"text": "نص", "id": "s1", "url": URL},
}
SITES = {"hplt": "u", "dolma": "metadata.url", "datatrove": "metadata.url", "datasets": "url"}


def test_every_schema_is_tried() -> None:
    assert set(ROWS) == set(SCHEMAS)


@pytest.mark.parametrize("name", ROWS)
def test_a_layout_is_told_by_its_first_row(name: str) -> None:
    options, fields = settled(names_of(ROWS[name]), ReadOptions())
    assert fields == Fields(schema=name, text="text", id="id", site=SITES[name])
    assert options.site_field == SITES[name]
    assert member(ROWS[name], options.site_field) == URL


def test_other_rows_are_read_as_ever() -> None:
    options, fields = settled(["text", "name"], ReadOptions())
    assert options == ReadOptions()
    assert fields.schema is None


def test_what_was_named_stays() -> None:
    options, _ = settled(names_of(ROWS["hplt"]), ReadOptions(site_field="f", id_field="o"))
    assert (options.site_field, options.id_field) == ("f", "o")


def test_an_automatic_choice_changes_nothing_that_is_there() -> None:
    row = ROWS["datatrove"] | {"url": "https://b.example"}
    options, _ = settled(names_of(row), ReadOptions())
    assert options.site_field == "url"
    options, _ = settled(names_of(row), ReadOptions(schema="datatrove"))
    assert options.site_field == "metadata.url"


def test_none_leaves_the_fields_alone() -> None:
    assert settled(names_of(ROWS["hplt"]), ReadOptions(schema="none"))[0].site_field == "url"


def test_a_schema_holds_where_rows_differ_from_release_to_release() -> None:
    row = {"id": 1, "document_lang": "ar", "langs": [], "text": "نص", "url": URL, "collection": "cc40"}
    assert settled(names_of(row), ReadOptions(schema="hplt"))[0].site_field == "url"


def test_an_unknown_schema_is_an_error() -> None:
    with pytest.raises(ConfigError, match="schema 'dolm' is not known; did you mean dolma"):
        settled([], ReadOptions(schema="dolm"))


def test_names_come_from_the_first_row_that_can_be_read() -> None:
    data = b'\n{"broken\n[1]\n{"text": "", "a": {"b": {"c": 1}}}\n{"z": 1}\n'
    stream, names = first_names(io.BytesIO(data))
    assert names == {"text", "a", "a.b"}
    assert stream.read(1000) == data


def test_names_of_rows_in_utf_16() -> None:
    assert first_names(io.BytesIO('{"u": "x"}\n'.encode("utf-16")))[1] == {"u"}


def test_a_dot_leads_into_an_object_unless_it_is_in_the_name() -> None:
    assert member({"a.b": 1, "a": {"b": 2}}, "a.b") == 1
    assert member({"a": {"b": {"c": 3}}}, "a.b.c") == 3
    assert member({"a": "text"}, "a.b") is None


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, row in ROWS.items():
        Path(f"{name}.jsonl").write_text(json.dumps(row | {"text": "نص قصير جدا ."}, ensure_ascii=False) + "\n")
    return tmp_path


def score(*arguments: str) -> list[dict[str, Any]]:
    assert main(["score", *arguments, "-o", "figures.jsonl", "--quiet"]) == 0
    return [json.loads(line) for line in Path("figures.jsonl").read_text().splitlines()]


def test_sites_are_read_and_the_report_tells_from_where(folder: Path) -> None:
    files = [f"{name}.jsonl" for name in ROWS]
    assert main(["audit", *files, "-o", "out", "--quiet"]) == 0
    figures = [json.loads(line) for line in Path("out/documents.jsonl").read_text().splitlines()]
    assert {(row["path"], row["site"]) for row in figures} == {(file, "naba.example") for file in files}
    report = json.loads(Path("out/reports/hplt.jsonl.json").read_text())
    assert report["fields"] == {"schema": "hplt", "text": "text", "id": "id", "site": "u"}


def test_the_flag_and_the_configuration(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert score("hplt.jsonl", "--schema", "none")[0]["site"] is None
    Path("auditor.toml").write_text('schema = "none"\n')
    assert score("hplt.jsonl")[0]["site"] is None
    assert score("hplt.jsonl", "--schema", "hplt")[0]["site"] == "naba.example"
    assert main(["score", "hplt.jsonl", "--schema", "hlpt"]) == 2
    assert "did you mean hplt?" in capsys.readouterr().err
    Path("auditor.toml").write_text('schema = "dolm"\n')
    assert main(["score", "hplt.jsonl"]) == 2
    assert "auditor.toml:1: schema: 'dolm' is not known; did you mean dolma?" in capsys.readouterr().err


def test_columns_within_columns(folder: Path) -> None:
    rows = [ROWS["datatrove"], ROWS["datatrove"] | {"metadata": None}, ROWS["datatrove"] | {"metadata": {"url": None}}]
    pq.write_table(pa.Table.from_pylist(rows), "rows.parquet")
    found = score("rows.parquet")
    assert [(row["id"], row["site"]) for row in found] == [("t1", "naba.example"), ("t1", None), ("t1", None)]
    assert score("rows.parquet", "--site-field", "metadata.dump")[0]["site"] == "x"
