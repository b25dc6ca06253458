"""What is slow to prepare and always comes out the same, kept in the user's cache folder.

Entries are named by a digest of everything they depend on, so that nothing is ever out of date. A cache that cannot
be read or written only costs time. `AUDITOR_CACHE` names another folder; empty, it switches the cache off.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

_DEPENDS_ON = ("hyperscan", "msgspec", "numpy", "regex")
_KEPT = 64  # entries of one kind; older ones go
_STALE = 3600.0  # seconds after which an unfinished entry is nobody's any more


def folder() -> Path | None:
    """Where entries are kept, or None where the cache is switched off."""
    named = os.environ.get("AUDITOR_CACHE")
    if named is not None:
        return Path(named) if named else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "auditor"


@contextmanager
def switched_off() -> Iterator[None]:
    """No cache in this process until the context ends."""
    named = os.environ.get("AUDITOR_CACHE")
    os.environ["AUDITOR_CACHE"] = ""
    try:
        yield
    finally:
        if named is None:
            del os.environ["AUDITOR_CACHE"]
        else:
            os.environ["AUDITOR_CACHE"] = named


def remember(kind: str, parts: Iterable[bytes], make: Callable[[], bytes]) -> bytes:
    """The bytes that ``make`` gives for ``parts``, made once. ``kind`` is a short word for the entry's file name."""
    return remembered(kind, parts, make)()


def remembered(
    kind: str, parts: Iterable[bytes], make: Callable[[], bytes], beside: bool = False
) -> Callable[[], bytes]:
    """As `remember`, to be called for the bytes. ``beside``: what is not kept is made in a thread from now on."""
    path = _path(kind, parts)
    if path is not None and (known := _read(path)) is not None:
        return lambda: known

    def made() -> bytes:
        data = make()
        if path is not None:
            with suppress(OSError):
                _keep(path, data)
        return data

    if not beside:
        return made
    from concurrent.futures import ThreadPoolExecutor  # where all is kept nothing needs it

    thread = ThreadPoolExecutor(1)
    making = thread.submit(made)
    thread.shutdown(wait=False)
    return making.result


def _path(kind: str, parts: Iterable[bytes]) -> Path | None:
    """Where the entry for ``parts`` lies, or is to lie."""
    if (where := folder()) is None:
        return None
    digest = hashlib.sha256(surroundings())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return where / f"{kind}-{digest.hexdigest()[:32]}"


def _read(path: Path) -> bytes | None:
    with suppress(OSError):
        data = path.read_bytes()
        if data[:32] == hashlib.sha256(data[32:]).digest():  # a torn or altered entry is made again
            return data[32:]
    return None


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    others = sorted(path.parent.glob(f"{path.name.partition('-')[0]}-*"), key=lambda entry: entry.stat().st_mtime)
    for old in others[: max(0, len(others) - _KEPT)]:
        old.unlink()
    for unfinished in path.parent.glob(".*-*"):  # by a process that was killed
        if time.time() - unfinished.stat().st_mtime > _STALE:
            unfinished.unlink()
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(hashlib.sha256(data).digest() + data)
    temporary.replace(path)


@cache
def surroundings() -> bytes:
    """What entries are made with: versions, our own source files, and the machine (automata are built for it)."""
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    stamps = [f"{path.name} {path.stat().st_mtime_ns} {path.stat().st_size}" for path in sources]
    versions = [one for name in _DEPENDS_ON for one in _versions(name)]
    return "\0".join([*versions, sys.version, platform.machine(), platform.node(), *stamps]).encode()


def _versions(name: str) -> list[str]:
    """What is installed under a name, as the folders beside it tell: importing it would take longer."""
    spec = find_spec(name)
    place = Path(spec.origin).parents[1] if spec is not None and spec.origin else None
    found = sorted(path.name for path in place.glob(f"{name}-*.dist-info")) if place is not None else []
    return found or [import_module(name).__version__]
