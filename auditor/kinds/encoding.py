"""`encoding`: a file that is not UTF-8, told once, at its first character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.batch import Batch
from auditor.kinds.base import Hit, Rule, Stuck


class EncodingRule(Rule, frozen=True, kw_only=True, tag="encoding"):
    """Reads no text: a document's ``meta`` holds the encoding of the file it is the first of, unless that is UTF-8."""


def why(encoding: str) -> str:
    """The reason a finding of this kind gives."""
    return f"the file is {encoding}"


class EncodingMatcher:
    """One hit a document with a noted encoding."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[EncodingRule]) -> None:
        self._rules = rules

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        for number, document in enumerate(batch.documents):
            if (encoding := document.meta.get("encoding")) and document.text:
                start = batch.starts[number]
                for rule in self._rules:
                    yield Hit(rule, start, start + 1, why(encoding), values=(("encoding", str(encoding)),))
