"""From the parts of single sources to the files of a run: findings, figures, sums and reports."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha256
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

import msgspec

from auditor.errors import AuditorError
from auditor.filereports import FileReports
from auditor.formats.files import atomic_bytes, atomic_writer, target_inside
from auditor.model import SEVERITIES, FileReport, Finding, Metrics, RunReport, Totals, Verdict
from auditor.notes import part
from auditor.packs import Pack
from auditor.reporters.context import Context, LineOf
from auditor.reporters.passages import Shown
from auditor.sound import encode

SARIF = "report.sarif"
_FINDING = msgspec.json.Decoder(Finding)
_SUMS = ("documents", "characters", "findings", "fixed", "remaining", "characters_deleted", "words", "false_positives")
_VERDICTS: tuple[Verdict, ...] = ("unchecked", "review", "repaired", "clean")  # worst first


def findings_of(parts: Path, count: int) -> Iterator[tuple[Finding, str | None]]:
    """All findings in order, each with the line it starts on where that was kept."""
    for number in range(count):
        yield from findings_in(parts, number)


def lined(parts: Path, count: int) -> tuple[Iterator[Finding], LineOf]:
    """All findings in order, and what gives the line of the one last handed out."""
    lines: dict[int, str | None] = {}

    def found() -> Iterator[Finding]:
        for finding, line in findings_of(parts, count):
            lines.clear()
            lines[id(finding)] = line
            yield finding

    return found(), lambda finding: lines.get(id(finding))


def findings_in(parts: Path, number: int) -> Iterator[tuple[Finding, str | None]]:
    """The findings of one source in order, each with the line it starts on where that was kept."""
    path, lines = part(parts, number, "findings"), part(parts, number, "lines")
    if not path.exists():
        return
    with path.open("rb") as rows, (lines if lines.exists() else Path(os.devnull)).open("rb") as texts:
        for row, text in zip_longest(rows, texts):
            yield _FINDING.decode(row), msgspec.json.decode(text) if text else None


def rows_of(parts: Path, count: int) -> Iterator[bytes]:
    """All findings in order as they were encoded, a line each, many lines at a time."""
    for number in range(count):
        path = part(parts, number, "findings")
        if path.exists():
            with path.open("rb") as rows:
                while lines := rows.readlines(1 << 20):
                    yield b"".join(lines)


def metrics_of(parts: Path, count: int) -> Iterator[Metrics]:
    """The figures of all documents in order."""
    decode = msgspec.json.Decoder(Metrics).decode
    for number in range(count):
        path = part(parts, number, "documents")
        if path.exists():
            with path.open("rb") as rows:
                yield from map(decode, rows)


def join(parts: Path, count: int, kind: str, target: Path) -> None:
    """The parts of one kind, one after the other, as one file."""
    with atomic_writer(target) as out:
        for number in range(count):
            path = part(parts, number, kind)
            if path.exists():
                with path.open("rb") as rows:
                    shutil.copyfileobj(rows, out, 1 << 20)


def run_report(version: str, packs: Sequence[Pack], options: dict[str, Any], files: Sequence[FileReport]) -> RunReport:
    """A run's report; what it holds does not depend on the number of jobs or the time."""
    return RunReport(
        version=version,
        packs={pack.name: pack.digest for pack in packs},
        options=options,
        totals=_totals(files),
        files=files.plain() if isinstance(files, FileReports) else tuple(files),
    )


def write(report: RunReport, parts: Path, out: Path, sarif: Context | None = None) -> None:
    """findings.jsonl, documents.jsonl, run.json, summary.md and report.html of a run into its folder.

    With what report.sarif is to be told, that too. The parts are gone then.
    """
    from auditor import shownpage  # only an audit writes them
    from auditor.reporters import summary

    _sweep(report, out)
    count = len(report.files)
    join(parts, count, "findings", out / "findings.jsonl")
    join(parts, count, "documents", out / "documents.jsonl")
    about = sha256()
    with atomic_writer(out / "run.json") as file:
        for piece in json_of(report):
            file.write(piece)
            about.update(piece)
    atomic_bytes(out / "summary.md", _utf8(summary.render(report)))
    rows = (part(parts, number, kind) for number in range(count) for kind in ("findings", "documents", "texts"))
    shownpage.write(out, about.digest(), rows, partial(_page, report, parts))
    if sarif is not None:
        _sarif(out / SARIF, sarif, parts)
    shutil.rmtree(parts, ignore_errors=True)


def json_of(report: RunReport) -> Iterator[bytes]:
    """The JSON of a run's report with line breaks, piece by piece: its files may be many."""
    head = msgspec.json.format(encode(msgspec.structs.replace(report, files=())), indent=2)
    if not report.files:
        yield head + b"\n"
        return
    end = b"[]\n}"  # the files come last
    yield head.removesuffix(end)
    for number, file in enumerate(report.files):
        piece = msgspec.json.format(encode(file), indent=2).replace(b"\n", b"\n    ")
        yield (b",\n    " if number else b"[\n    ") + piece
    yield b"\n  ]\n}\n"


def _sarif(path: Path, context: Context, parts: Path) -> None:
    """The findings of a run for GitHub code scanning and editors."""
    from auditor.reporters import sarif

    found, line_of = lined(parts, len(context.files))
    with atomic_writer(path) as out:
        for piece in sarif.render(found, context=msgspec.structs.replace(context, line_of=line_of)):
            out.write(_utf8(piece))


def _page(report: RunReport, parts: Path, write: Callable[[str, bytes], object]) -> Iterator[str]:
    from auditor.reporters import html

    count = len(report.files)
    return html.render(report, documents_of(parts, count), metrics_of(parts, count), write=write)


def documents_of(parts: Path, count: int) -> Iterator[tuple[Shown, list[Finding]]]:
    """The documents with findings in order, as the page shows them, with their findings."""
    decode = msgspec.json.Decoder(Shown).decode
    for number in range(count):
        texts = part(parts, number, "texts")
        if texts.exists():
            groups = groupby((finding for finding, _ in findings_in(parts, number)), key=lambda one: one.record)
            with texts.open("rb") as rows:
                for row, (_, findings) in zip(rows, groups, strict=True):
                    yield decode(row), list(findings)


def _sweep(report: RunReport, out: Path) -> None:
    """Take away what the run before wrote here for sources that are no longer among these: nobody asked for them."""
    try:
        before = msgspec.json.decode((out / "run.json").read_bytes(), type=RunReport)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return
    for name in _written(before) - _written(report):
        with suppress(OSError, AuditorError):
            target_inside(out, name).unlink()


def _written(report: RunReport) -> set[str]:
    """Names, below the run's folder, of the files made for its sources."""
    reports = {f"reports/{file.path}.json" for file in report.files}
    reports |= {SARIF} if report.options.get("sarif") else set()
    return reports | {name for file in report.files for name in (file.cleaned_path, file.patch_path) if name}


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _totals(files: Sequence[FileReport]) -> Totals:
    counted: dict[str, Counter[str]] = {name: Counter() for name in ("by_severity", "by_category", "by_rule", "known")}
    sums: Counter[str] = Counter()
    before, after = _Mean(), _Mean()
    verdicts = set()
    for file in files:  # once: those of a large run are unpacked as they are asked for
        for name, counter in counted.items():
            counter.update(getattr(file, name))
        for name in _SUMS:
            sums[name] += getattr(file, name)
        sums["unchecked"] += len(file.unchecked)
        before.add(file.quality, file.documents)
        if file.quality_cleaned is not None:
            after.add(file.quality_cleaned, file.documents)
        verdicts.add(file.verdict)
    return Totals(
        files=len(files),
        unchecked=sums["unchecked"],
        by_severity={key: counted["by_severity"][key] for key in SEVERITIES},
        by_category=dict(sorted(counted["by_category"].items())),
        by_rule=dict(sorted(counted["by_rule"].items())),
        quality=before.value(),
        quality_cleaned=after.value() if after.values else None,
        verdict=next((verdict for verdict in _VERDICTS if verdict in verdicts), "clean"),
        known={key: counted["known"][key] for key in SEVERITIES if counted["known"][key]},
        documents=sums["documents"],
        characters=sums["characters"],
        findings=sums["findings"],
        fixed=sums["fixed"],
        remaining=sums["remaining"],
        characters_deleted=sums["characters_deleted"],
        words=sums["words"],
        false_positives=sums["false_positives"],
    )


class _Mean:
    """A mean of figures weighted by counts; 1 where these are all none."""

    def __init__(self) -> None:
        self.values = self._weight = 0
        self._sum = 0.0

    def add(self, value: float, count: int) -> None:
        self.values += 1
        self._weight += count
        self._sum += value * count

    def value(self) -> float:
        return round(self._sum / self._weight, 4) if self._weight else 1.0
