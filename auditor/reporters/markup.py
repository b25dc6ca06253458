"""Corpus text inside HTML: everything escaped, hidden characters as chips, directions kept apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from html import escape

from auditor.model import Finding, Fix
from auditor.reporters.text import (
    code_point,
    excerpt,
    fix_label,
    location,
    rtl_runs,
    segments,
    shorten,
    visible,
)

_WIDTH = 240


def text(value: str) -> str:
    """Return corpus text as HTML, hidden code points as chips and line feeds as a chip and a line break."""
    return "".join(_chip(part) if hidden else escape(part) for hidden, part in segments(value))


def _chip(char: str) -> str:
    if char == "\n":
        return '<span class="chip" title="LINE FEED">⏎</span>\n'
    name = escape(unicodedata.name(char, "no name"))
    return f'<span class="chip" title="{name}">{code_point(char)}</span>'


def inline(value: str) -> str:
    """Return a left-to-right sentence as HTML, its right-to-left runs isolated."""
    return "".join(_inline(value))


def _inline(value: str) -> Iterator[str]:
    for hidden, part in segments(value):
        if hidden:
            yield _chip(part)
            continue
        for rtl, run in rtl_runs(part):
            yield f"<bdi>{escape(run)}</bdi>" if rtl else escape(run)


def ltr(value: str) -> str:
    """Return a path, id or digest: always left to right, always in one line."""
    return f'<bdi dir="ltr">{escape(visible(value))}</bdi>'


def snippet(before: str, match: str, after: str, tag: str = "mark") -> str:
    """Return a piece of corpus text in its own direction.

    The mark is a bare inline element: isolating or boxing it would cut joined Arabic letters apart.
    """
    inner = f"<{tag}>{text(match)}</{tag}>" if match else ""
    return f'<p class="snippet {tag}" dir="auto">{text(before)}{inner}{text(after)}</p>'


def bar(value: float) -> str:
    """Return a figure of 0..1 as number and bar; SVG, as the page's policy rules out style attributes."""
    level = "low" if value < 0.5 else "middle" if value < 0.8 else "high"
    width = round(100 * min(max(value, 0.0), 1.0), 1)
    return (
        f'<span class="figure">{value:.2f}</span> '
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="8"/>'
        f'<rect class="{level}" width="{width}" height="8"/></svg>'
    )


def finding_item(finding: Finding, line: str | None) -> str:
    """Return one finding as a list item; ``line`` is the line it starts on, where it is at hand."""
    notes = [f"<dt>why</dt><dd>{inline(finding.why)}</dd>"] if finding.why else []
    if finding.fix is not None:
        notes.append(f"<dt>{fix_label(finding.fix)}</dt><dd>{_fix(finding, finding.fix)}</dd>")
    listed = f"<dl>{''.join(notes)}</dl>\n" if notes else ""
    return (
        f'<li><p class="where"><span class="severity {finding.severity}">{finding.severity}</span> '
        f"{ltr(location(finding))}{_id(finding)}</p>\n"
        f'<p class="message">{inline(shorten(finding.message, _WIDTH))}</p>\n'
        f"{snippet(*excerpt(finding, line, _WIDTH))}\n{listed}</li>\n"
    )


def _id(finding: Finding) -> str:
    return "" if finding.id is None else f' <span class="note">id {ltr(shorten(finding.id, 80))}</span>'


def _fix(finding: Finding, fix: Fix) -> str:
    start, end = fix.start - finding.start, fix.end - finding.start
    inside = start >= 0 and fix.end <= finding.end
    if not fix.replacement and (not inside or end - start == len(finding.text)):
        return "delete"
    if not inside or len(finding.text) > _WIDTH:
        return snippet("", shorten(fix.replacement, _WIDTH), "", "ins") if fix.replacement else "delete a part"
    before, old, after = finding.text[:start], finding.text[start:end], finding.text[end:]
    return snippet(before, old, after, "del") + snippet(before, fix.replacement, after, "ins")
