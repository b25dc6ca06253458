"""One Hyperscan database over many byte expressions: where the work that does not depend on rule count is done."""

from __future__ import annotations

from collections.abc import Sequence

import hyperscan


class Automaton:
    """Scans bytes for all expressions at once. Raises hyperscan.error if one cannot be built (see `accepts`)."""

    def __init__(self, expressions: Sequence[bytes]) -> None:
        self._database = _compile(expressions) if expressions else None

    def scan(self, data: bytes) -> tuple[list[int], list[int]]:
        """Expression numbers and end offsets (half-open) of all matches; every end of every match is told."""
        found: list[int] = []
        ends: list[int] = []
        if self._database is not None and data:
            add, mark = found.append, ends.append

            def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
                add(number)
                mark(end)

            self._database.scan(data, match_event_handler=on_match)
        return found, ends


def accepts(expression: bytes) -> bool:
    """Whether Hyperscan can build an expression (some bounded repeats are too large for it)."""
    try:
        _compile([expression])
    except hyperscan.error:
        return False
    return True


def _compile(expressions: Sequence[bytes]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=list(expressions),
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=[hyperscan.HS_FLAG_DOTALL] * len(expressions),
    )
    return database
