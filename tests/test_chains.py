"""Cleaning in place, killed between the patch and the file: no patch is lost, none counts that was never gone by."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Auditor, contents, raw

TEXT = b"The bridge is open&nbsp;again.\n"
CLEANED = b"The bridge is open again.\n"
CLEAN = ("clean", "--in-place", "--patches", "patches", "page.txt", "--rules", "core-encoding")
RESTORE = ("restore", "patches", "--cleaned", ".", "-o", "back")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.txt"
    page.write_bytes(TEXT)
    return page


def test_a_patch_that_was_only_announced_is_written_again(auditor: Auditor, page: Path) -> None:
    assert auditor(*CLEAN).code == 0
    undisturbed = raw(page.parent)
    page.write_bytes(TEXT)  # as a run leaves it that is killed with its patch in place and the file not yet
    assert auditor(*CLEAN).code == 0
    assert raw(page.parent) == undisturbed
    assert auditor(*RESTORE).code == 0
    assert contents(page.parent / "back") == {"page.txt": TEXT}


def test_a_patch_that_was_only_announced_undoes_nothing(auditor: Auditor, page: Path) -> None:
    assert auditor(*CLEAN).code == 0
    page.write_bytes(TEXT)
    for _ in range(2):
        assert auditor(*RESTORE).code == 0
        assert contents(page.parent / "back") == {"page.txt": TEXT}
    (page.parent / "back" / "page.txt").write_bytes(b"Another.\n")
    done = auditor(*RESTORE)
    assert done.code == 2
    assert "exists and differs" in done.err


def test_the_second_of_two_was_only_announced(auditor: Auditor, page: Path) -> None:
    assert auditor(*CLEAN).code == 0
    page.write_bytes(CLEANED + TEXT)
    assert auditor(*CLEAN).code == 0
    assert sorted(contents(page.parent / "patches")) == ["page.txt.2.patch.jsonl", "page.txt.patch.jsonl"]
    page.write_bytes(CLEANED + TEXT)
    undone = auditor(*RESTORE)
    assert undone.code == 2  # the first patch does not lead to what the second began with: somebody edited between
    assert "altered" in undone.err
    assert auditor(*CLEAN).code == 0
    assert sorted(contents(page.parent / "patches")) == ["page.txt.2.patch.jsonl", "page.txt.patch.jsonl"]


def test_a_damaged_patch_is_never_overwritten(auditor: Auditor, page: Path) -> None:
    assert auditor(*CLEAN).code == 0
    patch = page.parent / "patches" / "page.txt.patch.jsonl"
    patch.write_bytes(patch.read_bytes()[:-9])
    page.write_bytes(TEXT)
    assert auditor(*CLEAN).code == 0
    assert sorted(contents(page.parent / "patches")) == ["page.txt.2.patch.jsonl", "page.txt.patch.jsonl"]
