"""How long report.html takes to open and to filter in headless Chromium: `python tests/bench/report.py [FINDINGS]`.

The texts are made up word by word, so that they compress about as badly as real ones. Prints one line a size.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from reporters.samples import file_report, run_report  # tests/reporters

from auditor.model import Document, Edit, FileReport, Finding, Fix, RunReport
from auditor.reporters import html
from auditor.reporters.pagedata import DocumentFindings
from auditor.reporters.passages import shown

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
RULES = 150
PER_DOCUMENT = 8


def documents(count: int, seed: int = 5) -> Iterator[DocumentFindings]:
    """Documents of about 2,000 characters with eight findings each."""
    rng = random.Random(seed)
    words = ["".join(rng.choices(LETTERS, k=rng.randint(2, 8))) for _ in range(30_000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    rules = [f"pack-{number % 12}/rule-{number}" for number in range(RULES)]
    for number in range(count // PER_DOCUMENT):
        lines = [" ".join(rng.choices(words, cum_weights=weights, k=rng.randint(4, 60))) for _ in range(12)]
        text = "\n".join(lines)
        path = f"site-{number % 300}/page-{number // 4}.jsonl"
        document = Document(text=text, path=path, record=number % 4, site=f"site-{number % 300}")
        found = [_finding(document, lines, line, rng.choice(rules), rng) for line in range(PER_DOCUMENT)]
        yield shown(document, found, [Edit(found[0].start, found[0].end, "")], [found[0].fingerprint]), found


def _finding(document: Document, lines: list[str], line: int, rule: str, rng: random.Random) -> Finding:
    start = sum(len(one) + 1 for one in lines[:line])
    match = lines[line].split(" ")[0] if rng.random() < 0.7 else lines[line][:80]
    end = start + len(match)
    return Finding(
        path=document.path, record=document.record, id=None, rule=rule, category=rng.choice(("boilerplate", "spacing")),
        severity=rng.choice(("error", "warning", "info")), confidence=rng.choice(("high", "medium", "low")),
        line=line + 1, column=1, end_line=line + 1, end_column=1 + len(match), start=start, end=end, text=match,
        message=f"'{match}' is page furniture of its site", why="the whole line", related=(),
        fingerprint=f"{rng.getrandbits(64):016x}", fix=Fix(start=start, end=end, replacement="", applicability="safe"),
    )  # fmt: skip


def report(count: int) -> RunReport:
    by_path: dict[str, list[Finding]] = {}
    for _, found in documents(count):
        by_path.setdefault(found[0].path, []).extend(found)
    files: list[FileReport] = [file_report(path, found, documents=4) for path, found in by_path.items()]
    return run_report(files)


def timed(page: Page, work: str) -> float:
    """Milliseconds until what a script did is painted."""
    return float(
        page.evaluate(
            f"async () => {{ const t = performance.now(); {work};"
            "await new Promise(done => requestAnimationFrame(() => setTimeout(done))); return performance.now() - t; }"
        )
    )


def measure(count: int, folder: Path, budget: int) -> None:
    file = folder / "report.html"

    def write(name: str, content: bytes) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)

    sums = report(count)
    began = time.perf_counter()
    file.write_text("".join(html.render(sums, documents(count), write=write, budget=budget)), encoding="utf-8")
    made = time.perf_counter() - began
    shards = sorted(folder.glob("report-data/*"))
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        began = time.perf_counter()
        page.goto(file.as_uri() + "#v=findings")
        page.wait_for_selector("html[data-ready] .row", state="attached", timeout=120_000)
        opened = time.perf_counter() - began
        page.wait_for_timeout(2000)  # a person looks first; the page prepares the search
        label = "document.querySelectorAll('#facets fieldset')[{}].querySelectorAll('input')[{}].click()"
        filters = [timed(page, label.format(*at)) for at in ((1, 0), (0, 1), (2, 0), (0, 1), (1, 0), (2, 0))]
        keys = [
            timed(page, "document.body.dispatchEvent(new KeyboardEvent('keydown',{key:'j',bubbles:true}))")
            for _ in range(10)
        ]
        verdict = timed(page, "document.body.dispatchEvent(new KeyboardEvent('keydown',{key:'a',bubbles:true}))")
        search = timed(page, "location.hash='v=findings&q='+encodeURIComponent('ابت')")
        rows = page.locator(".row").count()
        browser.close()
    size, beside = file.stat().st_size / 1e6, sum(one.stat().st_size for one in shards) / 1e6
    print(
        f"{count:,} findings: made in {made:.1f} s, page {size:.1f} MB + {len(shards)} shards {beside:.1f} MB; "
        f"open {opened:.2f} s, filter {max(filters):.0f} ms at most, key {max(keys):.0f} ms, verdict {verdict:.0f} ms, "
        f"search {search:.0f} ms; {rows} rows in the document"
    )


def main() -> None:
    for count in [int(text) for text in sys.argv[1:]] or [5_000, 50_000, 200_000]:
        with tempfile.TemporaryDirectory() as folder:
            measure(count, Path(folder), html.BUDGET)


if __name__ == "__main__":
    main()
