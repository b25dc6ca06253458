"""Files whose end is missing: what is there is checked and cleaned, the damage is told, and restoring gives it back."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from pathlib import Path

import pytest
from conftest import Auditor, contents

DICE = random.Random(3)
LINES = [f"The bridge is open&nbsp;again, says notice {DICE.random()}." for _ in range(4000)]
ROWS = [json.dumps({"text": line}) for line in LINES]


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("name", "lines"), [("a.jsonl.gz", ROWS), ("a.txt.gz", LINES)])
def test_what_can_be_unpacked_is_cleaned(
    name: str, lines: list[str], jobs: str, auditor: Auditor, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    data = gzip.compress("".join(f"{line}\n" for line in lines).encode())[:-2000]
    (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "in" / "whole.txt").write_text("Fine.\n")
    there = zlib.decompressobj(31).decompress(data)
    whole = there.count(b"\n")
    assert 3500 < whole < 4000
    done = auditor("audit", tmp_path / "in", "-o", tmp_path / "out", "--rules", "core-encoding", "--jobs", jobs)
    assert done.code == 2
    assert f"not checked: {name}: is truncated; what can be unpacked was read" in done.err
    cleaned, end = contents(tmp_path / "out" / "cleaned")[name], there.rindex(b"\n") + 1
    assert cleaned.startswith(there[:end].replace(b"&nbsp;", b" "))
    assert there[end:].startswith(cleaned[cleaned.rindex(b"\n") + 1 :])  # passed on as it is
    assert len((tmp_path / "out" / "findings.jsonl").read_text().splitlines()) == whole
    assert auditor("restore", tmp_path / "out", "-o", tmp_path / "back").code == 0
    assert contents(tmp_path / "back")[name].startswith(there[:end])


def test_a_truncated_file_is_not_replaced_by_what_is_left_of_it(auditor: Auditor, tmp_path: Path) -> None:
    data = gzip.compress("\n".join(LINES).encode())[:-2000]
    path = tmp_path / "a.txt.gz"
    path.write_bytes(data)
    done = auditor("clean", path, "--in-place", "--patches", tmp_path / "patches", "--rules", "core-encoding")
    assert done.code == 2
    assert "a.txt.gz: is truncated; fetch or compress it again" in done.err
    assert path.read_bytes() == data
    assert not list((tmp_path / "patches").rglob("*.jsonl"))
