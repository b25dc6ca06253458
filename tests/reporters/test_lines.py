"""The formats of `auditor check`: concise, full, json, jsonl."""

from __future__ import annotations

import json

import msgspec
import pytest
import regex

from auditor.model import Finding
from auditor.reporters import REPORTERS, Context

from .samples import assert_golden, find, findings, line_of

SGR = regex.compile("\x1b\\[[0-9;]*m")


def render(name: str, context: Context | None = None, listed: list[Finding] | None = None) -> str:
    context = context or Context(version="0.1.0", line_of=line_of)
    return "".join(REPORTERS[name](findings() if listed is None else listed, context=context))


@pytest.mark.parametrize(
    ("name", "golden"),
    [("concise", "concise.txt"), ("full", "full.txt"), ("json", "findings.json"), ("jsonl", "findings.jsonl")],
)
def test_golden(name: str, golden: str) -> None:
    assert_golden(golden, render(name))


@pytest.mark.parametrize("name", ["concise", "full"])
def test_colour_changes_nothing_but_colour(name: str) -> None:
    plain = render(name)
    coloured = render(name, Context(color=True, line_of=line_of))
    assert SGR.search(coloured)
    assert SGR.sub("", coloured) == plain.replace("⟦", "").replace("⟧", "")


@pytest.mark.parametrize("name", ["concise", "full"])
def test_the_corpus_can_not_reach_the_terminal(name: str) -> None:
    """Only our own colours and paired isolates get out, whatever the text holds."""
    out = SGR.sub("", render(name, Context(color=True, isolate=True, line_of=line_of)))
    assert out.count("\u2068") == out.count("\u2069") > 0
    assert not regex.search(r"[[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]--[\n\u2068\u2069]](?V1)", out)


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_json_holds_no_terminal_controls_or_foreign_line_breaks(name: str) -> None:
    listed = [find("news/rows.jsonl.gz", "\x9b2J", "core/control", "a\x85b\u2028c\x7f\u202e", record=12)]
    assert not regex.search(r"[[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]--\n](?V1)", render(name, listed=listed))


def test_concise_is_one_line_a_finding() -> None:
    lines = render("concise").split("\n")
    assert len(lines) == len(findings()) + 1
    assert lines[3].startswith("news/سد.txt:2:18: error ar-names/axios 'البديهية' means 'axiom'")
    assert lines[1].startswith("news/rows.jsonl.gz[12]:1:1: ")


def test_full_works_without_the_source_lines() -> None:
    assert "| ⟦البديهية⟧\n" in render("full", Context())


@pytest.mark.parametrize(
    ("fix", "note"),
    [
        ((0, 8, "", "safe"), "= fix (safe): delete\n"),
        ((0, 8, "أكسيوس", "unsafe"), "= fix (unsafe): replace by 'أكسيوس'\n"),
        ((8, 8, " ", "unsafe"), "= fix (unsafe): insert ' '\n"),
        ((0, 8, "أكسيوس", "display"), "= suggestion: replace by 'أكسيوس'\n"),
    ],
)
def test_full_says_what_the_fix_does(fix: tuple[int, int, str, str], note: str) -> None:
    assert note in render("full", listed=[find("news/سد.txt", "البديهية", "x/y", "m", fix=fix)])


def test_full_ends_with_sums() -> None:
    assert render("full").endswith(
        "\n6 findings (2 errors, 3 warnings, 1 info) in 3 files; 3 fixable with clean, 1 more with --unsafe\n"
    )
    assert render("full", listed=[]) == "No findings.\n"


def test_jsonl_has_exactly_the_fields_of_a_finding() -> None:
    lines = render("jsonl").splitlines()
    assert [msgspec.json.decode(line, type=Finding) for line in lines] == findings()
    assert list(json.loads(lines[0])) == list(Finding.__struct_fields__)


def test_json_is_one_object() -> None:
    whole = json.loads(render("json"))
    assert (whole["schema"], whole["version"], len(whole["findings"])) == (1, "0.1.0", len(findings()))
    assert json.loads(render("json", listed=[]))["findings"] == []


def test_lone_surrogates_become_replacement_characters() -> None:
    listed = [find("news/سد.txt", "البديهية", "x/y", "half \ud83d", id="\udcff", text="البديهي\ud800")]
    decoded = json.loads(render("jsonl", listed=listed))
    assert (decoded["message"], decoded["id"], decoded["text"]) == ("half \ufffd", "\ufffd", "البديهي\ufffd")
    assert json.loads(render("json", listed=listed))["findings"] == [decoded]


def test_reporters_stream() -> None:
    """The first finding is out before the second is asked for."""

    def endless() -> object:
        yield findings()[0]
        raise AssertionError("asked for more than was needed")

    for name in ("concise", "full", "jsonl"):
        assert "الحارس" in next(iter(REPORTERS[name](endless(), context=Context())))  # type: ignore[arg-type]
