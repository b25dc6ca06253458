"""Files made to do harm are named or cleaned, quickly, and what was cleaned can be restored."""

from __future__ import annotations

import time
from pathlib import Path

import hostile
import pyarrow.parquet
from conftest import Auditor, contents

from auditor.chains import content_digest
from auditor.formats import format_of


def test_all_of_them_at_once(auditor: Auditor, tmp_path: Path) -> None:
    names = hostile.make(tmp_path / "in")
    started = time.monotonic()
    done = auditor("audit", tmp_path / "in", "-o", tmp_path / "out")
    assert time.monotonic() - started < 120
    assert done.code == 2
    for word in ("Traceback", "mistake of ours", "please report", "\x1b"):
        assert word not in done.err + done.out
    cleaned = {path.name for path in (tmp_path / "out" / "cleaned").iterdir()}
    unread = {name for name in names if f"not checked: {name}: " in done.err}
    assert cleaned | unread == set(names)
    assert auditor("restore", tmp_path / "out", "-o", tmp_path / "back").code == 0
    for name in sorted(cleaned - {"cut.jsonl.gz", "cut.jsonl.zst"}):  # of these there is more than can be read
        original, back = tmp_path / "in" / name, tmp_path / "back" / name
        assert content_digest(original, format_of(name), "text") == content_digest(back, format_of(name), "text"), name


def test_sound_rows_among_hostile_ones_are_cleaned(auditor: Auditor, tmp_path: Path) -> None:
    hostile.make(tmp_path / "in")
    auditor("clean", tmp_path / "in", "-o", tmp_path / "out")
    cleaned = contents(tmp_path / "out" / "cleaned")
    assert cleaned["deep.jsonl"].endswith(hostile.GOOD.replace(b"&nbsp;", b" "))
    assert cleaned["bad-rows.jsonl"].endswith(hostile.GOOD.replace(b"&nbsp;", b" "))
    assert cleaned["two.jsonl.zst"] == hostile.GOOD.replace(b"&nbsp;", b" ") * 100
    assert cleaned["keys-alike.jsonl"].count(b"&nbsp;") == 1


def test_the_tables_among_them_were_sound_once(tmp_path: Path) -> None:
    """So that the damage is what is tested."""
    hostile.make(tmp_path)
    assert any(_opens(path) for path in tmp_path.glob("damaged-*.parquet"))


def _opens(path: Path) -> bool:
    try:
        pyarrow.parquet.ParquetFile(path)
    except Exception:
        return False
    return True
