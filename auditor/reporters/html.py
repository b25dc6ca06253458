"""report.html: a page that shows a run to a person and takes their verdicts; one file, with shards where it is large.

The page is put together from reports/templates: its style sheet and scripts are named by digest in its policy, and
nothing else may run or load.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import chain
from pathlib import Path
from string import Template
from typing import Any

from auditor.assets import asset_dir
from auditor.model import Metrics, RunReport
from auditor.reporters import plots
from auditor.reporters.digest import facts, verdict
from auditor.reporters.pagedata import Chunk, Data, DocumentFindings, Limits, meta, pack
from auditor.reporters.text import visible

BUDGET = 25 << 20  # bytes of the page; above it the data go into shards beside it
SHARD = 2 << 20  # bytes of a shard, about
FOLDER = "report-data"
# In this order; each file may use what the ones before it define.
SCRIPTS = ("words", "dom", "text", "data", "store", "filter", "plots", "list", "diff", "detail", "overview", "files",
           "queue", "export", "main")  # fmt: skip

Write = Callable[[str, bytes], object]


def render(
    report: RunReport,
    documents: Iterable[DocumentFindings],
    metrics: Iterable[Metrics] = (),
    *,
    write: Write | None = None,
    budget: int = BUDGET,
    limits: Limits | None = None,
) -> Iterator[str]:
    """Yield the page in pieces.

    ``documents`` are those with findings, in order, with their texts where these are at hand. Past ``budget`` bytes of
    data ``write`` receives the shards by name (relative to the page) and content; without it all stays in the page.
    """
    data = Data(report, limits or Limits())
    held: list[Chunk] = []
    size = 0
    chunks = data.chunks(documents)
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk.data)
        if write is not None and size > budget:
            shards = list(_shards(chain(held, chunks), write))
            held = []
            break
    else:
        shards = []
    about = {**meta(report, data, plots.figures(metrics)), "shards": shards}
    yield from _page(report, about, held, bool(shards))


def _shards(chunks: Iterable[Chunk], write: Write) -> Iterator[dict[str, Any]]:
    """Write shards of several chunks of one kind each; yield what the page must know of them.

    Findings are loaded when the page opens, texts when they are looked at.
    """
    waiting: dict[str, list[Chunk]] = {"t": [], "f": []}
    number = 0
    for chunk in chunks:
        held = waiting[chunk.kind]
        held.append(chunk)
        if sum(len(one.data) for one in held) > SHARD:
            number += 1
            yield _shard(number, held, write)
            waiting[chunk.kind] = []
    for held in waiting.values():
        if held:
            number += 1
            yield _shard(number, held, write)


def _shard(number: int, chunks: list[Chunk], write: Write) -> dict[str, Any]:
    name = f"{FOLDER}/data-{number:03d}.js"
    text = ".".join(chunk.data for chunk in chunks)
    write(name, f'auditorShard("{number}","{text}");\n'.encode())
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"name": name, "sha256": digest, "kind": chunks[0].kind, "chunks": len(chunks)}


def _page(report: RunReport, about: dict[str, Any], chunks: Iterable[Chunk], sharded: bool) -> Iterator[str]:
    templates = asset_dir("reports/templates")
    style = (templates / "report.css").read_text(encoding="utf-8")
    script = program(templates)
    head, tail = (templates / "report.html").read_text(encoding="utf-8").split("$data")
    yield Template(head).substitute(
        style=style,
        style_hash=_digest(style),
        # Shards lie beside the page; on file: their place has no origin, so the scheme stands for it.
        script_sources=f"'{_digest(script)}'" + (" 'self' file:" if sharded else ""),
        version=escape(report.version),
        verdict=escape(visible(verdict(report.totals))),
        facts="".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>\n" for name, value in facts(report.totals)),
    )
    yield _block("meta", pack(about))
    for number, chunk in enumerate(chunks):
        yield _block(f"{chunk.kind}-{number}", chunk.data)
    yield Template(tail).substitute(script=script)


def program(templates: Path) -> str:
    """The page's script: the files of the templates one after the other, in a scope of their own."""
    parts = "".join((templates / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def _block(name: str, data: str) -> str:
    return f'<script type="text/plain" class="data" id="data-{name}">{data}</script>\n'


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
