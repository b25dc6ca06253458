"""findings.jsonl by document: how many findings of which kind each one has."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path

import msgspec

from auditor.arrays import np
from auditor.decisions import Decisions, Judge, place_of
from auditor.errors import GateError
from auditor.gate_result import Columns
from auditor.model import Decision

_CHUNK = 1 << 20  # bytes of findings.jsonl that are decoded at once

_Rows = Mapping[tuple[str, int], int]  # path and record of a document -> its row


class _Found(msgspec.Struct, gc=False):
    """What of a line of findings.jsonl is counted."""

    path: str
    record: int
    rule: str
    category: str
    severity: str
    fingerprint: str
    text: str
    decision: Decision | None = None


class Counts:
    """Findings of each document by severity, category or rule; those judged false positives are left out."""

    def __init__(self, path: Path, columns: Columns, decisions: Decisions | None = None) -> None:
        """Count the lines of ``path`` for the documents of ``columns``; GateError with file and line."""
        self._words = columns["words"]
        rows, kinds, known = array("q"), array("q"), bytearray()
        numbers: dict[tuple[str, str, str], int] = {}
        decided = decisions or Decisions()
        judge = lru_cache(1)(partial(_judge, decided, columns))  # findings come document by document
        for row, found in _findings(path, _numbered(columns)):
            decision = found.decision
            if decided.concern(found.rule, found.fingerprint):
                decision = judge(row).decided(found.rule, found.fingerprint, found.text) or decision
            if decision != "false-positive":
                rows.append(row)
                kinds.append(numbers.setdefault((found.severity, found.category, found.rule), len(numbers)))
                known.append(decision == "known")
        self._kinds = tuple(numbers)
        self._row, self._kind = np.array(rows, dtype=np.int64), np.array(kinds, dtype=np.int64)
        self._known = np.array(known, dtype=bool)

    def of(self, name: str | None, *, known: bool = False) -> list[int]:
        """How many findings of a severity, category or rule (None: of any) each document has.

        Those of the baseline count only if ``known``.
        """
        asked = np.array([name is None or name in kind for kind in self._kinds], dtype=bool)
        counted = asked[self._kind] & (known | ~self._known)
        found: list[int] = np.bincount(self._row[counted], minlength=len(self._words)).tolist()
        return found

    def rates(self, name: str | None, *, known: bool = False) -> list[float]:
        """The same per 1,000 words of the document."""
        counts = self.of(name, known=known)
        return [1000 * count / max(1, words) for count, words in zip(counts, self._words, strict=True)]

    def rules(self, wanted: set[int]) -> dict[int, Counter[str]]:
        """What was found in a few documents, by rule."""
        return {row: Counter(self._kinds[kind][2] for kind in self._kind[self._row == row]) for row in wanted}


def rules_in(path: Path, columns: Columns, wanted: set[int]) -> dict[int, Counter[str]]:
    """`Counts.rules` where nothing else is counted; nothing where there is no findings.jsonl."""
    if not path.exists():
        return {}
    rows = {key: row for key, row in _numbered(columns).items() if row in wanted}
    counts: dict[int, Counter[str]] = {}
    for row, found in _findings(path, rows):
        if found.decision != "false-positive":
            counts.setdefault(row, Counter())[found.rule] += 1
    return counts


def _numbered(columns: Columns) -> _Rows:
    return {key: row for row, key in enumerate(zip(columns["path"], columns["record"], strict=True))}


def _judge(decisions: Decisions, columns: Columns, row: int) -> Judge:
    place = place_of(*(columns[name][row] for name in ("path", "record", "id", "marks")))
    return decisions.at(place, columns["site"][row])


def _findings(path: Path, rows: _Rows) -> Iterator[tuple[int, _Found]]:
    decoder = msgspec.json.Decoder(_Found)
    line = 0
    try:
        with path.open("rb") as lines:
            while chunk := lines.readlines(_CHUNK):
                for found in _decoded(decoder, chunk):
                    if (row := rows.get((found.path, found.record))) is not None:
                        yield row, found
                line += len(chunk)
    except OSError as error:
        hint = "budgets of findings and decisions need it beside documents.jsonl"
        raise GateError(f"{path}: cannot read it ({error.strerror}); {hint}") from error
    except _Bad as error:
        raise GateError(f"{path}:{line + error.args[0]}: not a finding: {error.args[1]}") from error


class _Bad(Exception):
    """A line that is no finding: its number among those read together, and why."""


def _decoded(decoder: msgspec.json.Decoder[_Found], lines: Sequence[bytes]) -> list[_Found]:
    """Many lines at once, which takes half the time; one by one where something is wrong, to say where."""
    try:
        return decoder.decode_lines(b"".join(lines))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    for number, line in enumerate(lines, 1):
        try:
            decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise _Bad(number, str(error)[:200]) from error
    return []
