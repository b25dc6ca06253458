"""The patches of a file cleaned in place, one after the other: the way back goes through all of them, the last first.

A patch is put in place before the file it belongs to. Where a run was killed between the two the file is still what
the patch calls the original: such a patch undoes nothing, and the next run writes it again.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

from auditor.errors import AuditorError
from auditor.formats import format_of, open_texts
from auditor.formats.compression import open_read
from auditor.patches import patch_name, summary_of


def chain(patches: Path, name: str) -> list[Path]:
    """The patches of a file in the order they were made; at least one, which need not exist."""
    found = [patches / patch_name(name)]
    while (following := patches / f"{name}.{len(found) + 1}.patch.jsonl").exists():
        found.append(following)
    return found


def place_for_next(patches: Path, name: str, file: Path, field: str, limit: int | None = None) -> Path:
    """Where the next patch of ``file`` goes: no way back is overwritten, unless it is one that was never gone."""
    found = chain(patches, name)
    if not found[-1].exists() or announced(found[-1], file, field, limit):
        return found[-1]
    return patches / f"{name}.{len(found) + 1}.patch.jsonl"


def announced(patch: Path, file: Path, field: str, limit: int | None = None) -> bool:
    """Whether ``file`` still is what the patch calls the original; ``field`` is a parquet file's text column.

    ``limit`` is the most bytes it may have, unpacked.
    """
    try:
        promised = summary_of(patch, file.name)
    except (AuditorError, OSError):
        return False
    return promised.edits > 0 and content_digest(file, format_of(file), field, limit) == promised.original_digest


def content_digest(path: Path, format: str, field: str, limit: int | None = None) -> str | None:
    """SHA-256 of a file as decompressed (of a parquet file's texts); None where it cannot be read."""
    try:
        with ExitStack() as stack:
            stream = stack.enter_context(open_read(path, bound=True, limit=limit))
            texts = stack.enter_context(open_texts(stream, str(path), format, field, bound=True, limit=limit))
            return hashlib.file_digest(cast(Any, texts), "sha256").hexdigest()
    except AuditorError:
        return None
