"""Speed and memory of auditor on Arabic news, as a Markdown table; README.md says what is measured."""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import os
import pstats
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import exact
import large
import news
import plain
import ratios
from ratios import Ratio, Run

from auditor.check import Engine, check
from auditor.clean import clean
from auditor.model import Document
from auditor.packs import load_packs
from auditor.pipeline import BATCH

EXACT = 8  # documents for the comparison with the rule language in plain Python, which is slower yet
COMMAND = [sys.executable, str(Path(__file__).with_name("peak.py"))]
SAMPLE = 0.5  # MB for the comparison with plain expressions, which is slow


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    texts = list(_texts(args.source, args.megabytes))
    if args.profile:
        profile(texts)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        peer = None if args.no_peers else args.peers or Path(folder) / "peers"
        found: list[Ratio] = []
        rows = measured(texts, Path(folder), found, peer)
        print(table([*rows, *(_large(Path(folder), args.large, found) if args.large else ())]))
        print(f"\n{ratios.table(found)}")
        if args.plot is not None:
            args.plot.write_text(ratios.plot(found), "utf-8")
    return 0


def measured(texts: list[str], folder: Path, found: list[Ratio], peer: Path | None) -> Iterator[tuple[str, str]]:
    """Rows of the table: what was measured, and what came out; ratios that are to hold are added to ``found``."""
    size = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
    source, page = folder / "news.jsonl", folder / "page.txt"
    source.write_bytes(b"".join(news.rows([text.encode("utf-8", "replace").decode() for text in texts])))
    page.write_text(texts[0][:2000], "utf-8")
    packs = load_packs()
    rules = [rule for pack in packs for rule in pack.rules]
    yield "machine", f"{os.cpu_count()} cores ({_processor()}), Python {sys.version.split()[0]}"
    yield "libraries", ", ".join(f"{name} {version(name)}" for name in ("hyperscan", "regex", "numpy"))
    yield "text", f"{size:.1f} MB of UTF-8 in {len(texts):,} documents"
    yield "rules", f"{len(rules)} in {len(packs)} packs"

    cold = _run(folder, "check", page)
    yield "`auditor --version`", f"{_median(folder, '--version'):.2f} s (median of 5)"
    yield "`auditor check`, one file of 4 kB, first time", f"{cold.seconds:.2f} s"
    pages = _handful(folder)
    unseen = statistics.median(_run(folder, "check", one).seconds for one in pages)
    yield "`auditor check`, one file of 4 kB", f"{unseen:.2f} s (median of 5)"
    _run(folder, "check", *pages)
    yield "`auditor check`, five files seen before", f"{_median(folder, 'check', *pages):.2f} s (median of 5)"
    for name, arguments in (("check", ["--format", "jsonl"]), ("audit", ["-o", folder / "out"])):
        run = _run(folder, name, source, "--jobs", "1", *arguments)
        yield (
            f"`auditor {name}`, one core",
            f"**{size / run.seconds:.1f} MB/s** ({run.seconds:.1f} s), {run.megabytes:.0f} MB peak; "
            f"{size / run.processor:.1f} MB a second of processor time",
        )
    yield from _against_wc(source, size, run, found)
    yield from _two_processes(folder, source, found)
    found.append(Ratio("peak memory of `audit`, MB", run.megabytes, 700, 400, least=False))
    found.append(Ratio("`check` of one file of 4 kB, seconds", unseen, 0.5, 0.25, least=False))
    found += ratios.measured(partial(_run, folder), texts, source, len(rules), peer)
    totals = json.loads((folder / "out" / "run.json").read_bytes())["totals"]
    yield (
        "findings",
        f"{totals['findings']:,}, of which {totals['fixed']:,} fixed ({totals['findings'] / size:.0f} a MB)",
    )
    yield from _against_plain(rules, Engine(packs), _first(texts, SAMPLE))
    few, marked = texts[:EXACT], exact.examples(rules)  # news alone hold next to nothing that rules look for
    tries = (("all shipped rules", rules, [*few, *marked]), (f"{exact.RANDOM} random rules", exact.drawn(few), few))
    for name, tried, where in tries:
        one = exact.compared(tried, where)
        yield (
            f"findings against `regex` alone, {name}, {len(where)} documents",
            f"**{one.missing} missing, {one.extra} extra** ({one.found} found)",
        )


def _large(folder: Path, megabytes: float, found: list[Ratio]) -> Iterator[tuple[str, str]]:
    """The most memory that a process takes for a large file, beside that for a small one."""
    for suffix in (".jsonl", ".parquet"):
        peaks = {}
        for size in (min(10.0, megabytes / 10), megabytes):
            source = folder / f"large-{size:g}{suffix}"
            large.write(source, size)
            peaks[size] = large.audit(folder, source, 2).megabytes
            source.unlink()
        name = f"peak memory a process, {megabytes:,g} MB of {suffix[1:]}"
        yield name, ", ".join(f"{peak:.0f} MB for {size:g} MB" for size, peak in peaks.items())
        found.append(Ratio(f"{name}, MB", max(peaks.values()), 700, 400, least=False))


def _handful(folder: Path) -> list[Path]:
    """Files as a hook gets them; the median of their checks is that of results kept."""
    pages = []
    for number, text in enumerate(islice(news.pages(0.1), 5)):
        pages.append(folder / f"page{number}.txt")
        pages[-1].write_text(text[:2000], "utf-8")
    return pages


def _against_wc(source: Path, size: float, audit: Run, found: list[Ratio]) -> Iterator[tuple[str, str]]:
    """Words counted by `wc`, which looks at every character once, by processor time."""
    name = "`wc -w` in a UTF-8 locale"
    if shutil.which("wc") is None:
        yield name, "not installed"
        return
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    counted = min(_processor_time(lambda: _quietly(["wc", "-w", str(source)], environment)) for _ in range(3))
    yield name, f"{size / counted:.1f} MB a second of processor time"
    found.append(Ratio("`audit` on one core against `wc -w` in UTF-8", counted / audit.processor, 0.2, 0.4))
    yield "`auditor audit` against it", f"**{counted / audit.processor:.3f} times**"


def _two_processes(folder: Path, source: Path, found: list[Ratio]) -> Iterator[tuple[str, str]]:
    """The same two files by one process and by two, each on a core of its own."""
    name = "`auditor audit` of two files, 2 processes against 1"
    if len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) < 2:
        yield name, "one core only"
        return
    twin = folder / "twin.jsonl"
    twin.write_bytes(source.read_bytes())
    taken: dict[int, list[float]] = {1: [], 2: []}
    for jobs in (1, 2, 1, 2):
        shutil.rmtree(folder / "cache" / "results", ignore_errors=True)
        run = _run(folder, "audit", source, twin, "-o", folder / "both", "--jobs", jobs, cores=jobs)
        taken[jobs].append(run.seconds)
    one, two = min(taken[1]), min(taken[2])
    found.append(Ratio("2 processes against 1", one / two, 1.7, 1.9, note=f"the machine itself: {_two_loops():.2f}"))
    yield name, f"**{one / two:.2f} times** ({one:.1f} s, {two:.1f} s; the best of two each)"


def _two_loops() -> float:
    """What two processes get done against one when they share nothing but the machine: cores often share theirs."""
    command = [sys.executable, "-c", "for _ in range(30_000_000): pass"]

    def seconds(copies: int) -> float:
        started = time.perf_counter()
        for one in [subprocess.Popen(command) for _ in range(copies)]:
            one.wait()
        return time.perf_counter() - started

    alone, both = (min(seconds(copies) for _ in range(3)) for copies in (1, 2))
    return 2 * alone / both


def _against_plain(rules: Sequence[object], engine: Engine, texts: list[str]) -> Iterator[tuple[str, str]]:
    """Rules checked together, and one expression after the other, on the same documents in the same process."""
    size = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
    documents = [Document(text=text) for text in texts]
    expressions = plain.prepared(rules)  # type: ignore[arg-type]
    together = min(_seconds(lambda: check(engine, documents)) for _ in range(3))
    alone = _seconds(lambda: plain.scan(expressions, texts))
    yield f"check in process, {size:.1f} MB", f"{size / together:.1f} MB/s"
    yield f"{len(expressions)} rules with `regex` one by one, {size:.1f} MB", f"{size / alone:.3f} MB/s"
    yield "ratio", f"**{alone / together:.0f} times**"


def profile(texts: list[str]) -> None:
    """The 25 functions in which checking and cleaning spend most time."""
    engine = Engine(load_packs())
    batches = list(_batches(Document(text=text) for text in texts))
    clean(engine, batches[0][:1])  # what is prepared once is not what is asked about
    profiler = cProfile.Profile()
    profiler.enable()
    for batch in batches:
        clean(engine, batch)
    profiler.disable()
    pstats.Stats(profiler).strip_dirs().sort_stats("cumulative").print_stats(25)


def table(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(["| measured | result |", "|---|---|", *(f"| {name} | {result} |" for name, result in rows)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=20.0, help="of text (default: 20)")
    parser.add_argument("--source", type=Path, help="a jsonl or jsonl.gz file with `text` instead of made-up pages")
    parser.add_argument("--profile", action="store_true", help="show where check and clean spend their time instead")
    parser.add_argument("--plot", type=Path, metavar="SVG", help="draw the ratios into this file, too")
    parser.add_argument(
        "--peers", type=Path, metavar="DIR", help="keep the environment of peers here for the next time"
    )
    parser.add_argument(
        "--large", type=float, nargs="?", const=1000.0, metavar="MB", help="also memory on so much (default: 1000)"
    )
    parser.add_argument("--no-peers", action="store_true", help="install nothing, leave peers out")
    return parser


def _texts(source: Path | None, megabytes: float) -> Iterator[str]:
    if source is None:
        yield from news.pages(megabytes)
        return
    with gzip.open(source, "rb") if source.suffix == ".gz" else source.open("rb") as lines:
        yield from _first((json.loads(line)["text"] for line in lines if line.strip()), megabytes)


def _first(texts: Iterable[str], megabytes: float) -> list[str]:
    """The first texts that make up so much UTF-8."""
    found, left = [], megabytes * 1e6
    for text in texts:
        if left <= 0:
            break
        found.append(text)
        left -= len(text.encode("utf-8", "replace"))
    return found


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """As the pipeline makes them."""
    group: list[Document] = []
    size = 0
    for document in documents:
        group.append(document)
        size += len(document.text)
        if size >= BATCH:
            yield group
            group, size = [], 0
    if group:
        yield group


def _run(folder: Path, *arguments: object, cores: int = 1) -> Run:
    """The command in a process of its own, on so many cores, with a cache of its own."""
    started, used = time.perf_counter(), _children()
    done = subprocess.run(
        [*COMMAND, str(folder / "peak"), *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | {"AUDITOR_CACHE": str(folder / "cache")},
        preexec_fn=partial(_bound, cores),
    )
    seconds, processor = time.perf_counter() - started, _children() - used
    if done.returncode not in (0, 1):
        raise SystemExit(f"auditor {' '.join(map(str, arguments))} failed: {done.stderr.decode('utf-8', 'replace')}")
    return Run(seconds, processor, int((folder / "peak").read_text()) / 1e6)


def _bound(cores: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, list(islice(sorted(os.sched_getaffinity(0)), cores)))


def _children() -> float:
    """Processor seconds of the processes that have ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _processor_time(work: Callable[[], object]) -> float:
    used = _children()
    work()
    return max(1e-3, _children() - used)


def _quietly(command: Sequence[str], environment: Mapping[str, str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


def _median(folder: Path, *arguments: object) -> float:
    return statistics.median(_run(folder, *arguments).seconds for _ in range(5))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


if __name__ == "__main__":
    sys.exit(main())
