"""From a folder of cleaned copies and patches back to the originals."""

from __future__ import annotations

import filecmp
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from auditor.chains import announced, chain, content_digest
from auditor.errors import AuditorError, ConfigError, RestoreError
from auditor.formats import ReadOptions, format_of, open_copy, open_texts, page_name
from auditor.formats.base import CHUNK
from auditor.formats.compression import compression_of, open_read
from auditor.formats.files import atomic_writer, is_temporary, target_inside, temporary
from auditor.formats.limits import refuse
from auditor.patches import lines_of, patch_name, restore_file, summary_of, text_column

CLEANED, PATCHES, REPORTS = "cleaned", "patches", "reports"
_BOUNDS = ReadOptions()
_LONGEST_HEADER = 1 << 16  # bytes
_LONGEST_REPORT = 64 << 20  # bytes; those of a million unreadable rows are shorter


class _Report(msgspec.Struct):
    digest: Any = None


def restore_path(
    cleaned: Path,
    patch: Path,
    target: Path,
    name: str,
    force: bool = False,
    report: Path | None = None,
    options: ReadOptions = _BOUNDS,
) -> None:
    """Write the original of one cleaned file to ``target``, whole or not at all, compressed as its name says.

    The sizes in ``options`` bound the copy, the original and their documents, as they do where originals are read.

    Without a patch the copy is the original, unless the file's ``report`` says otherwise. An existing ``target``
    with the same content is left alone; with another it is a RestoreError unless ``force``.
    """
    format, field = format_of(name), _field(patch, name)
    if target.exists() and not force:
        with open(os.devnull, "wb") as nowhere:
            digest = _restore(cleaned, patch, report, nowhere, name, field, options)
        if content_digest(target, format, field, options.max_file_size) != digest:
            raise RestoreError(f"{name}: {target} exists and differs; restore elsewhere, or force to overwrite it")
        return
    with ExitStack() as stack:
        copy = stack.enter_context(open_read(cleaned, ""))
        file = stack.enter_context(atomic_writer(target))
        out = stack.enter_context(open_copy(file, copy, target.name, format, field))
        _restore(cleaned, patch, report, out, name, field, options)


def restore_folder(
    audit_dir: Path, out: Path, force: bool = False, cleaned: Path | None = None, options: ReadOptions = _BOUNDS
) -> list[str]:
    """Restore every file of ``audit_dir/cleaned`` into ``out``; returns their names, sorted.

    With ``cleaned`` (after cleaning in place) ``audit_dir`` holds patches alone, and only what has one is restored,
    through as many patches as it has.

    Patches are looked up by the path on disk, never by what they say. A file that cannot be restored does not
    keep the others back: RestoreError at the end lists all of them.
    """
    if (copies := cleaned) is not None:
        return _restore_all(patched_names(audit_dir), lambda name: _undo(copies, audit_dir, out, name, force, options))
    cleaned, patches = audit_dir / CLEANED, audit_dir / PATCHES
    if not cleaned.is_dir():
        raise ConfigError(f"{audit_dir}: has no folder 'cleaned'; name the folder that audit or clean wrote")
    if any(out.resolve() == folder.resolve() for folder in (cleaned, patches)):
        raise ConfigError(f"{out}: holds what is restored from; name another folder")
    return _restore_all(_names(cleaned, patches), lambda name: _restore_one(audit_dir, out, name, force, options))


def _restore_all(names: list[str], restore: Callable[[str], None]) -> list[str]:
    failures: list[str] = []
    for name in names:
        try:
            restore(name)
        except AuditorError as error:
            failures.append(str(error))
        except OSError as error:
            failures.append(f"{name}: {error}")
    if failures:
        listed = "\n".join(f"  {failure}" for failure in failures)
        raise RestoreError(f"{len(failures)} of {len(names)} files could not be restored:\n{listed}")
    return names


def _restore_one(audit_dir: Path, out: Path, name: str, force: bool, options: ReadOptions) -> None:
    cleaned, patch = audit_dir / CLEANED / name, audit_dir / PATCHES / patch_name(name)
    for path in (cleaned, patch):
        if path.is_symlink():
            raise RestoreError(f"{name}: {path} is a link; put the file itself there")
    if not cleaned.exists():
        raise RestoreError(f"{name}: has a patch, but {cleaned} is missing; put the cleaned copy back")
    report = audit_dir / REPORTS / f"{name}.json"
    if not report.exists() and (page := page_name(name)):
        report = audit_dir / REPORTS / f"{page}.json"
    restore_path(cleaned, patch, target_inside(out, name), name, force, report, options)


_NUMBERED = re.compile(r"(?P<name>.*?)(?:\.(?P<number>[2-9]|[1-9]\d+))?\.patch\.jsonl", re.DOTALL)


def patched_names(patches: Path) -> list[str]:
    """Names of the files that a folder of patches (without cleaned copies) belongs to."""
    if not patches.is_dir():
        raise ConfigError(f"{patches}: no such folder of patches")
    found = (_NUMBERED.fullmatch(path.as_posix()) for path in _files(patches))
    return sorted({match["name"] for match in found if match})


def _undo(cleaned: Path, patches: Path, out: Path, name: str, force: bool, options: ReadOptions) -> None:
    """Undo one file cleaned in place, the last patch first."""
    patched = chain(patches, name)
    target, current = target_inside(out, name), target_inside(cleaned, name)
    if announced(patched[-1], current, _field(patched[-1], name), options.max_file_size):
        patched.pop()
    with temporary() as folder:
        for number, patch in enumerate(reversed(patched)):
            last = number == len(patched) - 1
            step = target if last else folder / f"{number}{compression_of(name)}"
            restore_path(current, patch, step, name, force, options=options)
            current = step
    if not patched:
        _as_it_is(current, target, name, force)


def _as_it_is(original: Path, target: Path, name: str, force: bool) -> None:
    """An original that was never cleaned, where it is wanted."""
    if target.exists() and not force:
        if not filecmp.cmp(original, target, shallow=False):
            raise RestoreError(f"{name}: {target} exists and differs; restore elsewhere, or force to overwrite it")
        return
    with original.open("rb") as file, atomic_writer(target) as out:
        shutil.copyfileobj(file, out)


def _names(cleaned: Path, patches: Path) -> list[str]:
    """Names of all cleaned copies, and of those that only left a patch."""
    copies = {path.as_posix() for path in _files(cleaned)}
    ending = patch_name("")
    patched = {path.as_posix().removesuffix(ending) for path in _files(patches) if path.name.endswith(ending)}
    return sorted(copies | patched)


def _files(root: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if not is_temporary(path):
                yield path.relative_to(root)


def _field(patch: Path, name: str) -> str:
    """The column of a parquet file's texts; of other formats it plays no part."""
    if format_of(name) != "parquet":
        return ""
    if not patch.exists():
        raise RestoreError(f"{name}: {patch} is missing, which tells where its texts are; put the patch back")
    with open(patch, "rb") as lines:
        return text_column(lines.readline(_LONGEST_HEADER), name)


def _restore(
    cleaned: Path, patch: Path, report: Path | None, out: BinaryIO, name: str, field: str, options: ReadOptions
) -> str:
    """The original's digest, its bytes (of a parquet file its texts) written to ``out``."""
    most = options.max_file_size
    with ExitStack() as stack:
        stream = stack.enter_context(open_read(cleaned, name=name, bound=True, limit=most))
        source = stack.enter_context(open_texts(stream, name, format_of(name), field, bound=True, limit=most))
        if patch.exists():
            if most is not None:
                refuse(summary_of(patch, name).original_length, name, None, most, "its original ")
            file = stack.enter_context(open(patch, "rb"))
            lines = lines_of(file, name, options.max_document_size)
            return restore_file(source, lines, out, name).original_digest
        digest = hashlib.sha256()
        while data := source.read(CHUNK):
            digest.update(data)
            out.write(data)
    if report is not None and _promised(report) not in (None, digest.hexdigest()):
        raise RestoreError(f"{name}: {patch} is missing, and the copy is not the original; put the patch back")
    return digest.hexdigest()


def _promised(report: Path) -> Any:
    """The digest of the original that a file's report notes; None where there is none."""
    try:
        with report.open("rb") as file:
            return msgspec.json.decode(file.read(_LONGEST_REPORT), type=_Report).digest
    except (OSError, msgspec.DecodeError, ValueError, RecursionError):
        return None
