"""YAML as packs use it: plain data, every value with its place, no surprises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.errors import PackError
from auditor.packfile import PackFile, fraction


def read(text: str) -> Any:
    return PackFile(Path("p.yaml"), text).data


def refused(text: str) -> str:
    with pytest.raises(PackError) as caught:
        read(text)
    return str(caught.value)


def test_plain_data() -> None:
    assert read("a: [x, 'y z']\nb: {c: 1, d: -2}\ne: |-\n  two\n  lines\nf:\n- g\n") == {
        "a": ["x", "y z"],
        "b": {"c": 1, "d": -2},
        "e": "two\nlines",
        "f": ["g"],
    }


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "y", "n", "No", "True", "NULL", "1.5", "0x10", "010", "1_000"]
)
def test_words_stay_words(word: str) -> None:
    assert read(f"[{word}]") == [word]


def test_only_these_have_a_meaning() -> None:
    assert read("[true, false, null, ~, 0, 7, -7, 'true', '7', '']") == [
        *(True, False, None, None, 0, 7, -7),
        *("true", "7", ""),
    ]


def test_nothing_at_all() -> None:
    assert read("") is None
    assert read("# only a comment\n") is None
    assert read("a:") == {"a": None}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: 1\nb: &x [1]\n", "2:4", "anchors and aliases are not part of the rule language; use `define`"),
        ("a: &x [1,1]\nb: &y [*x,*x]\nc: [*y,*y]\n", "1:4", "anchors and aliases"),  # the bomb
        ("a: &x [*x]\n", "1:4", "anchors and aliases"),
        ("&x a: 1\n", "1:1", "a key must be plain text"),
        ("a: !!python/object:os.system x\n", "1:4", "tag 'tag:yaml.org,2002:python/object:os.system' is not allowed"),
        ("a: !!bool maybe\n", "1:4", "tag 'tag:yaml.org,2002:bool'"),
        ("a: !!int ''\n", "1:4", "tag 'tag:yaml.org,2002:int'"),
        ("a: ! x\n", "1:4", "tag '!'"),
        ("a:\n- !x [1]\n", "2:3", "tag '!x'"),
        ("a: 1\nb: 2\na: 3\n", "3:1", "key 'a' stands here twice"),
        ("x:\n  - {a: 1, a: 2}\n", "2:12", "key 'a' stands here twice"),
        ("? [a]\n: b\n", "1:3", "a key must be plain text"),
        ("a: 1\n---\nb: 2\n", "2:1", "a second document begins here"),
        ("a: [1\nb: 2\n", "2:2", "not valid YAML"),
        ("a:\n\t- b\n", "2:1", "not valid YAML: found character that cannot start any token"),
        ("a: x\x07y\n", "1:5", "not valid YAML: U+0007 must be escaped"),
        ("سطر: ١\nكلمة: \x00\n", "2:7", "U+0000 must be escaped"),
        ("a: " + "[" * 100_000, "1:54", "nested too deeply"),
        ("- " * 5_000 + "x", "1:103", "nested too deeply"),
        ("a: {" * 60, "1:204", "nested too deeply"),
    ],
)
def test_refused_with_its_place(text: str, place: str, message: str) -> None:
    first, shown, caret = refused(text).split("\n")
    assert first.startswith(f"p.yaml:{place}: ")
    assert message in first
    line, column = map(int, place.split(":"))
    assert shown.strip() == text.split("\n")[line - 1][:200].strip()
    assert caret == " " * (4 + column - 1 if column < 200 else 204) + "^"


def test_what_belongs_to_a_key_is_shown_at_the_key() -> None:
    file = PackFile(Path("p.yaml"), "rules:\n- id: a\n  near: {any: [x, y]}\n")
    shown = "p.yaml:3:19: m\n      near: {any: [x, y]}\n" + " " * 22 + "^"
    assert file.describe("m", ("rules", 0, "near", "any", 1)) == shown
    assert file.describe("m", ("rules", 0, "id")).startswith("p.yaml:2:3: m\n")
    assert file.describe("m", ("rules", 0, "nowhere", 3)).startswith("p.yaml:2:3: m\n")  # the nearest around it
    assert file.describe("m").startswith("p.yaml:1:1: m\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_those_of_an_editor(end: str) -> None:
    file = PackFile(Path("p.yaml"), end.join(["a: 'x\u2028y'", "b: z", ""]))
    assert file.describe("m", ("b",)) == "p.yaml:2:1: m\n    b: z\n    ^"


def test_multi_line_text_has_plain_line_ends() -> None:
    assert read("a: |-\r\n  x\r\n  y\r\n") == {"a": "x\ny"}


def test_fractions_are_read_where_they_are_wanted() -> None:
    assert [fraction(value) for value in ("0.25", "-1.5", "1.5.2", ".5", "x", 3)] == [0.25, -1.5, "1.5.2", ".5", "x", 3]
