"""Writing files so that a reader sees all of one or nothing, and never outside its folder."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO

from auditor.errors import ConfigError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PREFIX, _SUFFIX = ".auditor-", ".tmp"
_FOLDER, _CLAIMED = "auditor-", ".claimed"


@contextmanager
def atomic_writer(path: Path, lasting: bool = True) -> Iterator[BinaryIO]:
    """A file that takes its place at ``path`` when the context ends, and is gone if it ends in an error.

    ``lasting``: not before it is on the disk; what only this run reads need not wait for that.

    Folders are made; an existing file is replaced and hands on its permissions. A link at ``path`` is
    replaced, not followed: resolve the path first to write to where it points. A device or pipe (/dev/null,
    /dev/stdout) is written to as it is.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as file:
            yield file
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
    try:
        with open(temporary, "xb", buffering=1 << 20) as file:
            _claim(file)
            yield file
            file.flush()
            if lasting:
                os.fsync(file.fileno())
            if path.is_file() and not path.is_symlink():
                shutil.copymode(path, temporary)
            if fcntl is not None:  # while it is claimed; Windows cannot rename what is open
                os.replace(temporary, path)
        if fcntl is None:
            os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def atomic_bytes(path: Path, data: bytes) -> None:
    """``data`` at ``path``, whole or not at all."""
    with atomic_writer(path) as file:
        file.write(data)


def sweep(folder: Path, deep: bool = True) -> None:
    """Remove what runs that were killed left behind in a folder (``deep``: and in the folders below it).

    A file that a living run still writes is claimed by it, and stays.
    """
    for current, folders, names in os.walk(folder):
        if not deep:
            folders.clear()
        for name in names:
            path = Path(current, name)
            if is_temporary(path) and not path.is_symlink():
                with suppress(OSError):
                    _remove_unclaimed(path)


@contextmanager
def temporary() -> Iterator[Path]:
    """A folder of the system's that is gone when the context ends; those that killed runs left behind go first."""
    import tempfile  # workers and most of those who import us need none

    for left in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*/{_CLAIMED}"):
        with suppress(OSError):
            if left.parent.is_symlink() or (hasattr(os, "geteuid") and left.parent.stat().st_uid != os.geteuid()):
                continue
            _remove_unclaimed(left)
            shutil.rmtree(left.parent)
    with tempfile.TemporaryDirectory(prefix=_FOLDER) as folder:
        unclaimed = Path(folder, f"{_CLAIMED}.new")
        with open(unclaimed, "xb") as file:
            _claim(file)
            if fcntl is not None:  # under its name only when it is claimed
                unclaimed.rename(Path(folder, _CLAIMED))
            yield Path(folder)


def _claim(file: BinaryIO) -> None:
    if fcntl is not None:
        with suppress(OSError):  # some file systems know no locks
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _remove_unclaimed(path: Path) -> None:
    if fcntl is None:
        path.unlink()  # Windows refuses while it is open
        return
    with open(path, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # OSError where it is claimed
        path.unlink()


def is_temporary(path: Path) -> bool:
    """Whether a file is what a killed run left behind of an unfinished one."""
    return path.name.startswith(_PREFIX) and path.name.endswith(_SUFFIX)


def target_inside(root: Path, name: str) -> Path:
    """``root / name``; ConfigError if that leads out of ``root``, by its parts or through a link."""
    parts = (PurePath(name).parts, PurePosixPath(name).parts)
    hostile = (
        "\0" in name
        or not PurePath(name).parts
        or bool(PurePath(name).anchor or PurePosixPath(name).anchor)
        or any(".." in some for some in parts)
    )
    target = root / name if not hostile else root
    if hostile or not target.parent.resolve().is_relative_to(root.resolve()):
        raise ConfigError(f"{name!r} leads out of {root}: not written; rename the file or remove the link")
    return target
