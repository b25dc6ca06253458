"""What is noted of each document while a run goes on: findings, figures, lines and texts, in files by source."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from auditor.clean import Cleaned
from auditor.formats.base import CHUNK
from auditor.formats.files import atomic_writer
from auditor.model import Finding, Metrics
from auditor.reporters.passages import shown
from auditor.sound import encode

_LINE = 2000  # code points of a line that are kept for display


def part(parts: Path, number: int, kind: str) -> Path:
    """Where the findings, documents or lines of one source are kept until the run is put together."""
    return parts / f"{number:08d}.{kind}.jsonl"


class Notes:
    """Findings, figures and (where asked for) lines and texts of one source, kept until the run is put together."""

    def __init__(self, stack: ExitStack, parts: Path, number: int, *, lines: bool, texts: bool) -> None:
        def opened(kind: str) -> BinaryIO:
            return stack.enter_context(atomic_writer(part(parts, number, kind), lasting=False))

        self._findings, self._metrics = opened("findings"), opened("documents")
        self._lines = opened("lines") if lines else None
        self._texts = opened("texts") if texts else None

    def add(self, done: Cleaned, metrics: Metrics) -> None:
        findings, document = done.checked.findings, done.document
        for finding in findings:
            self._findings.write(encode(finding) + b"\n")
            if self._lines is not None:
                self._lines.write(encode(_line(document.text, finding)) + b"\n")
        if self._texts is not None and findings:
            self._texts.write(encode(shown(document, findings, done.edits, done.applied)) + b"\n")
        self._metrics.write(encode(metrics) + b"\n")

    def join(self, parts: Path, number: int) -> None:
        """Take over what was noted elsewhere of the documents that come next."""
        files = {"findings": self._findings, "documents": self._metrics, "lines": self._lines, "texts": self._texts}
        for kind, file in files.items():
            if file is not None:
                with part(parts, number, kind).open("rb") as rows:
                    shutil.copyfileobj(rows, file, CHUNK)


def _line(text: str, finding: Finding) -> str | None:
    """The line a finding starts on, cut well after it; None where it starts too far into a very long line."""
    start = finding.start - finding.column + 1
    if finding.column > _LINE:
        return None
    stop = text.find("\n", start)
    line = text[start : len(text) if stop < 0 else stop]
    return line[: max(_LINE, min(finding.end - start, 2 * _LINE))].rstrip("\r")
