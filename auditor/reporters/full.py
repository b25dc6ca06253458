"""One block a finding, with its line, why the rule fired and the fix; sums at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from auditor.model import SEVERITIES, Finding, Fix
from auditor.reporters.ansi import BLUE, BOLD, DIM, SEVERITY, paint
from auditor.reporters.context import Context
from auditor.reporters.standing import counted
from auditor.reporters.text import count, excerpt, fix_label, isolated, location, prose, shorten, visible

_WIDTH = 100


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield a block a finding and one line of sums.

    The match stands between ⟦ and ⟧ (with colour: underlined), because carets on a line of their own cannot
    stand under right-to-left text.
    """
    severities: Counter[str] = Counter()
    fixes: Counter[str] = Counter()
    paths: set[str] = set()
    known = 0
    for finding in counted(findings):
        severities[finding.severity] += 1
        known += finding.decision == "known"
        paths.add(finding.path)
        if finding.fix is not None:
            fixes[finding.fix.applicability] += 1
        yield _block(finding, context)
    yield _sums(severities, known, fixes, len(paths))


def _block(finding: Finding, context: Context) -> str:
    color = context.color
    gutter = " " * len(str(finding.line))
    bar = paint("|", BLUE, color=color)
    message = prose(shorten(finding.message, 5 * _WIDTH), isolate=context.isolate)
    title = (
        f"{paint(finding.severity, BOLD, SEVERITY[finding.severity], color=color)} "
        f"{paint(finding.rule, BOLD, color=color)}: {message}"
    )
    arrow = paint("-->", BLUE, color=color)
    number = paint(str(finding.line), BLUE, color=color)
    notes = [
        f"{gutter} {paint('=', BLUE, color=color)} {paint(label, BOLD, color=color)}: {text}"
        for label, text in _notes(finding, context.isolate)
    ]
    return "\n".join(
        [
            title,
            f"{gutter}{arrow} {_where(finding, color)}",
            f"{gutter} {bar}",
            f"{number} {bar} {_source(finding, context)}",
            f"{gutter} {bar}",
            *notes,
            "\n",
        ]
    )


def _where(finding: Finding, color: bool) -> str:
    extra = f" to {finding.end_line}:{finding.end_column}" if finding.end_line != finding.line else ""
    if finding.id is not None:
        extra += f" (id {visible(shorten(finding.id, _WIDTH))})"
    return location(finding) + paint(extra, DIM, color=color)


def _source(finding: Finding, context: Context) -> str:
    before, match, after = (visible(part) for part in excerpt(finding, context.line_of(finding), _WIDTH))
    underlined = paint(match, BOLD, "4", SEVERITY[finding.severity], color=True)
    match = underlined if context.color else f"⟦{match}⟧"
    return isolated(f"{before}{match}{after}", isolate=context.isolate)


def _notes(finding: Finding, isolate: bool) -> Iterator[tuple[str, str]]:
    if finding.why:
        yield "why", prose(finding.why, isolate=isolate)
    if finding.decision is not None:
        yield "decided", finding.decision
    if finding.fix is not None:
        yield fix_label(finding.fix), _fix(finding.fix, isolate)


def _fix(fix: Fix, isolate: bool) -> str:
    if not fix.replacement:
        return "delete"
    verb = "insert" if fix.start == fix.end else "replace by"
    return f"{verb} '{isolated(visible(shorten(fix.replacement, _WIDTH)), isolate=isolate)}'"


def _sums(severities: Counter[str], known: int, fixes: Counter[str], files: int) -> str:
    total = severities.total()
    if not total:
        return "No findings.\n"
    parts = ", ".join(count(severities[name], name) for name in SEVERITIES) + (f", {known:,} known" if known else "")
    fixable = f"{fixes['safe']:,} fixable with clean, {fixes['unsafe']:,} more with --unsafe"
    return f"{count(total, 'finding')} ({parts}) in {count(files, 'file')}; {fixable}\n"
