"""Bytes of all kinds for whatever reads bytes: readers, packs, folding, patches, and the data of the report.

With atheris (`pip install atheris`, coverage-guided) where it is installed, else with a mutator of our own over the
same seeds. An input that breaks a promise is written down and ends the run.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import random
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from seeds import mutated, seeds

from auditor.check import Engine
from auditor.clean import clean
from auditor.errors import AuditorError, PackError, ReadError, RestoreError
from auditor.folding import STEPS, folding
from auditor.formats import ReadOptions, read_rows, rereadable, rewrite_row
from auditor.formats.base import apply_edits
from auditor.formats.compression import open_read
from auditor.formats.limits import FREE
from auditor.model import Document, Edit
from auditor.packread import parsed
from auditor.packs import load_packs
from auditor.patches import PatchWriter, restore_file
from auditor.reporters import html
from auditor.results import run_report

SMALL = ReadOptions(max_document_size=5000, max_file_size=1 << 20)
RULES = ["core-encoding", "core-repeat", "core-spacing", "core-script", "ar-names"]


def readers(data: bytes) -> None:
    """Every format and compression: rows add up to the file, and edits of their texts fit its bytes."""
    if not data:
        return
    suffix = ("", ".gz", ".zst")[data[0] % 3]
    format = ("txt", "jsonl", "parquet")[data[0] // 3 % 3]
    stream = open_read(io.BytesIO(data[1:]), suffix, "fuzzed", bound=True, limit=FREE)
    joined = []
    try:
        stream = rereadable(stream, format)
        for row in read_rows(stream, format, "fuzzed", SMALL):
            joined.append(row.raw)
            if row.document is not None:
                _rewritten(row, format, data)
    except ReadError:
        return
    if format != "parquet":
        with open_read(io.BytesIO(data[1:]), suffix) as again:
            assert b"".join(joined) == again.read()


def _rewritten(row: Any, format: str, data: bytes) -> None:
    text = row.document.text
    cuts = sorted({at % (len(text) + 1) for at in data[:6]})
    edits = [Edit(start, end, "\u2026") for start, end in list(pairwise(cuts))[::2]]
    try:
        changed = apply_edits(row.raw, rewrite_row(row, edits, format, SMALL))
    except AuditorError as error:
        if "does not have" in str(error) or "cannot hold" in str(error):
            return
        raise
    if format == "jsonl" and row.encoding is None:
        again = next(iter(read_rows(io.BytesIO(changed), format, "fuzzed", ReadOptions())))
        expected = text
        for edit in reversed(edits):
            expected = expected[: edit.start] + edit.replacement + expected[edit.end :]
        assert again.document is not None
        assert again.document.text == expected


def pages(data: bytes) -> None:
    """Pages and web archives: each line of a text has an element that it came from, each row can be edited."""
    if not data:
        return
    format = ("html", "warc")[data[0] % 2]
    try:
        found = list(read_rows(io.BytesIO(data[1:]), format, f"fuzzed.{format}", SMALL))
    except ReadError:
        return
    for row in found:
        assert (row.document is None) == (row.unchecked is not None)
        if row.document is None:
            continue
        text, origins = row.document.text, row.document.meta.get("origins", ())
        assert not origins or text.count("\n") == len(origins)
        _rewritten(row, format, data)


def packs(data: bytes) -> None:
    """A pack is rules, or an error with its place; what it holds is never run."""
    path = Path("fuzzed.yaml")
    try:
        text = data.decode("utf-8-sig")
        pack = parsed(path, data, text)
    except UnicodeDecodeError:
        return
    except PackError as error:
        if str(error).startswith("fuzzed.yaml:"):
            return
        raise
    Engine([pack])


def foldings(data: bytes) -> None:
    """Every code point of a folded text comes from one of the original, in order; spans hold what they came from."""
    if len(data) < 2:
        return
    chosen = frozenset(step for at, step in enumerate(STEPS) if int.from_bytes(data[:2], "big") >> at & 1)
    text = data[2:].decode("utf-8", "surrogatepass" if data[0] & 1 else "replace") if _decodes(data) else ""
    table = folding(chosen)
    folded = table.line(text)
    positions = table.positions(text).tolist()
    assert len(positions) == len(folded.text)
    assert positions == sorted(positions)
    assert not positions or positions[-1] < len(text)
    for start, end in list(pairwise(sorted({at % (len(folded.text) + 1) for at in data[:6]}))):
        if start < end:
            low, high = folded.span(start, end)
            assert 0 <= low < high <= len(text)
            assert table.fold(text[low:high]).strip() or not folded.text[start:end].strip()


def _decodes(data: bytes) -> bool:
    try:
        data[2:].decode("utf-8", "surrogatepass" if data[0] & 1 else "replace")
    except UnicodeDecodeError:
        return False
    return True


def patches(data: bytes) -> None:
    """A patch leads back to the original; damaged, it is refused or leads there nevertheless."""
    size = len(data) // 2
    original, dice = data[:size], data[size:]
    cuts = sorted({at * 7 % (size + 1) for at in dice[:8]})
    from auditor.formats.base import ByteEdit

    edits = [ByteEdit(start, original[start:end], dice[:3]) for start, end in list(pairwise(cuts))[::2]]
    out = io.BytesIO()
    writer = PatchWriter(out, "fuzzed", "txt")
    cleaned = writer.row(original, edits=edits)
    writer.close()
    back = io.BytesIO()
    restore_file(io.BytesIO(cleaned), io.BytesIO(out.getvalue()), back, "fuzzed")
    assert back.getvalue() == original
    for damaged in (dice, _damaged(out.getvalue(), dice)):
        back = io.BytesIO()
        try:
            restore_file(io.BytesIO(cleaned), io.BytesIO(damaged), back, "fuzzed")
        except RestoreError:
            continue
        promised = json.loads(damaged.rstrip(b"\n").rpartition(b"\n")[2])["original_digest"]
        assert hashlib.sha256(back.getvalue()).hexdigest() == promised


def _damaged(patch: bytes, dice: bytes) -> bytes:
    damaged = bytearray(patch)
    for at, value in pairwise(dice[:12]):
        damaged[at * 31 % len(damaged)] = value
    return bytes(damaged)


@cache
def _engine() -> Engine:
    return Engine(load_packs(RULES))


def reports(data: bytes) -> None:
    """Texts cleaned with shipped rules: edits fit, and the page holds them as data that no browser takes for more."""
    text = data.decode("utf-8", "replace")
    for done in clean(_engine(), [Document(text=text, path=text[:40] or "x", record=0)], False):
        expected = text
        for edit in reversed(done.edits):
            expected = expected[: edit.start] + edit.replacement + expected[edit.end :]
        assert expected == done.text
        for finding in done.checked.findings:
            assert text[finding.start : finding.end] == finding.text
        report = run_report(text[:20], [], {"rules": [text[:50]]}, [])
        page = "".join(html.render(report, [(None, done.checked.findings)] if done.checked.findings else []))
        assert page.count("<script") == page.count("</script>")
        assert page.endswith("</script>\n</body>\n</html>\n")
        for block in page.split('class="data"')[1:]:
            packed = block[block.index(">") + 1 : block.index("</script>")]
            json.loads(zlib.decompress(base64.b64decode(packed)))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "readers": readers,
    "pages": pages,
    "packs": packs,
    "foldings": foldings,
    "patches": patches,
    "reports": reports,
}


def by_ourselves(target: str, seconds: float, seed: int, folder: Path) -> int:
    """Runs done; the first input that breaks something is kept in ``folder`` and raised."""
    dice, found, until, runs = random.Random(f"{target} {seed}"), seeds(target), time.monotonic() + seconds, 0
    TARGETS[target](b"prepared")  # reading rules is not to count as the first input's time
    while time.monotonic() < until:
        data = mutated(dice, found)
        started = time.process_time()  # the machine may be busy with other work
        try:
            TARGETS[target](data)
            assert time.process_time() - started < 20, "took longer than 20 s"
        except Exception:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"crash-{target}-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
            raise
        runs += 1
    return runs


def by_atheris(target: str, seconds: float, folder: Path) -> int:
    """In a process of its own, which libFuzzer ends."""
    corpus = folder / f"corpus-{target}"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(target)):
        (corpus / f"seed-{number}").write_bytes(data)
    options = [
        f"-max_total_time={int(seconds)}",
        "-timeout=20",
        "-rss_limit_mb=2500",
        "-max_len=20000",
        "-print_final_stats=1",
    ]
    done = subprocess.run(
        [
            sys.executable,
            str(Path(__file__).with_name("guided.py")),
            target,
            str(corpus),
            f"-artifact_prefix={folder}/",
            *options,
        ],
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    stats = [line.rpartition(" ")[2] for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    if done.returncode:
        print(done.stderr[-3000:])
        raise AssertionError(f"{target}: exit {done.returncode}; the input is in {folder}")
    return int(stats[0]) if stats else 0


def fuzz(minutes: float, seed: int, folder: Path, only: str | None = None) -> int:
    """All targets, each for its share of the time; how many broke."""
    try:
        import atheris  # noqa: F401
    except ImportError:
        how, guided = "mutator of our own (atheris is not installed)", False
    else:
        how, guided = "atheris", True
    names = [only] if only else list(TARGETS)
    broken = 0
    print(f"fuzzing with {how}, {minutes:g} minutes")
    for target in names:
        seconds = 60 * minutes / len(names)
        try:
            runs = by_atheris(target, seconds, folder) if guided else by_ourselves(target, seconds, seed, folder)
            print(f"{target}: {runs:,} inputs, nothing broke", flush=True)
        except Exception as error:
            broken += 1
            print(f"{target}: BROKEN: {type(error).__name__}: {error}", flush=True)
    return broken
