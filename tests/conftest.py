"""What tests of the whole command share: the corpus, and the command itself with its rules prepared once."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from auditor import asked, cli, kept, library, packs
from auditor.check import Engine
from auditor.formats.compression import open_read
from auditor.packs import Pack
from auditor.runners import local

CORPUS = Path(__file__).parent / "corpus"


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Auditor = Callable[..., Done]


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder by name, decompressed where they are compressed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            with open_read(path) as stream:
                found[path.relative_to(folder).as_posix()] = stream.read()
    return found


def raw(folder: Path) -> dict[str, bytes]:
    """All files of a folder by name, as they are on disk."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@cache
def _shipped(selectors: tuple[str, ...]) -> tuple[Pack, ...]:
    return packs.load_packs(selectors)


def _load(selectors: Sequence[str] = ()) -> tuple[Pack, ...]:
    if any(Path(selector).exists() for selector in selectors):
        return packs.load_packs(selectors)  # a test's own pack, which it may change
    return _shipped(tuple(selectors))


_engines: dict[int, tuple[Sequence[Pack], Engine]] = {}


def _engine(loaded: Sequence[Pack]) -> Engine:
    if id(loaded) not in _engines:
        _engines[id(loaded)] = loaded, Engine(loaded)
    return _engines[id(loaded)][1]


def _run(*arguments: object, stdin: bytes = b"") -> Done:
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = cli.main([str(argument) for argument in arguments])
    except SystemExit as leaving:  # argparse
        code = int(leaving.code or 0)
    finally:
        sys.stdin = before
    return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def auditor() -> Iterator[Auditor]:
    """The command in this process, ``auditor("check", path, stdin=b"...")``; the same rules are prepared once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked, "load_packs", _load)
        patch.setattr(library, "load_packs", _load)
        patch.setattr(local, "Engine", _engine)
        patch.setattr(kept, "MOST", 0)  # a test asks what is found, not what was
        yield _run


@pytest.fixture(scope="session")
def engine() -> Engine:
    """All shipped rules, prepared."""
    return _engine(_shipped(()))


@pytest.fixture(scope="session")
def audited(auditor: Auditor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `auditor audit tests/corpus` writes; only to be read."""
    out = tmp_path_factory.mktemp("audited") / "out"
    done = auditor("audit", CORPUS, "-o", out)
    assert done.code == 0, done.err
    return out
