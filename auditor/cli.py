"""argv -> pipeline -> exit code; beside `console`, which it speaks through, the only module that prints or exits."""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from auditor import __version__, config, library, options, results
from auditor.console import (
    close,
    color,
    diff,
    format_named,
    name_unchecked,
    output,
    progress,
    report,
    safe,
    say,
    temporary,
)
from auditor.errors import AuditorError, ConfigError
from auditor.formats import ReadOptions
from auditor.formats.files import atomic_bytes, sweep
from auditor.formats.sources import Source, expand
from auditor.model import FileReport, Metrics
from auditor.packs import Pack, load_packs
from auditor.pipeline import Plan
from auditor.places import included, refuse_unknown
from auditor.reporters.text import count, share
from auditor.restore import restore_folder

FAILED, WRONG = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = options.parser(__version__).parse_args(argv)
    try:
        _settle(args)
        code = COMMANDS[args.verb](args)
        sys.stdout.flush()
        return code
    except AuditorError as error:
        say(f"auditor {args.verb}: {safe(str(error))}")
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        say(f"auditor {args.verb}: interrupted; nothing half written was kept, run it again to finish")
    except OSError as error:
        say(f"auditor {args.verb}: {safe(str(error))}; free space or fix permissions, then run it again")
    except Exception as error:
        if os.environ.get("AUDITOR_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}"
        say(f"auditor {args.verb}: a mistake of ours: {safe(what)}; please report it with AUDITOR_DEBUG=1 set")
    return WRONG


def _settle(args: argparse.Namespace) -> None:
    """Fill in what the flags left open from the configuration, for the verbs that read a corpus."""
    if getattr(args, "no_cache", False):
        os.environ["AUDITOR_CACHE"] = ""  # not a variable of ours: worker processes are to see it, too
    if hasattr(args, "isolated"):
        config.fill(args, config.load(args.config, args.isolated))


def audit(args: argparse.Namespace) -> int:
    """`auditor audit`"""
    out: Path = args.output
    with progress(args.quiet) as bar:
        found = library.audit(
            args.sources,
            out,
            packs=args.rules,
            unsafe=args.unsafe,
            to_utf8=args.to_utf8,
            jobs=args.jobs,
            read=_read(args),
            exclude=args.exclude,
            paths=args.paths,
            root=args.root,
            stdin_name=args.stdin_name,
            progress=bar,
        )
    name_unchecked(found.files)
    totals = found.totals
    close(
        args,
        f"{totals.verdict}: {count(totals.findings, 'finding')} in {count(totals.documents, 'document')}, "
        f"{totals.fixed} fixed, {share(totals.characters_deleted, totals.characters)} of the text deleted; "
        f"open {out / 'report.html'} or {out / 'summary.md'}",
    )
    return _code(args, found.files)


def check(args: argparse.Namespace) -> int:
    """`auditor check`"""
    formats = [format_named(text) for text in args.format or ["full"]]
    packs = _packs(args)
    sources = [_as_typed(source) for source in _sources(args)]
    _spare(sources, [path for _, path in formats])
    with temporary() as parts:
        plan = _plan(args, parts, lines=any(name == "full" for name, _ in formats))
        files = _run(args, packs, plan, sources)
        for name, path in formats:
            report(name, path, parts, len(files))
    return _code(args, files)


def clean(args: argparse.Namespace) -> int:
    """`auditor clean`"""
    packs = _packs(args)
    if args.in_place != (args.patches is not None):
        raise ConfigError("--in-place and --patches DIR go together: the patches are the way back")
    if not (args.output or args.diff or args.in_place):
        raise ConfigError("say where to: -o DIR, --diff, or --in-place --patches DIR")
    sources = _sources(args, [path for path in (args.output, args.patches) if path is not None])
    if args.in_place:
        sources = [_as_typed(source) for source in sources]
    if args.in_place and any(source.path is None for source in sources):
        raise ConfigError("standard input cannot be cleaned in place; use -o DIR")
    with temporary() as parts:
        out: Path = args.output or parts / "out"
        patches: Path = args.patches or out / "patches"
        plan = _plan(args, parts, cleaned=out / "cleaned", patches=patches, in_place=args.in_place)
        if args.in_place:
            sweep(patches)
            for folder in {source.path.parent for source in sources if source.path}:
                sweep(folder, deep=False)
        elif args.output:
            library.sweep_output(out)
        files = _run(args, packs, plan, sources)
        if args.diff:
            for source, file in zip(sources, files, strict=True):
                diff(source, out / "cleaned" / source.name, file)
    fixed, changed = sum(file.fixed for file in files), sum(file.fixed > 0 for file in files)
    where = "in place" if args.in_place else "shown only" if args.diff else str(args.output / "cleaned")
    close(args, f"{fixed} fixed in {changed} of {count(len(files), 'file')}: {where}")
    return _code(args, files)


def restore(args: argparse.Namespace) -> int:
    """`auditor restore`"""
    names = restore_folder(args.directory, args.output, args.force, args.cleaned)
    close(args, f"{count(len(names), 'original')} restored into {args.output}, verified")
    return 0


def score(args: argparse.Namespace) -> int:
    """`auditor score`"""
    packs = _packs(args)
    sources = [_as_typed(source) for source in _sources(args)]
    _spare(sources, [args.output])
    with temporary() as parts:
        files = _run(args, packs, _plan(args, parts, judged=True), sources)
        rows = results.metrics_of(parts, len(files))
        with output(args.output) as out:
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
        sys.stdout.write(gates.render(result, color=color(sys.stdout), isolate=sys.stdout.isatty()))
    return 0 if result.passed else FAILED


def init(args: argparse.Namespace) -> int:
    """`auditor init`"""
    from auditor import starter

    done = starter.start(args.directory, args.force)
    sys.stdout.write(safe(done))
    return 0


def rules(args: argparse.Namespace) -> int:
    """`auditor rules`"""
    from auditor import rulebook

    if args.act == "schema":
        sys.stdout.write(rulebook.schema_text())
        return 0
    if args.act in ("try", "diff"):
        return _trial(args)
    packs = load_packs(args.selectors)
    if args.act == "docs":
        from auditor import rulepages

        for name, page in (made := rulepages.pages(packs)).items():
            atomic_bytes(args.directory / name, page.encode("utf-8", "replace"))
        say(f"{count(len(made), 'page')} written into {args.directory}")
        return 0
    if args.act == "test":
        found, passed = rulebook.tested(packs)
        sys.stdout.write(safe(found))
        if args.timing:
            from auditor import timing

            sys.stdout.write(safe(timing.table(timing.measured(packs), args.limit)))
        return 0 if passed else FAILED
    text = rulebook.listed(packs) if args.act == "list" else rulebook.shown(packs)
    sys.stdout.write(safe(text))
    return 0


def _trial(args: argparse.Namespace) -> int:
    """`auditor rules try` and `auditor rules diff`"""
    from auditor import trial

    asked = [args.old, args.new] if args.act == "diff" else [args.rule]
    packs = [load_packs([selector]) for selector in asked]
    sources = [_as_typed(source) for source in _sources(args)]
    with temporary() as parts:
        folders = [parts / str(number) for number in range(len(packs))]
        runs = [
            trial.Run(some, folder, _run(args, some, _plan(args, folder, lines=True), sources))
            for some, folder in zip(packs, folders, strict=True)
        ]
        tell = trial.tried if args.act == "try" else trial.compared
        for piece in tell(*runs, limit=args.limit, isolate=sys.stdout.isatty()):
            sys.stdout.write(piece)
    return WRONG if any(file.unchecked for run in runs for file in run.files) else 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "audit": audit,
    "check": check,
    "clean": clean,
    "restore": restore,
    "score": score,
    "gate": gate,
    "init": init,
    "rules": rules,
}


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


def _packs(args: argparse.Namespace) -> tuple[Pack, ...]:
    packs = load_packs(args.rules)
    refuse_unknown(args.paths, packs)
    return packs


def _sources(args: argparse.Namespace, output: Sequence[Path] = ()) -> list[Source]:
    """What is to be read. That everything is excluded is no error: hooks name the files that changed."""
    found = expand(args.sources, args.stdin_name, exclude=output)
    kept = included(found, args.exclude, args.root)
    if not kept:
        say(f"auditor: nothing to read: `exclude` leaves out {count(len(found), 'source')}")
    return kept


def _read(args: argparse.Namespace) -> ReadOptions:
    return ReadOptions(args.text_field, args.id_field, args.site_field, args.max_document_size)


def _plan(args: argparse.Namespace, parts: Path, **more: Any) -> Plan:
    return Plan(
        read=_read(args),
        unsafe=args.unsafe,
        utf8=getattr(args, "to_utf8", False),
        parts=parts,
        paths=args.paths,
        root=args.root,
        **more,
    )


def _run(args: argparse.Namespace, packs: Sequence[Pack], plan: Plan, sources: Sequence[Source]) -> list[FileReport]:
    """All reports in order; unchecked documents are named."""
    with progress(args.quiet) as bar:
        files = library.run(packs, plan, sources, args.jobs, bar)
    name_unchecked(files)
    return files


def _code(args: argparse.Namespace, files: Sequence[FileReport]) -> int:
    if any(file.unchecked for file in files):
        return WRONG
    levels = {"error": ("error",), "warning": ("error", "warning")}.get(args.fail_on or "never", ())
    return FAILED if any(file.by_severity[level] for file in files for level in levels) else 0


if __name__ == "__main__":
    raise SystemExit(main())
