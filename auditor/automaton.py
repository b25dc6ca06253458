"""Hyperscan over the shared streams of a batch: where the work that does not depend on rule count is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

import msgspec

from auditor.arrays import np
from auditor.batch import Batch, Ints
from auditor.cache import remember
from auditor.lazily import Lazily

if TYPE_CHECKING:
    import hyperscan
else:
    hyperscan = Lazily("hyperscan")

Made = TypeVar("Made")


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
    """Scans for all patterns at once. ``rejected`` numbers those that Hyperscan cannot build."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._parts = [_Part(stream, patterns) for stream in ("plain", "folded")]
        self._count = max(1, len(patterns))
        self.rejected = frozenset(number for part in self._parts for number in part.rejected)

    def candidates(self, batch: Batch) -> list[Candidate]:
        """Candidates, each once, sorted by line and pattern."""
        found = np.unique(np.concatenate([part.found(batch, self._count) for part in self._parts]))
        lines, patterns = np.divmod(found, self._count)
        return list(map(Candidate._make, zip(lines.tolist(), patterns.tolist(), strict=True)))


class _Part:
    """The patterns of one stream."""

    def __init__(self, stream: str, patterns: Sequence[Pattern]) -> None:
        self._folded = stream == "folded"
        mine = [(number, pattern.expression) for number, pattern in enumerate(patterns) if pattern.stream == stream]
        self._numbers, database = _built(mine)
        self.rejected = {number for number, _ in mine} - set(self._numbers)
        self._database = database

    def found(self, batch: Batch, count: int) -> Ints:
        """Candidates as numbers: the line times the ``count`` of all patterns, plus the pattern's number."""
        if self._database is None:
            return np.zeros(0, np.int64)
        stream = batch.folded if self._folded else batch.plain
        found: list[int] = []
        ends: list[int] = []
        add, mark = found.append, ends.append

        def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add(number)
            mark(end)

        self._database.scan(stream.data, match_event_handler=on_match)
        if not found:
            return np.zeros(0, np.int64)
        return batch.lines_of(stream, ends) * count + np.asarray(self._numbers, np.int64)[found]


def _built(expressions: list[tuple[int, bytes]]) -> tuple[list[int], hyperscan.Database | None]:
    """Numbers of the expressions that could be built, and their database (which numbers them from 0)."""
    if not expressions:
        return [], None
    try:
        return [number for number, _ in expressions], _database([expression for _, expression in expressions])
    except hyperscan.error:
        good = [(number, expression) for number, expression in expressions if _accepted(expression)]
        return _built(good) if len(good) < len(expressions) else ([], None)


def _database(expressions: list[bytes]) -> hyperscan.Database:
    """From the cache, or compiled."""
    data = remember("automaton", expressions, lambda: bytes(hyperscan.dumpb(_compiled(expressions))))
    try:
        database = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)
        return database
    except hyperscan.error:  # kept by another build of the library
        return _compiled(expressions)


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
