"""The pre-commit hooks as users meet them: installed by pre-commit from a commit of this repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

BAD = "قالت مصادر مطلعة إن الجولة المقبلة تبدأ غدا.\nنقل عن موقع البديهية الأميركي أن المحادثات تقدمت.\n"
CLEAN = "قالت مصادر مطلعة إن الجولة المقبلة تبدأ غدا.\n"

Environment = dict[str, str]


def run(command: list[str], folder: Path, environment: Environment) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def git(folder: Path, environment: Environment, *arguments: str) -> str:
    done = run(["git", *arguments], folder, environment)
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Neither the user's git settings nor pre-commit's cache play a part."""
    people = {
        f"GIT_{who}_{what}": "auditor@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    cache = tmp_path_factory.mktemp("cache")
    return {**kept, **people, "GIT_CONFIG_GLOBAL": os.devnull, "PRE_COMMIT_HOME": str(cache), "NO_COLOR": "1"}


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory, environment: Environment) -> Path:
    """This repository as it lies here, committed or not, as a repository to install hooks from."""
    copy = tmp_path_factory.mktemp("hooks")
    listed = git(ROOT, environment, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    git(copy, environment, "init", "--quiet")
    git(copy, environment, "add", "--all")
    git(copy, environment, "commit", "--quiet", "--message", "hooks")
    return copy


@pytest.fixture
def corpus(tmp_path: Path, hooks: Path, environment: Environment) -> Path:
    """A repository of texts that uses the hooks."""
    config = {
        "repo": str(hooks),
        "rev": git(hooks, environment, "rev-parse", "HEAD"),
        "hooks": [{"id": hook["id"]} for hook in HOOKS],
    }
    text = yaml.safe_dump({"repos": [config]})
    (tmp_path / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "bad.txt").write_text(BAD, encoding="utf-8")
    (tmp_path / "clean.txt").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "notes.md").write_text(BAD, encoding="utf-8")
    git(tmp_path, environment, "init", "--quiet")
    git(tmp_path, environment, "add", "--all")
    return tmp_path


def pre_commit(corpus: Path, environment: Environment, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run([sys.executable, "-m", "pre_commit", *arguments], corpus, environment)


def test_the_hooks_take_texts_plain_and_compressed() -> None:
    for hook in HOOKS[:2]:
        taken = [name for name in ("a.txt", "b/a.jsonl", "a.txt.gz", "a.jsonl.zst") if re.search(hook["files"], name)]
        assert len(taken) == 4
        assert not re.search(hook["files"], "a.txt.bak")
        assert "text" not in hook["types"]  # compressed files are binary to pre-commit


@pytest.mark.slow
def test_check_names_the_finding_and_fails(corpus: Path, environment: Environment) -> None:
    done = pre_commit(corpus, environment, "run", "auditor-check", "--files", "bad.txt", "clean.txt", "notes.md")
    assert done.returncode == 1, done.stdout
    assert "bad.txt:2:" in done.stdout
    assert "axios" in done.stdout
    assert "clean.txt:" not in done.stdout
    assert "notes.md:" not in done.stdout
    assert (corpus / "bad.txt").read_text(encoding="utf-8") == BAD


@pytest.mark.slow
def test_check_passes_a_clean_file(corpus: Path, environment: Environment) -> None:
    done = pre_commit(corpus, environment, "run", "auditor-check", "--files", "clean.txt")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_clean_repairs_in_place_and_keeps_the_patch(corpus: Path, environment: Environment) -> None:
    done = pre_commit(corpus, environment, "run", "auditor-clean", "--files", "bad.txt", "clean.txt")
    assert done.returncode == 1, done.stdout
    assert "files were modified by this hook" in done.stdout
    assert (corpus / "bad.txt").read_text(encoding="utf-8") == BAD.replace("البديهية", "أكسيوس")
    assert (corpus / "clean.txt").read_text(encoding="utf-8") == CLEAN
    assert any("bad.txt" in patch.name for patch in (corpus / ".auditor-patches").rglob("*"))
    again = pre_commit(corpus, environment, "run", "auditor-clean", "--files", "bad.txt", "clean.txt")
    assert again.returncode == 0, again.stdout


RULE = """\
schema: 1
pack: ours
rules:
- id: yesterday
  kind: lexicon
  category: boilerplate
  severity: warning
  message: "'{match}' will not do"
  at: anywhere
  phrases: [أمس]
  bad: [{text: قال <<أمس>>}]
  good: [قال غدا]
"""


def test_the_rules_hook_takes_packs_wherever_a_folder_of_rules_is() -> None:
    pattern = HOOKS[2]["files"]
    assert all(re.search(pattern, name) for name in ("rules/ours.yaml", "news/rules/ar/ours.yml"))
    assert not any(re.search(pattern, name) for name in ("rules/words.txt", "myrules/ours.yaml", ".github/ci.yml"))


@pytest.mark.slow
def test_packs_of_ones_own_are_tested(corpus: Path, environment: Environment) -> None:
    (corpus / "rules").mkdir()
    pack = corpus / "rules/ours.yaml"
    pack.write_text(RULE, encoding="utf-8")
    git(corpus, environment, "add", "--all")
    done = pre_commit(corpus, environment, "run", "auditor-rules-test", "--files", "rules/ours.yaml", "bad.txt")
    assert done.returncode == 0, done.stdout
    pack.write_text(RULE.replace("قال غدا", "قال أمس"), encoding="utf-8")
    git(corpus, environment, "add", "--all")
    done = pre_commit(corpus, environment, "run", "auditor-rules-test", "--files", "rules/ours.yaml")
    assert done.returncode == 1, done.stdout
    assert "FAIL ours/yesterday" in done.stdout


@pytest.mark.slow
def test_try_repo(corpus: Path, hooks: Path, environment: Environment) -> None:
    done = pre_commit(corpus, environment, "try-repo", str(hooks), "auditor-check", "--files", "bad.txt")
    assert done.returncode == 1, done.stdout
    assert "bad.txt:2:" in done.stdout
