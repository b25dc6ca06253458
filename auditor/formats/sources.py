"""From command-line arguments to the files to read, each with the name its results are kept under."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import BinaryIO

import msgspec

from auditor.errors import ConfigError, ReadError
from auditor.formats import FORMATS, copy_name, is_supported
from auditor.formats.compression import compression_of, open_read

_STDIN = "stdin.txt"
_MAGIC = re.compile(r"[*?[]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_SUPPORTED = ", ".join(FORMATS) + "; all but parquet also as .gz or .zst"


class Source(msgspec.Struct, frozen=True):
    """One file to read; ``path`` is absolute, or None for standard input.

    ``name`` is relative and POSIX, without ``..``: what findings call the file, and where its cleaned copy,
    patch and report stand below their folders.
    """

    path: Path | None
    name: str


class _Found(msgspec.Struct, frozen=True):
    """A file, its path below the argument's base, and that base (empty for standard input)."""

    path: Path | None
    inner: tuple[str, ...]
    base: tuple[str, ...]


def expand(arguments: Sequence[str], stdin_name: str | None = None, exclude: Sequence[Path] = ()) -> list[Source]:
    """The sources that files, folders, globs and ``-`` stand for, in the order given, each once, folders sorted.

    What lies in ``exclude`` (files or folders, such as the output folder) is left out. Names that clash are
    told apart by the folders their arguments stand in. ConfigError for an argument that gives nothing.
    """
    excluded = [Path(os.path.realpath(path)) for path in exclude]
    found: list[_Found] = []
    seen: set[Path | None] = set()
    for argument in arguments:
        for item in _find(argument, stdin_name or _STDIN, excluded):
            if item.path not in seen:
                seen.add(item.path)
                found.append(item)
    names = _distinct_names(found)
    return [Source(path=item.path, name=name) for item, name in zip(found, names, strict=True)]


def open_source(source: Source, limit: int | None = None, lenient: bool = False) -> BinaryIO:
    """Its decompressed bytes; ReadError where they cannot be had, or are more than ``limit`` or than is believable.

    ``lenient``: as with `open_read`.
    """
    packed = compression_of(source.name)
    file, suffix, name = (sys.stdin.buffer, packed, source.name) if source.path is None else (source.path, None, None)
    return open_read(file, suffix, name, bound=True, limit=limit, lenient=lenient)


def size_of(source: Source) -> int:
    """Its bytes as it lies there; 0 where nobody knows."""
    try:
        return 0 if source.path is None else source.path.stat().st_size
    except OSError:
        return 0


def _find(argument: str, stdin_name: str, excluded: Sequence[Path]) -> list[_Found]:
    if argument == "-":
        return [_Found(None, _clean_parts(PurePath(stdin_name).parts) or (_STDIN,), ())]
    path = Path(os.path.abspath(argument))
    if not argument:
        raise ConfigError("an empty source; name a file, a folder, a glob or -")
    if os.path.lexists(path):
        found = _existing(argument, path, excluded)
    elif _SCHEME.match(argument):
        raise ConfigError(f"{argument}: this kind of URL cannot be read; download it and name the local file")
    elif _MAGIC.search(argument):
        found = _glob(path, excluded)
        if not found:
            raise ConfigError(f"{argument}: matches no file to read ({_SUPPORTED}); check the pattern")
    else:
        raise ConfigError(f"{argument}: no such file or folder (in {Path.cwd()}); check the path")
    return found


def _existing(argument: str, path: Path, excluded: Sequence[Path]) -> list[_Found]:
    if _lies_in(path, excluded):
        raise ConfigError(f"{argument}: is excluded, or lies in the output folder; name the originals instead")
    if path.is_dir():
        found = [_Found(file, file.relative_to(path).parts, path.parts) for file in _walk(path, excluded)]
        if not found:
            raise ConfigError(f"{argument}: no file to read in this folder; looked for {_SUPPORTED}")
        return found
    if not path.exists():
        raise ConfigError(f"{argument}: a link to something that does not exist; repair or remove it")
    return [_Found(path, (path.name,), path.parent.parts)]


def _glob(pattern: Path, excluded: Sequence[Path]) -> list[_Found]:
    """Files the pattern matches, and those in folders it matches.

    Suffixes that are not ours count only when the pattern spells them out (``*.log``).
    """
    parts = pattern.parts
    fixed = next(index for index, part in enumerate(parts) if _MAGIC.search(part))
    base = Path(*parts[:fixed])
    spelled = len(pattern.suffix) > 1 and not _MAGIC.search(pattern.suffix)
    files: set[Path] = set()
    for path in _matches(base, parts[fixed:]):
        if path.is_dir():
            files.update(_walk(path, excluded))
        elif (spelled or is_supported(path)) and path.is_file() and _stays_in(path, os.path.realpath(base)):
            files.add(path)
    return [
        _Found(file, file.relative_to(base).parts, base.parts)
        for file in sorted(files, key=lambda file: file.parts)
        if not _lies_in(file, excluded)
    ]


def _matches(folder: Path, pattern: Sequence[str]) -> Iterator[Path]:
    """Unlike pathlib's and glob's: hidden files stay hidden, and no link to a folder is followed."""
    head, rest = pattern[0], pattern[1:]
    if head == "**" and not rest:
        yield folder
    elif head == "**":
        yield from _matches(folder, rest)
        for child in _children(folder):
            if child.is_dir() and not child.is_symlink():
                yield from _matches(child, pattern)
    else:
        for child in _children(folder):
            if fnmatchcase(child.name, head) and not (child.is_symlink() and child.is_dir()):
                if not rest:
                    yield child
                elif child.is_dir():
                    yield from _matches(child, rest)


def _walk(folder: Path, excluded: Sequence[Path]) -> Iterator[Path]:
    """Files of a folder and its folders, sorted by name; hidden ones and links that lead out are skipped.

    Links to folders are never followed: what they show inside the folder is found where it stands.
    """
    root = os.path.realpath(folder)
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        if current.is_dir():
            if current == folder or not current.is_symlink():
                waiting += [child for child in reversed(_children(current)) if not _lies_in(child, excluded)]
        elif is_supported(current) and current.is_file() and _stays_in(current, root):
            yield current


def _children(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    try:
        names = os.listdir(folder)
    except OSError as error:
        raise ReadError(f"{folder}: cannot be listed: {error.strerror}; check its permissions") from error
    return [folder / name for name in sorted(names) if not name.startswith(".")]


def _stays_in(path: Path, root: str) -> bool:
    return not path.is_symlink() or Path(os.path.realpath(path)).is_relative_to(root)


def _lies_in(path: Path, excluded: Sequence[Path]) -> bool:
    if not excluded:
        return False
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(folder) for folder in excluded)


def _distinct_names(found: Sequence[_Found]) -> list[str]:
    """Names below the arguments' bases; those of bases that clash get more of their base in front."""
    depths = {item.base: 0 for item in found}
    while True:
        names = [_name(item, depths[item.base]) for item in found]
        clashing = _clashing(names)
        bases = {item.base for item, name in zip(found, names, strict=True) if name in clashing}
        growing = [base for base in bases if depths[base] < len(_clean_parts(base))]
        if not clashing:
            return names
        if not growing:
            listed = ", ".join(sorted(clashing)[:3])
            raise ConfigError(f"several sources would be kept under one name ({listed}); read them in two runs")
        for base in growing:
            depths[base] += 1


def _clashing(names: Sequence[str]) -> set[str]:
    """Names that occur twice, and names that are also a folder of others (no file can stand there)."""
    counts = Counter(names)
    pages = [name for name in names if copy_name(name) in counts and copy_name(name) != name]
    counts.update([*pages, *map(copy_name, pages)])  # their cleaned copies would be those of others
    folders = {folder.as_posix() for name in counts for folder in PurePath(name).parents}
    return {name for name, count in counts.items() if count > 1 or name in folders}


def _name(item: _Found, depth: int) -> str:
    base = _clean_parts(item.base)
    return told("/".join((*base[len(base) - depth :], *item.inner)))


def told(name: str) -> str:
    """A file's name as reports can hold it: bytes in it that are no UTF-8 as ``\\xff``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _clean_parts(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(part for part in parts if part not in ("", ".", "..") and part != PurePath(*parts).anchor)
