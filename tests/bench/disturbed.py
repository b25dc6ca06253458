"""Where runs are disturbed: a small corpus in a folder of its own, and the ways to run over it."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import zstandard

COMMAND = (sys.executable, "-m", "auditor.cli")
RULES = ("--rules", "core-encoding", "--rules", "core-repeat")
LONGEST = 120.0  # seconds; a run that takes longer hangs
PARAGRAPH = "The bridge over the river is open&nbsp;again after works of {} months, said the office on day {}.\n"
UNEQUAL = "timings.json"  # the one file that two runs need not have in common


class Way(NamedTuple):
    """One way to run: ``{}`` of the arguments is the folder that everything lies in."""

    name: str
    arguments: tuple[str, ...]
    jobs: int

    @property
    def command(self) -> list[str]:
        return [*COMMAND, *self.arguments, "--jobs", str(self.jobs), "--quiet", *RULES]


WAYS = [
    Way(f"{name}, {jobs} jobs", arguments, jobs)
    for name, arguments in {
        "audit": ("audit", "in", "-o", "out"),
        "clean": ("clean", "in", "-o", "out"),
        "in place": ("clean", "in", "--in-place", "--patches", "out"),
        "check": ("check", "in", "--fail-on", "never", "--format", "jsonl=found.jsonl"),
    }.items()
    for jobs in (1, 2)
]


def corpus(folder: Path) -> None:
    """Small files of all formats, so that most of a run is opening, writing and putting in place."""
    rows = [
        {"id": str(row), "text": "".join(PARAGRAPH.format(row + line, line) for line in range(6)), "n": row}
        for row in range(30)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    files = {f"pages/{number % 3}/{number:02}.txt": rows[number]["text"].encode() for number in range(12)}  # type: ignore[attr-defined]
    files["pages/fine.txt"] = b"Nothing is wrong with this.\n"
    files |= {"a.jsonl": lines, "b.jsonl.gz": gzip.compress(lines, mtime=0), "c.jsonl.zst": zstandard.compress(lines)}
    files |= {"d.txt.gz": gzip.compress(files["pages/0/00.txt"], mtime=0)}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    with suppress(ImportError):
        import pyarrow
        import pyarrow.parquet

        table = pyarrow.Table.from_pylist(rows)
        for name in ("e.parquet", "f.parquet"):
            pyarrow.parquet.write_table(table, folder / name, row_group_size=10)


def raw(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if Path(name).name != UNEQUAL}


class Place:
    """A folder for one disturbed run: the corpus, the output, and a folder for temporary files."""

    def __init__(self, folder: Path, originals: Path) -> None:
        self.folder = folder
        (folder / "tmp").mkdir(parents=True)
        shutil.copytree(originals, folder / "in")

    def environment(self) -> dict[str, str]:
        return os.environ | {"TMPDIR": str(self.folder / "tmp"), "AUDITOR_CACHE": str(self.folder.parent / "cache")}

    def start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, cwd=self.folder, env=self.environment(), stderr=subprocess.DEVNULL, start_new_session=True
        )

    def run(self, way: Way) -> int:
        return waited(self.start(way.command))

    def contents(self) -> dict[str, bytes]:
        return raw(self.folder)


def waited(process: subprocess.Popen[bytes]) -> int:
    """The exit code; AssertionError for a run that hangs."""
    try:
        return process.wait(LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise AssertionError("the run hangs") from None


def children(process: subprocess.Popen[bytes]) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    except OSError:
        return []


def gone(process: subprocess.Popen[bytes]) -> None:
    """Wait until the workers of a killed run have followed it."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError("workers live on")
