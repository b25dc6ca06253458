"""What rules/README.md shows loads, passes its own examples, and leaves no field of the language out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.assets import asset_dir
from auditor.examples import failures
from auditor.packs import load_pack, schema, shipped_files

TEXT = (asset_dir("rules") / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
HEAD = "schema: 1\npack: shown\nrules:\n"


@pytest.mark.parametrize("block", BLOCKS)
def test_examples_load_and_hold(block: str, tmp_path: Path) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_text(block if block.startswith("schema:") else HEAD + block, encoding="utf-8")
    assert failures([load_pack(pack)]) == []


def test_every_kind_and_field_is_described() -> None:
    for name, definition in schema()["$defs"].items():
        if name.endswith("Rule"):
            kind = definition["properties"]["kind"]["enum"][0]
            assert f"\n## {kind}: " in TEXT
        for field in definition["properties"]:
            assert re.search(rf"`{field}\b|\b{field}:", TEXT), f"{name}: {field}"


def test_every_pack_is_listed() -> None:
    assert set(re.findall(r"^\| `([a-z0-9-]+)` \|", TEXT, re.MULTILINE)) >= {
        load_pack(path).name for presets in (False, True) for path in shipped_files(presets)
    }
