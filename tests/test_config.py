"""auditor.toml and [tool.auditor]: what holds, what is refused where, and what flags outrank."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Auditor
from hypothesis import given
from hypothesis import strategies as st

from auditor import __version__, options
from auditor.config import Config, fill, line_of, load
from auditor.errors import ConfigError
from auditor.places import PathRule

ALL = """\
rules = ["default", "-ar-names/axios"]
unsafe = true
fail-on = "warning"
text-field = "body"
id-field = "name"
site-field = "host"
max-document-size = "2M"
jobs = 2
exclude = ["drafts"]

[[paths]]
match = "forum/**"
off = ["core-repeat"]

[[paths]]
match = ["a", "b"]
severity = { "core-spacing" = "info" }
"""
PACK = """\
schema: 1
pack: own
rules:
- id: more
  kind: lexicon
  category: boilerplate
  severity: error
  message: "'{match}' is a link"
  phrases: [Read more]
  fix: safe
  bad: [{text: "<<Read more>>", fixed: ""}]
  good: [They read more than ever]
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def made(text: str, name: str = "auditor.toml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return made


def error() -> str:
    with pytest.raises(ConfigError) as caught:
        load()
    return str(caught.value)


def test_every_key(write: Write, tmp_path: Path) -> None:
    write(ALL)
    assert load() == Config(
        root=tmp_path,
        rules=("default", "-ar-names/axios"),
        unsafe=True,
        fail_on="warning",
        text_field="body",
        id_field="name",
        site_field="host",
        max_document_size=2 << 20,
        jobs=2,
        exclude=("drafts",),
        paths=(
            PathRule(match=("forum/**",), off=("core-repeat",), place="auditor.toml:11"),
            PathRule(match=("a", "b"), severity={"core-spacing": "info"}, place="auditor.toml:15"),
        ),
    )


def test_the_same_in_pyproject(write: Write) -> None:
    write(ALL)
    plain = load()
    write(ALL).unlink()
    text = "[project]\nname = 'x'\n\n[tool.auditor]\n" + ALL.replace("[[paths]]", "[[tool.auditor.paths]]")
    write(text, "pyproject.toml")
    found = load()
    assert found.rules == plain.rules
    assert [rule.off for rule in found.paths] == [rule.off for rule in plain.paths]
    assert [rule.place for rule in found.paths] == ["pyproject.toml:15", "pyproject.toml:19"]


def test_the_closest_file_upward_holds_whole(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("jobs = 2\nid-field = 'name'\n")
    write("[tool.black]\n# auditor\n", "sub/pyproject.toml")  # not ours
    (tmp_path / "sub/deep").mkdir()
    monkeypatch.chdir(tmp_path / "sub/deep")
    assert (load().jobs, load().root) == (2, tmp_path)
    write("[tool.auditor]\njobs = 3\n", "sub/pyproject.toml")
    assert (load().jobs, load().id_field, load().root) == (3, "id", tmp_path / "sub")
    write("jobs = 4\n", "sub/auditor.toml")
    assert load().jobs == 4
    assert load(isolated=True) == Config(root=tmp_path / "sub/deep")
    assert load(Path("../../auditor.toml")).jobs == 2


def test_packs_are_named_from_the_configurations_folder(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("rules = ['own.yaml', 'core-repeat']\n")
    write(PACK, "own.yaml")
    assert load().rules == ("own.yaml", "core-repeat")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert load().rules == ("../own.yaml", "core-repeat")


MISTAKES = [
    ("job = 2", "1", "unknown key 'job'; did you mean jobs?"),
    ("\n\nrule = []", "3", "unknown key 'rule'; did you mean rules?"),
    ("colour = 1", "1", "unknown key 'colour'; known: decisions, exclude, fail-on, "),
    ("jobs = '2'", "1", "jobs: must be a whole number above 0, not '2'"),
    ("jobs = 0", "1", "jobs: must be a whole number above 0, not 0"),
    ("jobs = true", "1", "jobs: must be a whole number above 0, not True"),
    ("unsafe = 'yes'", "1", "unsafe: must be true or false, not 'yes'"),
    ("rules = 'default'", "1", "rules: must be a list of texts, such as [\"...\"], not 'default'"),
    ("jobs = 1\nrules = [\n  'a',\n  3,\n]", "2", "rules: must be a list of texts, and 3 in it is none"),
    ("exclude = ['a', '']", "1", "exclude: must be a list of texts, and '' in it is none"),
    ("fail-on = 'eror'", "1", "fail-on: 'eror' is not known; did you mean error?"),
    ("text-field = ''", "1", "text-field: must be a text, not ''"),
    ("max-document-size = '64X'", "1", "max-document-size: '64X' is not a whole number above 0"),
    ("max-document-size = 2020-01-01", "1", "max-document-size: must be a whole number above 0, not a date or time"),
    ("[paths]\nmatch = 'x'", "1", "paths: is written as [[paths]] tables, not as a table"),
    ("[[paths]]\noff = ['x']", "1", "a [[paths]] table needs the key 'match'"),
    ("[[paths]]\nmatch = 'x'", "1", "a [[paths]] table says what is `off`, or of which `severity`"),
    ("[[paths]]\nmatch = 'x'\noff = ['a']\n[[paths]]\nmach = 'x'", "5", "unknown key 'mach'; did you mean match?"),
    ("[[paths]]\nmatch = 'x'\nseverity = {a = 'warn'}", "3", "severity: 'warn' is not known; did you mean warning?"),
    ("[[paths]]\nmatch = 'x'\n[paths.severity]\na = 'warn'", "3", "severity: 'warn' is not known"),
    ("jobs = 1\njobs = 2", "2", "not valid TOML: Cannot overwrite a value"),
    ("jobs = [", "1", "not valid TOML: Invalid value"),
    ("x = " + "[" * 5000, "1", "not valid TOML: nested too deeply"),
]


@pytest.mark.parametrize(("text", "line", "message"), MISTAKES, ids=[each[2][:50] for each in MISTAKES])
def test_a_mistake_is_shown_where_it_is(write: Write, text: str, line: str, message: str) -> None:
    write(text + "\n")
    first, shown = error().split("\n")
    assert first.startswith(f"auditor.toml:{line}: ")
    assert message in first
    assert shown == "    " + text.split("\n")[int(line) - 1][:200]


def test_in_pyproject_lines_are_those_of_the_file(write: Write) -> None:
    write("[project]\njobs = 3\n[tool.auditor]\njob = 2\n", "pyproject.toml")
    assert error().startswith("pyproject.toml:4: unknown key 'job'; did you mean jobs?")
    write("[tool.auditor]\njobs = \n", "pyproject.toml")
    assert error().startswith("pyproject.toml:2: not valid TOML")
    write("broken = \n# auditor\n", "pyproject.toml")
    assert load().jobs == 1  # nothing of ours in it
    write("tool = 3 # auditor\n", "pyproject.toml")  # whose it is, it has no table of ours
    assert load() == Config(root=Path.cwd())
    write("[tool]\nauditor = 3\n", "pyproject.toml")
    assert "tool.auditor must be a table" in error()


def test_files_that_cannot_be_read(write: Write, tmp_path: Path) -> None:
    write("").write_bytes(b"rules = ['\xff']\n")
    assert error() == "auditor.toml: is not UTF-8 (byte 10)"
    with pytest.raises(ConfigError, match=r"--config none\.toml: no such file"):
        load(Path("none.toml"))


@given(st.text("[]=.\"' a\n#", max_size=60))
def test_any_text_has_lines(text: str) -> None:
    assert 1 <= line_of(text, ("a", 0, "a")) <= text.count("\n") + 1


# --- flags --------------------------------------------------------------------------------------------------------


def filled(*flags: str) -> Config:
    args = options.parser(__version__).parse_args(["check", "x", *flags])
    fill(args, load())
    return Config(
        **{name: tuple(v) if isinstance(v := getattr(args, name), list) else v for name in Config.__struct_fields__}
    )


def test_without_a_file_and_flags_the_defaults_hold(write: Write, tmp_path: Path) -> None:
    assert filled() == Config(root=tmp_path)


def test_flags_outrank_the_file(write: Write) -> None:
    write(ALL)
    assert filled().jobs == 2
    found = filled("--jobs", "5", "--no-unsafe", "--fail-on", "never", "--text-field", "t", "--max-document-size", "1K")
    assert (found.jobs, found.unsafe, found.fail_on, found.text_field) == (5, False, "never", "t")
    assert found.max_document_size == 1024
    assert found.exclude == ("drafts",)


def test_rules_replace_the_configured_ones_or_switch_off_on_top(write: Write) -> None:
    write(ALL)
    assert filled("--rules", "core-repeat").rules == ("core-repeat",)
    assert filled("--rules=-core-repeat").rules == ("default", "-ar-names/axios", "-core-repeat")


def test_fail_on_is_for_check(write: Write) -> None:
    """Other verbs do work; they fail only when the command itself asks for it."""
    write(ALL)
    args = options.parser(__version__).parse_args(["audit", "x"])
    fill(args, load())
    assert args.fail_on is None


# --- the command goes by it ---------------------------------------------------------------------------------------


@pytest.fixture
def corpus(write: Write, tmp_path: Path) -> Path:
    write(PACK, "own.yaml")
    for name in ("news/a.txt", "forum/b.txt", "drafts/c.txt"):
        write("A bridge.\nRead more\n", f"corpus/{name}")
    write(
        "rules = ['own.yaml']\nexclude = ['drafts']\n[[paths]]\nmatch = 'corpus/forum/**'\nseverity = {own = 'info'}\n"
    )
    return tmp_path


def test_check_goes_by_the_configuration(auditor: Auditor, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = auditor("check", "corpus", "--format", "concise")
    assert (done.code, done.out.splitlines()) == (
        1,
        [
            "corpus/forum/b.txt:2:1: info own/more 'Read more' is a link",
            "corpus/news/a.txt:2:1: error own/more 'Read more' is a link",
        ],
    )
    assert auditor("check", "corpus/forum", "--format", "concise").code == 0
    monkeypatch.chdir(corpus / "corpus/forum")  # paths stay those from the configuration's folder
    done = auditor("check", "b.txt", "--format", "concise")
    assert done.out == "b.txt:2:1: info own/more 'Read more' is a link\n"


def test_rules_off_by_path_clean_nothing(auditor: Auditor, corpus: Path) -> None:
    path = corpus / "auditor.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("severity = {own = 'info'}", "off = ['own/more']"))
    auditor("audit", "corpus", "-o", "out", "--jobs", 2)
    assert (corpus / "out/cleaned/forum/b.txt").read_text() == "A bridge.\nRead more\n"
    assert (corpus / "out/cleaned/news/a.txt").read_text() == "A bridge.\n"
    options = json.loads((corpus / "out/run.json").read_text())["options"]
    assert options["exclude"] == ["drafts"]
    assert options["paths"] == [{"match": ["corpus/forum/**"], "off": ["own/more"], "severity": {}}]


def test_excluded_files_are_no_error_for_a_hook(auditor: Auditor, corpus: Path) -> None:
    done = auditor("check", "corpus/drafts/c.txt")
    assert done.code == 0
    assert "nothing to read: `exclude` leaves out 1 source" in done.err
    assert auditor("audit", "corpus/drafts", "-o", "out").code == 2


def test_a_broken_configuration_stops_the_command(auditor: Auditor, corpus: Path) -> None:
    (corpus / "auditor.toml").write_text("[[paths]]\nmatch = 'x'\noff = ['own/mor']\n")
    done = auditor("check", "corpus", "--rules", "own.yaml")
    assert done.code == 2
    assert "auditor.toml:1: no rule 'own/mor'; did you mean own/more?" in done.err
    assert auditor("check", "corpus", "--rules", "own.yaml", "--isolated").code == 1
    (corpus / "auditor.toml").write_text("jobs = 'many'\n")
    assert auditor("rules", "schema").code == 0  # what reads no corpus reads no configuration


def test_no_cache(auditor: Auditor, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(corpus / "cache"))
    assert auditor("check", "corpus", "--no-cache").code == 1
    assert not (corpus / "cache").exists()
    monkeypatch.setenv("AUDITOR_CACHE", str(corpus / "cache"))
    auditor("check", "corpus")
    assert (corpus / "cache").exists()
