"""Samples of findings for a person to judge: written as a sheet that spreadsheets open, and read back."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import heappush, heappushpop
from pathlib import Path
from typing import NamedTuple

from auditor.errors import ConfigError
from auditor.formats.encodings import readable
from auditor.intervals import Share, Stratum, stratified, wilson
from auditor.model import Finding
from auditor.reporters.text import excerpt, location, visible

COLUMNS = ("verdict", "note", "rule", "before", "match", "after", "fix", "why", "where", "key", "findings")
_NEEDED = ("verdict", "rule", "key", "findings")
_VERDICTS = {
    **dict.fromkeys(("right", "yes", "y", "true", "1"), "right"),
    **dict.fromkeys(("wrong", "no", "n", "false", "0"), "wrong"),
    **dict.fromkeys(("unsure", "?"), "unsure"),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠")
_WIDTH = 160


class Drawn(NamedTuple):
    """A finding drawn for the sheet; ``key`` is its lot (a letter first: spreadsheets round long numbers)."""

    key: str
    finding: Finding
    line: str | None


class Verdicts(NamedTuple):
    """A person's verdicts on one rule: findings in the corpus, and how many of those drawn are right, wrong, unsure."""

    findings: int
    right: int
    wrong: int
    unsure: int

    @property
    def precision(self) -> Share:
        """Right among judged ones, with its 95 % interval."""
        if self.right + self.wrong >= self.findings:  # all were judged: nothing is left to chance
            share = self.right / max(1, self.findings)
            return Share(share, share, share)
        return wilson(self.right, self.right + self.wrong)


def draw(findings: Iterable[tuple[Finding, str | None]], number: int, seed: int) -> tuple[list[Drawn], Counter[str]]:
    """At most ``number`` findings of each rule by lot, and how many each rule has.

    A finding's lot hangs on the seed, its place and its text alone: the same corpus gives the same sample, whatever
    the number of processes, and a larger one holds the smaller one.
    """
    heaps: dict[str, list[tuple[int, int, Drawn]]] = defaultdict(list)
    totals: Counter[str] = Counter()
    for at, (finding, line) in enumerate(findings):
        totals[finding.rule] += 1
        key = _lot(finding, seed)
        item = (-int(key, 16), at, Drawn(f"k{key}", finding, line))
        if len(heaps[finding.rule]) < number:
            heappush(heaps[finding.rule], item)
        else:
            heappushpop(heaps[finding.rule], item)
    return [one for rule in sorted(heaps) for _, _, one in sorted(heaps[rule], key=lambda item: item[1])], totals


def _lot(finding: Finding, seed: int) -> str:
    place = f"{seed}\0{finding.rule}\0{finding.path}\0{finding.record}\0{finding.start}\0{finding.end}\0{finding.text}"
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def sheet(drawn: Iterable[Drawn], totals: Counter[str], judged: Mapping[str, tuple[str, str]] | None = None) -> str:
    """The sheet as CSV, with a byte order mark, by which spreadsheets know UTF-8.

    ``judged`` has verdicts and notes given before, by key.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for key, finding, line in drawn:
        before, match, after = excerpt(finding, line, _WIDTH)
        fix = (
            ""
            if finding.fix is None
            else f"replace by {finding.fix.replacement}"
            if finding.fix.replacement
            else "delete"
        )
        verdict, note = (judged or {}).get(key, ("", ""))
        cells = [verdict, note, finding.rule, before, match, after, fix, finding.why, location(finding)]
        writer.writerow([*map(_harmless, cells), key, totals[finding.rule]])
    return "\ufeff" + out.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, with nothing hidden in it."""
    shown = visible(cell)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


class Judged(NamedTuple):
    """A sheet that was read: verdicts by rule, what was written beside each key, and what is wrong with other rows."""

    rules: dict[str, Verdicts]
    rows: dict[str, tuple[str, str]]
    bad: list[str]


def judged(path: Path) -> Judged:
    """The verdicts of a sheet. Rows without one are not yet judged.

    ConfigError where the file is no sheet at all.
    """
    rows = _reader(path)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: dict[str, int] = {}
    bad: list[str] = []
    seen: dict[str, tuple[str, str]] = {}
    for row in _each(rows, path, bad):
        if reason := _unusable(row, sizes, seen):
            bad.append(f"{path}:{rows.line_num}: {reason}")
            continue
        rule, verdict = row["rule"].strip(), _VERDICTS.get(row["verdict"].strip().casefold(), "")
        sizes[rule] = int(row["findings"])
        seen[row["key"].strip()] = verdict, row.get("note", "").strip()
        counts[rule][verdict] += 1
    found = {
        rule: Verdicts(sizes[rule], some["right"], some["wrong"], some["unsure"])
        for rule, some in sorted(counts.items())
        if some["right"] + some["wrong"] + some["unsure"]
    }
    return Judged(found, seen, bad)


def _reader(path: Path) -> csv.DictReader[str]:
    try:
        text = readable(path.read_bytes()).removeprefix("\ufeff")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from None
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    missing = [name for name in _NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise ConfigError(f"{path}: no column {', '.join(missing)}; is this a sheet that --sample wrote?")
    return rows


def _each(rows: csv.DictReader[str], path: Path, bad: list[str]) -> Iterator[dict[str, str]]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            bad.append(f"{path}:{rows.line_num + 1}: {error}")
            continue
        yield {name: value if isinstance(value, str) else "" for name, value in row.items() if name is not None}


def _unusable(row: dict[str, str], sizes: dict[str, int], seen: Mapping[str, object]) -> str:
    """Why a row cannot be used; nothing if it can."""
    verdict, rule, size = (row[name].strip() for name in ("verdict", "rule", "findings"))
    if verdict and verdict.casefold() not in _VERDICTS:
        return f"verdict {visible(verdict)[:40]!r}; write right, wrong or unsure, or leave it empty"
    if not rule or not row["key"].strip():
        return "no rule or key"
    if not (size.isascii() and size.isdigit() and 0 < len(size) < 12):
        return f"findings {visible(size)[:40]!r} is not a number"
    if sizes.get(rule, int(size)) != int(size):
        return f"findings {size} of {visible(rule)}, but {sizes[rule]} in a row before"
    return f"stands here twice (key {visible(row['key'])[:40]})" if row["key"].strip() in seen else ""


def overall(verdicts: Iterable[Verdicts]) -> Share:
    """The precision of all rules together, each weighted by its findings in the corpus."""
    return stratified([Stratum(one.findings, one.right + one.wrong, one.right) for one in verdicts])
