"""What a survey found out, frozen: the same from memory and from disk, and equal digests for equal facts only."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from auditor.facts import Names, Table, freeze, frozen, packed, thawed
from auditor.runs import added, records, united


def test_keys_that_share_their_first_half_are_told_apart() -> None:
    keys = [b"A" * 8 + bytes([n]) * 8 for n in range(4)]
    found = united(records(b"".join(keys[:3]), np.array([3, 5, 7], np.uint64)), added)
    table = Table.of(found)
    assert table.values(b"".join(keys)).tolist() == [3, 5, 7, 0]
    assert table.values(b"\xff" * 16).tolist() == [0]


def test_a_frozen_table_is_the_same_from_disk(tmp_path: Path) -> None:
    found = united(records(bytes(range(160)), np.arange(1, 11, dtype=np.uint64)), added)
    table, again = frozen([found[:4], found[4:]], tmp_path / "a"), frozen([found], tmp_path / "b")
    assert table.values(bytes(range(160))).tolist() == list(range(1, 11))
    assert table.digest == again.digest != frozen([found[1:]], tmp_path / "c").digest
    assert len(frozen([], tmp_path / "d")) == 0


def test_names_by_their_number() -> None:
    names = Names(packed(["a.txt", "", "ص/ب.jsonl", "\udcff"]))
    assert [names[number] for number in range(4)] == ["a.txt", "", "ص/ب.jsonl", "\udcff"]


def test_facts_come_back_from_disk(tmp_path: Path) -> None:
    lines, bands = (united(records(key * 16, np.array([3], np.uint64)), added) for key in (b"a", b"b"))
    digest = freeze(tmp_path / "one", [lines], [bands], ["a.txt"])
    known = thawed(tmp_path / "one")
    assert known.lines.values(b"a" * 16).tolist() == known.bands.values(b"b" * 16).tolist() == [3]
    assert known.names[0] == "a.txt"
    assert digest == freeze(tmp_path / "two", [lines], [bands], ["a.txt"])
    assert digest != freeze(tmp_path / "three", [lines], [bands], ["b.txt"])
    assert len(thawed(tmp_path / "three").lines) == 1
    freeze(tmp_path / "none", [], [], [])
    assert len(thawed(tmp_path / "none").bands) == 0
