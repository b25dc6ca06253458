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
from auditor.decisions import Decisions, Judge
from auditor.edits import Back, Places, apply, chosen, compose
from auditor.model import Document, Edit, Finding, Fix, Span, Unchecked

ROUNDS = 5
MOST_ROUNDS = 40  # for a text that every round makes shorter, as when a menu goes line by line


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


def clean(
    engine: Engine, documents: Sequence[Document], unsafe: bool = False, decisions: Decisions | None = None
) -> list[Cleaned]:
    """Check documents, and clean them in rounds until nothing remains to fix: safe fixes first, then unsafe ones.

    Findings are marked with what ``decisions`` say of them; false positives are not fixed.
    What unsafe fixes would come to is announced even if they are not asked for. A document whose fixes do not come to
    rest (`ROUNDS`, `MOST_ROUNDS`) is left as it came and counts as unchecked; the reason names the rules.
    """
    pairs = zip(documents, check(engine, documents), strict=True)
    states = [
        _State(document, checked, decisions.about(document) if decisions else None) for document, checked in pairs
    ]
    _settle(engine, states, unsafe=False)
    further = [state if unsafe else state.fork() for state in states]
    for state in further:
        state.recall()
    _settle(engine, further, unsafe=True)
    return [state.result(done) for state, done in zip(states, further, strict=True)]


def _settle(engine: Engine, states: Sequence[_State], unsafe: bool) -> None:
    """Rounds until no fix remains; states that find no rest give up."""
    active = list(states)
    for done in range(MOST_ROUNDS):
        active = [state for state in active if (done < ROUNDS or state.shrinks) and state.step(unsafe)]
        if not active:
            break
        again = check(engine, [msgspec.structs.replace(state.document, text=state.text) for state in active])
        for state, checked in zip(active, again, strict=True):
            state.look(checked)
    for state in states:
        if rules := state.unsettled(unsafe):
            state.give_up(f"fixes find no rest, the last were those of {', '.join(rules)}; switch one of them off")


class _State:
    """One document between rounds."""

    def __init__(self, document: Document, checked: Checked, judge: Judge | None) -> None:
        self.document, self.text, self.judge = document, document.text, judge
        self.found = [judge.marked(finding) for finding in checked.findings] if judge else checked.findings
        self.first = self.found
        self.announced, self.unchecked = list(self.found), checked.unchecked
        self.edits: tuple[Edit, ...] = ()  # so far, on the original text
        self.applied: set[str] = set()
        self.round = 0
        self.shrinks = True  # the last round made the text shorter

    def fork(self) -> _State:
        """The same document going on from here without this one."""
        found = copy.copy(self)
        found.announced, found.applied = list(self.announced), set(self.applied)
        return found

    def recall(self) -> None:
        """Put unsafe findings of the first look beside those of the last one, deletions as far as anything is left.

        What spoke for them may be gone: the other entries of a menu, say, or the heading of a list.
        """
        back, again = Back(self.edits), {(one.rule, one.start, one.end) for one in self.found}
        anew = set()  # these are announced again, as what is left of them
        for finding in self.first if self.round else ():
            fix = finding.fix
            if fix is None or fix.applicability != "unsafe":
                continue
            find = back.forward if fix.replacement else back.rest
            span, edit = find(finding.start, finding.end), find(fix.start, fix.end)
            if span and edit and (finding.rule, *span) not in again:
                if not (back.forward(finding.start, finding.end) and back.forward(fix.start, fix.end)):
                    anew.add(finding.fingerprint)
                fix = msgspec.structs.replace(fix, start=edit[0], end=edit[1])
                self.found = [*self.found, msgspec.structs.replace(finding, start=span[0], end=span[1], fix=fix)]
        self.announced = [finding for finding in self.announced if finding.fingerprint not in anew]

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
        fixable = self._fixable(unsafe)
        edits = chosen(_edit(finding.fix) for finding in fixable if finding.fix is not None)
        edits = tuple(edit for edit in edits if self.text[edit.start : edit.end] != edit.replacement)
        if not edits:
            return False
        self.applied.update(self._announce(fixable) if self.round else (one.fingerprint for one in fixable))
        before, self.text = self.text, apply(self.text, edits)
        self.shrinks = len(self.text) < len(before)
        self.edits = compose(self.document.text, self.edits, edits)
        self.round += 1
        return True

    def _fixable(self, unsafe: bool) -> list[Finding]:
        """What is to be fixed of what was found: no false positives, whatever became of their neighbours."""
        fixable = [finding for finding in self.found if wanted(finding.fix, unsafe)]
        if self.judge is None:
            return fixable
        if not self.round:  # the fixes of false positives were taken from them
            return fixable
        names = list(self._announce(fixable))
        told = {one.fingerprint: one for one in self.announced}
        false = _Spared(one for one in told.values() if one.decision == "false-positive")
        return [finding for finding, name in zip(fixable, names, strict=True) if not false.touched(told[name])]

    def unsettled(self, unsafe: bool) -> list[str]:
        """Rules whose fixes would change the text yet again."""
        return sorted(
            {
                finding.rule
                for finding in self._fixable(unsafe)
                if finding.fix is not None and self.text[finding.fix.start : finding.fix.end] != finding.fix.replacement
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
            remaining=self._remaining(),
        )

    def _remaining(self) -> tuple[Finding, ...]:
        """What is found in the cleaned text, with what was decided about it on the original."""
        if self.judge is None or not self.round:
            return tuple(self.found)
        back = Back(self.edits)
        known = {(one.rule, one.start, one.end): one.decision for one in self.announced}
        marked = []
        for finding in self.found:
            place = (finding.rule, *back.span(finding.start, finding.end))
            decision = known[place] if place in known else self.judge.marked(finding).decision
            marked.append(msgspec.structs.replace(finding, decision=decision))
        return tuple(marked)

    def _announce(self, fixable: Iterable[Finding]) -> Iterator[str]:
        """Later rounds' findings, told on the original text; gives their fingerprints."""
        back, places = Back(self.edits), Places(self.document.text)
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
            origins = self.document.meta.get("origins", ())
            told = msgspec.structs.replace(
                finding,
                start=start,
                end=end,
                text=self.document.text[start:end],
                fix=fix,
                line=line,
                column=column,
                end_line=end_line,
                end_column=end_column,
                origin=origins[line - 1] if line <= len(origins) else None,
                fingerprint=fingerprint,
                related=tuple(Span(*back.span(span.start, span.end)) for span in finding.related),
            )
            self.announced.append(self.judge.marked(told) if self.judge else told)

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


class _Spared:
    """Where false positives of each rule stand: whatever other fixes did beside them, the rule fixes nothing there."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._of: dict[str, tuple[list[int], list[int]]] = {}
        for finding in sorted(findings, key=lambda one: one.start):
            starts, reach = self._of.setdefault(finding.rule, ([], []))
            starts.append(finding.start)
            reach.append(max(finding.end, reach[-1] if reach else 0))

    def touched(self, finding: Finding) -> bool:
        starts, reach = self._of.get(finding.rule, ([], []))
        at = bisect_left(starts, max(finding.end, finding.start + 1))
        return at > 0 and reach[at - 1] > finding.start


def _edit(fix: Fix) -> Edit:
    return Edit(fix.start, fix.end, fix.replacement)
