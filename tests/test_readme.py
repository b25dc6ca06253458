"""What README.md and CHANGELOG.md say is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from conftest import Auditor

from auditor import __version__, config, options, suites
from auditor.examples import failures
from auditor.packs import load_pack, load_packs
from auditor.places import refuse_unknown
from auditor.reporters import REPORTERS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
SHELL = "".join(re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE))
SHOWN = re.findall(r"^auditor [^#\n]+", SHELL, re.MULTILINE) + re.findall(r"`(auditor [a-z-]+ [^`A-Z\n]+)`", README)


def test_the_finding_shown_is_real(auditor: Auditor, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = re.search(r"^```console\n\$ auditor ([^\n]*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    assert shown
    monkeypatch.chdir(ROOT)
    assert auditor(*shlex.split(shown[1])).out.startswith(shown[2] + "\n")


@pytest.mark.parametrize("command", SHOWN)
def test_commands_shown_are_understood(command: str) -> None:
    options.parser(__version__).parse_args(shlex.split(command)[1:])


@pytest.mark.parametrize("heading", ["Try it", "Test"])
def test_two_commands_set_everything_up(heading: str) -> None:
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    assert re.search(r"^```sh\npython3 -m venv .*\n```$", section, re.MULTILINE)


def test_the_pack_the_suite_and_the_hooks_shown_work(tmp_path: Path) -> None:
    suite, hooks, pack = BLOCKS
    (tmp_path / "suite.yaml").write_text(suite, encoding="utf-8")
    assert len(suites.load(tmp_path / "suite.yaml").entries) == 2
    (tmp_path / "pack.yaml").write_text(pack, encoding="utf-8")
    assert failures([load_pack(tmp_path / "pack.yaml")]) == []
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (wanted,) = yaml.safe_load(hooks)["repos"]
    assert {hook["id"] for hook in wanted["hooks"]} <= {hook["id"] for hook in offered}


def test_the_configuration_shown_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As auditor.toml and, with its tables renamed, in pyproject.toml; it shows or names every key."""
    block = re.findall(r"^```toml\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)[0]
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text("[tool.auditor]\n" + block.replace("[[paths", "[[tool.auditor.paths"), "utf-8")
    there = config.load()
    Path("auditor.toml").write_text(block, encoding="utf-8")
    here = config.load()
    assert (here.rules, here.exclude, len(here.paths)) == (there.rules, there.exclude, len(there.paths))
    refuse_unknown(here.paths, load_packs())
    for name in set(config.Config.__struct_fields__) - {"root"}:
        assert name.replace("_", "-") in block, name


def test_everything_that_ships_is_named() -> None:
    for pack in load_packs():
        assert f"`{pack.name}`" in CHANGELOG
    for name in REPORTERS:
        assert f"`{name}`" in README
        assert f"`{name}`" in CHANGELOG


def test_links_lead_somewhere() -> None:
    for name in (
        "README.md",
        "CHANGELOG.md",
        "rules/README.md",
        *(f"docs/{path.name}" for path in ROOT.glob("docs/*.md")),
    ):
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert "://" in target or (ROOT / name).parent.joinpath(target).exists(), f"{name}: {target}"
