"""A large corpus of varied text through `audit`: memory stays flat, and `restore` gives every byte back."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from itertools import product
from pathlib import Path

import zstandard
from news import pages

COMMAND = (sys.executable, "-m", "auditor.cli")
_EVERY = 0.25  # seconds between two looks at memory
_ALLOWED = 1.15, 30.0  # what the last third may take of what the first one took, and megabytes on top
_MOST = 700.0  # megabytes
_ROUNDS, _FILES = 6, ("a.jsonl", "b.jsonl.gz", "c.jsonl.zst", "d.parquet", "pages")
_ODD = (
    "\ufeff",
    "\u200f",
    "&nbsp;",
    "<br>",
    "Ø§Ù„",
    "\u0640\u0640",
    "🙂",
    "\u2028",
    "\\u0627",
    "\x00",
    "ﻻ",
    "ی",
    "\r\n",
)


def varied(megabytes: float, seed: int) -> Iterator[str]:
    """Pages of news, and in between what a crawl brings along: long lines, nothing at all, the same again, broken."""
    dice = random.Random(seed)
    last = ""
    for text in pages(megabytes * 0.8, seed):
        yield text
        match dice.randrange(12):
            case 0:
                yield text.replace("\n", " ") * dice.randrange(1, 4)  # one long line
            case 1:
                yield last
            case 2:
                yield "".join(dice.choice([*_ODD, " ", "كلمة", "word", "\n"]) for _ in range(dice.randrange(900)))
            case 3:
                yield "\n".join(line for line in text.split("\n") for _ in range(2))
            case 4:
                yield ""
        last = text


def corpus(folder: Path, megabytes: float, seed: int) -> int:
    """Files of all formats that together have so many bytes of text, about; the bytes they really have, unpacked.

    A run meets every format in every third of its time: what needs more memory than the others does so in each.
    """
    total = 0
    for number, (round_, name) in enumerate(product(range(_ROUNDS), _FILES)):
        path = folder / f"{round_:02}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = varied(megabytes / _ROUNDS / len(_FILES), seed + number)
        if name == "pages":
            total += _pages(path, texts)
        else:
            total += _parquet(path, texts) if name.endswith("parquet") else _lines(path, texts)
    return total


def _pages(folder: Path, texts: Iterator[str]) -> int:
    folder.mkdir()
    total = 0
    for number, text in enumerate(texts):
        data = text.encode("utf-8", "replace")
        (folder / f"{number:06}.txt").write_bytes(data)
        total += len(data)
    return total


def _lines(path: Path, texts: Iterator[str]) -> int:
    total = 0
    with ExitStack() as stack:
        out = stack.enter_context(path.open("wb"))
        if path.suffix == ".gz":
            out = stack.enter_context(gzip.GzipFile("", "wb", 1, out, 0))  # type: ignore[assignment]
        elif path.suffix == ".zst":
            out = stack.enter_context(zstandard.ZstdCompressor(level=1).stream_writer(out, closefd=False))  # type: ignore[assignment]
        for number, text in enumerate(texts):
            row = json.dumps({"id": number, "text": text}, ensure_ascii=number % 5 == 0).encode("utf-8", "replace")
            out.write(row + b"\n")
            total += len(row) + 1
    return total


def _parquet(path: Path, texts: Iterator[str]) -> int:
    import pyarrow
    import pyarrow.parquet

    total, held = 0, []
    schema = pyarrow.schema([("id", pyarrow.int64()), ("text", pyarrow.string())])
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as out:
        for number, text in enumerate(texts):
            sound = text.encode("utf-8", "replace").decode()
            held.append({"id": number, "text": sound})
            total += len(sound.encode())
            if len(held) == 2000:
                out.write_table(pyarrow.Table.from_pylist(held, schema))
                held.clear()
        out.write_table(pyarrow.Table.from_pylist(held, schema))
    return total


def resident(process: int) -> float:
    """Megabytes."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def workers(process: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


def watched(command: list[str]) -> tuple[int, list[float], list[float]]:
    """Exit code, and over time the memory of the process and of the largest of its workers."""
    process = subprocess.Popen(command)
    own, largest = [], []
    while process.poll() is None:
        own.append(resident(process.pid))
        largest.append(max(map(resident, workers(process.pid)), default=0.0))
        time.sleep(_EVERY)
    return process.returncode, own, largest


def is_flat(samples: list[float]) -> bool:
    """Whether the last third of a run took no more memory than the first."""
    third = max(1, len(samples) // 3)
    return max(samples[-third:], default=0) <= _ALLOWED[0] * max(samples[:third], default=0) + _ALLOWED[1]


def digests(folder: Path) -> dict[str, str]:
    """Of all files as unpacked; of a parquet file, of its rows."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            found[path.relative_to(folder).as_posix()] = _rows_digest(path)
        elif path.is_file():
            with ExitStack() as stack:
                file = stack.enter_context(path.open("rb"))
                if path.suffix == ".gz":
                    file = stack.enter_context(gzip.GzipFile(fileobj=file))  # type: ignore[assignment]
                elif path.suffix == ".zst":
                    file = stack.enter_context(zstandard.ZstdDecompressor().stream_reader(file))  # type: ignore[assignment]
                digest = hashlib.sha256()
                while data := file.read(1 << 20):
                    digest.update(data)
                found[path.relative_to(folder).as_posix()] = digest.hexdigest()
    return found


def _rows_digest(path: Path) -> str:
    import pyarrow.parquet

    digest = hashlib.sha256()
    for batch in pyarrow.parquet.ParquetFile(path).iter_batches(1000):
        digest.update(json.dumps(batch.to_pylist()).encode())
    return digest.hexdigest()


def soak(megabytes: float, jobs: int, seed: int, folder: Path, short: bool = False) -> int:
    """Audits, watches, restores and compares; prints what it saw, and returns how many promises did not hold."""
    size = corpus(folder / "in", megabytes, seed)
    started = time.monotonic()
    command = [*COMMAND, "audit", str(folder / "in"), "-o", str(folder / "out"), "--jobs", str(jobs), "--quiet"]
    code, own, largest = watched(command)
    seconds = time.monotonic() - started
    run = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))["totals"] if code == 0 else {}
    back = subprocess.run([*COMMAND, "restore", str(folder / "out"), "-o", str(folder / "back"), "--quiet"])
    held = {
        "audit ended well": code == 0,
        "memory of the run is flat": short or is_flat(own),
        "memory of its workers is flat": short or is_flat(largest),
        "restored, every byte": back.returncode == 0 and digests(folder / "in") == digests(folder / "back"),
        "no process takes more than 700 MB": max([*own, *largest]) < _MOST,
        "nothing unfinished is left": not list((folder / "out").rglob(".*")),
    }
    print(f"| {size / 1e6:,.0f} MB, {jobs} processes | |\n|---|---|")
    sums = ", ".join(f"{run.get(name, 0):,}" for name in ("documents", "findings", "fixed"))
    print(f"| documents, findings, fixed | {sums} |")
    print(f"| time | {seconds:,.0f} s, {size / 1e6 / seconds:.2f} MB/s |")
    for name, samples in (("the run", own), ("its largest worker", largest)):
        third = max(1, len(samples) // 3)
        parts = [max(samples[at : at + third], default=0) for at in range(0, 3 * third, third)]
        print(f"| most memory of {name}, by thirds | {', '.join(f'{part:,.0f}' for part in parts)} MB |")
    for name, holds in held.items():
        print(f"| {name} | {'yes' if holds else '**NO**'} |", flush=True)
    return sum(not holds for holds in held.values())
