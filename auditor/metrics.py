"""Figures of one document: the row of `auditor score` and of documents.jsonl.

Ratios are shares of the characters that are not white space, 0..1, of the incoming text. The formula of quality is
documented at `quality`; ``mt_engine`` comes from `auditor.mtengine`, ``mt_score`` from `auditor.mtscore`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.detectors import detect
from auditor.folding import WORD
from auditor.marks import marks
from auditor.model import Document, Finding, Metrics, Translated
from auditor.mtengine import mt_engine
from auditor.mtscore import NOT_JUDGED, judge
from auditor.page import (
    ARABIC_CLASS,
    BLANK_CLASS,
    LETTER_CLASS,
    PERSIAN_CLASS,
    URDU_CLASS,
    WORD_CLASS,
    Bytes,
    classes,
    code_points_of,
)

_SAMPLE = 4000  # code points that decide the language; more changes nothing but the time
HIGH = 0.9  # of mt_score: one newspaper article in a hundred has more
_LEAST_LETTERS = 20  # fewer do not tell a language


_ENGLISH = frozenset(  # function words that no other language has
    ["the", "of", "and", "to", "that", "with", "for", "was", "from", "this", "are", "by", "have", "not", "which"]
)


def measure(
    document: Document,
    findings: Sequence[Finding],
    cleaned: tuple[str, Sequence[Finding]] | None = None,
    fixed: int = 0,
    characters_deleted: int = 0,
    judged: bool = True,
) -> Metrics:
    """The figures of a document; ``cleaned`` is its cleaned text with the findings that remain there.

    Without ``judged`` no machine translation is looked for, which costs more than all other figures, and there are
    no marks.
    """
    text, kinds = document.text, classes()[code_points_of(document.text)]
    findings = [finding for finding in findings if finding.decision != "false-positive"]
    solid = len(text) - int(np.count_nonzero(kinds & BLANK_CLASS))
    spoken = _language(text, kinds)
    machine = judge(text) if judged and spoken == "ar" else NOT_JUDGED
    return Metrics(
        path=document.path,
        record=document.record,
        id=document.id,
        site=document.site,
        language=spoken,
        chars=len(text),
        words=_runs(kinds & WORD_CLASS != 0),
        lines=sum(map(bool, map(str.strip, text.split("\n")))),
        **_shares(text, findings, solid),
        spaced_comma_ratio=_spaced_commas(text),
        mt_engine=mt_engine(text) if judged and spoken in ("ar", None) else None,
        mt_score=machine.score,
        mt_signals="; ".join(machine.signals) or None,
        quality=_quality(text, findings, solid),
        **_counts(findings),
        fixed=fixed,
        characters_deleted=characters_deleted,
        quality_cleaned=quality(*cleaned) if cleaned is not None else None,
        marks=marks(text) if judged else "",
    )


class Machine:
    """Counts the signs of machine translation over the documents of a file."""

    def __init__(self) -> None:
        self.engines: Counter[str] = Counter()
        self.signals: Counter[str] = Counter()
        self.judged = self.high = 0

    def add(self, row: Metrics) -> None:
        if row.mt_engine is not None:
            self.engines[row.mt_engine] += 1
        if row.mt_score is not None:
            self.judged += 1
        if row.mt_score is not None and row.mt_score >= HIGH:
            self.high += 1
            self.signals.update((row.mt_signals or "").split("; "))

    def join(self, more: Machine) -> None:
        """Add what was counted over further documents."""
        self.engines.update(more.engines)
        self.signals.update(more.signals)
        self.judged += more.judged
        self.high += more.high

    def report(self) -> Translated | None:
        if not self.engines and not self.judged:
            return None
        ranked = sorted(self.signals.items(), key=lambda item: (-item[1], item[0]))
        engines = dict(sorted(self.engines.items()))
        return Translated(engines=engines, judged=self.judged, high=self.high, signals=dict(ranked[:5]))


def quality(text: str, findings: Sequence[Finding]) -> float:
    """``(1 - d) ** 4``; 0..1, 1 for empty text.

    d is the share of characters inside findings of severity error or warning. White space does not count, nor what
    only findings of severity info cover: that is neither good nor bad. So deleting or repairing what was found
    never raises d, and cleaning lowers quality only if it brings new defects to light. The power spreads the few
    per cent in which real pages differ. Findings that speak of a document as a whole (category quality, or severity
    info over all of it) say nothing about where it is damaged and do not count.
    """
    return _quality(text, findings, _solid(text))


def _quality(text: str, findings: Sequence[Finding], solid: int) -> float:
    whole = len(text.strip())
    findings = [
        finding
        for finding in findings
        if finding.category != "quality"
        and finding.decision != "false-positive"
        and (finding.severity != "info" or finding.end - finding.start < whole)
    ]
    damaged = _covered(text, (finding for finding in findings if finding.severity != "info"))
    judged = solid - (_covered(text, findings) - damaged)
    return round((1 - damaged / judged) ** 4, 4) if judged else 1.0


def language(text: str) -> str | None:
    """ISO 639-1 of a text: by script and letters where they decide, else by langdetect (seeded); None if too short."""
    return _language(text, classes()[code_points_of(text[:_SAMPLE])])


def _language(text: str, kinds: Bytes) -> str | None:
    sample = kinds[:_SAMPLE]
    letters, arabic, persian, urdu = (
        int(np.count_nonzero(sample & bit)) for bit in (LETTER_CLASS, ARABIC_CLASS, PERSIAN_CLASS, URDU_CLASS)
    )
    if letters < _LEAST_LETTERS:
        return None
    if arabic * 2 <= letters:
        if arabic * 5 < letters and _plain_english(text[:_SAMPLE]):
            return "en"
        found = detect(text[:_SAMPLE])
        return found.language if found else None
    if urdu * 100 > 2 * arabic:
        return "ur"
    return "fa" if persian * 100 > 5 * arabic and not _arabic_in_persian_letters(text[:_SAMPLE], arabic) else "ar"


def _plain_english(sample: str) -> bool:
    """Whether function words that only English has leave no doubt: no detector is needed, nor its third of a second."""
    words = [word.lower() for word in WORD.findall(sample)]
    own = sum(word in _ENGLISH for word in words)
    return own * 100 >= 12 * len(words) and words.count("the") > 1


def _arabic_in_persian_letters(sample: str, arabic: int) -> bool:
    """Whether Arabic was typed with the Persian ya and kaf: it has none of the letters only Persian has, but ة."""
    own = sum(map(sample.count, "پچژگ"))
    return own * 200 <= arabic and sample.count("ة") * 100 > arabic


def _runs(inside: npt.NDArray[np.bool_]) -> int:
    """How many runs of True there are."""
    return int(np.count_nonzero(inside[1:] & ~inside[:-1])) + int(inside[:1].any())


def _counts(findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "findings": len(findings),
        "errors": sum(finding.severity == "error" for finding in findings),
        "warnings": sum(finding.severity == "warning" for finding in findings),
        "known": sum(finding.decision == "known" for finding in findings),
    }


def _shares(text: str, findings: Sequence[Finding], solid: int) -> dict[str, Any]:
    """The share of the text inside findings of some categories."""
    shares = {}
    for category in ("boilerplate", "duplicate", "mixed-script"):
        covered = _covered(text, (finding for finding in findings if finding.category == category))
        shares[f"{category.replace('-', '_')}_ratio"] = round(covered / solid, 4) if solid else 0.0
    return shares


def _spaced_commas(text: str) -> float:
    commas = text.count("،")
    return round(text.count(" ،") / commas, 4) if commas else 0.0


def _covered(text: str, findings: Iterable[Finding]) -> int:
    """Characters, white space aside, that lie in at least one finding."""
    reach = total = 0
    for start, end in sorted((finding.start, finding.end) for finding in findings):
        if end > reach:
            total += _solid(text[max(start, reach) : end])
            reach = end
    return total


def _solid(text: str) -> int:
    """Characters that are not white space."""
    return sum(map(len, text.split()))
