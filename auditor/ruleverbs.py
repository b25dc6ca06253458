"""`auditor rules ...`: rules listed, shown, tested, documented, tried on a corpus and compared."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Container, Iterator, Sequence

import msgspec

from auditor import library, rulebook
from auditor.asked import as_typed, plan_of, sources_of
from auditor.console import name_unchecked, progress, put, safe, say
from auditor.errors import ConfigError
from auditor.formats.files import atomic_bytes, temporary
from auditor.model import FileReport, Unchecked
from auditor.packs import load_packs
from auditor.reporters.text import count
from auditor.trial import Run, compared, tried

FAILED, WRONG = 1, 2


def _listed(args: argparse.Namespace) -> int:
    put(safe(rulebook.listed(load_packs(args.selectors))))
    return 0


def _shown(args: argparse.Namespace) -> int:
    put(safe(rulebook.shown(load_packs(args.selectors))))
    return 0


def _tested(args: argparse.Namespace) -> int:
    packs = load_packs(args.selectors)
    found, passed = rulebook.tested(packs)
    put(safe(found))
    if args.timing:
        from auditor import timing

        put(safe(timing.table(timing.measured(packs), args.limit)))
    return 0 if passed else FAILED


def _schema(args: argparse.Namespace) -> int:
    put(rulebook.schema_text())
    return 0


def _documented(args: argparse.Namespace) -> int:
    from auditor import rulepages

    for name, page in (made := rulepages.pages(load_packs(args.selectors))).items():
        atomic_bytes(args.directory / name, page.encode("utf-8", "replace"))
    say(f"{count(len(made), 'page')} written into {args.directory}")
    return 0


def _tried(args: argparse.Namespace) -> int:
    return _over_corpus(args, [args.rule], tried)


def _compared(args: argparse.Namespace) -> int:
    return _over_corpus(args, [args.old, args.new], compared)


def _over_corpus(args: argparse.Namespace, selectors: Sequence[str], tell: Callable[..., Iterator[str]]) -> int:
    """Run each selection of rules over the corpus and tell of what they found there."""
    chosen = [load_packs([selector]) for selector in selectors]
    sources = [as_typed(source) for source in sources_of(args)]
    if len(chosen) > 1 and any(source.path is None for source in sources):
        raise ConfigError("-: standard input can be read only once, and each set of rules reads it; give a file")
    with temporary() as parts:
        runs = []
        for number, packs in enumerate(chosen):
            folder = parts / str(number)
            with progress(args.quiet) as bar:
                files = library.run(packs, plan_of(args, folder, lines=True), sources, args.jobs, advance=bar)
            runs.append(Run(packs, folder, files))
        # What the second set of rules cannot check either was named already.
        known = {one for file in runs[0].files for one in file.unchecked}
        name_unchecked(runs[0].files)
        name_unchecked(_without(known, runs[-1].files))
        for piece in tell(*runs, limit=args.limit, isolate=sys.stdout.isatty()):
            put(piece)
    return WRONG if any(file.unchecked for run in runs for file in run.files) else 0


def _without(known: Container[Unchecked], files: Sequence[FileReport]) -> list[FileReport]:
    """Files with the unchecked documents that are not known."""
    return [
        msgspec.structs.replace(file, unchecked=tuple(one for one in file.unchecked if one not in known))
        for file in files
    ]


def _evaluated(args: argparse.Namespace) -> int:
    from auditor import evalverb

    return evalverb.run(args)


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": _listed,
    "show": _shown,
    "test": _tested,
    "try": _tried,
    "diff": _compared,
    "eval": _evaluated,
    "docs": _documented,
    "schema": _schema,
}
