"""What the summary and the page both tell of a run: verdict, worst files, rules by findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import Generic, TypeVar

import msgspec

from auditor.model import SEVERITIES, Example, FileReport, RunReport, Totals, Translated
from auditor.reporters.text import count, share

One = TypeVar("One")


class Counted(Generic[One]):
    """Goes once through what is given, and knows how many came."""

    def __init__(self, given: Iterable[One]) -> None:
        self._given, self.count = given, 0

    def __iter__(self) -> Iterator[One]:
        for one in self._given:
            self.count += 1
            yield one


class RuleRow(msgspec.Struct, frozen=True, kw_only=True):
    """How often a rule fired in a run, in how many files, and its first example where one was kept."""

    rule: str
    findings: int
    files: int
    example: Example | None


def verdict(totals: Totals) -> str:
    """Return the verdict in one sentence without a full stop, its first word the verdict itself."""
    if totals.verdict == "unchecked":
        were = "was" if totals.unchecked == 1 else "were"
        return f"Unchecked: {count(totals.unchecked, 'document')} could not be checked and {were} left as found"
    if totals.verdict == "review":
        return f"Review: {count(totals.remaining, 'finding')} left for a person to look at, {totals.fixed:,} fixed"
    if totals.verdict == "repaired":
        return f"Repaired: {totals.fixed:,} of {count(totals.findings, 'finding')} fixed in the cleaned copies"
    return "Clean: nothing new to repair" if totals.known else "Clean: nothing to repair"


def facts(totals: Totals) -> list[tuple[str, str]]:
    """Return the totals as (label, value) pairs."""
    severities = ", ".join(count(totals.by_severity.get(name, 0), name) for name in SEVERITIES)
    deleted = f"{totals.characters_deleted:,} ({share(totals.characters_deleted, totals.characters)} of the text)"
    known = sum(totals.known.values())
    told = [f"{known:,} known"] if known else []
    told += [f"{totals.false_positives:,} judged false positive, not among them"] if totals.false_positives else []
    return [
        ("Files", f"{totals.files:,}"),
        ("Documents", f"{totals.documents:,}"),
        ("Not checked", f"{totals.unchecked:,}"),
        ("Characters", f"{totals.characters:,}"),
        ("Findings", f"{totals.findings:,} ({severities})"),
        *([("Decided", ", ".join(told))] if told else []),
        ("Fixed", f"{totals.fixed:,}"),
        ("Characters deleted", deleted),
        ("Quality, 0 to 1", change(totals.quality, totals.quality_cleaned)),
    ]


def change(before: float, after: float | None) -> str:
    """Return a quality before and, where something was cleaned, after cleaning."""
    return f"{before:.2f}" if after is None else f"{before:.2f} → {after:.2f}"


def worst_files(report: RunReport, most: int) -> tuple[list[FileReport], int]:
    """Return the files with findings or unchecked documents, lowest quality, then most findings first.

    They are at most so many, with the number of all there are.

    Files of which nothing could be read have no quality and are left to the list of unchecked ones.
    """
    marked = Counted(file for file in report.files if file.documents and (file.findings or file.unchecked))
    found = nsmallest(most, marked, key=lambda file: (file.quality, -file.findings, file.path))
    return found, marked.count


def translated_files(report: RunReport, most: int) -> tuple[list[tuple[FileReport, Translated]], int]:
    """Return the files to look at for machine translation, most signs first: at most so many, and how many there are.

    That is those with a document that bears an engine's fingerprint, and those where one document in twenty or more
    has a high score. Fewer are to be expected of people.
    """
    signs = ((file, file.translated) for file in report.files if file.translated is not None)
    marked = Counted(
        (file, found) for file, found in signs if found.engines or (found.high and found.high * 20 >= found.judged)
    )
    found = nsmallest(most, marked, key=lambda pair: (-sum(pair[1].engines.values()), -pair[1].high, pair[0].path))
    return found, marked.count


def signs_of(found: Translated) -> tuple[str, str, str]:
    """Return the fingerprints, the share of high scores and the signals behind them, as text."""
    engines = ", ".join(f"{name} in {count(number, 'document')}" for name, number in found.engines.items())
    return engines or "–", f"{found.high:,} of {found.judged:,}", ", ".join(found.signals) or "–"


SIGNS_HEADS = ["File", "Fingerprints", "Scores of 0.9 and more", "Signals"]
SIGNS_NOTE = (
    "Signs, no proof: a fingerprint is near to one, a score of 0.9 and more is not. Translations by people and plain "
    "official prose score high, too. Read some of the documents, named in documents.jsonl, before you decide."
)


def rule_rows(report: RunReport) -> list[RuleRow]:
    """Return one row a rule that fired, most findings first."""
    files: Counter[str] = Counter()
    examples: dict[str, Example] = {}
    for file in report.files:
        files.update(file.by_rule.keys())
        for rule, example in file.examples.items():
            examples.setdefault(rule, example)
    ranked = sorted(report.totals.by_rule.items(), key=lambda item: (-item[1], item[0]))
    return [
        RuleRow(rule=rule, findings=number, files=files[rule], example=examples.get(rule))
        for rule, number in ranked
        if number
    ]
