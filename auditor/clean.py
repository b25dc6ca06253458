"""Findings -> cleaned text, and what was changed; kinds look, this module acts.

Overlapping deletions unite, a deletion swallows a replacement it overlaps, otherwise the first wins. Rounds repeat
until no fix remains, of the safe ones and then, if asked for, of the unsafe ones; what later rounds change is announced
on the original text like everything else.
"""

from __future__ import annotations

import copy
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from auditor.check import Checked, Engine, check, digest
from auditor.model import Document, Edit, Finding, Fix, Span, Unchecked

ROUNDS = 5


class Cleaned(NamedTuple):
    """A document after cleaning. ``edits`` are sorted, disjoint, on the original text; ``findings`` too."""

    document: Document
    checked: Checked
    edits: tuple[Edit, ...]
    text: str
    applied: frozenset[str]  # fingerprints of the findings whose fixes were applied
    remaining: tuple[Finding, ...]  # what is found in the cleaned text


def wanted(fix: Fix | None, unsafe: bool) -> bool:
    """Whether a fix is to be applied: safe ones always, unsafe ones when asked for, display ones never."""
    return fix is not None and (fix.applicability == "safe" or (unsafe and fix.applicability == "unsafe"))


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


def clean(engine: Engine, documents: Sequence[Document], unsafe: bool = False) -> list[Cleaned]:
    """Check documents, and clean them in rounds until nothing remains to fix: safe fixes first, then unsafe ones.

    What unsafe fixes would come to is announced even if they are not asked for. A document whose fixes do not come to
    rest within five rounds is left as it came and counts as unchecked; the reason names the rules.
    """
    states = [_State(document, checked) for document, checked in zip(documents, check(engine, documents), strict=True)]
    _settle(engine, states, unsafe=False)
    further = [state if unsafe else state.fork() for state in states]
    _settle(engine, further, unsafe=True)
    return [state.result(done) for state, done in zip(states, further, strict=True)]


def _settle(engine: Engine, states: Sequence[_State], unsafe: bool) -> None:
    """Rounds until no fix remains; states that find no rest give up."""
    active = list(states)
    for _ in range(ROUNDS):
        active = [state for state in active if state.step(unsafe)]
        if not active:
            return
        again = check(engine, [msgspec.structs.replace(state.document, text=state.text) for state in active])
        for state, checked in zip(active, again, strict=True):
            state.look(checked)
    for state in active:
        if rules := state.unsettled(unsafe):
            state.give_up(
                f"fixes still change the text after {ROUNDS} rounds: {', '.join(rules)}; switch one of them off"
            )


class _State:
    """One document between rounds."""

    def __init__(self, document: Document, checked: Checked) -> None:
        self.document, self.text = document, document.text
        self.announced, self.unchecked = list(checked.findings), checked.unchecked
        self.found = checked.findings
        self.edits: tuple[Edit, ...] = ()  # so far, on the original text
        self.applied: set[str] = set()
        self.round = 0

    def fork(self) -> _State:
        """The same document going on from here without this one."""
        found = copy.copy(self)
        found.announced, found.applied = list(self.announced), set(self.applied)
        return found

    def look(self, checked: Checked) -> None:
        """Take what another check found; a document that this time could not be checked is left as it came."""
        self.found = checked.findings
        if checked.unchecked is not None:
            self.give_up(checked.unchecked.reason)

    def give_up(self, reason: str) -> None:
        """Leave the document as it came, unchecked."""
        self.unchecked = Unchecked(path=self.document.path, record=self.document.record, reason=reason)
        self.announced, self.found = [], []
        self.text, self.edits, self.round = self.document.text, (), 0
        self.applied.clear()

    def step(self, unsafe: bool) -> bool:
        """Apply this round's fixes; False when there are none."""
        fixable = [finding for finding in self.found if wanted(finding.fix, unsafe)]
        edits = chosen(_edit(finding.fix) for finding in fixable if finding.fix is not None)
        edits = tuple(edit for edit in edits if self.text[edit.start : edit.end] != edit.replacement)
        if not edits:
            return False
        self.applied.update(self._announce(fixable) if self.round else (one.fingerprint for one in fixable))
        self.text = apply(self.text, edits)
        self.edits = compose(self.document.text, self.edits, edits)
        self.round += 1
        return True

    def unsettled(self, unsafe: bool) -> list[str]:
        """Rules whose fixes would change the text yet again."""
        return sorted(
            {
                finding.rule
                for finding in self.found
                if finding.fix is not None
                and wanted(finding.fix, unsafe)
                and self.text[finding.fix.start : finding.fix.end] != finding.fix.replacement
            }
        )

    def result(self, further: _State) -> Cleaned:
        """This document as it is now, with all that is announced of it; ``further`` came of it by unsafe fixes."""
        done = self if further.unchecked else further
        findings = [self._settled(finding, done) for finding in done.announced]
        return Cleaned(
            document=self.document,
            checked=Checked(sorted(findings, key=lambda one: (one.start, one.end, one.rule)), self.unchecked),
            edits=self.edits,
            text=self.text,
            applied=frozenset(self.applied),
            remaining=tuple(self.found),
        )

    def _announce(self, fixable: Iterable[Finding]) -> Iterator[str]:
        """Later rounds' findings, told on the original text; gives their fingerprints."""
        back, places = _Back(self.edits), _Places(self.document.text)
        known = {(finding.rule, finding.start, finding.end): finding.fingerprint for finding in self.announced}
        taken = set(known.values())
        for finding in fixable:
            assert finding.fix is not None
            start, end = back.span(finding.start, finding.end)
            if (again := known.get((finding.rule, start, end))) is not None:  # another fix was in its way
                yield again
                continue
            left, right = back.span(finding.fix.start, finding.fix.end)
            fix = msgspec.structs.replace(finding.fix, start=left, end=right)
            fingerprint = finding.fingerprint
            while fingerprint in taken:
                fingerprint = digest(fingerprint)
            taken.add(fingerprint)
            yield fingerprint
            line, column, end_line, end_column = *places.at(start), *places.at(end)
            self.announced.append(
                msgspec.structs.replace(
                    finding,
                    start=start,
                    end=end,
                    text=self.document.text[start:end],
                    fix=fix,
                    line=line,
                    column=column,
                    end_line=end_line,
                    end_column=end_column,
                    fingerprint=fingerprint,
                    related=tuple(Span(*back.span(span.start, span.end)) for span in finding.related),
                )
            )

    def _settled(self, finding: Finding, further: _State) -> Finding:
        """Where there were several rounds, a fix is announced as the edit that came of it in the end.

        So the announced fixes make the cleaned text of the original, whichever of them reached into each other. What
        only unsafe fixes led to is announced as unsafe itself.
        """
        fix, done = finding.fix, self if finding.fingerprint in self.applied else further
        if fix is None or fix.applicability == "display":
            return finding
        if finding.fingerprint not in done.applied:  # a fix that others made needless
            return msgspec.structs.replace(finding, fix=None) if done.round else finding
        if done is not self:
            fix = msgspec.structs.replace(fix, applicability="unsafe")
        if done.round > 1:
            at = bisect_right(done.edits, fix.start, key=lambda edit: edit.end)
            if at == len(done.edits) or done.edits[at].start >= fix.end:
                return msgspec.structs.replace(finding, fix=None)  # a later round put back what it changed
            edit = done.edits[at]
            fix = msgspec.structs.replace(fix, start=edit.start, end=edit.end, replacement=edit.replacement)
        return msgspec.structs.replace(finding, fix=fix)


def compose(original: str, first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """One list of edits on ``original`` that does what ``first`` and then ``second`` (on its result) do."""
    if not first:
        return tuple(second)
    back = _Back(first)
    middle = apply(original, first)
    spans = [(low, high, number, None) for number, (low, high) in enumerate(back.places)]
    spans += [(edit.start, edit.end, -1, edit) for edit in second]  # type: ignore[misc]
    groups: list[list[tuple[int, int, int, Edit | None]]] = []
    reach = -1
    # Where something was deleted, an edit stands after it: that is what _Back.left says, too.
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
    original: str, middle: str, first: Sequence[Edit], back: _Back, group: list[tuple[int, int, int, Edit | None]]
) -> Edit:
    """One edit for spans of the middle text that overlap: places of first edits (by number) and second edits."""
    low, high = min(span[0] for span in group), max(span[1] for span in group)
    later = [Edit(edit.start - low, edit.end - low, edit.replacement) for *_, edit in group if edit is not None]
    starts = [first[number].start if edit is None else back.left(edit.start) for _, _, number, edit in group]
    ends = [first[number].end if edit is None else back.right(edit.end) for _, _, number, edit in group]
    return Edit(min(starts), max(max(starts), *ends), apply(middle[low:high], sorted(later)))


class _Back:
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

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original range of ``[start, end)``, whole edits where it reaches into their replacements."""
        left = self.left(start)
        return left, max(left, self.right(end))


def _edit(fix: Fix) -> Edit:
    return Edit(fix.start, fix.end, fix.replacement)


class _Places:
    """Line and column of offsets, counted from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
