"""Large files: memory whatever their size, and two processes against one: `python tests/bench/large.py`.

The files are made here: pages of `news.py`, repeated, with every seventh word another one each time, so that no line
comes twice. README.md says what is measured.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import news

PEAK = Path(__file__).with_name("peak.py")
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
BASE = 5.0  # MB of pages that are repeated
GROUP = 4000  # rows of a row group


def texts(megabytes: float, seed: int = 7) -> Iterator[str]:
    """Pages until they make up so much UTF-8; the words put in are as frequent as words are, a few very much so."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(LETTERS, k=chance.randint(2, 9))) for _ in range(200_000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    pages = list(news.pages(min(BASE, megabytes), seed))
    left = megabytes * 1e6
    while left > 0:
        for page in pages:
            parts = page.split(" ")
            at = chance.randrange(7)
            parts[at::7] = chance.choices(words, cum_weights=weights, k=len(parts[at::7]))
            text = " ".join(parts)
            yield text
            left -= len(text.encode())
            if left <= 0:
                return


def write(path: Path, megabytes: float) -> None:
    """A jsonl or parquet file of such texts."""
    if path.suffix == ".jsonl":
        with path.open("wb") as out:
            out.writelines(news.rows(texts(megabytes)))
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("id", pa.int64()), ("text", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        rows: list[dict[str, object]] = []
        for number, text in enumerate(texts(megabytes)):
            rows.append({"id": number, "text": text})
            if len(rows) == GROUP:
                out.write_table(pa.Table.from_pylist(rows, schema))
                rows.clear()
        if rows:
            out.write_table(pa.Table.from_pylist(rows, schema))


class Run(NamedTuple):
    """One audit: seconds by the clock and of processor time, and the most memory any of its processes held."""

    seconds: float
    processor: float
    megabytes: float


def audit(folder: Path, source: Path, jobs: int) -> Run:
    """`auditor audit` with so many processes on so many cores, everything written."""
    used, started = _children(), time.perf_counter()
    command = [sys.executable, str(PEAK), str(folder / "peak"), "audit", str(source), "-o", str(folder / "out")]
    done = subprocess.run(
        [*command, "--jobs", str(jobs), "--quiet", "--isolated"],
        stderr=subprocess.PIPE,
        env=os.environ | {"AUDITOR_CACHE": str(folder / "cache")},
        preexec_fn=partial(_bound, jobs),
    )
    seconds, processor = time.perf_counter() - started, _children() - used
    if done.returncode:
        raise SystemExit(f"auditor audit {source} failed: {done.stderr.decode('utf-8', 'replace')}")
    return Run(seconds, processor, int((folder / "peak").read_text()) / 1e6)


def _bound(cores: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def split(source: Path, folder: Path, parts: int) -> Path:
    """A folder with the rows of a jsonl file in so many files."""
    folder.mkdir()
    outs = [(folder / f"{number:03}.jsonl").open("wb") for number in range(parts)]
    with source.open("rb") as lines:
        for number, line in enumerate(lines):
            outs[number % parts].write(line)
    for out in outs:
        out.close()
    return folder


def measured(folder: Path, sizes: Sequence[float], suffixes: Sequence[str], jobs: Sequence[int], files: int) -> None:
    print("| source | processes | seconds | of processor time | share of its cores | peak of a process |")
    print("|---|---|---|---|---|---|")
    for suffix in suffixes:
        for size in sizes:
            source = folder / f"{size:g}{suffix}"
            write(source, size)
            sources = [source]
            if files and suffix == ".jsonl":
                sources.append(split(source, folder / f"{size:g}-many", files))
            for one in sources:
                runs = [_row(folder, one, number) for number in jobs]
                if len(runs) > 1:
                    ratio = runs[0].seconds / runs[-1].seconds
                    print(f"| {_name(one)} | {jobs[-1]} against {jobs[0]} | **{ratio:.2f} times** | | | |", flush=True)
                shutil.rmtree(one) if one.is_dir() else one.unlink()


def _row(folder: Path, source: Path, jobs: int) -> Run:
    run = audit(folder, source, jobs)
    shutil.rmtree(folder / "out")
    share = 100 * run.processor / (run.seconds * jobs)
    figures = f"{run.seconds:.1f} | {run.processor:.1f} | {share:.0f} % | {run.megabytes:.0f} MB"
    print(f"| {_name(source)} | {jobs} | {figures} |", flush=True)
    return run


def _name(source: Path) -> str:
    return (
        f"{source.name.removesuffix('-many')} MB, many files" if source.is_dir() else f"{source.stem} MB{source.suffix}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[10, 1000], help="of text (default: 10 1000)")
    parser.add_argument("--formats", nargs="+", default=["jsonl", "parquet"], choices=["jsonl", "parquet"])
    parser.add_argument("--jobs", type=int, nargs="+", default=[2], help="processes; several are compared (default: 2)")
    parser.add_argument("--files", type=int, default=0, help="also the same jsonl rows in so many files")
    parser.add_argument("--folder", type=Path, help="where there is room for three times the text (default: a new one)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        (Path(folder) / "warm.txt").write_text("A page.\n")
        audit(Path(folder), Path(folder) / "warm.txt", 1)  # the rules are in the cache then
        suffixes = [f".{name}" for name in args.formats]
        measured(Path(folder), args.megabytes, suffixes, args.jobs, args.files)


if __name__ == "__main__":
    main()
