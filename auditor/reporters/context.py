"""What a reporter is told besides the findings, and the shape all reporters share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from auditor.model import Category, Confidence, FileReport, Finding, Severity

LineOf = Callable[[Finding], str | None]


def no_line(finding: Finding) -> str | None:
    """Stand in where lines are not at hand."""
    return None


class RuleFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a report tells of a rule. ``bad`` holds texts with the marks << >>, each with the text after its fix."""

    id: str
    category: Category
    severity: Severity
    message: str
    about: str = ""
    link: str | None = None
    precision: Confidence = "medium"  # as measured; where it was not, as the rule's author thinks
    measured: str = "not measured"
    bad: tuple[tuple[str, str | None], ...] = ()
    good: tuple[str, ...] = ()


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where the files of a run lie, for formats that point into them.

    ``shown`` gives the path from the folder a report speaks of; ``hashes`` and ``widths`` tell, for lines of the file
    (from 1), GitHub's hash of the line and its width in code points, as far as they can be read.
    """

    shown: Callable[[str], str] = str
    hashes: Callable[[str, Collection[int]], Mapping[int, str]] = lambda path, lines: {}
    widths: Callable[[str, Collection[int]], Mapping[int, int]] = lambda path, lines: {}


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """Facts about the place the report goes to and the run it tells of.

    ``color`` and ``isolate`` (bidi isolates around right-to-left text) are meant for terminals. ``line_of``
    gives the whole line, without its line break, on which a finding starts, or None where it is not at hand.
    ``files`` are the reports of all files of the run, ``say`` tells the person who asked what a report leaves out.
    """

    color: bool = False
    isolate: bool = False
    version: str = ""
    line_of: LineOf = no_line
    rule_of: Callable[[str], RuleFacts | None] = lambda rule: None
    places: Places = Places()
    files: Sequence[FileReport] = ()
    say: Callable[[str], None] = lambda text: None


class Reporter(Protocol):
    """Turns findings into text piece by piece; concatenated, the pieces are the report."""

    def __call__(self, findings: Iterable[Finding], *, context: Context) -> Iterator[str]: ...
