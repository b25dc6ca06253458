"""What rules/README.md shows loads, passes its own examples, and leaves no field of the language out."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import Auditor

from auditor.assets import asset_dir
from auditor.examples import failures
from auditor.packread import schema
from auditor.packs import load_pack, load_packs, shipped_files

TEXT = (asset_dir("rules") / "README.md").read_text(encoding="utf-8")
FLAGS = re.DOTALL | re.MULTILINE
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", TEXT, FLAGS)
HEAD = "schema: 1\npack: shown\nrules:\n"


@pytest.mark.parametrize("block", BLOCKS)
def test_examples_load_and_hold(block: str, tmp_path: Path) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_text(block if "schema: 1\n" in block else HEAD + block, encoding="utf-8")
    assert failures(load_packs([str(pack)])) == []


def test_a_rule_in_ten_lines(auditor: Auditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Followed to the letter: the pack is written, then every command below it is run."""
    section = TEXT.split("\n## Add a rule in ten lines\n")[1].split("\n## ")[0]
    block = section.split("```yaml\n")[1].split("```")[0]
    assert block[block.index("- id:") :].count("\n") <= 10
    monkeypatch.chdir(tmp_path)
    Path("my-rules.yaml").write_text(block, encoding="utf-8")
    Path("corpus").mkdir()
    Path("corpus/page.txt").write_text("They read more than ever.\nRead more\n", encoding="utf-8")
    commands = re.findall(r"^    auditor (.*?)(?:   .*)?$", section, re.MULTILINE)
    assert len(commands) >= 3
    for command in commands:
        done = auditor(*shlex.split(command))
        assert done.code == 0, f"{command}: {done.err}"
        assert "1 failed" not in done.out
        assert ("my-rules/read-more" in done.out) == ("corpus/" in command), command


def test_the_schema_named_in_the_first_line_is_one(auditor: Auditor, tmp_path: Path) -> None:
    written = auditor("rules", "schema").out
    head, rest = re.findall(
        r"^(# yaml-language-server: \$schema=pack\.schema\.json)\n(schema: 1\n.*?)^```$", TEXT, FLAGS
    )[0]
    assert head
    jsonschema.Draft202012Validator(json.loads(written)).validate(yaml.safe_load(rest))


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
