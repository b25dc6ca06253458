"""`metric`: a figure of a document that is out of bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from auditor.arrays import np
from auditor.batch import Batch
from auditor.features import Features
from auditor.figures import FIGURES, Figures, Numbers, stop_words
from auditor.kinds.base import Hit, Rule, Stuck, Texts, When
from auditor.kinds.documents import wanted

Metric = Literal[
    "alphabetic-word-ratio",
    "bullet-line-ratio",
    "c4-sentences",
    "chars",
    "curly-brackets",
    "duplicate-10-gram-ratio",
    "duplicate-5-gram-ratio",
    "duplicate-6-gram-ratio",
    "duplicate-7-gram-ratio",
    "duplicate-8-gram-ratio",
    "duplicate-9-gram-ratio",
    "duplicate-line-char-ratio",
    "duplicate-line-ratio",
    "duplicate-paragraph-char-ratio",
    "duplicate-paragraph-ratio",
    "ellipsis-line-ratio",
    "ellipsis-word-ratio",
    "ended-line-ratio",
    "hash-word-ratio",
    "lines",
    "long-lines",
    "longest-word",
    "mean-word-length",
    "newline-word-ratio",
    "sentences",
    "short-line-ratio",
    "spaced-comma-ratio",
    "stop-words",
    "top-2-gram-ratio",
    "top-3-gram-ratio",
    "top-4-gram-ratio",
    "words",
]


class MetricRule(Rule, frozen=True, kw_only=True, tag="metric"):
    """Documents whose figure is below ``min`` or above ``max``; ``words`` is what the metric stop-words counts."""

    metric: Metric
    min: float | None = None
    max: float | None = None
    words: Texts = ()
    when: When | None = None


class MetricMatcher:
    """Figures come as one array a batch; only documents out of bounds are looked at."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[MetricRule]) -> None:
        self._rules = rules

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        for rule in self._rules:
            figures = _figures(rule, batch)
            low = np.zeros(len(figures), bool) if rule.min is None else figures < rule.min
            high = np.zeros(len(figures), bool) if rule.max is None else figures > rule.max
            for document in np.flatnonzero(low | high).tolist():
                span = batch.view(Features).content(document)
                if span is not None and wanted(rule.when, batch, document):
                    bound = f"below {_shown(rule.min)}" if low[document] else f"above {_shown(rule.max)}"
                    yield Hit(rule, *span, f"{rule.metric} is {_shown(figures[document])}, {bound}")


def _figures(rule: MetricRule, batch: Batch) -> Numbers:
    figures = batch.view(Figures)
    return stop_words(figures, rule.words) if rule.metric == "stop-words" else FIGURES[rule.metric](figures)


def _shown(figure: float | None) -> str:
    return f"{figure:.4g}" if figure is None or figure < 10000 else f"{figure:.0f}"
