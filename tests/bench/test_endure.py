"""The long runs, short: nothing breaks, and they would notice if it did."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ENDURE = Path(__file__).with_name("endure.py")


def endured(*arguments: str) -> str:
    done = subprocess.run([sys.executable, str(ENDURE), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_runs_disturbed_at_random_moments() -> None:
    assert "12 disturbed runs, 0 went wrong" in endured("kill", "--times", "12", "--seed", "7")


@pytest.mark.slow
def test_bytes_of_all_kinds(tmp_path: Path) -> None:
    printed = endured("fuzz", "--minutes", "0.5", "--folder", str(tmp_path / "found"))
    assert printed.count("nothing broke") == 6


@pytest.mark.slow
def test_a_corpus_and_back() -> None:
    printed = endured("soak", "--megabytes", "3", "--short")
    assert "| restored, every byte | yes |" in printed
    assert "**NO**" not in printed


@pytest.mark.slow
def test_what_breaks_is_kept_and_told(tmp_path: Path) -> None:
    broken = "import fuzz; fuzz.TARGETS['patches'] = lambda data: data == b'prepared' or 1 / 0; "
    code = (
        broken
        + f"from pathlib import Path; raise SystemExit(fuzz.by_ourselves('patches', 5, 1, Path({str(tmp_path)!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ENDURE.parent, capture_output=True, text=True)
    assert "ZeroDivisionError" in done.stderr
    assert [path.name[:14] for path in tmp_path.iterdir()] == ["crash-patches-"]
