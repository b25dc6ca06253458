"""Hyperscan over the shared streams of a batch: where the work that does not depend on rule count is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

import msgspec

from auditor.arrays import np
from auditor.batch import Batch, Ints
from auditor.cache import remember, remembered
from auditor.lazily import Lazily

if TYPE_CHECKING:
    import hyperscan
else:
    hyperscan = Lazily("hyperscan")

Made = TypeVar("Made")
Begun = Callable[[], bytes]


class Pattern(NamedTuple):
    """A byte expression to scan for; its matches become candidate lines."""

    stream: Literal["plain", "folded"]
    expression: bytes


def prepared(kind: str, rules: Sequence[msgspec.Struct], make: Callable[[], Made], type: type[Made]) -> Made:
    """What ``make`` works out of rules, of a ``type`` that msgspec knows: once, then from the cache."""
    encode = msgspec.msgpack.encode
    try:
        parts = [encode(rule) for rule in rules]
    except UnicodeEncodeError:  # lone surrogates: no pack's file can hold them, rules made in Python may
        return make()
    return msgspec.msgpack.decode(remember(kind, parts, lambda: encode(make())), type=type)


class Candidate(NamedTuple):
    """A line on which a pattern (by number) matched; to be confirmed or dropped."""

    line: int
    pattern: int


class Automaton:
    """Scans for all patterns at once. What is not kept takes seconds to build: in threads, until it is needed."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._parts = [_Part(stream, patterns) for stream in ("plain", "folded")]
        self._count = max(1, len(patterns))

    @cached_property
    def rejected(self) -> frozenset[int]:
        """The numbers of patterns that Hyperscan cannot build."""
        return frozenset(number for part in self._parts for number in part.rejected)

    def candidates(self, batch: Batch) -> list[Candidate]:
        """Candidates, each once, sorted by line and pattern."""
        found = np.unique(np.concatenate([part.found(batch, self._count) for part in self._parts]))
        lines, patterns = np.divmod(found, self._count)
        return list(map(Candidate._make, zip(lines.tolist(), patterns.tolist(), strict=True)))


class _Part:
    """The patterns of one stream."""

    def __init__(self, stream: str, patterns: Sequence[Pattern]) -> None:
        self._folded = stream == "folded"
        self._mine = [
            (number, pattern.expression) for number, pattern in enumerate(patterns) if pattern.stream == stream
        ]
        self._begun = _begun([expression for _, expression in self._mine])

    @cached_property
    def _built(self) -> tuple[list[int], hyperscan.Database | None]:
        begun, self._begun = self._begun, bytes  # megabytes that nobody needs twice
        return _built(self._mine, begun)

    @property
    def rejected(self) -> set[int]:
        return {number for number, _ in self._mine} - set(self._built[0])

    def found(self, batch: Batch, count: int) -> Ints:
        """Candidates as numbers: the line times the ``count`` of all patterns, plus the pattern's number."""
        numbers, database = self._built
        if database is None:
            return np.zeros(0, np.int64)
        stream = batch.folded if self._folded else batch.plain
        found: list[int] = []
        ends: list[int] = []
        add, mark = found.append, ends.append

        def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add(number)
            mark(end)

        database.scan(stream.data, match_event_handler=on_match)
        if not found:
            return np.zeros(0, np.int64)
        return batch.lines_of(stream, ends) * count + np.asarray(numbers, np.int64)[found]


def _built(expressions: list[tuple[int, bytes]], begun: Begun) -> tuple[list[int], hyperscan.Database | None]:
    """Numbers of the expressions that could be built, and their database (which numbers them from 0)."""
    if not expressions:
        return [], None
    try:
        return [number for number, _ in expressions], _database([expression for _, expression in expressions], begun)
    except hyperscan.error:
        good = [(number, expression) for number, expression in expressions if _accepted(expression)]
        again = _begun([expression for _, expression in good])
        return _built(good, again) if len(good) < len(expressions) else ([], None)


def _begun(expressions: list[bytes]) -> Begun:
    """What gives the bytes of a database, from the cache or from a thread that compiles it."""
    make = partial(_dumped, expressions)
    return remembered("automaton", expressions, make, beside=True) if expressions else bytes


def _database(expressions: list[bytes], begun: Begun) -> hyperscan.Database:
    data = begun()
    try:
        database = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)
        return database
    except hyperscan.error:  # kept by another build of the library
        return _compiled(expressions)


def _dumped(expressions: list[bytes]) -> bytes:
    return bytes(hyperscan.dumpb(_compiled(expressions)))


def _accepted(expression: bytes) -> bool:
    try:
        _compiled([expression])
    except hyperscan.error:
        return False
    return True


def _compiled(expressions: list[bytes]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=expressions,
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=[hyperscan.HS_FLAG_DOTALL] * len(expressions),
    )
    return database
