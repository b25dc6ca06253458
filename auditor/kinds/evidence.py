"""`evidence`: lines that many small signs together show to be boilerplate, weighed by a trained model."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple

import msgspec

from auditor.arrays import np
from auditor.batch import Batch
from auditor.evidence import GROUPS, Evidence
from auditor.features import Flags, Ints
from auditor.kinds.base import Count, Hit, Rule, Stuck, When
from auditor.kinds.context import content, remove_line
from auditor.kinds.documents import wanted
from auditor.lines import Floats, between
from auditor.trees import Bins
from auditor.weights import Weights, load_weights

if TYPE_CHECKING:
    import numpy.typing as npt

Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]
_TOLD = 3  # groups of signs named in `why`
# What is a text's own: lines of so many words that are boilerplate with less than this probability. Fewer words of
# them than this, all told, and nobody knows where the text begins and ends.
_SURE_WORDS, _SURE, _TEXT_WORDS = 10, 0.2, 60
# What may be the title of the text below: a line of more words, of whose telling words the prose has this share.
_LABEL_WORDS, _TITLE_TOPIC = 3, 0.3


class EvidenceRule(Rule, frozen=True, kw_only=True, tag="evidence"):
    """Lines whose probability of being boilerplate is at least ``threshold``.

    ``model`` is a file of weights beside the pack. Lines of more than ``max-words`` words are left alone, and lines
    that another rule's safe fix deletes or that another rule calls a caption or a byline. With ``outside`` only lines
    above the first or below the last sure line of the text are looked at (not what may be its title), where the mean
    probability of all lines there is at least that; with ``listed`` only at most so many lines below a heading of
    related texts, the latest or the most read that the model knows, with no paragraph between (again not what may be
    the title). A line that several rules of a model would take goes to the first.
    """

    model: str
    threshold: Probability
    max_words: Count | None = None
    outside: Probability | None = None
    listed: Annotated[int, msgspec.Meta(ge=1, le=60)] | None = None
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
    free = (words > 0) & (words <= max(rule.max_words or len(batch.text) for rule in rules))
    probabilities = np.full(len(words), np.nan)  # of lines too long for any rule it is asked only where it counts
    asked = np.flatnonzero(free)
    binned = _binned(weights, evidence, asked)
    probabilities[asked] = _asked(weights, binned)
    around = _around(rules, weights, evidence, probabilities)
    for rule in rules:
        fits = free & _fits(rule, words, probabilities, around)
        if rule.listed is not None:
            fits &= _listed(evidence, rule.listed)
        taken = np.flatnonzero(fits)
        documents = evidence.lines.documents[taken]
        looked_at = [one for one in np.unique(documents).tolist() if wanted(rule.when, batch, one)]
        chosen = taken[np.isin(documents, looked_at)]
        if not len(chosen):
            continue
        free[chosen] = False
        shares = weights.trees.shares(binned[:, np.searchsorted(asked, chosen)], weights.groups)
        for row, told in zip(chosen.tolist(), _told(evidence, chosen, shares), strict=True):
            line = int(evidence.lines.numbers[row])
            yield Hit(rule, *content(batch, line), f"{probabilities[row]:.2f}: {told}", remove_line(batch, line))


def _binned(weights: Weights, evidence: Evidence, rows: Ints) -> Bins:
    """Some lines as the trees see them."""
    return weights.trees.binned(weights.columns(evidence, rows))


def _asked(weights: Weights, binned: Bins) -> Floats:
    """The probability of some lines."""
    if not binned.shape[1]:
        return np.zeros(0)
    odds = weights.trees.log_odds(binned)
    found: Floats = 1 / (1 + np.exp(-odds.astype(np.float64)))
    return found


def _fits(rule: EvidenceRule, words: Floats, probabilities: Floats, around: Floats) -> Flags:
    found: Flags = probabilities >= rule.threshold
    if rule.max_words is not None:
        found &= words <= rule.max_words
    if rule.outside is not None:
        found &= around >= rule.outside
    return found


def _around(rules: Sequence[EvidenceRule], weights: Weights, evidence: Evidence, probabilities: Floats) -> Floats:
    """For lines above the first or below the last sure line of their text, the mean probability there; -1 elsewhere,
    for what may be the title, and in documents that no rule asks it of."""
    lines, probabilities = evidence.lines, probabilities.copy()
    asking = np.zeros(len(lines.here), bool)
    for rule in rules:
        if rule.outside is not None:
            asking |= _fits(rule, lines.count, probabilities, np.ones(len(asking)))
    concerned = lines.whole(asking) > 0
    rest = np.flatnonzero(concerned & (lines.count > 0) & np.isnan(probabilities))
    probabilities[rest] = _asked(weights, _binned(weights, evidence, rest)) if len(rest) else 0
    probabilities = np.nan_to_num(probabilities)
    sure = (probabilities < _SURE) & (lines.count >= _SURE_WORDS)
    above, below = lines.last_before(sure), lines.first_after(sure)
    first, stop = np.maximum(above + 1, lines.low), np.minimum(below, lines.high)
    mean = between(probabilities, first, stop) / np.maximum(1, between(lines.count > 0, first, stop))
    head, tail = (above < lines.low) & ~sure, (below >= lines.high) & ~sure
    known = lines.whole(lines.count * sure) >= _TEXT_WORDS
    return np.where(concerned & (head | tail) & ~(head & _titles(evidence)) & known, mean, -1)


def _listed(evidence: Evidence, within: int) -> Flags:
    """Lines below a heading of a list of texts with no paragraph between: not sentences, nor the line right above a
    paragraph, nor what may be the title of a text."""
    lines, of = evidence.lines, evidence.features
    prose = lines.of.prose[lines.numbers]
    near = (of["since-related"] <= np.log1p(within + 0.5)) & (of["prose-since-related"] == 0)
    sentence = (of["ended"] > 0) & (of["question-last"] == 0) & (of["elliptic"] == 0)
    before_text = lines.last_before(prose) < lines.low
    found: Flags = (
        near & ~sentence & (lines.shifted(prose.astype(np.float64), 1) <= 0) & ~(before_text & _titles(evidence))
    )
    return found


def _titles(evidence: Evidence) -> Flags:
    """Lines that say what the paragraphs say: where they stand above these, they may be the title."""
    found: Flags = (evidence.lines.count > _LABEL_WORDS) & (evidence.features["topic"] >= _TITLE_TOPIC)
    return found


def _told(evidence: Evidence, rows: Ints, shares: npt.NDArray[np.float32]) -> Iterator[str]:
    """What is said of lines: the groups of signs that spoke for boilerplate, and what is to be seen of each."""
    shown = zip(*(evidence.features[name][rows].tolist() for name in _SHOWN), strict=True)
    for groups, values in zip(_strongest(shares), shown, strict=True):
        of = _Shown(*values)
        yield "; ".join([f"{group} ({_SEEN[group](of)})" for group in groups])


def _strongest(shares: npt.NDArray[np.float32]) -> Iterator[list[str]]:
    """For each line the groups of signs that spoke most for boilerplate, the strongest first."""
    order = np.argsort(-shares, axis=1, kind="stable")[:, :_TOLD]
    for groups, spoke in zip(order.tolist(), (np.take_along_axis(shares, order, 1) > 0).tolist(), strict=True):
        yield [GROUPS[group] for group, for_it in zip(groups, spoke, strict=True) if for_it]


_SHOWN = (
    *("phrase", "sites", "known-words", "function", "ended", "words", "short~8", "known~8"),
    *("after-prose", "before-prose", "copies", "topic", "page-short"),
)


class _Shown(NamedTuple):
    """The figures of a line that are spoken of: those of `_SHOWN`."""

    phrase: float
    sites: float
    known_words: float
    function: float
    ended: float
    words: float
    short_around: float
    known_around: float
    after_prose: float
    before_prose: float
    copies: float
    topic: float
    page_short: float


def _wording(of: _Shown) -> str:
    if of.phrase or of.sites:
        return "a known phrase"
    return "words of known phrases" if of.known_words > 0.5 else f"{of.function:.0%} function words"


def _shape(of: _Shown) -> str:
    return f"{count(round(math.expm1(of.words)), 'word')}, {'an end mark' if of.ended else 'no end mark'}"


def _neighbours(of: _Shown) -> str:
    return f"{of.short_around:.0%} of the lines around are short, {of.known_around:.0%} known"


def _place(of: _Shown) -> str:
    if of.after_prose and of.before_prose:
        return "between paragraphs"
    if of.after_prose:
        return "after the last paragraph"
    return "before the first one" if of.before_prose else "no paragraph near"


def _repetition(of: _Shown) -> str:
    return f"{of.copies:.0f} times in the text" if of.copies > 1 else f"{of.topic:.0%} of its words are in paragraphs"


def _page(of: _Shown) -> str:
    return f"{of.page_short:.0%} of the lines are short"


_SEEN: Mapping[str, Callable[[_Shown], str]] = {
    "wording": _wording,
    "shape": _shape,
    "neighbours": _neighbours,
    "place": _place,
    "repetition": _repetition,
    "page": _page,
}


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
