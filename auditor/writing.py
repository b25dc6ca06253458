"""A cleaned row as byte edits: in its file's own encoding, or in UTF-8 where that is asked for."""

from __future__ import annotations

from typing import NamedTuple

from auditor.check import Checked
from auditor.clean import Cleaned
from auditor.formats import ByteEdit, LackingError, ReadOptions, Row, format_of, rewrite_row, to_utf8
from auditor.kinds.encoding import why
from auditor.model import Unchecked


class Written(NamedTuple):
    """``done`` is what there is to report: a document whose fixes cannot be written is unchecked."""

    done: Cleaned
    edits: list[ByteEdit]
    whole: bool  # one edit makes UTF-8 of all of it


def written(row: Row, done: Cleaned, options: ReadOptions, utf8: bool) -> Written:
    """What to change in ``row.raw`` so that it holds the cleaned document."""
    assert row.document is not None
    format = format_of(row.document.path)
    if utf8 and row.encoding is not None:
        return Written(_settled(done), to_utf8(row, done.edits, format, options), True)
    try:
        return Written(done, rewrite_row(row, done.edits, format, options), False)
    except LackingError as error:
        record = row.document.record
        place = (
            f"row {record}: " if format in ("parquet", "warc") else f"line {record + 1}: " if format != "txt" else ""
        )
        unchecked = Unchecked(path=row.document.path, record=row.document.record, reason=f"{place}{error}")
        return Written(Cleaned(row.document, Checked([], unchecked), (), row.document.text, frozenset(), ()), [], False)


def _settled(done: Cleaned) -> Cleaned:
    """In UTF-8 nothing remains of a finding about the file's encoding."""
    encoding = done.document.meta.get("encoding")
    told = {
        finding.fingerprint
        for finding in (*done.checked.findings, *done.remaining)
        if encoding and (finding.start, finding.why) == (0, why(encoding))
    }
    remaining = tuple(finding for finding in done.remaining if finding.fingerprint not in told)
    return done._replace(applied=done.applied | told, remaining=remaining)
