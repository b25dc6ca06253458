"""Sums over the documents of one file, and the file's report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from auditor.clean import Cleaned
from auditor.errors import ReadError
from auditor.formats import format_of
from auditor.metrics import Given, Machine, measured
from auditor.model import SEVERITIES, Example, Fields, FileReport, Metrics, Origin, Unchecked, Verdict
from auditor.patches import PatchSummary

MOST_UNCHECKED = 1_000_000  # documents of a file, some 300 bytes each
RATIOS = ("boilerplate_ratio", "duplicate_ratio", "mixed_script_ratio", "spaced_comma_ratio")

_UNIT = 10_000  # figures have four decimals: sums of whole numbers are the same in whatever order they are made
_SUMS = ("documents", "characters", "findings", "fixed", "deleted", "quality", "quality_cleaned", "remaining", "open",
         "words", "false_positives")  # fmt: skip


def figures(documents: Sequence[Cleaned], judged: bool = True) -> list[Metrics]:
    """The metrics rows of cleaned documents; without ``judged`` they are silent on machine translation."""
    return measured([_given(done) for done in documents], judged)


def _given(done: Cleaned) -> Given:
    fixed = sum(finding.fingerprint in done.applied for finding in done.checked.findings)
    deleted = sum((edit.end - edit.start) - len(edit.replacement) for edit in done.edits)
    after = (done.text, done.remaining) if done.edits or done.applied else None
    return Given(done.document, done.checked.findings, after, fixed, max(0, deleted))


class Tally:
    """Sums over the documents of one file."""

    def __init__(self) -> None:
        self.unchecked: list[Unchecked] = []
        self.documents = self.characters = self.findings = self.fixed = self.deleted = 0
        self.by_severity: Counter[str] = Counter()
        self.by_category: Counter[str] = Counter()
        self.by_rule: Counter[str] = Counter()
        self.examples: dict[str, Example] = {}
        self.scores: Counter[str] = Counter()
        self.machine = Machine()
        self.quality = self.quality_cleaned = 0
        self.remaining = 0  # findings left in the cleaned text
        self.open = 0  # those of severity error or warning among them that are not known
        self.words = self.false_positives = 0
        self.known: Counter[str] = Counter()
        self.fields: Fields | None = None
        self.origins: tuple[Origin, ...] = ()

    def leave_out(self, one: Unchecked) -> None:
        """A row that cannot be read. ReadError where hardly any can: to name each would take all memory."""
        self.unchecked.append(one)
        if len(self.unchecked) > MOST_UNCHECKED:
            raise ReadError(
                f"{one.path}: more than {MOST_UNCHECKED:,} of its documents cannot be read, the first: "
                f"{self.unchecked[0].reason}"
            )

    def add(self, done: Cleaned, metrics: Metrics) -> None:
        if done.checked.unchecked is not None:
            self.unchecked.append(done.checked.unchecked)
        self.documents += 1
        if format_of(done.document.path) == "html":
            self.origins = done.document.meta.get("origins", ())
        self.characters += metrics.chars
        self.words += metrics.words
        self.fixed += metrics.fixed
        self.deleted += metrics.characters_deleted
        self.quality += _whole(metrics.quality)
        self.quality_cleaned += _whole(metrics.quality if metrics.quality_cleaned is None else metrics.quality_cleaned)
        for name in RATIOS:
            self.scores[name] += _whole(getattr(metrics, name))
        self.machine.add(metrics)
        remaining = [finding for finding in done.remaining if finding.decision != "false-positive"]
        self.remaining += len(remaining)
        self.open += sum(finding.severity != "info" and finding.decision != "known" for finding in remaining)
        for finding in done.checked.findings:
            if finding.decision == "false-positive":
                self.false_positives += 1
                continue
            if finding.decision == "known":
                self.known[finding.severity] += 1
            self.findings += 1
            self.by_severity[finding.severity] += 1
            self.by_category[finding.category] += 1
            self.by_rule[finding.rule] += 1
            if finding.rule not in self.examples:
                self.examples[finding.rule] = Example(
                    path=finding.path,
                    record=finding.record,
                    line=finding.line,
                    text=finding.text[:200],
                    message=finding.message[:400],
                )

    def join(self, more: Tally) -> None:
        """Add the sums over the documents that come next in the file."""
        for one in more.unchecked:
            self.leave_out(one)
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(more, name))
        for name in ("by_severity", "by_category", "by_rule", "scores", "known"):
            getattr(self, name).update(getattr(more, name))
        self.examples = more.examples | self.examples
        self.machine.join(more.machine)

    def report(self, name: str, summary: PatchSummary, copy: str | None, patch: str | None) -> FileReport:
        """The file's report; ``copy`` and ``patch`` are the names of what was written for it, if anything was."""
        count = max(1, self.documents)
        return FileReport(
            path=name,
            format=format_of(name),
            digest=summary.original_digest,
            documents=self.documents,
            characters=self.characters,
            findings=self.findings,
            by_severity={key: self.by_severity[key] for key in SEVERITIES},
            by_category=dict(sorted(self.by_category.items())),
            by_rule=dict(sorted(self.by_rule.items())),
            fixed=self.fixed,
            remaining=self.remaining,
            characters_deleted=self.deleted,
            scores={key: round(self.scores[key] / _UNIT / count, 4) for key in RATIOS},
            quality=round(self.quality / _UNIT / count, 4) if self.documents else 1.0,
            quality_cleaned=round(self.quality_cleaned / _UNIT / count, 4) if copy and self.documents else None,
            verdict=self._verdict(copy is not None),
            cleaned_path=copy,
            cleaned_digest=summary.cleaned_digest if copy else None,
            patch_path=patch,
            unchecked=tuple(self.unchecked),
            examples=dict(sorted(self.examples.items())),
            translated=self.machine.report(),
            words=self.words,
            known={key: self.known[key] for key in SEVERITIES if self.known[key]},
            false_positives=self.false_positives,
            fields=self.fields,
            origins=self.origins,
        )

    def _verdict(self, cleaned: bool) -> Verdict:
        if self.unchecked:
            return "unchecked"
        if self.open or (self.fixed and not cleaned):
            return "review"
        return "repaired" if self.fixed else "clean"


def _whole(figure: float) -> int:
    return round(figure * _UNIT)


def unread(name: str, reason: str) -> FileReport:
    """A file of which nothing could be checked."""
    return FileReport(
        path=name,
        format=format_of(name),
        digest="",
        documents=0,
        characters=0,
        findings=0,
        by_severity=dict.fromkeys(SEVERITIES, 0),
        by_category={},
        by_rule={},
        fixed=0,
        remaining=0,
        characters_deleted=0,
        scores={},
        quality=0.0,
        quality_cleaned=None,
        verdict="unchecked",
        cleaned_path=None,
        cleaned_digest=None,
        patch_path=None,
        unchecked=(Unchecked(path=name, record=None, reason=reason),),
        examples={},
    )
