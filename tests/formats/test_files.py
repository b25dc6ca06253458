"""Files are written whole or not at all, and inside their folder."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from auditor.errors import ConfigError
from auditor.formats.files import atomic_bytes, atomic_writer, is_temporary, sweep, target_inside, temporary


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "er" / "a.txt"
    with atomic_writer(target) as file:
        file.write(b"one")
        assert not target.exists()
        assert all(is_temporary(path) for path in target.parent.iterdir())
    assert target.read_bytes() == b"one"
    assert list(target.parent.iterdir()) == [target]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    atomic_bytes(target, b"old")
    with suppress(KeyboardInterrupt), atomic_writer(target) as file:
        file.write(b"new")
        raise KeyboardInterrupt
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_replaced_file_hands_on_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    atomic_bytes(target, b"old")
    target.chmod(0o640)
    atomic_bytes(target, b"new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"keep")
    (tmp_path / "a.txt").symlink_to(outside)
    atomic_bytes(tmp_path / "a.txt", b"new")
    assert outside.read_bytes() == b"keep"


@pytest.mark.parametrize("name", ["a.txt", "a/b.txt", "a..b/..c.txt", "-rf", "نص.txt", "a\nb"])
def test_names_inside_are_joined(tmp_path: Path, name: str) -> None:
    assert target_inside(tmp_path, name) == tmp_path / name


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/../../b", "a/..", "/etc/passwd", "a\0b", "link/a"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    os.symlink(tmp_path, root / "link")
    with pytest.raises(ConfigError, match="leads out of"):
        target_inside(root, name)


def test_what_killed_runs_left_is_swept_and_what_living_ones_write_is_not(tmp_path: Path) -> None:
    left = [tmp_path / ".auditor-00.tmp", tmp_path / "deep" / ".auditor-01.tmp"]
    kept = [tmp_path / "page.txt", tmp_path / "deep" / ".auditor-patches", tmp_path / "deep" / "notes.tmp"]
    (tmp_path / "deep").mkdir()
    for path in left + kept:
        path.write_text("half")
    with atomic_writer(tmp_path / "deep" / "new.txt") as file:
        sweep(tmp_path, deep=False)
        assert [path.exists() for path in left] == [False, True]
        sweep(tmp_path)
        file.write(b"whole")
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in kept)
    assert (tmp_path / "deep" / "new.txt").read_bytes() == b"whole"


def test_folders_of_killed_runs_are_swept_and_those_of_living_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    wait = "from auditor.formats.files import temporary\nwith temporary() as folder: print(folder, flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", wait],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    left, foreign = Path(process.stdout.readline().strip()), tmp_path / "auditor-of-somebody"
    foreign.mkdir()
    with temporary() as mine:
        assert left.exists()
        process.kill()
        process.communicate()
        (left / "half").write_text("written")
        with temporary():
            assert (left.exists(), mine.exists(), foreign.exists()) == (False, True, True)
    assert list(tmp_path.iterdir()) == [foreign]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    with atomic_writer(pipe) as file:
        file.write(b"text")
    reader.join(10)
    assert got == [b"text"]
    assert pipe.is_fifo()
