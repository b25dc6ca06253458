"""`evidence`: lines that many small signs together show to be boilerplate, weighed by a trained model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

import msgspec
import numpy as np
import numpy.typing as npt

from auditor.batch import Batch
from auditor.evidence import GROUPS, Evidence
from auditor.kinds.base import Count, Hit, Rule, Stuck, When
from auditor.kinds.context import content, remove_line
from auditor.kinds.documents import wanted
from auditor.weights import Weights, load_weights

Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]
_TOLD = 3  # groups of signs named in `why`


class EvidenceRule(Rule, frozen=True, kw_only=True, tag="evidence"):
    """Lines whose probability of being boilerplate is at least ``threshold`` and less than ``below``.

    ``model`` is a file of weights beside the pack. Lines of more than ``max-words`` words are left alone, and lines
    that another rule's safe fix deletes or that another rule calls a caption or a byline.
    """

    model: str
    threshold: Probability
    below: Probability = 1.0
    max_words: Count | None = None
    when: When | None = None
    yields: ClassVar[bool] = True


class EvidenceMatcher:
    """Features are computed once for all rules of one model; what spoke for a line is asked of hits alone."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[EvidenceRule]) -> None:
        self._rules: dict[str, list[EvidenceRule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.model, []).append(rule)
        self._weights = {model: load_weights(model) for model in self._rules}

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        for model, rules in self._rules.items():
            yield from _hits(rules, batch, self._weights[model])


def _hits(rules: Sequence[EvidenceRule], batch: Batch, weights: Weights) -> Iterator[Hit]:
    evidence = Evidence(batch, weights.tables, weights.sites)
    words = evidence.lines.count
    most = max(rule.max_words or len(batch.text) for rule in rules)
    rows = np.flatnonzero((words > 0) & (words <= most))
    if not len(rows):
        return
    binned = weights.trees.binned(weights.columns(evidence, rows))
    probabilities = 1 / (1 + np.exp(-weights.trees.log_odds(binned).astype(np.float64)))
    for rule in rules:
        found = (probabilities >= rule.threshold) & ((probabilities < rule.below) | (rule.below == 1))
        if rule.max_words is not None:
            found &= words[rows] <= rule.max_words
        chosen = np.flatnonzero(found)
        shares = weights.trees.shares(binned[:, chosen], weights.groups)
        shown = {name: evidence.features[name][rows[chosen]].tolist() for name in _SHOWN}
        lines, chances = evidence.lines.numbers[rows[chosen]].tolist(), probabilities[chosen].tolist()
        for at, (line, groups) in enumerate(zip(lines, _strongest(shares), strict=True)):
            if wanted(rule.when, batch, batch.line_documents[line]):
                told = "; ".join(f"{group} ({_seen(group, shown, at)})" for group in groups)
                yield Hit(rule, *content(batch, line), f"{chances[at]:.2f}: {told}", remove_line(batch, line))


def _strongest(shares: npt.NDArray[np.float32]) -> Iterator[list[str]]:
    """For each line the groups of signs that spoke most for boilerplate, the strongest first."""
    order = np.argsort(-shares, axis=1, kind="stable")[:, :_TOLD]
    for groups, spoke in zip(order.tolist(), (np.take_along_axis(shares, order, 1) > 0).tolist(), strict=True):
        yield [GROUPS[group] for group, for_it in zip(groups, spoke, strict=True) if for_it]


_SHOWN = (
    *("phrase", "sites", "known-words", "function", "ended", "words", "short~8", "known~8"),
    *("after-prose", "before-prose", "copies", "topic", "page-short"),
)


def _seen(group: str, shown: Mapping[str, Sequence[float]], at: int) -> str:
    """What is to be seen of a group of signs."""

    def of(name: str) -> float:
        return shown[name][at]

    match group:
        case "wording":
            if of("phrase") or of("sites"):
                return "a known phrase"
            return "words of known phrases" if of("known-words") > 0.5 else f"{of('function'):.0%} function words"
        case "shape":
            end = "an end mark" if of("ended") else "no end mark"
            return f"{count(round(float(np.expm1(of('words')))), 'word')}, {end}"
        case "neighbours":
            return f"{of('short~8'):.0%} of the lines around are short, {of('known~8'):.0%} known"
        case "place":
            above, below = of("after-prose"), of("before-prose")
            if above and below:
                return "between paragraphs"
            return "after the last paragraph" if above else "before the first one" if below else "no paragraph near"
        case "repetition":
            copies = of("copies")
            return (
                f"{copies:.0f} times in the text" if copies > 1 else f"{of('topic'):.0%} of its words are in paragraphs"
            )
        case _:
            return f"{of('page-short'):.0%} of the lines are short"


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
