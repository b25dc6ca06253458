"""The benchmark runs and prints its table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).with_name("bench.py")


def bench(*arguments: str) -> str:
    return subprocess.run([sys.executable, str(BENCH), *arguments], check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_the_benchmark_prints_its_table() -> None:
    table = bench("--megabytes", "0.05")
    for row in ("| rules |", "| `auditor check`, one core | **", "| `auditor audit`, one core | **", "| ratio | **"):
        assert row in table


@pytest.mark.slow
def test_the_profile_names_functions(tmp_path: Path) -> None:
    source = tmp_path / "news.jsonl"
    source.write_text('{"text": "اقرأ أيضا\\nنص قصير"}\n', "utf-8")
    assert "(clean)" in bench("--source", str(source), "--profile")
