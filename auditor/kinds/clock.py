"""How long a rule's pattern may take over one document: its lines are short, but there may be a million of them."""

from __future__ import annotations

from collections import defaultdict
from time import perf_counter

from auditor.batch import Batch

TIME_LIMIT = 2.0  # seconds a pattern may spend on one line or text, and on the lines of a short document together
_MORE = 1e-6  # seconds more for each code point of a document
_NOTICEABLE = 1e-4  # seconds; what takes less is not counted


class Clock:
    """What rules, by id, have spent on the documents of one batch."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._spent: defaultdict[tuple[str, int], float] = defaultdict(float)
        self._over: set[tuple[str, int]] = set()

    @property
    def limit(self) -> float:
        """Seconds for one line or text."""
        return TIME_LIMIT

    def is_over(self, rule: str, line: int) -> bool:
        """Whether the rule had all the time it may have for the document of a line."""
        return bool(self._over) and (rule, self._batch.line_documents[line]) in self._over

    def stop(self, rule: str, line: int) -> None:
        """The rule ran over its limit on this line: that was its last in this document."""
        self._over.add((rule, self._batch.line_documents[line]))

    def passed(self, rule: str, line: int, since: float) -> bool:
        """Note the time since ``since`` (of `perf_counter`); whether the document's is used up by now."""
        seconds = perf_counter() - since
        if seconds < _NOTICEABLE:
            return False
        document = self._batch.line_documents[line]
        self._spent[rule, document] += seconds
        if self._spent[rule, document] <= TIME_LIMIT + _MORE * len(self._batch.documents[document].text):
            return False
        self._over.add((rule, document))
        return True
