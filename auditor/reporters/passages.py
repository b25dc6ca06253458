"""What the page shows of a document: its text whole, of a long one the lines around findings, and the edits made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from auditor.model import Document, Edit, Finding

WHOLE = 200_000  # code points of a text that is shown whole
_LINES = 2  # lines of context on either side, of longer ones
_REACH = 600  # code points of context at most: a line may be a whole page


class Passage(msgspec.Struct, frozen=True, array_like=True):
    """A piece of a text: its first code point's offset, line and column, and the piece."""

    start: int
    line: int
    column: int
    text: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A document with findings. ``edits`` are what cleaning did, on the original text; ``size`` its code points."""

    record: int
    id: str | None
    site: str | None
    size: int
    passages: tuple[Passage, ...]
    edits: tuple[Edit, ...]
    applied: tuple[str, ...]  # fingerprints of the findings whose fixes were made

    @property
    def whole(self) -> bool:
        """Whether nothing of the text is left out."""
        return sum(len(passage.text) for passage in self.passages) == self.size


def shown(
    document: Document,
    findings: Sequence[Finding],
    edits: Sequence[Edit] = (),
    applied: Iterable[str] = (),
    whole: int = WHOLE,
) -> Shown:
    """The document as the page shows it: whole up to ``whole`` code points, else cut down to its findings."""
    full = Shown(
        record=document.record,
        id=document.id,
        site=document.site,
        size=len(document.text),
        passages=(Passage(0, 1, 1, document.text),) if document.text else (),
        edits=tuple(edits),
        applied=tuple(sorted(applied)),
    )
    return full if full.size <= whole else narrowed(full, findings)


def narrowed(full: Shown, findings: Iterable[Finding]) -> Shown:
    """A document shown whole, cut down to the lines with findings and two lines before and after."""
    if len(full.passages) != 1 or not full.whole:
        return full
    text = full.passages[0].text
    spans = list(_united(_around(text, finding) for finding in findings))
    passages, line, at = [], 1, 0
    for start, end in spans:
        line += text.count("\n", at, start)
        at = start
        column = start - text.rfind("\n", 0, start)
        passages.append(Passage(start, line, column, text[start:end]))
    starts = [start for start, _ in spans]
    edits = tuple(edit for edit in full.edits if _within(edit, spans[bisect_right(starts, edit.start) - 1]))
    return msgspec.structs.replace(full, passages=tuple(passages), edits=edits)


def _within(edit: Edit, span: tuple[int, int]) -> bool:
    return span[0] <= edit.start and edit.end <= span[1]


def _around(text: str, finding: Finding) -> tuple[int, int]:
    start, end = finding.start, min(finding.end, finding.start + _REACH)
    low, high = start, max(end - 1, start)
    for _ in range(_LINES + 1):
        low = text.rfind("\n", 0, max(low, 0)) if low > 0 else -1
        high = text.find("\n", high + 1) if high >= 0 else -1
    stop = len(text) if high < 0 else high + 1
    return max(low + 1, start - _REACH, 0), min(stop, end + _REACH)


def _united(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    low = high = -1
    for start, end in sorted(spans):
        if start > high:
            if high >= 0:
                yield low, high
            low, high = start, end
        high = max(high, end)
    if high >= 0:
        yield low, high
