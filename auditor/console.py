"""What the command line says and how: plain words on standard error, results on standard output or into files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

import msgspec

from auditor import results
from auditor.errors import ConfigError
from auditor.formats import ReadOptions, copy_name, format_of, open_texts
from auditor.formats.compression import open_read
from auditor.formats.encodings import readable
from auditor.formats.files import atomic_writer
from auditor.formats.sources import Source
from auditor.hints import meant
from auditor.library import Advance
from auditor.model import FileReport
from auditor.patches import patch_name
from auditor.reporters import REPORTERS, Context, jsonl, listing
from auditor.reporters.standing import counted
from auditor.reporters.text import visible
from auditor.reporters.worst import worst
from auditor.restore import CLEANED, PATCHES, restore_path

_SUMMARY = "GITHUB_STEP_SUMMARY"
_SUMMARY_BYTES, _SUMMARY_ROWS = 900_000, 5000  # GitHub refuses a summary over 1 MiB, whole


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
def progress(quiet: bool) -> Iterator[Advance | None]:
    """What hears how many bytes of how many a run has read: a bar with the time left on a terminal, else nobody."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (
        *(bars.TextColumn("{task.description}"), bars.BarColumn(), bars.TaskProgressColumn(), bars.DownloadColumn()),
        *(bars.TextColumn("about"), bars.TimeRemainingColumn(), bars.TextColumn("left")),
    )
    console = Console(stderr=True, no_color=not color(sys.stderr))
    with bars.Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda read, whole: bar.update(task, total=whole or None, completed=read)


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


def format_named(text: str) -> tuple[str, Path | None]:
    """A ``--format NAME[=PATH]``."""
    name, _, path = text.partition("=")
    if name not in REPORTERS:
        raise ConfigError(f"--format {name}: unknown{meant(name, REPORTERS)}")
    return name, Path(path) if path else None


def report(name: str, path: Path | None, parts: Path, files: int, about: Context) -> None:
    """The findings of a run in one format; ``about`` tells what is known of rules and files."""
    if name == "jsonl":  # as they lie there
        with output(path) as out:
            for rows in results.rows_of(parts, files):
                out.write(jsonl.safe(rows))
        return
    found, line_of = results.lined(parts, files)
    context = msgspec.structs.replace(
        about,
        color=path is None and color(sys.stdout),
        isolate=path is None and sys.stdout.isatty(),
        line_of=line_of,
        say=lambda text: say(f"auditor: {safe(text)}"),
    )
    with output(path) as out:
        for piece in REPORTERS[name](found, context=context):
            out.write(piece)
    if name == "github":
        _job_summary(parts, files, context)


def _job_summary(parts: Path, files: int, context: Context) -> None:
    """The worst findings as a table on the page of a GitHub job, which takes more than annotations do."""
    target = os.environ.get(_SUMMARY)
    if not target:
        return
    with open(target, "ab") as page:
        room = _SUMMARY_BYTES - page.tell()
        if room < _SUMMARY_BYTES // 10:
            return
        listed = counted(finding for finding, _ in results.findings_of(parts, files))
        found = worst(listed, _SUMMARY_ROWS, lambda one: None)
        for piece in listing.bounded(found, room, context=context):
            page.write(piece.encode("utf-8", "replace"))


def diff(source: Source, out: Path, file: FileReport, read: ReadOptions) -> None:
    """A unified diff of one file as decompressed text, told apart from the terminal's own control codes.

    ``out`` has its cleaned copy and patch. Of a parquet file it is a diff of its texts, of a page one of its text as
    extracted.
    """
    from difflib import unified_diff  # nothing else of the command needs it

    if not file.fixed or source.path is None:
        return
    original, name = source.path, copy_name(source.name)
    cleaned = out / CLEANED / name
    if name != source.name:
        original = out / "extracted" / name
        restore_path(cleaned, out / PATCHES / patch_name(name), original, name, options=read)
    with ExitStack() as stack:
        streams = [stack.enter_context(open_read(path)) for path in (original, cleaned)]
        texts = [open_texts(stream, name, format_of(name), read.text_field) for stream in streams]
        old, new = (readable(stream.read()).splitlines(True) for stream in texts)
    for line in unified_diff(old, new, f"a/{source.name}", f"b/{source.name}"):
        sys.stdout.write(safe(line.rstrip("\r\n")) + "\n")
