"""Packs x batch -> findings: each kind scans for all its rules at once and confirms its own candidates."""

from __future__ import annotations

import copy
import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from re import sub
from typing import NamedTuple

import msgspec

from auditor.arrays import np
from auditor.batch import Batch, Ints
from auditor.facts import Facts
from auditor.features import Features
from auditor.folding import DEFAULT, folding
from auditor.kinds import KINDS, AnyRule, Matcher
from auditor.kinds.base import Hit, Rule, Stuck
from auditor.kinds.documents import language_of
from auditor.kinds.near import NearMatcher
from auditor.kinds.site import SiteMatcher, across
from auditor.model import Document, Finding, Fix, Origin, Severity, Span, Unchecked
from auditor.packs import Pack

_AROUND = 120  # code points on each side of a match in which the words of its fingerprint stand


class Checked(NamedTuple):
    """What a document's check gave: its findings in order, and why it counts as unchecked, if it does."""

    findings: list[Finding]
    unchecked: Unchecked | None


class Engine:
    """Rules prepared for checking: one matcher a kind."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.rules: tuple[AnyRule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        grouped = {kind: [rule for rule in self.rules if isinstance(rule, kind)] for kind in KINDS}
        self._matchers: list[Matcher] = [KINDS[kind](rules) for kind, rules in grouped.items() if rules]
        self._changed: dict[str, Rule | None] = {}  # by id; None: off

    def tuned(self, off: Collection[str], severity: Mapping[str, Severity]) -> Engine:
        """This engine with rules (by id) switched off or of another severity; what was prepared is shared."""
        found = copy.copy(self)
        found._changed = {
            rule.id: None if rule.id in off else msgspec.structs.replace(rule, severity=severity[rule.id])
            for rule in self.rules
            if rule.id in off or rule.id in severity
        }
        return found

    def informed(self, facts: Facts | None) -> Engine:
        """This engine with a survey's facts for the rules that look across documents; what was prepared is shared."""
        wide = across(self.rules)
        if facts is None or not wide:
            return self
        found = copy.copy(self)
        found._matchers = [one for one in self._matchers if not isinstance(one, SiteMatcher | NearMatcher)]
        found._matchers.append(SiteMatcher([rule for rule in wide if rule.unit == "line"], facts))
        found._matchers.append(NearMatcher([rule for rule in wide if rule.unit == "document"], facts))
        return found

    @property
    def slow(self) -> list[str]:
        """Ids of rules that no automaton can look ahead for: they are tried on every line."""
        return sorted(rule.id for matcher in self._matchers for rule in matcher.slow)

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        """Everything the rules find in a batch, in no particular order."""
        for matcher in self._matchers:
            if not self._changed:
                yield from matcher.hits(batch)
                continue
            for hit in matcher.hits(batch):
                if (rule := self._changed.get(hit.rule.id, hit.rule)) is not None:
                    yield hit._replace(rule=rule)


def check(engine: Engine, documents: Sequence[Document]) -> list[Checked]:
    """Findings of each document, sorted by start, end and rule."""
    batch = Batch(documents)
    hits: list[list[Hit]] = [[] for _ in documents]
    stuck: dict[int, Stuck] = {}
    for hit in engine.hits(batch):
        if isinstance(hit, Stuck):
            stuck.setdefault(batch.line_documents[hit.line], hit)
        else:
            hits[batch.document_at(hit.start)].append(hit)
    kept = [[] if number in stuck else _kept(batch, number, found) for number, found in enumerate(hits)]
    keys = iter(_identities(batch, kept))
    checked = []
    for number, document in enumerate(documents):
        if number in stuck:
            rule, line = stuck[number].rule.id, stuck[number].line - batch.document_lines[number] + 1
            reason = (
                f"rule {rule} ran over its time limit on line {line}: simplify it, or leave it out (--rules=-{rule})"
            )
            checked.append(Checked([], Unchecked(path=document.path, record=document.record, reason=reason)))
        else:
            checked.append(Checked(list(_findings(batch, number, kept[number], keys)), None))
    batch.forget_views()
    return checked


def _kept(batch: Batch, document: int, hits: Sequence[Hit]) -> list[Hit]:
    """The hits of a document that become findings, in order."""
    if not hits:
        return []
    ordered = sorted(_heard(_wanted(hits, batch, document)), key=lambda hit: (hit.start, hit.end, hit.rule.id))
    return [hit for at, hit in enumerate(ordered) if not at or not _same(hit, ordered[at - 1])]


def _wanted(hits: Sequence[Hit], batch: Batch, document: int) -> list[Hit]:
    """Without the hits of rules for documents in other languages; the language is asked for only where one has hits."""
    asked = frozenset(code for hit in hits for code in hit.rule.when_language or ())
    if not asked:
        return list(hits)
    spoken = language_of(batch, document, asked)
    return [hit for hit in hits if hit.rule.when_language is None or spoken in hit.rule.when_language]


_NAMED = {"caption", "byline"}  # what a line is said to be is worth more than that it looks like boilerplate


def _heard(hits: Sequence[Hit]) -> list[Hit]:
    """Without yielding hits inside what another rule deletes safely, or calls a caption or a byline."""
    if not any(hit.rule.yields for hit in hits):
        return list(hits)
    others = sorted(
        (hit.start, hit.end) for hit in hits if not hit.rule.yields and (hit.rule.category in _NAMED or _deletes(hit))
    )
    starts, reach = [start for start, _ in others], list(accumulate((end for _, end in others), max))

    def taken(hit: Hit) -> bool:
        at = bisect_right(starts, hit.start)
        return at > 0 and reach[at - 1] >= hit.end

    return [hit for hit in hits if not (hit.rule.yields and taken(hit))]


def _deletes(hit: Hit) -> bool:
    return hit.rule.fix == "safe" and hit.edit is not None and not hit.edit.replacement


def _same(one: Hit, other: Hit) -> bool:
    """Two matches of a rule in one line are one finding where both are widened to the line."""
    return (one.start, one.end, one.rule.id) == (other.start, other.end, other.rule.id)


def _findings(batch: Batch, number: int, hits: Sequence[Hit], keys: Iterator[str]) -> Iterator[Finding]:
    document, offset = batch.documents[number], batch.starts[number]
    first = batch.document_lines[number]
    ordinals: Counter[str] = Counter()
    for hit, key in zip(hits, keys, strict=False):  # hits first: the keys go on with the next document
        rule, text = hit.rule, batch.text[hit.start : hit.end]
        line, end_line = batch.line_at(hit.start), batch.line_at(hit.end)
        edit = hit.edit if rule.fix != "none" else None
        said = {"replacement": hit.edit.replacement if hit.edit else "", "why": hit.why}
        values = {"match": text, **said, **dict(hit.values)}
        ordinals[key] += 1
        yield Finding(
            path=document.path,
            record=document.record,
            id=document.id,
            rule=rule.id,
            category=rule.category,
            severity=rule.severity,
            confidence=rule.confidence,
            line=line - first + 1,
            column=hit.start - batch.line_starts[line] + 1,
            end_line=end_line - first + 1,
            end_column=hit.end - batch.line_starts[end_line] + 1,
            start=hit.start - offset,
            end=hit.end - offset,
            text=text,
            message=rule.message.format_map(values),
            why=hit.why,
            related=tuple(Span(start - offset, end - offset) for start, end in hit.related),
            fingerprint=digest(f"{key}\0{ordinals[key]}"),
            fix=Fix(
                start=edit.start - offset,
                end=edit.end - offset,
                replacement=edit.replacement,
                applicability=rule.fix,  # type: ignore[arg-type]  # "none" has no edit
            )
            if edit
            else None,
            origin=_origin(document, line - first),
        )


def _origin(document: Document, line: int) -> Origin | None:
    """Where a line of a page, from 0, came from."""
    origins: Sequence[Origin] = document.meta.get("origins", ())
    return origins[line] if line < len(origins) else None


def _identities(batch: Batch, hits: Sequence[Sequence[Hit]]) -> list[str]:
    """What fingerprints are made of, for the hits of all documents in their order.

    Rule, folded match and three words on each side, so that moved lines keep it.
    """
    every = [hit for found in hits for hit in found]
    if not every:
        return []
    starts, ends = (
        np.fromiter(places, np.int64, len(every)) for places in zip(*(hit[1:3] for hit in every), strict=True)
    )
    sizes = [len(found) for found in hits]
    low, high = np.repeat(batch.starts[:-1], sizes), np.repeat(batch.starts[1:], sizes) - 1
    of = batch.view(Features)
    last, first = np.searchsorted(of.word_starts, starts), np.searchsorted(of.word_ends, ends, side="right")
    low, high = np.maximum(low, starts - _AROUND), np.minimum(high, ends + _AROUND)
    words = [_clipped(of, last - by, low, starts) for by in (3, 2, 1)]
    words += [_clipped(of, first + by, ends, high) for by in (0, 1, 2)]
    pairs = ((starts, ends), *words)
    bounds = [np.where(places < 0, -1, batch.folded_places(places)).tolist() for pair in pairs for places in pair]
    text, found = batch.folded_text(folding(DEFAULT)), []
    for hit, start, end, *at in zip(every, *bounds, strict=True):
        around = [text[low:high] if low <= high else None for low, high in zip(at[::2], at[1::2], strict=True)]
        left, right = _row(around[:3]), _row(around[3:])
        found.append("\0".join((hit.rule.id, " ".join(text[start:end].split()), left, right)))
    return found


def _row(words: Iterable[str | None]) -> str:
    """Words with one blank between them, whatever vanished."""
    row = " ".join([word for word in words if word is not None])
    return sub(" {2,}", " ", row) if "  " in row else row


def _clipped(of: Features, words: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """What lies between two offsets of words by number: where it starts and ends, the end -1 if nothing does."""
    starts, ends = np.append(of.word_starts, 0), np.append(of.word_ends, 0)
    words = np.where((words < 0) | (words >= len(starts)), len(starts) - 1, words)
    starts, ends = np.maximum(starts[words], low), np.minimum(ends[words], high)
    return starts, np.where(starts < ends, ends, -1)


def digest(text: str) -> str:
    """Sixteen hex digits that tell a finding from others."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
