"""Arguments become files, each once, in a fixed order, under names that stay inside any folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.errors import ConfigError, ReadError
from auditor.formats import format_of
from auditor.formats.sources import expand, open_source


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def make(*paths: str) -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(path)


def names(*arguments: str, **options: object) -> list[str]:
    return [source.name for source in expand(arguments, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "format"),
    [("a.txt", "txt"), ("a.b.JSONL.gz", "jsonl"), ("x/a.ndjson.zst", "ndjson"), ("a.log", "txt"), ("a.gz", "txt")],
)
def test_format_is_told_by_the_suffix(path: str, format: str) -> None:
    assert format_of(path) == format


def test_a_folder_gives_its_supported_files_sorted(here: Path) -> None:
    make("c/b/2.txt", "c/b/10.txt", "c/a.jsonl.gz", "c/z.TXT", "c/.hidden.txt", "c/.git/x.txt", "c/image.png", "c/x.gz")
    assert names("c") == ["a.jsonl.gz", "b/10.txt", "b/2.txt", "z.TXT"]
    assert names(".") == ["c/a.jsonl.gz", "c/b/10.txt", "c/b/2.txt", "c/z.TXT"]
    assert expand(["c"])[0].path == here / "c/a.jsonl.gz"


@pytest.mark.usefixtures("here")
def test_a_file_is_read_whatever_its_suffix() -> None:
    make("c/notes.log", "c/.hidden.txt", "c/we[i]rd*.txt")
    assert names("c/notes.log", "c/.hidden.txt", "c/we[i]rd*.txt") == ["notes.log", ".hidden.txt", "we[i]rd*.txt"]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("c/*.txt", ["a.txt"]),
        ("c/**/*.txt", ["2023/b.txt", "2024/d/c.txt", "a.txt"]),
        ("c/**", ["2023/b.txt", "2024/d/c.txt", "a.txt", "e.jsonl"]),
        ("c/*", ["2023/b.txt", "2024/d/c.txt", "a.txt", "e.jsonl"]),
        ("c/202?", ["2023/b.txt", "2024/d/c.txt"]),
        ("c/2024/**/c.*", ["d/c.txt"]),
        ("**/d/*.txt", ["c/2024/d/c.txt"]),
        ("c/[!a]*.jsonl", ["e.jsonl"]),
        ("c/*.log", ["x.log"]),
        ("c/../c/a.tx?", ["a.txt"]),
    ],
)
def test_globs(pattern: str, expected: list[str]) -> None:
    make("c/a.txt", "c/2023/b.txt", "c/2024/d/c.txt", "c/e.jsonl", "c/x.log", "c/.h/a.txt")
    assert names(pattern) == expected


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("none.txt", r"none\.txt: no such file or folder"),
        ("none*.txt", "matches no file"),
        ("none/**", "matches no file"),
        ("empty", r"empty: no file to read in this folder; looked for \.txt, \.jsonl"),
        ("s3://bucket/x.txt", "cannot be read; download it"),
        ("dangling.txt", "a link to something that does not exist"),
        ("", "an empty source"),
    ],
)
def test_arguments_that_give_nothing_are_errors(here: Path, argument: str, message: str) -> None:
    make("empty/image.png")
    (here / "dangling.txt").symlink_to("nowhere")
    with pytest.raises(ConfigError, match=message):
        expand([argument])


def test_links_are_not_followed_out_of_the_folder(here: Path) -> None:
    make("../secret.txt", "../other/s.txt", "c/a.txt", "c/sub/b.txt")
    (here / "c/secret.txt").symlink_to(here.parent / "secret.txt")
    (here / "c/other").symlink_to(here.parent / "other")
    (here / "c/up").symlink_to(here)
    (here / "c/loop").symlink_to("loop")
    (here / "c/again").symlink_to("sub")
    (here / "c/inner.txt").symlink_to("sub/b.txt")
    (here / "shortcut").symlink_to("c")
    for argument in ("c", "c/**", "c/*", "shortcut"):
        assert names(argument) == ["a.txt", "inner.txt", "sub/b.txt"]
    assert names("c/**/*.txt") == ["a.txt", "inner.txt", "sub/b.txt"]
    assert names("c/secret.txt") == ["secret.txt"]  # named by the user


@pytest.mark.usefixtures("here")
def test_names_that_clash_are_told_apart_by_their_folders() -> None:
    make("a/x.txt", "a/y.txt", "b/x.txt", "p/c/x.txt", "q/c/x.txt", "q/c/n/m.txt")
    assert names("a/x.txt", "a/y.txt", "b/x.txt") == ["a/x.txt", "a/y.txt", "b/x.txt"]
    assert names("p/c", "q/c") == ["p/c/x.txt", "q/c/n/m.txt", "q/c/x.txt"]
    assert names("a", "q/c") == ["a/x.txt", "a/y.txt", "c/n/m.txt", "c/x.txt"]
    assert names("a/x.txt", "a", "./a/../a/x.txt") == ["x.txt", "y.txt"]  # each once
    make("n/x.txt/y.txt")
    assert names("a/x.txt", "n") == ["a/x.txt", "x.txt/y.txt"]  # no file where a folder has to be


@pytest.mark.usefixtures("here")
def test_stdin_has_a_name_that_stays_inside() -> None:
    make("stdin.txt")
    assert names("-") == ["stdin.txt"]
    assert names("-", stdin_name="data/x.jsonl") == ["data/x.jsonl"]
    assert names("-", stdin_name="../../x.txt") == ["x.txt"]
    assert names("-", stdin_name="/etc/x.txt") == ["etc/x.txt"]
    assert names("-", "stdin.txt") == ["stdin.txt", "here/stdin.txt"]


def test_excluded_folders_are_left_out(here: Path) -> None:
    make("a.txt", "out/cleaned/a.txt", "x/out/b.txt")
    assert names(".", exclude=[Path("out")]) == ["a.txt", "x/out/b.txt"]
    assert names("**/*.txt", exclude=[here / "out"]) == ["a.txt", "x/out/b.txt"]
    with pytest.raises(ConfigError, match="lies in the output folder"):
        expand(["out/cleaned"], exclude=[Path("out")])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_that_are_no_utf8_can_be_reported(here: Path) -> None:
    Path(os.fsdecode(os.fsencode(here) + b"/\xff.txt")).write_text("x")
    (source,) = expand(["."])
    assert source.name == "\\xff.txt"
    with open_source(source) as stream:
        assert stream.read() == b"x"


@pytest.mark.usefixtures("here")
def test_a_file_that_went_away_is_a_read_error() -> None:
    make("a.txt")
    (source,) = expand(["a.txt"])
    Path("a.txt").unlink()
    with pytest.raises(ReadError, match=r"a\.txt: cannot be read"):
        open_source(source)
