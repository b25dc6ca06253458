"""`repeat` with `same: near`: documents that share most of their wording with an earlier one of the corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from auditor.batch import Batch
from auditor.facts import Facts
from auditor.kinds.base import Hit, Rule
from auditor.kinds.context import content
from auditor.kinds.repeat import RepeatRule
from auditor.minhash import BANDS, Signatures
from auditor.survey import bands_of, numbered, told_site

_LEAST = 2  # bands; half of two texts agree in one by chance now and then, in two hardly ever


class NearMatcher:
    """All such rules. The earliest of several documents is not found: it is the one that the others repeat."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[RepeatRule], facts: Facts) -> None:
        self._rules, self._facts = rules, facts

    def hits(self, batch: Batch) -> Iterator[Hit]:
        for rule in self._rules:
            for number in range(len(batch.documents)):
                if batch.view(Signatures).words[number] >= rule.min_words:
                    yield from self._document(rule, batch, number)

    def _document(self, rule: RepeatRule, batch: Batch, number: int) -> Iterator[Hit]:
        values = self._facts.bands.values(bands_of(batch, number, rule.across == "site")).tolist()
        firsts = Counter(value >> 1 for value in values if value)
        if not firsts:
            return
        first, bands = min(firsts.items(), key=lambda item: (-item[1], item[0]))
        path, document = self._facts.names[first >> 32], batch.documents[number]
        if bands < _LEAST or (first == numbered(first >> 32, document.record) and path == document.path):
            return
        line = batch.document_lines[number]
        while batch.blank_line(line):  # it has words
            line += 1
        where = f"{told_site(path)}[{first & 0xFFFFFFFF}]"
        start, end = content(batch, line)
        why = f"{bands} of {BANDS} bands of hashes as in {where}"
        yield Hit(rule, start, end, why, values=(("count", str(bands)), ("first", where)))
