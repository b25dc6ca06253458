"""What people decided about findings: the baseline of known ones, and verdicts of reviewers.

A known finding is told again by its fingerprint in its document; the document by its name, or under another name by
the digests of its longest lines. A verdict reaches as far as its scope: this finding (``here``), the same match of the
rule in documents of one site (``site``), or everywhere. A narrower verdict outranks a wider one, and a false positive
is never known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations
from typing import Literal, get_args

import msgspec

from auditor.folding import DEFAULT, folding
from auditor.marks import MARKS, marks
from auditor.model import Decision, Document, Finding

Opinion = Literal["true", "false-positive", "skip"]
Scope = Literal["here", "site", "everywhere"]
OPINIONS: tuple[Opinion, ...] = get_args(Opinion)
SCOPES: tuple[Scope, ...] = get_args(Scope)  # narrowest first

_DEEPEST = 12  # folders of a path that are tried as its beginning


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A document as decisions name it; ``marks`` are the digests of its longest lines."""

    path: str
    record: int = 0
    id: str | None = None
    marks: tuple[str, ...] = ()


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The known findings of one document: rule -> fingerprint -> the beginning of the text, for readers."""

    place: Place
    findings: dict[str, dict[str, str]]


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """One reviewer's verdict. Without a ``place`` one of scope ``here`` holds wherever the fingerprint stands."""

    fingerprint: str
    rule: str
    text: str
    verdict: Opinion
    scope: Scope = "here"
    place: Place | None = None
    site: str | None = None
    line: str | None = None  # the line it stands on, for examples
    note: str | None = None
    person: str | None = None
    date: str | None = None  # YYYY-MM-DD

    @property
    def reach(self) -> tuple[str, ...]:
        """What it speaks of; two rulings with one reach must agree."""
        if self.scope == "here":
            where = (self.place.path, str(self.place.record)) if self.place else ()
            return ("here", self.rule, self.fingerprint, *where)
        return (self.scope, self.rule, folded(self.text), *([self.site or ""] if self.scope == "site" else []))


class Use(msgspec.Struct):
    """Which entries met a finding: keys with fingerprints, and numbers of rulings."""

    known: set[tuple[str, str]] = msgspec.field(default_factory=set)
    rulings: set[int] = msgspec.field(default_factory=set)


class Decisions:
    """Baseline and verdicts, ready to be asked about the findings of documents."""

    def __init__(self, known: Sequence[Known] = (), rulings: Sequence[Ruling] = ()) -> None:
        self.known, self.rulings = tuple(known), tuple(rulings)
        self._known: dict[str, set[str]] = {}
        self._here: dict[str, list[int]] = {}
        self._wide: dict[str, dict[str, list[int]]] = {}
        ambiguous = _ambiguous(one.place for one in known)
        self._keys = [[key for key in _keys(one.place) if key not in ambiguous] for one in known]
        for one, keys in zip(known, self._keys, strict=True):
            for key in keys:
                self._known.setdefault(key, set()).update(*one.findings.values())
        self._prints = {fingerprint for one in known for found in one.findings.values() for fingerprint in found}
        self._places = [
            frozenset(_keys(ruling.place)) if ruling.place and ruling.scope == "here" else None for ruling in rulings
        ]
        for number, ruling in enumerate(rulings):
            if ruling.verdict == "skip":
                continue
            if ruling.scope == "here":
                self._here.setdefault(ruling.fingerprint, []).append(number)
            else:
                self._wide.setdefault(ruling.rule, {}).setdefault(folded(ruling.text), []).append(number)

    def __bool__(self) -> bool:
        return bool(self.known or self.rulings)

    def about(self, document: Document) -> Judge:
        """Whom to ask about the findings of one document."""

        def place() -> Place:
            return place_of(document.path, document.record, document.id, marks(document.text))

        return Judge(self, place, document.site)

    def at(self, place: Place, site: str | None) -> Judge:
        """Whom to ask about the findings of a document known by its place alone."""
        return Judge(self, lambda: place, site)

    def concern(self, rule: str, fingerprint: str) -> bool:
        """Whether anything may have been decided about a finding; mostly not, and then no document is looked at."""
        return fingerprint in self._prints or fingerprint in self._here or rule in self._wide

    def unused(self, use: Use) -> tuple[list[tuple[Known, str, str]], list[Ruling]]:
        """Known findings (document, rule, fingerprint) and rulings that met nothing."""
        gone = [
            (one, rule, fingerprint)
            for one, keys in zip(self.known, self._keys, strict=True)
            for rule, found in one.findings.items()
            for fingerprint in found
            if not any((key, fingerprint) in use.known for key in keys)
        ]
        idle = [
            ruling
            for number, ruling in enumerate(self.rulings)
            if ruling.verdict != "skip" and number not in use.rulings
        ]
        return gone, idle


class Judge:
    """Says what was decided about findings of one document."""

    def __init__(self, decisions: Decisions, place: Callable[[], Place], site: str | None) -> None:
        self._of, self._place, self._site = decisions, place, site

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(_asked(self._place()))

    @cached_property
    def _keys(self) -> list[str]:
        return [key for key in self._all if key in self._of._known]

    def decided(self, rule: str, fingerprint: str, text: str, use: Use | None = None) -> Decision | None:
        """What was decided about one finding; ``use`` learns by what."""
        if not self._of.concern(rule, fingerprint):
            return None
        keys = [key for key in self._keys if fingerprint in self._of._known[key]]
        ruling = self._ruling(rule, fingerprint, text)
        if use is not None:
            use.known.update((key, fingerprint) for key in keys)
            if ruling is not None:
                use.rulings.add(ruling)
        verdict = self._of.rulings[ruling].verdict if ruling is not None else None
        if verdict == "false-positive":
            return "false-positive"
        return "known" if keys else "true" if verdict == "true" else None

    def marked(self, finding: Finding) -> Finding:
        """The finding with what was decided about it; a false positive has no fix."""
        found = self.decided(finding.rule, finding.fingerprint, finding.text)
        if found is None:
            return finding
        fix = None if found == "false-positive" else finding.fix
        return msgspec.structs.replace(finding, decision=found, fix=fix)

    def _ruling(self, rule: str, fingerprint: str, text: str) -> int | None:
        """The narrowest ruling that reaches a finding, by its number."""
        of = self._of
        for number in of._here.get(fingerprint, ()):
            keys = of._places[number]
            if of.rulings[number].rule == rule and (keys is None or keys & self._all):
                return number
        if rule not in of._wide:
            return None
        reaching = [
            number
            for number in of._wide[rule].get(folded(text), ())
            if of.rulings[number].scope == "everywhere" or of.rulings[number].site == self._site is not None
        ]
        return min(reaching, key=lambda number: SCOPES.index(of.rulings[number].scope), default=None)


def folded(text: str) -> str:
    """A match as fingerprints have it: two that differ in spelling only are one."""
    return " ".join(folding(DEFAULT).fold(text).split())


def place_of(path: str, record: int, id: str | None, marked: str) -> Place:
    """The place of a row of documents.jsonl."""
    return Place(path=path, record=record, id=id, marks=tuple(marked.split()))


def _keys(place: Place) -> Iterator[str]:
    """What an entry's document is found by: its path, the ends of its path, and any two of its marks."""
    tail = _tail(place)
    yield f"n{place.path}{tail}"
    for end in _ends(place.path)[1:]:
        yield f"s{end}{tail}"
    yield from _marked(place)


def _asked(place: Place) -> Iterator[str]:
    """What a document asks for: entries of its path or an end of it, of which its path is an end, or of its marks.

    A corpus is named from where the command runs: ``corpus/news/a.txt`` here, ``news/a.txt`` there.
    """
    tail = _tail(place)
    for end in _ends(place.path):
        yield f"n{end}{tail}"
    yield f"s{place.path}{tail}"
    yield from _marked(place)


def _tail(place: Place) -> str:
    return f"\0#{place.record}" if place.id is None else f"\0={place.id}"


def _ends(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[at:]) for at in range(min(len(parts), _DEEPEST))]


def _marked(place: Place) -> Iterator[str]:
    if len(place.marks) == 1:
        yield f"m{place.marks[0]}"
    for pair in combinations(sorted(place.marks[:MARKS]), 2):
        yield f"m{' '.join(pair)}"


def _ambiguous(places: Iterable[Place]) -> set[str]:
    """Ends of paths that several documents have: they tell none of them."""
    seen: set[str] = set()
    twice: set[str] = set()
    for place in places:
        for key in _keys(place):
            if key.startswith("s"):
                (twice if key in seen else seen).add(key)
    return twice
