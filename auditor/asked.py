"""What the flags of a command ask for: packs, sources, a plan, and the run over them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from auditor import library
from auditor.console import name_unchecked, progress, safe, say
from auditor.errors import ConfigError
from auditor.formats import ReadOptions
from auditor.formats.files import sweep
from auditor.formats.schemas import check
from auditor.formats.sources import Source, expand, told
from auditor.gatesection import GateConfig
from auditor.model import FileReport, RunReport
from auditor.packs import Pack, load_packs
from auditor.pipeline import Plan
from auditor.places import included, refuse_unknown
from auditor.ratchet import Ratchet, compare, load_run
from auditor.reporters.text import count


def spare(sources: Sequence[Source], targets: Iterable[Path | None]) -> None:
    """Refuse to write over what is read; what a killed run left beside a target goes."""
    for target in targets:
        if target is None:
            continue
        if target.exists() and any(source.path is not None and target.samefile(source.path) for source in sources):
            raise ConfigError(f"{target}: is one of the sources; write to another file")
        sweep(target.parent, deep=False)


def as_typed(source: Source) -> Source:
    """Called as a person here would name it: by its path from this folder, where it lies below it."""
    if source.path is None or not source.path.is_relative_to(Path.cwd()):
        return source
    return Source(path=source.path, name=told(source.path.relative_to(Path.cwd()).as_posix()))


def packs_of(args: argparse.Namespace) -> tuple[Pack, ...]:
    """The rules of a run; those that the configuration names by path must be among them."""
    packs = load_packs(args.rules)
    refuse_unknown(args.paths, packs)
    return packs


def sources_of(args: argparse.Namespace, output: Sequence[Path] = ()) -> list[Source]:
    """What is to be read. That everything is excluded is no error: hooks name the files that changed."""
    found = expand(args.sources, args.stdin_name, exclude=output)
    kept = included(found, args.exclude, args.root)
    if not kept:
        say(f"auditor: nothing to read: `exclude` leaves out {count(len(found), 'source')}")
    return kept


def reading_of(args: argparse.Namespace) -> ReadOptions:
    """How records are read."""
    sizes = args.max_document_size, args.max_file_size
    return ReadOptions(args.text_field, args.id_field, args.site_field, *sizes, check(args.schema))


def decisions_of(args: argparse.Namespace) -> Path | None:
    """The file of decisions, if there is one; what is wrong with it is said before anything runs."""
    if args.decisions is not None:
        from auditor.decisionfile import load  # it needs yaml, which most runs do not

        load(args.decisions)
    return args.decisions  # type: ignore[no-any-return]


def ratchet_of(args: argparse.Namespace, report: Callable[[], RunReport]) -> Ratchet | None:
    """What got worse than the run of --no-worse-than; it is said."""
    if args.no_worse_than is None:
        return None
    section: GateConfig = args.gate
    than = load_run(args.no_worse_than)
    found = compare(report(), than, str(args.no_worse_than), section.no_worse_by, section.tolerance)
    for line in [*found.told().splitlines(), *(f"note: {note}" for note in found.notes)]:
        say(f"auditor: {safe(line)}")
    return found


def plan_of(args: argparse.Namespace, parts: Path, **more: Any) -> Plan:
    """What is to be done; ``parts`` is the folder for the parts of the run, ``more`` what the verb adds."""
    return Plan(
        read=reading_of(args),
        unsafe=args.unsafe,
        utf8=getattr(args, "to_utf8", False),
        parts=parts,
        paths=args.paths,
        root=args.root,
        decisions=decisions_of(args),
        **more,
    )


def run_over(
    args: argparse.Namespace, packs: Sequence[Pack], plan: Plan, sources: Sequence[Source]
) -> Sequence[FileReport]:
    """All reports in order; unchecked documents are named."""
    with progress(args.quiet) as bar:
        files = library.run(packs, plan, sources, args.jobs, advance=bar)
    name_unchecked(files)
    return files
