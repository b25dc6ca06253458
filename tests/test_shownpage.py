"""The page of a run stays where it would come out the same, and only there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditor import shownpage
from auditor.reporters import html

Made = Callable[..., list[str]]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """Asks for a page; gives all there is then, and in ``made.times`` how often it was really made."""
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    (tmp_path / "findings").write_text("one")
    times = []

    def asked(about: bytes = b"report") -> list[str]:
        def render(write: html.Write) -> Iterator[str]:
            times.append(1)
            write(f"{html.FOLDER}/data-001.js", b"shard")
            yield from ("a page of ", about.decode())

        shownpage.write(tmp_path / "out", about, [tmp_path / "findings", tmp_path / "none"], render)
        found = [path for path in sorted((tmp_path / "out").rglob("*")) if path.is_file()]
        return [str(len(times)), *(path.read_text() for path in found)]

    return asked


def test_it_stays(made: Made) -> None:
    assert made() == ["1", "shard", "a page of report"]
    assert made() == ["1", "shard", "a page of report"]


def test_what_it_shows_makes_it_anew(made: Made, tmp_path: Path) -> None:
    made()
    assert made(b"another") == ["2", "shard", "a page of another"]
    (tmp_path / "findings").write_text("two")
    assert made(b"another")[0] == "3"
    assert made()[0] == "4"


def test_so_does_how_it_looks(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    made()
    monkeypatch.setattr(shownpage, "_look", lambda: iter([b"another style"]))
    assert made()[0] == "2"


def test_what_was_altered_is_made_again(made: Made, tmp_path: Path) -> None:
    whole = made()[1:]
    page, shard = tmp_path / "out/report.html", tmp_path / "out" / html.FOLDER / "data-001.js"
    for times, act in enumerate((page.unlink, shard.unlink, lambda: page.write_text("x"), lambda: shard.write_text("x"),
                                 lambda: shard.with_name("data-002.js").write_text("of a run before")), 2):  # fmt: skip
        act()
        assert made() == [str(times), *whole]


def test_without_a_cache(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", "")
    assert [made()[0], made()[0]] == ["1", "2"]
