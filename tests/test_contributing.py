"""What CONTRIBUTING shows works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

from auditor.examples import failures
from auditor.packs import load_pack

TEXT = (Path(__file__).parents[1] / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_rule_in_ten_lines_passes_its_own_tests(tmp_path: Path) -> None:
    found = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    pack = tmp_path / "pack.yaml"
    pack.write_text(f"schema: 1\npack: ar-try\nlanguage: ar\nabout: Shown.\nrules:\n{found[1]}", encoding="utf-8")
    assert failures([load_pack(pack)]) == []


def test_it_stays_about_ten_lines() -> None:
    assert TEXT.split("```yaml\n")[1].split("```")[0].count("\n") <= 12
