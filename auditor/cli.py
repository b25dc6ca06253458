"""argv -> pipeline -> exit code; beside `console`, which it speaks through, the only module that prints or exits."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from auditor import __version__, config, library, options, reporting, results
from auditor.asked import as_typed, packs_of, plan_of, ratchet_of, reading_of, run_over, sources_of, spare
from auditor.console import (
    close,
    color,
    diff,
    format_named,
    name_unchecked,
    progress,
    report,
    safe,
    say,
)
from auditor.errors import AuditorError, ConfigError, told
from auditor.formats import ReadOptions, page_name
from auditor.formats.files import sweep, temporary
from auditor.model import FileReport, RunReport
from auditor.reporters.text import count, share
from auditor.restore import restore_folder
from auditor.sound import encode

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
        say(f"auditor {args.verb}: {safe(told(error))}")
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
        args.fail_on_given = getattr(args, "fail_on", None) is not None
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
            read=reading_of(args),
            exclude=args.exclude,
            paths=args.paths,
            root=args.root,
            decisions=args.decisions,
            stdin_name=args.stdin_name,
            sarif=args.sarif,
            advance=bar,
        )
    name_unchecked(found.files)
    totals = found.totals
    close(
        args,
        f"{totals.verdict}: {count(totals.findings, 'finding')} in {count(totals.documents, 'document')}, "
        f"{totals.fixed} fixed, {share(totals.characters_deleted, totals.characters)} of the text deleted; "
        f"open {out / 'report.html'} or {out / 'summary.md'}",
    )
    return _code(args, found.files, lambda: found)


def check(args: argparse.Namespace) -> int:
    """`auditor check`"""
    formats = [format_named(text) for text in args.format or ["full"]]
    packs = packs_of(args)
    sources = [as_typed(source) for source in sources_of(args)]
    spare(sources, [path for _, path in formats])
    with temporary() as parts:
        plan = plan_of(args, parts, lines=any(name in ("full", "sarif") for name, _ in formats))
        files = run_over(args, packs, plan, sources)
        about = reporting.context(packs, sources, files)
        for name, path in formats:
            report(name, path, parts, len(files), about)
    return _code(args, files, lambda: results.run_report(__version__, packs, {}, files))


def clean(args: argparse.Namespace) -> int:
    """`auditor clean`"""
    packs = packs_of(args)
    if args.in_place != (args.patches is not None):
        raise ConfigError("--in-place and --patches DIR go together: the patches are the way back")
    if not (args.output or args.diff or args.in_place):
        raise ConfigError("say where to: -o DIR, --diff, or --in-place --patches DIR")
    sources = sources_of(args, [path for path in (args.output, args.patches) if path is not None])
    if args.in_place:
        sources = [as_typed(source) for source in sources]
    if args.in_place and any(source.path is None for source in sources):
        raise ConfigError("standard input cannot be cleaned in place; use -o DIR")
    with temporary() as parts:
        out: Path = args.output or parts / "out"
        patches: Path = args.patches or out / "patches"
        plan = plan_of(args, parts, cleaned=out / "cleaned", patches=patches, in_place=args.in_place)
        if args.in_place:
            sweep(patches)
            for folder in {source.path.parent for source in sources if source.path}:
                sweep(folder, deep=False)
        elif args.output:
            library.sweep_output(out)
        files = run_over(args, packs, plan, sources)
        if args.diff:
            for source, file in zip(sources, files, strict=True):
                diff(source, out, file, plan.read)
    fixed, changed = sum(file.fixed for file in files), sum(file.fixed > 0 for file in files)
    where = "in place" if args.in_place else "shown only" if args.diff else str(args.output / "cleaned")
    close(args, f"{fixed} fixed in {changed} of {count(len(files), 'file')}: {where}")
    return _code(args, files, lambda: results.run_report(__version__, packs, {}, files))


def restore(args: argparse.Namespace) -> int:
    """`auditor restore`"""
    given = {"max_document_size": args.max_document_size, "max_file_size": args.max_file_size}
    bounds = ReadOptions(**{name: most for name, most in given.items() if most is not None})
    names = restore_folder(args.directory, args.output, args.force, args.cleaned, bounds)
    pages = " (of pages the text as extracted)" if any(map(page_name, names)) else ""
    close(args, f"{count(len(names), 'original')} restored into {args.output}, verified{pages}")
    return 0


def score(args: argparse.Namespace) -> int:
    """`auditor score`"""
    from auditor import figurefiles  # no other verb needs it

    targets = figurefiles.targets(args.format, args.output)
    packs = packs_of(args)
    sources = [as_typed(source) for source in sources_of(args)]
    spare(sources, [path for _, path in targets])
    with temporary() as parts:
        files = run_over(args, packs, plan_of(args, parts, judged=True), sources)
        for name, path in targets:
            figurefiles.WRITERS[name](path, results.metrics_of(parts, len(files)))
    return _code(args, files, lambda: results.run_report(__version__, packs, {}, files))


def gate(args: argparse.Namespace) -> int:
    """`auditor gate`"""
    from auditor import gate as gates  # it alone needs the extra

    asked = gates.asked(args.gate, args.root, args.suite, args.no_worse_than, args.decisions)
    result = gates.gate(args.directory, asked, args.data_docs)
    if args.format == "json":
        sys.stdout.write(msgspec.json.format(encode(result), indent=2).decode() + "\n")
    elif not args.quiet or not result.passed:
        sys.stdout.write(gates.render(result, color=color(sys.stdout), isolate=sys.stdout.isatty()))
    return 0 if result.passed else FAILED


def decide(args: argparse.Namespace) -> int:
    """`auditor decide`"""
    from auditor import decideverb

    return decideverb.ACTS[args.act](args)


def init(args: argparse.Namespace) -> int:
    """`auditor init`"""
    from auditor import starter

    done = starter.start(args.directory, args.force)
    sys.stdout.write(safe(done))
    return 0


def rules(args: argparse.Namespace) -> int:
    """`auditor rules`"""
    from auditor import ruleverbs  # most of what it needs no other verb does

    return ruleverbs.ACTS[args.act](args)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "audit": audit,
    "check": check,
    "clean": clean,
    "restore": restore,
    "score": score,
    "gate": gate,
    "decide": decide,
    "init": init,
    "rules": rules,
}


def _code(args: argparse.Namespace, files: Sequence[FileReport], run: Callable[[], RunReport]) -> int:
    worse = ratchet_of(args, run)
    if any(file.unchecked for file in files):
        return WRONG
    if worse is not None and not args.fail_on_given:  # nothing else was asked for
        return FAILED if worse.worse else 0
    levels = {"error": ("error",), "warning": ("error", "warning")}.get(args.fail_on or "never", ())
    new = any(file.by_severity[level] > file.known.get(level, 0) for file in files for level in levels)
    return FAILED if new or (worse is not None and worse.worse) else 0


if __name__ == "__main__":
    raise SystemExit(main())
