"""`density`: how often something stands in a document, against its words, its lines or another pattern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from auditor.batch import Batch
from auditor.features import Features
from auditor.kinds.base import Count, Hit, Rule, Stuck, Texts, When
from auditor.kinds.clock import Clock
from auditor.kinds.documents import wanted
from auditor.kinds.lexicon import LexiconMatcher, LexiconRule
from auditor.kinds.regex import Compiled, RegexMatcher, RegexRule, count

Spans = list[tuple[int, int]]


class DensityRule(Rule, frozen=True, kw_only=True, tag="density"):
    """Matches of ``pattern`` (a regex, in lines) or ``phrases`` (whole words, anywhere) for each word, line or match
    of ``per-pattern``. A document with fewer than ``min-count`` of these gives too little evidence and is passed over.
    """

    pattern: str | None = None
    phrases: Texts = ()
    per: Literal["words", "lines", "pattern"]
    per_pattern: str | None = None
    above: float | None = None
    below: float | None = None
    min_count: Count = 1
    fold: tuple[str, ...] | None = None
    when: When | None = None


class DensityMatcher:
    """Counts what the lexicon and regex kinds find; what to divide by is counted only where it can matter."""

    def __init__(self, rules: Sequence[DensityRule]) -> None:
        self._rules = rules
        self._lexicon = LexiconMatcher([as_lexicon(rule) for rule in rules if rule.phrases])
        self._regex = RegexMatcher([as_regex(rule, rule.pattern) for rule in rules if rule.pattern is not None])
        self._per = {rule.id: Compiled(as_regex(rule, rule.per_pattern)) for rule in rules if rule.per_pattern}

    @property
    def slow(self) -> Sequence[Rule]:
        slow = {rule.id for rule in self._regex.slow}
        return [rule for rule in self._rules if rule.id in slow]

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        found: dict[str, dict[int, set[tuple[int, int]]]] = defaultdict(lambda: defaultdict(set))
        stuck: set[tuple[str, int]] = set()
        for matcher in (self._lexicon, self._regex):
            for hit in matcher.hits(batch):
                if isinstance(hit, Stuck):
                    yield hit
                    stuck.add((hit.rule.id, batch.line_documents[hit.line]))
                else:
                    found[hit.rule.id][batch.document_at(hit.start)].add((hit.start, hit.end))
        for rule in self._rules:
            everywhere = rule.below is not None
            places = found[rule.id]
            for document in range(len(batch.documents)) if everywhere else sorted(places):
                if (rule.id, document) not in stuck:
                    yield from self._judged(rule, batch, document, sorted(places.get(document, ())))

    def _judged(self, rule: DensityRule, batch: Batch, document: int, spans: Spans) -> Iterator[Hit | Stuck]:
        whole = self._whole(rule, batch, document, len(spans))
        if isinstance(whole, Stuck):
            yield whole
            return
        if whole < rule.min_count:
            return
        rate = len(spans) / whole
        high, low = rule.above is not None and rate > rule.above, rule.below is not None and rate < rule.below
        span = spans[0] if spans else batch.view(Features).content(document)
        if (high or low) and span is not None and wanted(rule.when, batch, document):
            bound = f"above {rule.above:.4g}" if high else f"below {rule.below:.4g}"
            unit = f"matches of {rule.per_pattern}" if rule.per == "pattern" else rule.per
            yield Hit(rule, *span, f"{len(spans)} for {whole} {unit}: {rate:.4g}, {bound}")

    def _whole(self, rule: DensityRule, batch: Batch, document: int, found: int) -> int | Stuck:
        """What a document's matches, so many, are divided by; less where it is plain that they are not too many."""
        of = batch.view(Features)
        if rule.per == "words":
            return int(of.document_words[document])
        if rule.per == "lines":
            return int(of.document_lines[document])
        total, clock = 0, Clock(batch)
        for line in range(batch.document_lines[document], batch.document_lines[document + 1]):
            more = count(self._per[rule.id], batch, line, clock)
            if more is None:
                return Stuck(rule, line)
            total += more
            if total >= rule.min_count and rule.below is None and found / total <= (rule.above or 0.0):
                break
        return total


def as_lexicon(rule: DensityRule) -> LexiconRule:
    """The rule that finds the phrases that are counted."""
    fold = ("default",) if rule.fold is None else rule.fold
    return LexiconRule(**_common(rule), phrases=rule.phrases, at="anywhere", fold=fold)


def as_regex(rule: DensityRule, pattern: str) -> RegexRule:
    """The rule that finds a pattern that is counted."""
    return RegexRule(**_common(rule), pattern=pattern, fold=rule.fold or ())


def _common(rule: DensityRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in Rule.__struct_fields__}
