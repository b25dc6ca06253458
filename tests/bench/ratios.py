"""The ratios that are to hold, each measured in one run on the same documents: a table, and a plot of it."""

from __future__ import annotations

import json
import math
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import peers

PEER_MEGABYTES = 1.0  # of the same documents: peers are slow
MORE = 10  # times the rules
PHRASES = 10_000


class Run(NamedTuple):
    """One command, run on one core."""

    seconds: float
    processor: float  # seconds of processor time
    megabytes: float  # peak resident memory


class Ratio(NamedTuple):
    """A figure with what it is to reach: at least (or at most, where ``least`` is not set) the floor, then the goal."""

    name: str
    value: float | None  # None: not measured
    floor: float
    goal: float
    least: bool = True
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        reached = [self.value >= bound if self.least else self.value <= bound for bound in (self.goal, self.floor)]
        return "goal" if reached[0] else "floor" if reached[1] else "**missed**"


Command = Callable[..., Run]  # a verb and its arguments


def measured(run: Command, texts: Sequence[str], source: Path, rules: int, peer: Path | None) -> Iterator[Ratio]:
    """The ratios of one run; ``peer`` is the folder of the peers' environment (None: they are left out)."""
    folder, size = source.parent, sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
    audit = run("audit", source, "-o", folder / "alone", "--jobs", "1")
    yield _against_datatrove(texts, source, size / audit.processor, peer)
    for verb, arguments in (("check", ["--format", "jsonl"]), ("audit", ["-o", folder / "again"])):
        shutil.rmtree(folder / "cache" / "results", ignore_errors=True)
        once, *more = (run(verb, source, "--jobs", "1", *arguments).processor for _ in range(4))
        note = f"{once:.1f} s, then {min(more):.2f} s (the best of three)"
        yield Ratio(f"`{verb}` again on an unchanged corpus", once / min(more), 20, 50, note=note)
    pack = folder / "many.yaml"
    pack.write_text(_many(texts, (MORE - 1) * rules), "utf-8")
    more = ["--rules", "default", "--rules", pack, "--jobs", "1"]
    run("check", source, "--format", "jsonl", *more)  # compiles what the next one loads
    few = run("audit", source, "-o", folder / "few", "--jobs", "1")
    many = run("audit", source, "-o", folder / "many", *more)
    note = f"{few.processor:.1f} s, {many.processor:.1f} s"
    name = f"{MORE} times the rules ({PHRASES:,} phrases more): times slower"
    yield Ratio(name, many.processor / few.processor, 1.5, 1.2, least=False, note=note)


def _against_datatrove(texts: Sequence[str], source: Path, speed: float, folder: Path | None) -> Ratio:
    name = "`audit` on one core against datatrove's C4, Gopher and FineWeb filters"
    if folder is None:
        return Ratio(name, None, 80, 200, note="left out")
    sample, taken, size = source.with_name("sample.jsonl"), [], 0.0
    for text in texts:
        if size >= PEER_MEGABYTES:
            break
        taken.append(json.dumps({"text": text}))
        size += len(text.encode("utf-8", "replace")) / 1e6
    sample.write_text("\n".join(taken) + "\n", "utf-8")
    peer = peers.datatrove(folder, sample)
    if peer.problem:
        return Ratio(name, None, 80, 200, note=f"datatrove {peer.problem}")
    other = size / peer.seconds
    note = f"{speed:.2f} and {other:.3f} MB a second of processor time, datatrove {peer.version}"
    return Ratio(name, speed / other, 80, 200, note=note)


def _many(texts: Sequence[str], rules: int) -> str:
    """A pack of so many rules with `PHRASES` phrases, a tenth of which stand in the texts."""
    chance, words = random.Random(1), [word for text in texts[:2000] for word in text.split() if word.isalpha()]
    phrases: dict[str, None] = {}
    while len(phrases) < PHRASES:
        at = chance.randrange(len(words) - 3)
        said = words[at : at + 3] if chance.random() < 0.1 else chance.choices(words, k=3)
        phrases[" ".join(said)] = None
    every, each = list(phrases), math.ceil(PHRASES / rules)
    lines = ["schema: 1", "pack: many", "rules:"]
    for number, first in enumerate(range(0, PHRASES, each)):
        said = every[first : first + each]
        lines += [
            f"- id: r{number}",
            "  kind: lexicon",
            "  category: boilerplate",
            "  severity: info",
            "  message: m",
            "  at: anywhere",
            f"  phrases: {json.dumps(said, ensure_ascii=False)}",
            f"  bad: [{{text: {json.dumps(f'<<{said[0]}>>', ensure_ascii=False)}}}]",
            "  good: [ok]",
        ]
    return "\n".join(lines) + "\n"


def table(ratios: Sequence[Ratio]) -> str:
    rows = ["| ratio | measured | floor | goal | reached | figures |", "|---|---:|---:|---:|---|---|"]
    for one in ratios:
        value = "-" if one.value is None else f"{one.value:.2f}" if one.value < 10 else f"{one.value:.0f}"
        bound = "≥" if one.least else "≤"
        bounds = f"{bound} {one.floor:g} | {bound} {one.goal:g}"
        rows.append(f"| {one.name} | {value} | {bounds} | {one.verdict} | {one.note} |")
    return "\n".join(rows)


def plot(ratios: Sequence[Ratio]) -> str:
    """An SVG: every figure as a share of its floor (turned round where less is better), the goal marked, log scale."""
    width, left, height = 980, 560, 34
    low, high = math.log(0.05), math.log(8)

    def x(share: float) -> float:
        return left + (math.log(min(max(share, 0.05), 8)) - low) / (high - low) * (width - left - 20)

    parts = []
    for row, one in enumerate(ratios):
        y = 30 + row * height
        name = escape(one.name.replace("`", ""))
        parts.append(f'<text x="{left - 10}" y="{y + 15}" text-anchor="end">{name}</text>')
        if one.value is not None:
            share = one.value / one.floor if one.least else one.floor / one.value
            colour = "#2a7d4f" if share >= 1 else "#b3402a"
            parts.append(f'<rect x="{left}" y="{y}" width="{x(share) - left:.1f}" height="20" fill="{colour}"/>')
            parts.append(f'<text x="{x(share) + 4:.1f}" y="{y + 15}">{one.value:.3g}</text>')
        goal = x(one.goal / one.floor if one.least else one.floor / one.goal)
        parts.append(f'<path d="M{goal:.1f} {y - 3}v26" stroke="#555" stroke-dasharray="3 2"/>')
    bottom = 30 + len(ratios) * height
    parts.append(f'<path d="M{x(1):.1f} 20V{bottom}" stroke="#000"/>')
    parts.append(f'<text x="{x(1):.1f}" y="14" text-anchor="middle">floor</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{bottom + 10}" font-family="sans-serif" '
    return head + 'font-size="13">\n<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
