"""Edits of a text: which of those that overlap are made, two rounds as one, and the way back to the original."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from auditor.model import Edit


def chosen(fixes: Iterable[Edit]) -> tuple[Edit, ...]:
    """Of fixes that may overlap, those to apply: sorted and disjoint."""
    kept: list[Edit] = []
    for edit in sorted(set(fixes), key=lambda edit: (edit.start, -edit.end, edit.replacement)):
        if edit.start == edit.end and not edit.replacement:
            continue
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
        elif not edit.replacement:
            last = kept.pop()
            kept.append(edit if last.replacement else Edit(last.start, max(last.end, edit.end), ""))
    return tuple(kept)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """``text`` with sorted, disjoint edits made."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.replacement]
        at = edit.end
    return "".join([*parts, text[at:]])


def compose(original: str, first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """One list of edits on ``original`` that does what ``first`` and then ``second`` (on its result) do."""
    if not first:
        return tuple(second)
    back = Back(first)
    middle = apply(original, first)
    spans = [(low, high, number, None) for number, (low, high) in enumerate(back.places)]
    spans += [(edit.start, edit.end, -1, edit) for edit in second]  # type: ignore[misc]
    groups: list[list[tuple[int, int, int, Edit | None]]] = []
    reach = -1
    # Where something was deleted, an edit stands after it: that is what Back.left says, too.
    for span in sorted(spans, key=lambda span: (*span[:2], span[3] is not None, span[2])):
        if groups and span[0] < reach:
            groups[-1].append(span)
        else:
            groups.append([span])
        reach = max(reach, span[1])
    result: list[Edit] = []
    for edit in (_merged(original, middle, first, back, group) for group in groups):
        if result and result[-1].start == edit.start:  # an insertion and what follows it keep their order as one
            edit = Edit(edit.start, edit.end, result.pop().replacement + edit.replacement)
        result.append(edit)
    return tuple(edit for edit in result if original[edit.start : edit.end] != edit.replacement)


def _merged(
    original: str, middle: str, first: Sequence[Edit], back: Back, group: list[tuple[int, int, int, Edit | None]]
) -> Edit:
    """One edit for spans of the middle text that overlap: places of first edits (by number) and second edits."""
    low, high = min(span[0] for span in group), max(span[1] for span in group)
    later = [Edit(edit.start - low, edit.end - low, edit.replacement) for *_, edit in group if edit is not None]
    starts = [first[number].start if edit is None else back.left(edit.start) for _, _, number, edit in group]
    ends = [first[number].end if edit is None else back.right(edit.end) for _, _, number, edit in group]
    return Edit(min(starts), max(max(starts), *ends), apply(middle[low:high], sorted(later)))


class Back:
    """From a text that edits produced back to the original."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.places: list[tuple[int, int]] = []  # where each edit's replacement stands in the new text
        self._edits = edits
        self._shifts = [0]  # new minus original offset, after so many edits
        for edit in edits:
            start = edit.start + self._shifts[-1]
            self.places.append((start, start + len(edit.replacement)))
            self._shifts.append(self._shifts[-1] + len(edit.replacement) - (edit.end - edit.start))
        self._lows = [low for low, _ in self.places]

    def left(self, at: int) -> int:
        """Where a range that begins at ``at`` begins in the original: after what was deleted there."""
        done = bisect_right(self._lows, at)
        while done and self.places[done - 1][1] > at:
            done -= 1
            if self.places[done][0] < at:  # inside a replacement: it is taken whole
                return self._edits[done].start
        return at - self._shifts[done]

    def right(self, at: int) -> int:
        """Where a range that ends at ``at`` ends in the original: before what was deleted there."""
        done = bisect_left(self._lows, at)
        if done and self.places[done - 1][1] > at:
            return self._edits[done - 1].end
        return at - self._shifts[done]

    def forward(self, start: int, end: int) -> tuple[int, int] | None:
        """Where an original range stands in the new text; None where an edit touched it."""
        done = bisect_right(self._edits, start, key=lambda edit: edit.end)
        if done < len(self._edits) and self._edits[done].start < end:
            return None
        return start + self._shifts[done], end + self._shifts[done]

    def rest(self, start: int, end: int) -> tuple[int, int] | None:
        """Where what is left of an original range stands in the new text.

        None where nothing is left, and where a replacement reaches over an end of the range.
        """
        low = bisect_right(self._edits, start, key=lambda edit: edit.end)
        high = bisect_left(self._edits, end, key=lambda edit: edit.start)
        over = [edit for edit in self._edits[low:high] if edit.start < start or edit.end > end]
        if any(edit.replacement for edit in over):
            return None
        opens = low < high and self._edits[low].start < start
        closes = low < high and self._edits[high - 1].end > end
        first = self.places[low][0] if opens else start + self._shifts[low]
        last = self.places[high - 1][1] if closes else end + self._shifts[high]
        return (first, last) if first < last else None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original range of ``[start, end)``, whole edits where it reaches into their replacements."""
        left = self.left(start)
        return left, max(left, self.right(end))


class Places:
    """Line and column of offsets, counted from 1."""

    def __init__(self, text: str) -> None:
        lengths = (len(line) + 1 for line in text.split("\n"))
        self._starts = list(accumulate(lengths, initial=0))[:-1]

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
