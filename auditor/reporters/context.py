"""What a reporter is told besides the findings, and the shape all reporters share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import msgspec

from auditor.model import Finding

LineOf = Callable[[Finding], str | None]


def no_line(finding: Finding) -> str | None:
    """Stand in where lines are not at hand."""
    return None


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """Facts about the place the report goes to and the run it tells of.

    ``color`` and ``isolate`` (bidi isolates around right-to-left text) are meant for terminals. ``line_of``
    gives the whole line, without its line break, on which a finding starts, or None where it is not at hand.
    """

    color: bool = False
    isolate: bool = False
    version: str = ""
    line_of: LineOf = no_line


class Reporter(Protocol):
    """Turns findings into text piece by piece; concatenated, the pieces are the report."""

    def __call__(self, findings: Iterable[Finding], *, context: Context) -> Iterator[str]: ...
