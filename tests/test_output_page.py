"""docs/output.md names every file an audit writes and every field in them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from auditor.reporters.schemas import schemas

PAGE = (Path(__file__).parents[1] / "docs/output.md").read_text(encoding="utf-8")
SECTIONS = {
    heading: body for heading, body in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
}


def test_every_file_is_described(audited: Path) -> None:
    for path in audited.iterdir():
        name = f"{path.name}/" if path.is_dir() else path.name
        assert any(name in heading.split(" and ") for heading in SECTIONS), name


@pytest.mark.parametrize(
    ("heading", "schema"),
    [
        ("findings.jsonl", "finding"),
        ("documents.jsonl", "metrics"),
        ("reports/", "file-report"),
        ("run.json", "run-report"),
    ],
)
def test_every_field_is_described(heading: str, schema: str) -> None:
    told = set(
        re.findall(r"`([a-z0-9_]+)`", SECTIONS[heading] + (SECTIONS["reports/"] if heading == "run.json" else ""))
    )
    found = schemas()[f"{schema}.schema.json"]
    fields = {name for part in (found, *found.get("$defs", {}).values()) for name in part.get("properties", {})}
    assert fields - told == set()


def test_patches_are_described(audited: Path) -> None:
    told = set(re.findall(r"`([a-z0-9_]+)`", SECTIONS["patches/"]))
    for path in (audited / "patches").rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            assert set(json.loads(line)) <= told


def test_timings_are_described(audited: Path) -> None:
    assert set(json.loads((audited / "timings.json").read_bytes())) == {"seconds", "finished", "sources"}
    assert "`seconds`" in SECTIONS["timings.json"]
    assert "`finished`" in SECTIONS["timings.json"]
    assert "`sources`" in SECTIONS["timings.json"]
