"""The cache: entries are made once, also where they are torn or made beside other work."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from auditor.automaton import Automaton, Pattern
from auditor.batch import Batch
from auditor.cache import remember, remembered
from auditor.model import Document


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path))
    return tmp_path


def never() -> bytes:
    raise AssertionError("it was kept")


def test_entries_are_made_once_for_what_they_depend_on() -> None:
    assert remember("thing", [b"a", b"b"], lambda: b"first") == b"first"
    assert remember("thing", [b"a", b"b"], never) == b"first"
    assert remember("thing", [b"ab"], lambda: b"other") == b"other"


def test_torn_entries_are_made_again(folder: Path) -> None:
    remember("thing", [b"a"], lambda: b"whole")
    (entry,) = folder.glob("thing-*")
    entry.write_bytes(entry.read_bytes()[:-1])
    assert remember("thing", [b"a"], lambda: b"again") == b"again"
    assert remember("thing", [b"a"], never) == b"again"


def test_what_is_made_beside_is_begun_at_once_and_waited_for_when_asked() -> None:
    started, wanted = threading.Event(), threading.Event()

    def made() -> bytes:
        started.set()
        assert wanted.wait(60)
        return b"slow"

    begun = remembered("thing", [b"a"], made, beside=True)
    assert started.wait(60)
    wanted.set()
    assert begun() == begun() == b"slow"
    assert remembered("thing", [b"a"], never, beside=True)() == b"slow"


def test_what_goes_wrong_beside_is_told_to_who_asks(folder: Path) -> None:
    begun = remembered("thing", [b"a"], never, beside=True)
    with pytest.raises(AssertionError, match="it was kept"):
        begun()
    assert not list(folder.iterdir())


@pytest.mark.parametrize("kept", ["", "folder"])
def test_automata_leave_out_what_cannot_be_built(kept: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", kept and str(folder))
    for _ in ("made", "kept"):
        automaton = Automaton([Pattern("plain", b"a"), Pattern("plain", b"(?=b)"), Pattern("plain", b"c")])
        found = automaton.candidates(Batch([Document(text="a"), Document(text="c")]))
        assert found == [(0, 0), (1, 2)]
        assert automaton.rejected == {1}
