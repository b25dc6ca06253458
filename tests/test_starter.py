"""What `auditor init` writes works as it is, and takes nothing away."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Auditor, raw

from auditor import __version__, starter
from auditor.config import Config, load

WORKFLOW = ".github/workflows/auditor.yml"
ROOT = Path(__file__).parents[1]
OURS = [ROOT / ".github/workflows/ci.yml", ROOT / "action.yml"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.txt").write_text("نقل موقع البديهية الخبر\n", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("البديهية\n", encoding="utf-8")
    return tmp_path


def test_three_files_are_written(auditor: Auditor, project: Path) -> None:
    done = auditor("init")
    assert done.code == 0
    assert done.out.splitlines()[-1] == "next: auditor check ."
    assert set(raw(project)) >= {"auditor.toml", ".pre-commit-config.yaml", WORKFLOW}


def test_in_another_folder(auditor: Auditor, project: Path) -> None:
    assert auditor("init", "sub/deep").code == 0
    assert (project / "sub/deep/auditor.toml").is_file()


@pytest.mark.parametrize("blocked", ["sub", "sub/.github", "sub/.github/workflows"])
def test_a_file_where_a_folder_is_needed(auditor: Auditor, project: Path, blocked: str) -> None:
    (project / blocked).parent.mkdir(parents=True, exist_ok=True)
    (project / blocked).write_text("", "utf-8")
    before = raw(project)
    done = auditor("init", "sub")
    assert (done.code, done.err.splitlines()[-1]) == (
        2,
        f"auditor init: {blocked}: is a file; nothing was written. Name a folder, or move the file",
    )
    assert raw(project) == before


def test_the_configuration_says_what_holds_anyway(auditor: Auditor, project: Path) -> None:
    """So that reading it tells the defaults, and writing it changes nothing but what is left out."""
    auditor("init")
    written, default = load(), Config(root=project)
    for name in set(Config.__struct_fields__) - {"rules", "exclude"}:
        assert getattr(written, name) == getattr(default, name), name
    assert written.rules == ("default",)
    text = (project / "auditor.toml").read_text(encoding="utf-8")
    for name in Config.__struct_fields__:
        assert name == "root" or re.search(rf"^(# )?(\[\[)?{name.replace('_', '-')}\b", text, re.MULTILINE), name


def test_the_part_in_comments_is_right(auditor: Auditor, project: Path) -> None:
    auditor("init")
    path = project / "auditor.toml"
    text = path.read_text(encoding="utf-8")
    at = text.index("# [[paths]]")
    path.write_text(text[:at] + re.sub("^# ", "", text[at:], flags=re.MULTILINE), encoding="utf-8")
    assert len(load().paths) == 1
    assert auditor("check", "page.txt").code == 1


def test_every_command_of_the_workflow_runs(auditor: Auditor, project: Path) -> None:
    auditor("init")
    steps = yaml.safe_load((project / WORKFLOW).read_text(encoding="utf-8"))["jobs"]["audit"]["steps"]
    commands = [step["run"].split()[1:] for step in steps if step.get("run", "").startswith("auditor ")]
    assert [auditor(*command).code for command in commands] == [0, 1]
    assert (project / "audit-out/summary.md").is_file()
    assert [path.name for path in (project / "audit-out/cleaned").iterdir()] == ["page.txt"]
    used = {step["uses"] for step in steps if "uses" in step}
    ours = {one for path in OURS for one in re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))}
    assert used <= ours  # pinned as our own are


def test_the_hook_runs(auditor: Auditor, project: Path) -> None:
    auditor("init")
    ((hook,),) = (repo["hooks"] for repo in yaml.safe_load((project / starter.HOOKS).read_text())["repos"])
    assert re.search(hook["files"], "page.txt")
    assert auditor(*hook["entry"].split()[1:], "page.txt").code == 1
    assert auditor(*hook["entry"].split()[1:], "requirements.txt").code == 0


def test_nothing_is_overwritten(auditor: Auditor, project: Path) -> None:
    (project / "auditor.toml").write_text("jobs = 3\n", encoding="utf-8")
    done = auditor("init")
    assert done.code == 2
    assert "auditor.toml: exists already; nothing was written. --force replaces it" in done.err
    assert (project / "auditor.toml").read_text(encoding="utf-8") == "jobs = 3\n"
    assert not (project / WORKFLOW).exists()
    assert auditor("init", "--force").code == 0
    assert load().jobs == 1


def test_hooks_of_others_stay(auditor: Auditor, project: Path) -> None:
    (project / starter.HOOKS).write_text("repos: []\n", encoding="utf-8")
    done = auditor("init", "--force")
    assert done.code == 0
    assert (project / starter.HOOKS).read_text(encoding="utf-8") == "repos: []\n"
    snippet = done.out.split("for a hook:\n\n")[1].split("\nnext:")[0]
    (repo,) = yaml.safe_load("repos:\n" + snippet)["repos"]
    assert repo["hooks"][0]["id"] == "auditor-check"


@pytest.mark.parametrize(
    ("origin", "found"),
    [
        (None, f"corpus-auditor=={__version__}"),
        ({"url": "file:///home/x"}, f"corpus-auditor=={__version__}"),
        (
            {"url": "https://example.org/a.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "corpus-auditor @ git+https://example.org/a.git@abc",
        ),
        ({"url": "https://example.org/a.whl", "archive_info": {}}, "corpus-auditor @ https://example.org/a.whl"),
    ],
)
def test_the_workflow_installs_what_is_installed(
    monkeypatch: pytest.MonkeyPatch, origin: dict[str, Any] | None, found: str
) -> None:
    class Installed:
        def read_text(self, name: str) -> str | None:
            return json.dumps(origin) if origin is not None else None

    monkeypatch.setattr(starter, "distribution", lambda name: Installed())
    assert starter.requirement() == found
