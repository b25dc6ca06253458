"""What the command line says and how: plain words on standard error, results on standard output or into files."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from auditor import __version__, results
from auditor.errors import ConfigError
from auditor.formats.compression import open_read
from auditor.formats.encodings import readable
from auditor.formats.files import atomic_writer
from auditor.formats.sources import Source
from auditor.hints import meant
from auditor.library import Progress
from auditor.model import FileReport, Finding
from auditor.reporters import REPORTERS, Context
from auditor.reporters.text import visible


def say(text: str) -> None:
    """One line to the person at the terminal."""
    print(text, file=sys.stderr)


def put(text: str) -> None:
    """A piece of a command's result."""
    sys.stdout.write(text)


def close(args: argparse.Namespace, text: str) -> None:
    """The closing line of a command."""
    if not args.quiet:
        say(safe(text))


def safe(text: str) -> str:
    """Text from outside, with nothing in it that could drive a terminal."""
    return "\n".join(visible(line) for line in text.split("\n"))


def color(stream: TextIO) -> bool:
    """Whether a stream is a terminal that wants colours."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def name_unchecked(files: Sequence[FileReport]) -> None:
    """Say which documents could not be checked, and why."""
    for file in files:
        for one in file.unchecked[:20]:
            place = one.path if one.record is None else f"{one.path}[{one.record}]"
            say(f"auditor: not checked: {safe(place)}: {safe(one.reason)}")
        if len(file.unchecked) > 20:
            say(f"auditor: not checked: {safe(file.path)}: {len(file.unchecked) - 20} more documents")


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """What a run reports its files to: a bar on a terminal, else nothing."""
    if quiet or not sys.stderr.isatty():
        yield lambda report, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True, no_color=not color(sys.stderr)), transient=True) as bar:
        task = bar.add_task("auditing", total=None)
        yield lambda report, total: bar.update(task, total=total, advance=1)


class Text:
    """Text written to a file or standard output."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self.write = write


@contextmanager
def output(path: Path | None) -> Iterator[Text]:
    """Where results go: a file, complete when the context ends, or standard output."""
    if path is None:
        yield Text(sys.stdout.write)
        return
    with atomic_writer(path) as out:
        yield Text(lambda text: out.write(text.encode("utf-8", "replace")))


@contextmanager
def temporary() -> Iterator[Path]:
    """A folder for the parts of a run."""
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        yield Path(folder)


def format_named(text: str) -> tuple[str, Path | None]:
    """A ``--format NAME[=PATH]``."""
    name, _, path = text.partition("=")
    if name not in REPORTERS:
        raise ConfigError(f"--format {name}: unknown{meant(name, REPORTERS)}")
    return name, Path(path) if path else None


def report(name: str, path: Path | None, parts: Path, files: int) -> None:
    """The findings of a run in one format."""
    lines: dict[int, str | None] = {}

    def found() -> Iterator[Finding]:
        for finding, line in results.findings_of(parts, files):
            lines.clear()
            lines[id(finding)] = line
            yield finding

    terminal = path is None and sys.stdout.isatty()
    context = Context(
        color=path is None and color(sys.stdout),
        isolate=terminal,
        version=__version__,
        line_of=lambda finding: lines.get(id(finding)),
    )
    with output(path) as out:
        for piece in REPORTERS[name](found(), context=context):
            out.write(piece)


def diff(source: Source, cleaned: Path, file: FileReport) -> None:
    """A unified diff of one file as decompressed text, told apart from the terminal's own control codes."""
    from difflib import unified_diff  # nothing else of the command needs it

    if not file.fixed or source.path is None:
        return
    with open_read(source.path) as before, open_read(cleaned) as after:
        old, new = (readable(stream.read()).splitlines(True) for stream in (before, after))
    for line in unified_diff(old, new, f"a/{source.name}", f"b/{source.name}"):
        sys.stdout.write(safe(line.rstrip("\r\n")) + "\n")
