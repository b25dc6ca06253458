"""The command from arguments to files and exit code, over the corpus and over small files."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import CORPUS, Auditor, contents, raw

from auditor.assets import asset_dir

PACK = """\
schema: 1
pack: own
rules:
- id: read-more
  kind: lexicon
  category: boilerplate
  severity: warning
  message: "'{match}' is a link"
  phrases: [Read more]
  fix: safe
  bad: [{text: "<<Read more>>", fixed: ""}]
  good: [They read more than ever]
- id: axiom
  kind: name
  category: mistranslation
  severity: error
  message: "'{match}' is {replacement}"
  wrong: [البديهية]
  right: أكسيوس
  fix: safe
  bad: [{text: "موقع <<البديهية>> اليوم", fixed: موقع أكسيوس اليوم}]
  good: [الحقيقة]
- id: shout
  kind: regex
  category: quality
  severity: info
  message: "{match}"
  pattern: '!{2,}'
  fix: unsafe
  replace: '!'
  bad: [{text: "Stop<<!!!>>", fixed: "Stop!"}]
  good: [Stop!]
"""
PAGE = "The bridge opens on Monday!!\nRead more\nنقل موقع البديهية الخبر\n"
CLEANED = "The bridge opens on Monday!!\nنقل موقع أكسيوس الخبر\n"

ESCAPE = "\x1b"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rules") / "own.yaml"
    path.write_text(PACK, encoding="utf-8")
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split("\n") if line]


def valid(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((asset_dir("reports/schemas") / f"{name}.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


# audit


def test_audit_writes_what_is_documented(audited: Path) -> None:
    names = sorted(contents(CORPUS))
    top = {name for name in raw(audited) if "/" not in name}
    assert top >= {"findings.jsonl", "documents.jsonl", "report.html", "summary.md", "run.json", "timings.json"}
    assert sorted(raw(audited / "cleaned")) == names
    assert sorted(raw(audited / "patches")) == [f"{name}.patch.jsonl" for name in names]
    assert sorted(raw(audited / "reports")) == [f"{name}.json" for name in names]
    assert {path.name for path in audited.iterdir() if path.is_dir()} == {"cleaned", "patches", "reports"}


def test_audit_reports_fit_their_schemas(audited: Path) -> None:
    for data in raw(audited / "reports").values():
        valid("file-report").validate(json.loads(data))
    valid("run-report").validate(json.loads((audited / "run.json").read_bytes()))
    found = rows((audited / "findings.jsonl").read_text(encoding="utf-8"))
    documents = rows((audited / "documents.jsonl").read_text(encoding="utf-8"))
    for finding in found:
        valid("finding").validate(finding)
    for document in documents:
        valid("metrics").validate(document)
    totals = json.loads((audited / "run.json").read_bytes())["totals"]
    assert totals["findings"] == len(found)
    assert totals["documents"] == len(documents)
    assert totals["files"] == len(raw(audited / "reports"))


def test_audit_says_where_to_look(auditor: Auditor, pack: Path, page: Path, tmp_path: Path) -> None:
    done = auditor("audit", page, "-o", tmp_path / "out", "--rules", pack)
    assert done.code == 0
    assert done.out == ""
    assert re.fullmatch(
        r"repaired: 3 findings in 1 document, 2 fixed, .* deleted; open .*report\.html or .*\n", done.err
    )
    assert page.read_text(encoding="utf-8") == PAGE
    assert (tmp_path / "out/cleaned/page.txt").read_text(encoding="utf-8") == CLEANED
    assert auditor("audit", page, "-o", tmp_path / "out", "--rules", pack, "--quiet").err == ""


def test_audit_leaves_its_own_output_out(auditor: Auditor, pack: Path, page: Path, tmp_path: Path) -> None:
    for _ in range(2):
        auditor("audit", tmp_path, "-o", tmp_path / "out", "--rules", pack)
    assert list(raw(tmp_path / "out/cleaned")) == ["page.txt"]


# exit codes


def test_a_second_audit_takes_away_what_the_first_made_of_files_that_are_gone(
    auditor: Auditor, pack: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    for name in ("gone.txt", "stays.txt"):
        (source / name).write_text("Read more\nThe bridge is open.", encoding="utf-8")
    auditor("audit", source, "-o", out, "--rules", pack)
    (out / "cleaned" / "mine.txt").write_text("not of a run", encoding="utf-8")
    (source / "gone.txt").unlink()
    auditor("audit", source, "-o", out, "--rules", pack)
    assert {path.name for path in (out / "cleaned").iterdir()} == {"stays.txt", "mine.txt"}
    assert {path.name for path in (out / "patches").iterdir()} == {"stays.txt.patch.jsonl"}
    assert {path.name for path in (out / "reports").iterdir()} == {"stays.txt.json"}


def test_exit_code_tells_whether_something_was_found(auditor: Auditor, pack: Path, page: Path, tmp_path: Path) -> None:
    quiet = tmp_path / "quiet.txt"
    quiet.write_text("The bridge opens on Monday.\n", encoding="utf-8")
    mild = tmp_path / "mild.txt"
    mild.write_text("The bridge opens on Monday.\nRead more\n", encoding="utf-8")
    assert auditor("check", quiet, "--rules", pack).code == 0
    assert auditor("check", page, "--rules", pack).code == 1
    assert auditor("check", mild, "--rules", pack).code == 0
    assert auditor("check", mild, "--rules", pack, "--fail-on", "warning").code == 1
    assert auditor("check", page, "--rules", pack, "--fail-on", "never").code == 0


@pytest.mark.parametrize("verb", ["audit", "clean", "score"])
def test_work_done_is_a_success_unless_asked(
    auditor: Auditor, pack: Path, page: Path, tmp_path: Path, verb: str
) -> None:
    where = ["-o", tmp_path / ("figures" if verb == "score" else "out")]
    assert auditor(verb, page, *where, "--rules", pack).code == 0
    assert auditor(verb, page, *where, "--rules", pack, "--fail-on", "error").code == 1


def test_what_cannot_be_checked_outranks_findings(auditor: Auditor, pack: Path, page: Path, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9\n")
    done = auditor("check", tmp_path, "--rules", pack)
    assert done.code == 2
    assert "latin.txt" in done.err
    assert "not valid UTF-8" in done.err
    assert "own/axiom" in done.out  # the other file is checked all the same
    assert auditor("check", page, "--rules", pack, "--max-document-size", "10").code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere.txt"], "nowhere.txt: no such file or folder"),
        (["check", "*.nothing"], "matches no file"),
        (["check", "https://example.org/a.txt"], "cannot be read"),
        (["check", "{page}", "--format", "jsom"], "did you mean json"),
        (["check", "{page}", "--rules", "ar-nams"], "did you mean ar-names"),
        (["check", "{page}", "--rules=-own/axiom"], "no such pack or rule"),
        (["check", "{page}", "--jobs", "0"], "not a whole number above 0"),
        (["clean", "{page}"], "say where to"),
        (["clean", "{page}", "--in-place"], "--in-place and --patches DIR go together"),
        (["restore", "{folder}", "-o", "back"], "has no folder 'cleaned'"),
        (["gate", "{folder}/nowhere"], "nowhere"),
        (["rules", "show", "ar-names/axoos"], "axoos"),
        (["chek"], "invalid choice"),
        ([], "required"),
    ],
)
def test_a_wrong_call_is_explained(
    auditor: Auditor, page: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(page.parent)
    done = auditor(*[argument.format(page=page, folder=page.parent) for argument in arguments])
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


def test_help_has_examples(auditor: Auditor) -> None:
    for verb in ("audit", "check", "clean", "restore", "score", "gate", "rules"):
        done = auditor(verb, "--help")
        assert done.code == 0
        assert f"  auditor {verb} " in done.out


# check


def test_formats(auditor: Auditor, pack: Path, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(page.parent)
    concise = auditor("check", "page.txt", "--rules", pack, "--format", "concise").out
    assert concise.splitlines() == [
        "page.txt:1:27: info own/shout !!",
        "page.txt:2:1: warning own/read-more 'Read more' is a link",
        "page.txt:3:10: error own/axiom 'البديهية' is أكسيوس",
    ]
    full = auditor("check", "page.txt", "--rules", pack).out
    assert "3 | نقل موقع ⟦البديهية⟧ الخبر" in full
    assert "fix (safe): replace by 'أكسيوس'" in full
    found = rows(auditor("check", "page.txt", "--rules", pack, "--format", "jsonl").out)
    assert json.loads(auditor("check", "page.txt", "--rules", pack, "--format", "json").out)["findings"] == found
    assert [finding["rule"] for finding in found] == ["own/shout", "own/read-more", "own/axiom"]
    for finding in found:
        valid("finding").validate(finding)
        assert PAGE[finding["start"] : finding["end"]] == finding["text"]


def test_several_formats_at_once(auditor: Auditor, pack: Path, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "found"
    formats = [f"--format={name}={out / name}" for name in ("full", "json", "jsonl")]
    done = auditor("check", page, "--rules", pack, *formats, "--format", "concise")
    assert len(done.out.splitlines()) == len((out / "jsonl").read_text(encoding="utf-8").splitlines()) == 3
    assert {path.name for path in out.iterdir()} == {"full", "json", "jsonl"}


def test_standard_input(auditor: Auditor, pack: Path) -> None:
    done = auditor("check", "-", "--rules", pack, "--format", "concise", stdin=PAGE.encode())
    assert done.code == 1
    assert done.out.startswith("stdin.txt:1:27: info own/shout")
    row = json.dumps({"text": PAGE}).encode()
    named = auditor(
        "check", "-", "--stdin-name", "a.jsonl", "--rules", pack, "--format", "concise", stdin=b"\n" + row + b"\n"
    )
    assert "a.jsonl[1]:3:10: error own/axiom" in named.out


def test_records_and_ids(auditor: Auditor, pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"name": "a", "body": "Fine."}\n\n{"name": 7, "body": "Fine.\\r\\nRead more"}\n', encoding="utf-8")
    options = ["--rules", pack, "--text-field", "body", "--id-field", "name", "--format", "jsonl"]
    (found,) = rows(auditor("check", path, *options).out)
    assert (found["record"], found["id"], found["line"], found["column"]) == (2, "7", 2, 1)


# clean and restore


def test_diff_shows_and_writes_nothing(auditor: Auditor, pack: Path, page: Path, tmp_path: Path) -> None:
    done = auditor("clean", page, "--diff", "--rules", pack)
    assert done.code == 0
    assert "-Read more\n" in done.out
    assert "+نقل موقع أكسيوس الخبر\n" in done.out
    assert list(raw(tmp_path)) == ["page.txt"]


def test_unsafe_fixes_are_made_when_asked_for(auditor: Auditor, pack: Path, page: Path, tmp_path: Path) -> None:
    auditor("clean", page, "-o", tmp_path / "out", "--rules", pack, "--unsafe")
    assert (tmp_path / "out/cleaned/page.txt").read_text(encoding="utf-8") == CLEANED.replace("!!", "!")


def test_in_place_and_back(
    auditor: Auditor, pack: Path, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    other = tmp_path / "other.txt"
    other.write_text("Fine.\n", encoding="utf-8")
    before = other.stat().st_mtime_ns
    call = ["clean", "--in-place", "--patches", ".patches", "page.txt", "other.txt", "--rules", pack]
    assert auditor(*call).code == 0
    assert page.read_text(encoding="utf-8") == CLEANED
    assert other.stat().st_mtime_ns == before
    assert auditor(*call, "--unsafe").code == 0  # a second time: both patches are the way back
    assert page.read_text(encoding="utf-8") == CLEANED.replace("!!", "!")
    assert auditor("restore", ".patches", "--cleaned", ".", "-o", "back").code == 0
    assert contents(tmp_path / "back") == {"page.txt": PAGE.encode()}


def test_restore_refuses_what_was_altered(auditor: Auditor, pack: Path, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    auditor("clean", page, "-o", out, "--rules", pack)
    (out / "cleaned/page.txt").write_text("something else\n", encoding="utf-8")
    done = auditor("restore", out, "-o", tmp_path / "back")
    assert done.code == 2
    assert "page.txt" in done.err
    assert not (tmp_path / "back/page.txt").exists()


def test_a_row_that_is_not_json_stays(auditor: Auditor, pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    good = json.dumps({"text": PAGE}, ensure_ascii=False)
    path.write_text(f'{good}\n{{"text": "Read more\n{good}\n', encoding="utf-8")
    done = auditor("clean", path, "-o", tmp_path / "out", "--rules", pack)
    assert done.code == 2
    assert "rows.jsonl[1]: line 2 is not JSON" in done.err
    first, second, third = (tmp_path / "out/cleaned/rows.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(first)["text"] == json.loads(third)["text"] == CLEANED
    assert second == '{"text": "Read more'


def test_rows_that_only_scrapers_write(auditor: Auditor, pack: Path, tmp_path: Path) -> None:
    """Lone surrogates, NaN and control characters are no JSON to the strict, but they come back as they were."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"text": "a\\ud800 b\\nRead more\\n\\udfffx\x01", "n": NaN}\n')
    assert auditor("audit", path, "-o", tmp_path / "out", "--rules", pack).code == 0
    assert (tmp_path / "out/cleaned/rows.jsonl").read_bytes() == b'{"text": "a\\ud800 b\\n\\udfffx\x01", "n": NaN}\n'
    auditor("restore", tmp_path / "out", "-o", tmp_path / "back")
    assert (tmp_path / "back/rows.jsonl").read_bytes() == path.read_bytes()


HOSTILE = [
    "line\nbreak.txt",
    "rtl\u202etxt.exe.txt",
    "-rf.txt",
    "sp ace'\"`$(x).txt",
    "\x1b[31mred.txt",
    "n" * 200 + ".txt",
]


@pytest.mark.parametrize("name", HOSTILE, ids=["newline", "override", "dash", "quotes", "escape", "long"])
def test_hostile_names(
    auditor: Auditor, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_text(PAGE, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "in")
    checked = auditor("check", "--rules", pack, "--format", "concise", "--", name)
    assert checked.code == 1
    assert len(checked.out.splitlines()) == 3
    assert not re.search("[\x1b\u202e]", checked.out + checked.err)
    done = auditor("audit", "--rules", pack, "-o", tmp_path / "out", "--", name)
    assert done.code == 0, done.err
    assert (tmp_path / "out/cleaned" / name).read_text(encoding="utf-8") == CLEANED
    assert auditor("restore", tmp_path / "out", "-o", tmp_path / "back").code == 0
    assert contents(tmp_path / "back") == {name: PAGE.encode()}
    for shown in ("summary.md", "report.html"):
        assert not re.search("[\x1b\u202e]", (tmp_path / "out" / shown).read_text(encoding="utf-8"))


def test_a_name_too_long_for_its_patch_is_named(auditor: Auditor, pack: Path, tmp_path: Path) -> None:
    path = tmp_path / ("n" * 251 + ".txt")
    path.write_text(PAGE, encoding="utf-8")
    done = auditor("audit", path, "-o", tmp_path / "out", "--rules", pack)
    assert done.code == 2
    assert "not checked: nnn" in done.err
    assert "Traceback" not in done.err
    assert path.read_text(encoding="utf-8") == PAGE


# score

CONTRACT = {"path", "record", "id", "language", "chars", "words", "lines", "boilerplate_ratio", "duplicate_ratio"}
CONTRACT |= {"mixed_script_ratio", "spaced_comma_ratio", "mt_engine", "mt_score", "quality"}


def test_score_gives_a_row_a_document(auditor: Auditor) -> None:
    done = auditor("score", CORPUS)
    assert done.code == 0
    found = rows(done.out)
    for row in found:
        valid("metrics").validate(row)
        assert set(row) >= CONTRACT
    by_path = {(Path(row["path"]).name, row["record"]): row for row in found}
    assert by_path["envoy.txt", 0]["mt_engine"] == "spaced-comma"
    assert by_path["envoy.txt", 0]["spaced_comma_ratio"] > 0.9
    assert by_path["wells.txt", 0]["quality"] == 1.0 > by_path["recipe.txt", 0]["quality"]
    languages = {name: by_path[name, 0]["language"] for name in ("poem.txt", "library-fa.txt", "market-en.txt")}
    assert languages == {"poem.txt": "ar", "library-fa.txt": "fa", "market-en.txt": "en"}


def test_score_as_csv(auditor: Auditor, tmp_path: Path) -> None:
    auditor("score", CORPUS, "--format", "csv", "-o", tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    lines = rows(auditor("score", CORPUS).out)
    assert [row["path"] for row in table] == [row["path"] for row in lines]
    assert [float(row["quality"]) for row in table] == [row["quality"] for row in lines]
    assert set(table[0]) >= CONTRACT


# rules


def test_rules_are_listed_and_shown(auditor: Auditor) -> None:
    listed = auditor("rules", "list")
    assert listed.code == 0
    assert re.search(r"^ar-names/axios +name +mistranslation +error +safe +-$", listed.out, re.MULTILINE)
    shown = auditor("rules", "show", "ar-names/axios").out
    assert shown.startswith("ar-names/axios\n")
    assert "catches:" in shown
    assert "leaves:" in shown
    assert shown.count("\nar-names/") == 0


def test_rules_are_tested(auditor: Auditor, pack: Path, tmp_path: Path) -> None:
    done = auditor("rules", "test", pack)
    assert (done.code, done.out) == (0, "3 rules in 1 pack, 6 examples, 0 failed\n")
    broken = tmp_path / "own.yaml"
    broken.write_text(PACK.replace("They read more than ever", "Read more"), encoding="utf-8")
    done = auditor("rules", "test", broken)
    assert done.code == 1
    assert "FAIL own/read-more: found 'Read more'; expected nothing" in done.out


def test_the_schema_of_rules_is_one(auditor: Auditor) -> None:
    schema = json.loads(auditor("rules", "schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_rules_are_chosen(auditor: Auditor, pack: Path, page: Path) -> None:
    def found(*rules: str) -> set[str]:
        return {row["rule"] for row in rows(auditor("check", page, *rules, "--format", "jsonl").out)}

    assert found("--rules", str(pack)) == {"own/read-more", "own/axiom", "own/shout"}
    assert found("--rules", str(pack.parent), "--rules=-own/axiom") == {"own/read-more", "own/shout"}
    assert found("--rules", str(pack), "--rules", "ar-names/axios") >= {"own/axiom", "ar-names/axios"}
    assert found("--rules", "ar-names/axios") == {"ar-names/axios"}
    assert found("--rules", "core-spacing") == set()
    assert found("--rules", "ar-names/axios", "--rules", str(pack), "--rules=-ar-names") == found("--rules", str(pack))
    assert "ar-names/axios" in found()


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("severity: warning", "severity: warnin", "did you mean warning?"),
        ("kind: regex", "kind: regx", "did you mean regex?"),
        ("phrases: [Read more]", "phrase: [Read more]", "did you mean phrases?"),
        ("message: \"'{match}' is {replacement}\"", "message: '{replacment}'", "did you mean replacement?"),
        ("pattern: '!{2,}'", "pattern: '(!'", "missing )"),
        ("pattern: '!{2,}'", "pattern: '!*'", "matches the empty text"),
        ("wrong: [البديهية]", "wrong: [$cues]", "unknown list"),
        ("severity: error", "severity: ]", "not valid YAML"),
    ],
)
def test_a_broken_pack_says_where(
    auditor: Auditor, page: Path, tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(PACK.replace(right, wrong), encoding="utf-8")
    done = auditor("check", page, "--rules", path)
    assert done.code == 2
    line = PACK[: PACK.index(right)].count("\n") + 1
    place = re.search(r"own\.yaml:(\d+):\d+: ", done.err)
    assert place
    assert int(place[1]) == line
    assert message in done.err
    assert wrong in done.err
    assert "Traceback" not in done.err


# the installed command

COMMAND = Path(sys.executable).with_name("auditor")


def run(*arguments: object, **more: Any) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"PYTHONUTF8": "0", "LC_ALL": "C", **more.pop("environment", {})}
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, env=environment, check=False, **more)


def test_in_a_pipe(pack: Path, page: Path) -> None:
    """UTF-8 whatever the locale says; no colours, no progress bar, no direction controls."""
    done = run("check", page, page.parent, "--rules", pack, environment={"TERM": "xterm-256color"})
    assert done.returncode == 1
    text = done.stdout.decode("utf-8")
    assert "⟦البديهية⟧" in text
    assert not re.search("[\x1b\u2066-\u2069]", text + done.stderr.decode())
    assert b"Traceback" not in done.stderr


def test_nobody_reads_to_the_end(pack: Path, page: Path) -> None:
    page.write_text(PAGE * 2_000, encoding="utf-8")
    call = [COMMAND, "check", page, "--rules", pack, "--format", "concise"]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.readline()
        command.stdout.close()
        assert command.stderr.read() == b""


def shown(terminal: int) -> str:
    """What a pseudo-terminal has shown when the last program has left it."""
    data = b""
    try:
        while chunk := os.read(terminal, 65536):
            data += chunk
    except OSError:  # what its end looks like
        pass
    os.close(terminal)
    return data.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "--quiet"],
        ["audit", "-o", "{out}"],
        ["clean", "-o", "{out}", "--jobs", "2"],
        ["score", "--jobs", "2"],
    ],
    ids=" ".join,
)
def test_long_work_says_how_long_it_will_take(pack: Path, page: Path, tmp_path: Path, arguments: list[str]) -> None:
    """On a terminal, by the bytes read; what the bar showed is gone at the end."""
    import pty

    main, side = pty.openpty()
    row = json.dumps({"text": PAGE}) + "\n"
    page.with_name("rows.jsonl").write_text(row * 200, encoding="utf-8")
    call = [*(argument.format(out=tmp_path / "out") for argument in arguments), str(page.parent), "--rules", str(pack)]
    command = subprocess.Popen(
        [COMMAND, *call],
        stdout=subprocess.DEVNULL,
        stderr=side,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100", "AUDITOR_CACHE": str(tmp_path / "cache")},
    )
    os.close(side)
    text = shown(main)
    assert command.wait() in (0, 1)
    if "--quiet" in arguments:
        assert text == ""
    else:
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
        assert re.search(r"reading \S+ +\d+% .*[kM]?B about [\d:-]+ left", plain)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("setting", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_on_a_terminal(pack: Path, page: Path, setting: dict[str, str], coloured: bool) -> None:
    """Colours unless they are not wanted, and Arabic isolated from the English around it."""
    import pty

    main, side = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    command = subprocess.Popen(
        [COMMAND, "check", str(page), "--rules", str(pack)],
        stdout=side,
        stderr=subprocess.DEVNULL,  # the progress bar has its own controls
        env=plain | {"TERM": "xterm"} | setting,
    )
    os.close(side)
    text = shown(main)
    assert command.wait() == 1
    assert (ESCAPE in text) == coloured
    assert "\u2068البديهية\u2069" in text


def test_the_command_is_a_module_too(auditor: Auditor, tmp_path: Path) -> None:
    (pack := tmp_path / "pack.yaml").write_text(PACK, encoding="utf-8")
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    asked = ["check", "--isolated", "--rules", str(pack), "--jobs", "2", str(tmp_path)]
    module = subprocess.run([sys.executable, "-m", "auditor", *asked], capture_output=True)
    script = auditor(*asked)
    assert (module.returncode, module.stdout.decode(), module.stderr.decode()) == (1, script.out, script.err)
