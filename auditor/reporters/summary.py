"""summary.md: what a person reads in a minute after a run."""

from __future__ import annotations

from auditor.model import FileReport, RunReport, Unchecked
from auditor.reporters.digest import (
    SIGNS_HEADS,
    SIGNS_NOTE,
    RuleRow,
    change,
    facts,
    rule_rows,
    signs_of,
    translated_files,
    verdict,
    worst_files,
)
from auditor.reporters.markdown import cell, code, table
from auditor.reporters.text import place

_FILES, _RULES, _UNCHECKED = 10, 15, 20


def render(report: RunReport) -> str:
    """Return Markdown: verdict, totals, worst files, busiest rules, unchecked documents, next steps."""
    sections = [
        f"# {verdict(report.totals)}\n",
        table(["Totals", ""], "<>", [[label, value] for label, value in facts(report.totals)]),
        _unchecked([entry for file in report.files for entry in file.unchecked]),
        _files(*worst_files(report, _FILES)),
        _translated(report),
        _rules(rule_rows(report)),
        _next_steps(report),
    ]
    return "\n".join(section for section in sections if section)


def _unchecked(entries: list[Unchecked]) -> str:
    if not entries:
        return ""
    lines = [f"- {code(_document(entry))}: {code(entry.reason, 200)}\n" for entry in entries[:_UNCHECKED]]
    if len(entries) > _UNCHECKED:
        lines.append(f"- and {len(entries) - _UNCHECKED:,} more, named in `run.json`\n")
    return "## Not checked, left as found\n\n" + "".join(lines)


def _document(entry: Unchecked) -> str:
    return entry.path if entry.record is None else place(entry.path, entry.record)


def _files(files: list[FileReport], number: int) -> str:
    if not files:
        return ""
    rows = [
        [
            cell(file.path),
            file.verdict,
            f"{file.findings:,}",
            f"{file.fixed:,}",
            change(file.quality, file.quality_cleaned),
        ]
        for file in files
    ]
    more = f"\nand {number - _FILES:,} more, all in `report.html`.\n" if number > _FILES else ""
    return "## Worst files\n\n" + table(["File", "Verdict", "Findings", "Fixed", "Quality"], "<<>>>", rows) + more


def _translated(report: RunReport) -> str:
    files, number = translated_files(report, _FILES)
    if not files:
        return ""
    rows = [[cell(file.path), *map(cell, signs_of(found))] for file, found in files]
    more = f"\nand {number - _FILES:,} more, all in `report.html`.\n" if number > _FILES else ""
    return f"## May be machine translation\n\n{SIGNS_NOTE}\n\n" + table(SIGNS_HEADS, "<<><", rows) + more


def _rules(rules: list[RuleRow]) -> str:
    if not rules:
        return ""
    rows = [[cell(row.rule), f"{row.findings:,}", f"{row.files:,}", _example(row)] for row in rules[:_RULES]]
    more = f"\nand {len(rules) - _RULES:,} more, all in `report.html`.\n" if len(rules) > _RULES else ""
    return "## Rules that fired most\n\n" + table(["Rule", "Findings", "Files", "First example"], "<>><", rows) + more


def _example(row: RuleRow) -> str:
    if row.example is None:
        return ""
    at = f"{place(row.example.path, row.example.record)}:{row.example.line}"
    return f"{cell(row.example.text, 60)} in {cell(at)}"


def _next_steps(report: RunReport) -> str:
    steps = ["Open `report.html` to read the findings in their place."]
    if report.options.get("sarif"):
        steps.append("`report.sarif` takes the findings to GitHub code scanning and into editors.")
    if report.totals.by_rule:
        steps.append("`auditor rules show RULE` tells why a rule is there and what it must leave alone.")
    if report.totals.fixed:
        steps.append("`auditor restore . -o originals` turns the cleaned copies back, verified by digest.")
    steps.append("`auditor gate .` decides whether the corpus may pass.")
    if report.totals.unchecked:
        steps.append("Raise `--max-document-size` or mend the rule named above, then run again.")
    listed = "".join(f"- {step}\n" for step in steps)
    return f"## Next\n\nIn the folder that holds this file:\n\n{listed}"
