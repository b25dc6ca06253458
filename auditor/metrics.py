"""Figures of one document: the row of `auditor score` and of documents.jsonl.

Ratios are shares of the characters that are not white space, 0..1, of the incoming text. The formula of quality is
documented at `quality`; ``mt_engine`` comes from `auditor.mtengine`, ``mt_score`` from `auditor.mtscore`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from auditor.arrays import np
from auditor.detectors import detect
from auditor.folding import WORD
from auditor.marks import marks
from auditor.model import Document, Finding, Metrics, Translated
from auditor.mtengine import mt_engine
from auditor.mtscore import NOT_JUDGED
from auditor.mtscore import judged as judge_all
from auditor.page import (
    ARABIC_CLASS,
    BLANK_CLASS,
    LETTER_CLASS,
    NEWLINE,
    PERSIAN_CLASS,
    URDU_CLASS,
    WORD_CLASS,
    classes,
    code_points_of,
    held,
)

if TYPE_CHECKING:
    import numpy.typing as npt

Ints: TypeAlias = "npt.NDArray[np.int64]"

_SAMPLE = 4000  # code points that decide the language; more changes nothing but the time
HIGH = 0.9  # of mt_score: one newspaper article in a hundred has more
_LEAST_LETTERS = 20  # fewer do not tell a language
_SHARED = {name: f"{name.replace('-', '_')}_ratio" for name in ("boilerplate", "duplicate", "mixed-script")}

_ENGLISH = frozenset(  # function words that no other language has
    ["the", "of", "and", "to", "that", "with", "for", "was", "from", "this", "are", "by", "have", "not", "which"]
)


class Counted:
    """What some texts are made of, counted together: a number a text, or sums over all of them to ask for parts."""

    def __init__(self, texts: Sequence[str]) -> None:
        codes = code_points_of("\n".join((*texts, "")))
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self._kinds = classes().take(codes)
        self._ends = np.cumsum(lengths + 1) - 1
        self._starts = self._ends - lengths
        solid = self._kinds & BLANK_CLASS == 0
        self._solid = np.concatenate(([0], np.cumsum(solid, dtype=np.int32)))  # before each code point
        self.solid: list[int] = (self._solid[self._ends] - self._solid[self._starts]).tolist()
        breaks = np.flatnonzero(codes == NEWLINE)
        filled = breaks[np.diff(self._solid[breaks], prepend=0) > 0]  # of lines that are not blank
        self.lines: list[int] = self._between(filled, self._starts, self._ends + 1)

    @staticmethod
    def _between(places: Ints, starts: Ints, ends: Ints) -> list[int]:
        """How many of some ascending places lie in each range."""
        return (np.searchsorted(places, ends) - np.searchsorted(places, starts)).tolist()  # type: ignore[no-any-return]

    @cached_property
    def words(self) -> list[int]:
        inside = self._kinds & WORD_CLASS != 0
        begun = np.flatnonzero(inside & ~np.concatenate(([False], inside[:-1])))
        return self._between(begun, self._starts, self._ends)

    @cached_property
    def alphabets(self) -> list[list[int]]:
        """Letters of each text's beginning: all, the Arabic ones, the Persian ones, those of Urdu."""
        ends = np.minimum(self._ends, self._starts + _SAMPLE)
        bits = (LETTER_CLASS, ARABIC_CLASS, PERSIAN_CLASS, URDU_CLASS)
        return [held(self._kinds & bit != 0, self._starts, ends).tolist() for bit in bits]

    def covered(self, at: int, findings: Sequence[Finding]) -> int:
        """Characters of a text, white space aside, that lie in at least one finding."""
        reach = total = 0
        sums, start = self._solid, int(self._starts[at])
        for low, high in sorted((finding.start, finding.end) for finding in findings):
            if high > reach:
                total += int(sums[start + high]) - int(sums[start + max(low, reach)])
                reach = high
        return total


class Given(NamedTuple):
    """A document with its findings; ``cleaned`` is its cleaned text with the findings that remain there."""

    document: Document
    findings: Sequence[Finding]
    cleaned: tuple[str, Sequence[Finding]] | None = None
    fixed: int = 0
    characters_deleted: int = 0


def measure(
    document: Document,
    findings: Sequence[Finding],
    cleaned: tuple[str, Sequence[Finding]] | None = None,
    fixed: int = 0,
    characters_deleted: int = 0,
    judged: bool = True,
) -> Metrics:
    """The figures of one document, see `measured`."""
    return measured([Given(document, findings, cleaned, fixed, characters_deleted)], judged)[0]


def measured(given: Sequence[Given], judged: bool = True) -> list[Metrics]:
    """The figures of documents; their code points are looked at together.

    Without ``judged`` no machine translation is looked for, which costs more than all other figures, and there are
    no marks.
    """
    texts = [one.document.text for one in given]
    counted = Counted(texts)
    languages = [_language(text, counted, at) for at, text in enumerate(texts)]
    machines = [NOT_JUDGED] * len(texts)
    if judged:
        arabic = [at for at, spoken in enumerate(languages) if spoken == "ar"]
        for at, machine in zip(arabic, judge_all([texts[at] for at in arabic]), strict=True):
            machines[at] = machine
    cleaned = iter(_qualities([one.cleaned for one in given if one.cleaned is not None]))
    found = []
    for at, (one, spoken, machine) in enumerate(zip(given, languages, machines, strict=True)):
        document, text = one.document, texts[at]
        findings = [finding for finding in one.findings if finding.decision != "false-positive"]
        row = Metrics(
            path=document.path,
            record=document.record,
            id=document.id,
            site=document.site,
            language=spoken,
            chars=len(text),
            words=counted.words[at],
            lines=counted.lines[at],
            **_shares(counted, at, findings),
            spaced_comma_ratio=_spaced_commas(text),
            mt_engine=mt_engine(text) if judged and spoken in ("ar", None) else None,
            mt_score=machine.score,
            mt_signals="; ".join(machine.signals) or None,
            quality=_quality(text, counted, at, findings),
            **_counts(findings),
            fixed=one.fixed,
            characters_deleted=one.characters_deleted,
            quality_cleaned=next(cleaned) if one.cleaned is not None else None,
            marks=marks(text) if judged else "",
        )
        found.append(row)
    return found


def _qualities(cleaned: Sequence[tuple[str, Sequence[Finding]]]) -> list[float]:
    counted = Counted([text for text, _ in cleaned])
    return [_quality(text, counted, at, findings) for at, (text, findings) in enumerate(cleaned)]


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
    return _quality(text, Counted([text]), 0, findings)


def _quality(text: str, counted: Counted, at: int, findings: Sequence[Finding]) -> float:
    if not findings:
        return 1.0
    whole = len(text.strip())
    findings = [
        finding
        for finding in findings
        if finding.category != "quality"
        and finding.decision != "false-positive"
        and (finding.severity != "info" or finding.end - finding.start < whole)
    ]
    damaged = counted.covered(at, [finding for finding in findings if finding.severity != "info"])
    judged = counted.solid[at] - (counted.covered(at, findings) - damaged)
    return round((1 - damaged / judged) ** 4, 4) if judged else 1.0


def language(text: str) -> str | None:
    """ISO 639-1 of a text: by script and letters where they decide, else by langdetect (seeded); None if too short."""
    return _language(text[:_SAMPLE], Counted([text[:_SAMPLE]]), 0)


def _language(text: str, counted: Counted, at: int) -> str | None:
    letters, arabic, persian, urdu = (found[at] for found in counted.alphabets)
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


def _counts(findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "findings": len(findings),
        "errors": sum(finding.severity == "error" for finding in findings),
        "warnings": sum(finding.severity == "warning" for finding in findings),
        "known": sum(finding.decision == "known" for finding in findings),
    }


def _shares(counted: Counted, at: int, findings: Sequence[Finding]) -> dict[str, Any]:
    """The share of the text inside findings of some categories."""
    shares: dict[str, Any] = dict.fromkeys(_SHARED.values(), 0.0)
    for category in {finding.category for finding in findings} & _SHARED.keys():
        covered = counted.covered(at, [finding for finding in findings if finding.category == category])
        shares[_SHARED[category]] = round(covered / counted.solid[at], 4) if counted.solid[at] else 0.0
    return shares


def _spaced_commas(text: str) -> float:
    commas = text.count("،")
    return round(text.count(" ،") / commas, 4) if commas else 0.0
