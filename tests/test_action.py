"""The GitHub action and the workflows: valid by GitHub's schemas, and its scripts run as a runner would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import Auditor

from auditor.reporters import html

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
STEPS = {step.get("name", step.get("uses", "")): step for step in ACTION["runs"]["steps"]}
BAD = "قالت مصادر مطلعة إن الجولة المقبلة تبدأ غدا.\nنقل عن موقع البديهية الأميركي أن المحادثات تقدمت.\n"


def schema(name: str) -> dict[str, Any]:
    text = (files("check_jsonschema") / f"builtin_schemas/vendor/github-{name}.json").read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def valid(text: str, name: str) -> None:
    value = yaml.safe_load(text)
    value["on"] = value.pop(True)  # what YAML 1.1 makes of `on`
    jsonschema.Draft7Validator(schema(name)).validate(value)


def steps(value: Any) -> list[Any]:
    """Every mapping in an action or a workflow, its steps among them."""
    if isinstance(value, dict):
        return [value, *(one for item in value.values() for one in steps(item))]
    return [one for item in value for one in steps(item)] if isinstance(value, list) else []


def blocks(path: Path) -> list[str]:
    """The YAML blocks of a page."""
    return re.findall(r"```yaml\n(.*?)```", path.read_text("utf-8"), re.DOTALL)


def test_the_action_is_valid() -> None:
    jsonschema.Draft7Validator(schema("actions")).validate(ACTION)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_our_workflows_are_valid(path: Path) -> None:
    valid(path.read_text("utf-8"), "workflows")


def test_the_workflow_that_init_writes_is_valid(auditor: Auditor, tmp_path: Path) -> None:
    auditor("init", tmp_path)
    text = (tmp_path / ".github/workflows/auditor.yml").read_text("utf-8")
    valid(text, "workflows")
    commented = r"^( *)# (?=permissions|  contents|  security|- uses|  if:|  with:|    sarif)"
    asked = re.sub(commented, r"\1", text, flags=re.MULTILINE)
    assert "upload-sarif" in str(yaml.safe_load(asked)["jobs"]["audit"]["steps"])
    valid(asked, "workflows")


def test_the_workflows_in_the_guide_are_valid_and_name_inputs_that_exist() -> None:
    found = [text for text in blocks(ROOT / "docs/github.md") if "jobs:" in text]
    assert found
    for text in found:
        valid(text, "workflows")
        for job in yaml.safe_load(text)["jobs"].values():
            for step in job["steps"]:
                if "auditor@" in step.get("uses", ""):
                    assert set(step.get("with", {})) <= set(ACTION["inputs"])


def test_the_guide_names_every_input_and_output() -> None:
    page = (ROOT / "docs/github.md").read_text("utf-8")
    for name in (*ACTION["inputs"], *ACTION["outputs"]):
        assert f"| `{name}` |" in page, name


@pytest.mark.parametrize("path", [ROOT / "action.yml", *WORKFLOWS], ids=lambda path: path.name)
def test_nothing_of_a_run_is_put_into_scripts_and_actions_are_pinned(path: Path) -> None:
    for step in steps(yaml.safe_load(path.read_text("utf-8"))):
        assert "${{" not in str(step.get("run", ""))
        assert re.fullmatch(r"\./|[\w./-]+@[0-9a-f]{40}|", str(step.get("uses", "")))


def test_the_artifact_holds_the_report_with_its_data() -> None:
    kept = STEPS["Keep the report"]["with"]["path"].splitlines()
    assert {Path(name).name for name in kept} == {"report.html", html.FOLDER, "summary.md", "run.json"}


def test_zizmor_finds_nothing() -> None:
    command = Path(sys.executable).parent / "zizmor"
    if not command.exists():
        pytest.skip("zizmor is not installed")
    done = subprocess.run(
        [command, "--offline", "--no-progress", "--min-severity=medium", ROOT / "action.yml", *WORKFLOWS],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [ROOT / "action.yml", *WORKFLOWS], ids=lambda path: path.name)
def test_shellcheck_finds_nothing(path: Path, tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "shellcheck"
    if not command.exists():
        pytest.skip("shellcheck is not installed")
    scripts = [one["run"] for one in steps(yaml.safe_load(path.read_text("utf-8"))) if isinstance(one.get("run"), str)]
    assert scripts
    for script in scripts:
        done = subprocess.run([command, "--shell=bash", "-"], input=script, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


# The audit step, as a runner would run it


class Run:
    """The audit step in a workspace of its own, with the command of this checkout."""

    def __init__(self, folder: Path) -> None:
        self.work, self.temp = folder / "work", folder / "temp"
        self.work.mkdir()
        bin_ = self.temp / "auditor-env/bin"
        bin_.mkdir(parents=True)
        for name in ("python", "auditor"):
            (bin_ / name).symlink_to(Path(sys.executable).parent / name)
        (self.work / "page.txt").write_text(BAD, "utf-8")
        self.outputs: dict[str, str] = {}
        self.summary = ""

    def __call__(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        given = {name: one.get("default", "") for name, one in ACTION["inputs"].items()} | inputs
        names = {"AUDITOR_PATHS": "paths", "AUDITOR_RULES": "rules", "AUDITOR_CONFIG": "config"}
        names |= {"AUDITOR_FAIL_ON": "fail-on", "AUDITOR_GATE": "gate"}
        step = STEPS["Audit"]
        assert {name for name in step["env"] if name.startswith("AUDITOR")} == set(names)
        files_ = {"GITHUB_OUTPUT": self.temp / "output", "GITHUB_STEP_SUMMARY": self.temp / "summary"}
        for path in files_.values():
            path.write_text("", "utf-8")
        environment = {
            **os.environ,
            **{name: given[key] for name, key in names.items()},
            **{name: str(path) for name, path in files_.items()},
            "RUNNER_TEMP": str(self.temp),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        script = self.temp / "step.sh"
        script.write_text(step["run"], "utf-8")
        bash = shutil.which("bash")
        assert bash
        done = subprocess.run([bash, "-e", script], cwd=self.work, env=environment, capture_output=True, text=True)
        self.outputs = dict(line.split("=", 1) for line in files_["GITHUB_OUTPUT"].read_text("utf-8").splitlines())
        self.summary = files_["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        return done


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def test_the_audit_step(run: Run) -> None:
    done = run()
    assert done.returncode == 0, done.stderr
    assert run.outputs == {
        "code": "1",
        "verdict": "repaired",
        "findings": "1",
        "report": str(run.temp / "auditor-out"),
    }
    assert "::error file=page.txt,line=2," in done.stdout
    assert "# Repaired" in run.summary
    assert "| error |" in run.summary
    log = json.loads((run.temp / "auditor-out/report.sarif").read_text("utf-8"))
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "page.txt"


@pytest.mark.slow
def test_it_passes_when_asked_to(run: Run) -> None:
    run(**{"fail-on": "never"})
    assert run.outputs["code"] == "0"
    run(rules="ar-names\n\n-ar-names/axios\n")
    assert run.outputs["code"] == "0"


@pytest.mark.slow
@pytest.mark.parametrize(
    "inputs",
    [
        {"paths": '$(touch owned)\n`touch owned`\n"; touch owned; "\n--rules=x'},
        {"rules": "$(touch owned)"},
        {"config": "'; touch owned; '"},
        {"fail-on": "never; touch owned"},
        {"gate": "$(touch owned)"},
    ],
)
def test_inputs_are_never_run(run: Run, inputs: dict[str, str]) -> None:
    done = run(**inputs)
    assert done.returncode == 0, done.stderr
    assert run.outputs["code"] == "2"
    assert not any((folder / "owned").exists() for folder in (run.work, run.temp))


@pytest.mark.slow
def test_a_file_name_is_no_command_to_the_runner(run: Run) -> None:
    (run.work / "::add-mask::page.txt").write_bytes(b"\xff\xfe\xff broken \xd8")
    done = run()
    stopped = None
    for line in done.stdout.splitlines():
        if line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif stopped and line == f"::{stopped}::":
            stopped = None
        elif not stopped and line.lstrip().startswith("::"):
            assert line.startswith(("::error ", "::warning ", "::notice "))


def test_the_verdict_is_the_worst_code() -> None:
    for code, expected in (("0", 0), ("1", 1), ("2", 2), ("", 2)):
        done = subprocess.run(["bash", "-c", STEPS["Verdict"]["run"]], env={**os.environ, "AUDITOR_CODE": code})
        assert done.returncode == expected
