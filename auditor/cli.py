"""argv -> pipeline -> exit code; the only module that prints or exits."""

from __future__ import annotations

import argparse
import csv
import difflib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import msgspec

from auditor import __version__, options, results
from auditor.errors import AuditorError, ConfigError
from auditor.formats import ReadOptions
from auditor.formats.files import atomic_bytes, atomic_writer, sweep
from auditor.formats.sources import Source, expand
from auditor.model import FileReport, Finding, Metrics
from auditor.packs import Pack, load_packs
from auditor.pipeline import Item, Plan
from auditor.reporters import REPORTERS, Context
from auditor.reporters.text import count, share, visible
from auditor.restore import restore_folder
from auditor.runners import local

FAILED, WRONG = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = options.parser(__version__).parse_args(argv)
    try:
        code = COMMANDS[args.verb](args)
        sys.stdout.flush()
        return code
    except AuditorError as error:
        _say(f"auditor {args.verb}: {_safe(str(error))}")
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _say(f"auditor {args.verb}: interrupted; nothing half written was kept, run it again to finish")
    except OSError as error:
        _say(f"auditor {args.verb}: {_safe(str(error))}; free space or fix permissions, then run it again")
    except Exception as error:
        if os.environ.get("AUDITOR_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}"
        _say(f"auditor {args.verb}: a mistake of ours: {_safe(what)}; please report it with AUDITOR_DEBUG=1 set")
    return WRONG


def audit(args: argparse.Namespace) -> int:
    """`auditor audit`"""
    started = time.perf_counter()
    out: Path = args.output
    packs = load_packs(args.rules)
    sources = expand(args.sources, args.stdin_name, exclude=[out])
    parts = out / ".parts"
    shutil.rmtree(parts, ignore_errors=True)
    _sweep_output(out)
    plan = _plan(args, parts, cleaned=out / "cleaned", patches=out / "patches", reports=out / "reports", lines=True)
    files = _run(args, packs, plan, sources)
    report = results.run_report(__version__, packs, _options(args), files)
    results.write(report, parts, out)
    shutil.rmtree(parts, ignore_errors=True)
    seconds = round(time.perf_counter() - started, 3)
    timings = {"seconds": seconds, "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    atomic_bytes(out / "timings.json", msgspec.json.encode(timings) + b"\n")
    totals = report.totals
    _close(
        args,
        f"{totals.verdict}: {count(totals.findings, 'finding')} in {count(totals.documents, 'document')}, "
        f"{totals.fixed} fixed, {share(totals.characters_deleted, totals.characters)} of the text deleted; "
        f"open {out / 'report.html'} or {out / 'summary.md'}",
    )
    return _code(args, files)


def check(args: argparse.Namespace) -> int:
    """`auditor check`"""
    formats = [_format(text) for text in args.format or ["full"]]
    packs = load_packs(args.rules)
    sources = [_as_typed(source) for source in expand(args.sources, args.stdin_name)]
    _spare(sources, [path for _, path in formats])
    with _parts() as parts:
        plan = _plan(args, parts, lines=any(name == "full" for name, _ in formats))
        files = _run(args, packs, plan, sources)
        for name, path in formats:
            _report(name, path, parts, len(files))
    return _code(args, files)


def clean(args: argparse.Namespace) -> int:
    """`auditor clean`"""
    packs = load_packs(args.rules)
    if args.in_place != (args.patches is not None):
        raise ConfigError("--in-place and --patches DIR go together: the patches are the way back")
    if not (args.output or args.diff or args.in_place):
        raise ConfigError("say where to: -o DIR, --diff, or --in-place --patches DIR")
    exclude = [path for path in (args.output, args.patches) if path is not None]
    sources = expand(args.sources, args.stdin_name, exclude=exclude)
    if args.in_place:
        sources = [_as_typed(source) for source in sources]
    if args.in_place and any(source.path is None for source in sources):
        raise ConfigError("standard input cannot be cleaned in place; use -o DIR")
    with _parts() as parts:
        out: Path = args.output or parts / "out"
        patches: Path = args.patches or out / "patches"
        plan = _plan(args, parts, cleaned=out / "cleaned", patches=patches, in_place=args.in_place)
        if args.in_place:
            sweep(patches)
            for folder in {source.path.parent for source in sources if source.path}:
                sweep(folder, deep=False)
        elif args.output:
            _sweep_output(out)
        files = _run(args, packs, plan, sources)
        if args.diff:
            for source, file in zip(sources, files, strict=True):
                _diff(source, out / "cleaned" / source.name, file)
    fixed, changed = sum(file.fixed for file in files), sum(file.fixed > 0 for file in files)
    where = "in place" if args.in_place else "shown only" if args.diff else str(args.output / "cleaned")
    _close(args, f"{fixed} fixed in {changed} of {count(len(files), 'file')}: {where}")
    return _code(args, files)


def restore(args: argparse.Namespace) -> int:
    """`auditor restore`"""
    names = restore_folder(args.directory, args.output, args.force, args.cleaned)
    _close(args, f"{count(len(names), 'original')} restored into {args.output}, verified")
    return 0


def score(args: argparse.Namespace) -> int:
    """`auditor score`"""
    packs = load_packs(args.rules)
    sources = [_as_typed(source) for source in expand(args.sources, args.stdin_name)]
    _spare(sources, [args.output])
    with _parts() as parts:
        files = _run(args, packs, _plan(args, parts), sources)
        rows = results.metrics_of(parts, len(files))
        with _output(args.output) as out:
            if args.format == "csv":
                writer = csv.DictWriter(
                    out, [field.name for field in msgspec.structs.fields(Metrics)], lineterminator="\n"
                )
                writer.writeheader()
                writer.writerows(map(msgspec.to_builtins, rows))
            else:
                for row in rows:
                    out.write(msgspec.json.encode(row).decode() + "\n")
    return _code(args, files)


def gate(args: argparse.Namespace) -> int:
    """`auditor gate`"""
    from auditor import gate as gates  # it alone needs the extra

    result = gates.gate(args.directory, args.suite, args.data_docs)
    if not args.quiet or not result.passed:
        sys.stdout.write(gates.render(result, color=_color(sys.stdout), isolate=sys.stdout.isatty()))
    return 0 if result.passed else FAILED


def rules(args: argparse.Namespace) -> int:
    """`auditor rules`"""
    from auditor import rulebook

    if args.act == "schema":
        sys.stdout.write(rulebook.schema_text())
        return 0
    packs = load_packs(args.selectors)
    if args.act == "test":
        found, passed = rulebook.tested(packs)
        sys.stdout.write(_safe(found))
        return 0 if passed else FAILED
    text = rulebook.listed(packs) if args.act == "list" else rulebook.shown(packs)
    sys.stdout.write(_safe(text))
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "audit": audit,
    "check": check,
    "clean": clean,
    "restore": restore,
    "score": score,
    "gate": gate,
    "rules": rules,
}


def _sweep_output(out: Path) -> None:
    sweep(out, deep=False)
    for name in ("cleaned", "patches", "reports"):
        sweep(out / name)


def _spare(sources: Sequence[Source], targets: Iterable[Path | None]) -> None:
    """Refuse to write over what is read; what a killed run left beside a target goes."""
    for target in targets:
        if target is None:
            continue
        if target.exists() and any(source.path is not None and target.samefile(source.path) for source in sources):
            raise ConfigError(f"{target}: is one of the sources; write to another file")
        sweep(target.parent, deep=False)


def _as_typed(source: Source) -> Source:
    """Called as a person here would name it: by its path from this folder, where it lies below it."""
    if source.path is None or not source.path.is_relative_to(Path.cwd()):
        return source
    return Source(path=source.path, name=source.path.relative_to(Path.cwd()).as_posix())


def _plan(args: argparse.Namespace, parts: Path, **more: Any) -> Plan:
    read = ReadOptions(args.text_field, args.id_field, args.site_field, args.max_document_size)
    return Plan(read=read, unsafe=args.unsafe, utf8=getattr(args, "to_utf8", False), parts=parts, **more)


def _options(args: argparse.Namespace) -> dict[str, Any]:
    """What a run was asked for, as far as it bears on its results."""
    names = ("rules", "unsafe", "to_utf8", "text_field", "id_field", "site_field", "max_document_size")
    return {name: getattr(args, name) for name in names}


def _run(args: argparse.Namespace, packs: Sequence[Pack], plan: Plan, sources: Sequence[Source]) -> list[FileReport]:
    """All reports in order, with a progress bar on a terminal; unchecked documents are named on stderr."""
    items = [Item(number, source) for number, source in enumerate(sources)]
    reports: Iterable[FileReport] = local.run(packs, plan, items, args.jobs)
    if sys.stderr.isatty() and not args.quiet:
        from rich.console import Console
        from rich.progress import track

        console = Console(stderr=True, no_color=not _color(sys.stderr))
        reports = track(reports, description="auditing", total=len(items), console=console, transient=True)
    files = list(reports)
    for file in files:
        for one in file.unchecked[:20]:
            place = one.path if one.record is None else f"{one.path}[{one.record}]"
            _say(f"auditor: not checked: {_safe(place)}: {_safe(one.reason)}")
        if len(file.unchecked) > 20:
            _say(f"auditor: not checked: {_safe(file.path)}: {len(file.unchecked) - 20} more documents")
    return files


def _code(args: argparse.Namespace, files: Sequence[FileReport]) -> int:
    if any(file.unchecked for file in files):
        return WRONG
    levels = {"error": ("error",), "warning": ("error", "warning")}.get(args.fail_on or "never", ())
    return FAILED if any(file.by_severity[level] for file in files for level in levels) else 0


def _format(text: str) -> tuple[str, Path | None]:
    name, _, path = text.partition("=")
    if name not in REPORTERS:
        near = difflib.get_close_matches(name, REPORTERS, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(REPORTERS)}"
        raise ConfigError(f"--format {name}: unknown; {hint}")
    return name, Path(path) if path else None


def _report(name: str, path: Path | None, parts: Path, files: int) -> None:
    lines: dict[int, str | None] = {}

    def found() -> Iterator[Finding]:
        for finding, line in results.findings_of(parts, files):
            lines.clear()
            lines[id(finding)] = line
            yield finding

    terminal = path is None and sys.stdout.isatty()
    context = Context(
        color=path is None and _color(sys.stdout),
        isolate=terminal,
        version=__version__,
        line_of=lambda finding: lines.get(id(finding)),
    )
    with _output(path) as out:
        for piece in REPORTERS[name](found(), context=context):
            out.write(piece)


def _diff(source: Source, cleaned: Path, file: FileReport) -> None:
    """A unified diff of one file as decompressed text, told apart from the terminal's own control codes."""
    if not file.fixed or source.path is None:
        return
    from auditor.formats.compression import open_read
    from auditor.formats.encodings import readable

    with open_read(source.path) as before, open_read(cleaned) as after:
        old, new = (readable(stream.read()).splitlines(True) for stream in (before, after))
    for line in difflib.unified_diff(old, new, f"a/{source.name}", f"b/{source.name}"):
        sys.stdout.write(_safe(line.rstrip("\r\n")) + "\n")


class _Text:
    """Text written to a file or standard output."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self.write = write


@contextmanager
def _output(path: Path | None) -> Iterator[_Text]:
    if path is None:
        yield _Text(sys.stdout.write)
        return
    with atomic_writer(path) as out:
        yield _Text(lambda text: out.write(text.encode("utf-8", "replace")))


@contextmanager
def _parts() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        yield Path(folder)


def _safe(text: str) -> str:
    """Text from outside, with nothing in it that could drive a terminal."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _color(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _close(args: argparse.Namespace, text: str) -> None:
    if not args.quiet:
        _say(_safe(text))


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
