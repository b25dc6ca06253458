"""The benchmark runs and prints its table."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from auditor.detectors import BACKENDS

BENCH = Path(__file__).with_name("bench.py")
LARGE = Path(__file__).with_name("large.py")
LANGUAGES = Path(__file__).with_name("languages.py")


def bench(*arguments: str) -> str:
    return subprocess.run([sys.executable, str(BENCH), *arguments], check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_the_benchmark_prints_its_tables_and_draws_a_plot(tmp_path: Path) -> None:
    table = bench("--megabytes", "0.05", "--no-peers", "--plot", str(tmp_path / "ratios.svg"))
    assert ElementTree.parse(tmp_path / "ratios.svg").getroot().tag.endswith("svg")
    for row in (
        "| rules |",
        "| `auditor check`, one core | **",
        "| `auditor audit`, one core | **",
        "| ratio | **",
        "| findings against `regex` alone, 300 random rules, ",
        "| `wc -w` in",
        "| `check` again on an unchanged corpus | ",
        "| 10 times the rules",
        "not measured | left out |",
    ):
        assert row in table
    found = re.findall(r"against `regex` alone, .*\*\*0 missing, 0 extra\*\* \((\d+) found\)", table)
    assert [int(count) > 100 for count in found] == [True, True]


@pytest.mark.slow
def test_large_files_are_measured(tmp_path: Path) -> None:
    command = [sys.executable, str(LARGE), "--megabytes", "0.1", "--jobs", "1", "2", "--folder", str(tmp_path)]
    table = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for row in ("| 0.1 MB.jsonl | 1 | ", "| 0.1 MB.jsonl | 2 against 1 | **", "| 0.1 MB.parquet | 2 | "):
        assert row in table


@pytest.mark.slow
def test_the_profile_names_functions(tmp_path: Path) -> None:
    source = tmp_path / "news.jsonl"
    source.write_text('{"text": "اقرأ أيضا\\nنص قصير"}\n', "utf-8")
    assert "(clean)" in bench("--source", str(source), "--profile")


@pytest.mark.slow
def test_detectors_are_compared_and_those_missing_are_named(tmp_path: Path) -> None:
    source = tmp_path / "pages.jsonl"
    english = "The mayor opened the new bridge over the river on Monday, and the ferry went out of service."
    rows = [{"lang": "en", "lines": [{"text": english, "label": "content"}, {"text": "Home", "label": "boilerplate"}]}]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    done = subprocess.run([sys.executable, str(LANGUAGES), str(source)], check=True, capture_output=True, text=True)
    assert "| en, middle | 1 | 100.0 (21-100) |" in done.stdout
    for name in BACKENDS:
        missing = f"not installed, left out: {name} (pip install 'corpus-auditor[lid]')" in done.stderr
        assert missing != (f"\n| {name} | " in done.stdout)
