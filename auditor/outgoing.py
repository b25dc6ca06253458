"""Cleaned rows on their way out: into the copy, and what was changed in them into the patch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from auditor.formats import format_of
from auditor.formats.compression import compression_of
from auditor.patches import PatchSummary, PatchWriter


class Rows:
    """Where rows go, cleaned, with a patch of what was changed in them; ``copy`` is None where no one asked for it."""

    def __init__(self, copy: BinaryIO | None, patch: BinaryIO, name: str, field: str) -> None:
        self.changed = False
        self._copy = copy
        self._patch = PatchWriter(patch, name, format_of(name), compression_of(name), field)

    def row(self, raw: bytes, record: int = 0, edits: Sequence[Any] = (), rules: Sequence[Sequence[str]] = ()) -> None:
        data = self._patch.row(raw, record, edits, rules)
        self.changed = self.changed or bool(edits)
        if self._copy is not None:
            self._copy.write(data)

    def join(self, cleaned: BinaryIO, patch: Iterable[bytes]) -> None:
        """Take over rows that were cleaned elsewhere."""
        for data in self._patch.join(cleaned, patch):
            if self._copy is not None:
                self._copy.write(data)
        self.changed = self._patch.edits > 0

    def close(self) -> PatchSummary:
        return self._patch.close()
