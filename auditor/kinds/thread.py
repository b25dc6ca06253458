"""`thread`: readers' comments below a text, found by their heading and by what comes back with each of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from auditor.arrays import np
from auditor.batch import Batch
from auditor.features import Features
from auditor.folding import DEFAULT, folding
from auditor.kinds.base import Count, Hit, Rule, Stuck, Texts
from auditor.kinds.context import content, remove_line
from auditor.kinds.lexicon import bare, decoration_bytes
from auditor.page import to_folded

_FOLDED = DEFAULT | {"digits"}
_DIGITS = "0123456789"
LONGEST = 80  # code points of a phrase, and of a line that can be one, folded


class ThreadRule(Rule, frozen=True, kw_only=True, tag="thread"):
    """From a heading (``begins-with``: "36 Comments") to the last of at least ``min-returns`` lines that come back
    with the comments (``returns``: "Reply"), whatever stands between but a paragraph and another heading.

    Numbers and decoration around the phrases do not count. From the heading to the first such line, and from each to
    the next, are at most ``within`` lines. Above the heading stand paragraphs of at least ``min-words`` words: where
    there is none, the comments are the text.
    """

    begins_with: Texts
    returns: Texts
    min_returns: Count = 3
    within: Count = 20
    min_words: Count = 60


class ThreadMatcher:
    """Short lines are looked up in one table; only documents with a heading and enough returns are looked at."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[ThreadRule]) -> None:
        self._rules = rules
        self._table: dict[bytes, list[tuple[int, bool, str]]] = defaultdict(list)
        for number, rule in enumerate(rules):
            for heading, phrases in ((True, rule.begins_with), (False, rule.returns)):
                for phrase in dict.fromkeys(map(numberless, phrases)):
                    self._table[to_folded(phrase).strip(_passed_over())].append((number, heading, phrase))

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        found = self._lines(batch)
        for number, rule in enumerate(self._rules):
            headings, returns = (_by_document(batch, found[number, heading]) for heading in (True, False))
            for document in sorted(headings.keys() & returns.keys()):
                if len(returns[document]) >= rule.min_returns:
                    yield from _threads(rule, batch, document, headings[document], returns[document])

    def _lines(self, batch: Batch) -> dict[tuple[int, bool], list[int]]:
        """For each rule the lines that are one of its headings, and those that return, in order."""
        found: dict[tuple[int, bool], list[int]] = defaultdict(list)
        for line, data in enumerate(batch.folded_lines):
            if data and len(data) <= LONGEST and (entries := self._table.get(data.strip(_passed_over()))):
                said = numberless(batch.line(line))
                for number, heading, phrase in entries:
                    if said == phrase:
                        found[number, heading].append(line)
        return found


def numberless(text: str) -> str:
    """What a line says, folded, without numbers and decoration around it."""
    folded = folding(_FOLDED).fold(text)
    while True:
        left, right = bare(folded)
        said = folded[left:right].strip(_DIGITS)
        if said == folded:
            return said
        folded = said


@cache
def _passed_over() -> bytes:
    return decoration_bytes() + _DIGITS.encode()


def _by_document(batch: Batch, lines: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for line in lines:
        found[batch.line_documents[line]].append(line)
    return found


def _threads(rule: ThreadRule, batch: Batch, document: int, headings: list[int], returns: list[int]) -> Iterator[Hit]:
    of = batch.view(Features)
    first, stop = batch.document_lines[document], batch.document_lines[document + 1]
    place = np.cumsum(~of.blank[first:stop])
    # Words of the paragraphs above each line.
    told = np.concatenate(([0], np.cumsum(of.words[first:stop] * of.prose[first:stop])))
    last, before = first - 1, 0  # the last line of the thread above, and the words up to there
    for heading, following in pairwise([*headings, stop]):
        if heading <= last or told[heading - first] - before < rule.min_words:
            continue
        chain = [heading]
        for line in (returns[at] for at in range(bisect_right(returns, heading), len(returns))):
            if place[line - first] - place[chain[-1] - first] > rule.within or (len(chain) == 1 and line > following):
                break
            nearer = headings[bisect_left(headings, line) - 1]
            if nearer > chain[-1] and told[nearer - first] > told[chain[-1] + 1 - first]:
                break  # another text, and its comments
            chain.append(line)
        if len(chain) > rule.min_returns:
            last, before = chain[-1], int(told[chain[-1] + 1 - first])
            start, end = content(batch, heading)[0], content(batch, last)[1]
            times = f"{len(chain) - 1} lines such as '{batch.line(chain[1]).strip()}'"
            why = f"{times} under '{batch.line(heading).strip()}'"
            yield Hit(rule, start, end, why, remove_line(batch, heading, last))
