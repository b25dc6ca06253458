"""Time and memory of counting the lines of sites, on made-up pages; the counts are checked."""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from auditor.batch import Batch
from auditor.facts import frozen
from auditor.folding import DEFAULT
from auditor.model import Document
from auditor.runs import HELD, Heap, added, write_run
from auditor.survey import Asked, Tally, View, frequent, line_keys, page_key

VIEW = View(tuple(sorted(DEFAULT)), False)
LINES, TOGETHER = 100, 100  # lines of a page that no other has, pages of a batch
SITES = 1000
FURNITURE = [f"menu entry number {number}" for number in range(10)]
LEAST = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=float, default=20, metavar="MILLIONS", help="distinct lines (default: 20)")
    parser.add_argument("--folder", type=Path, help="where runs are written (default: a temporary folder)")
    args = parser.parse_args()
    pages = int(args.lines * 1e6) // LINES
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        print(*table(Path(name), pages), sep="\n")
    return 0


def table(folder: Path, pages: int) -> Iterator[str]:
    """Rows of a Markdown table."""
    yield "| what | figure |\n| --- | ---: |"
    yield f"| pages of {SITES:,} sites | {pages:,} |"
    yield f"| distinct lines | {pages * LINES + min(SITES, pages) * len(FURNITURE):,} |"
    started = time.perf_counter()
    heap, size = counted(folder, pages)
    seconds = time.perf_counter() - started
    yield f"| folding, hashing, sorting, writing | {seconds:.0f} s, {size / seconds / 1e6:.1f} MB/s of text |"
    yield f"| peak memory until then | {peak():.0f} MB |"
    disk = sum(path.stat().st_size for path in folder.iterdir())
    started = time.perf_counter()
    found = frozen(frequent(heap.merged(), LEAST), folder / "table")
    yield f"| merging, freezing | {time.perf_counter() - started:.0f} s |"
    yield f"| runs on disk | {disk / 1e6:,.0f} MB |"
    yield f"| keys in the frozen table (lines of {LEAST} and more pages, and sites) | {len(found):,} |"
    started = time.perf_counter()
    for site in range(min(SITES, pages)):
        name, wanted = f"site-{site}.org", pages // SITES + (site < pages % SITES)
        keys = page_key(name, VIEW) + b"".join(line_keys(name, VIEW, FURNITURE))
        counts = set(found.values(keys).tolist())
        assert counts == ({wanted} if wanted >= LEAST else {0}), (name, wanted, counts)
    yield f"| asked again: every count is exact | {time.perf_counter() - started:.1f} s |"
    yield f"| peak memory of all | {peak():.0f} MB |"


def counted(folder: Path, pages: int) -> tuple[Heap, int]:
    """The runs of so many pages, and the bytes of their text."""
    heap, tally, size, runs = Heap(folder, "lines", added), Tally(Asked((VIEW,))), 0, 0
    for first in range(0, pages, TOGETHER):
        documents = [page(number) for number in range(first, min(first + TOGETHER, pages))]
        size += sum(len(document.text) for document in documents)
        batch = Batch(documents)
        tally.add(batch, range(first, first + len(documents)))
        batch.forget_views()
        if len(tally) >= HELD:
            heap.add(write_run(folder / f"run-{runs}", tally.take()[0], added))
            runs += 1
    if len(tally):
        heap.add(write_run(folder / f"run-{runs}", tally.take()[0], added))
    return heap, size


def page(number: int) -> Document:
    """Lines of its own between the furniture of its site."""
    words = np.random.default_rng(number).integers(0, 1 << 30, LINES)
    own = [f"line {at} of page {number} says {word} and more of it here" for at, word in enumerate(words.tolist())]
    return Document(text="\n".join([*FURNITURE, *own]), site=f"site-{number % SITES}.org")


def peak() -> float:
    """Largest resident memory so far, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


if __name__ == "__main__":
    raise SystemExit(main())
