"""Corpus text inside Markdown: in code spans nothing but a back-quote has a meaning."""

from __future__ import annotations

import re

from auditor.reporters.text import isolated, shorten, visible

_WIDTH = 120
_TICKS = re.compile("`+")
_MEANS = re.compile(r"[\\`*_{}\[\]<>#|!~$&@]")


def code(text: str, width: int = _WIDTH) -> str:
    """Return ``text`` in one line as a code span, for prose and lists."""
    return _span(visible(shorten(text, width)))


def cell(text: str, width: int = _WIDTH) -> str:
    """Return ``text`` as a code span for a table cell."""
    shown = visible(shorten(text, width))
    # Tables split at bare pipes even inside code spans; parsers differ on a backslash before an escaped one.
    return _span(shown.replace("\\|", "<U+005C>|").replace("|", "\\|"))


def plain(text: str, width: int = 2000) -> str:
    """Return prose in one line in which nothing has a meaning to Markdown or HTML."""
    return _MEANS.sub(lambda match: f"\\{match[0]}", visible(shorten(text, width)))


def _span(shown: str) -> str:
    shown = isolated(shown, isolate=True) or " "
    ticks = max((len(run) for run in _TICKS.findall(shown)), default=0)
    if not ticks:
        return f"`{shown}`"
    fence = "`" * (ticks + 1)
    return f"{fence} {shown} {fence}"


def table(header: list[str], align: str, rows: list[list[str]]) -> str:
    """Return a Markdown table; ``align`` is one of ``<`` and ``>`` a column."""
    rule = ["---:" if side == ">" else "---" for side in align]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [header, rule, *rows])
