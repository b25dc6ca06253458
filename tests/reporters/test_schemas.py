from __future__ import annotations

import json
import os
from typing import Any

import jsonschema
import msgspec
import pytest

from auditor.assets import asset_dir
from auditor.reporters.schemas import schemas

from .samples import findings, metrics, report

NAMES = ["finding", "metrics", "file-report", "run-report"]


def committed(name: str) -> str:
    return (asset_dir("reports/schemas") / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_schemas_on_disk_are_current(name: str) -> None:
    """AUDITOR_UPDATE_GOLDEN=1 writes them anew."""
    file = f"{name}.schema.json"
    text = json.dumps(schemas()[file], indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("AUDITOR_UPDATE_GOLDEN") == "1":
        (asset_dir("reports/schemas") / file).write_text(text, encoding="utf-8")
    assert committed(file) == text


def test_every_schema_is_listed_and_valid() -> None:
    assert sorted(schemas()) == sorted(f"{name}.schema.json" for name in NAMES)
    for name, schema in schemas().items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$id"] == name


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("finding", findings()),
        ("metrics", [metrics()]),
        ("file-report", list(report().files)),
        ("run-report", [report()]),
    ],
)
def test_what_auditor_writes_validates(name: str, values: list[Any]) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(committed(f"{name}.schema.json")))
    for value in values:
        validator.validate(json.loads(msgspec.json.encode(value)))


def test_a_wrong_object_does_not_validate() -> None:
    wrong = json.loads(msgspec.json.encode(findings()[0])) | {"severity": "fatal"}
    validator = jsonschema.Draft202012Validator(schemas()["finding.schema.json"])
    with pytest.raises(jsonschema.ValidationError, match="fatal"):
        validator.validate(wrong)
