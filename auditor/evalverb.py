"""`auditor rules eval`: labelled text, a sample to judge or a judged sheet in; figures and a renewed table out."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from auditor import evaluation, library, measured, scorecard, sheets
from auditor.asked import as_typed, packs_of, plan_of, sources_of
from auditor.console import name_unchecked, output, progress, safe, say
from auditor.errors import ConfigError
from auditor.evaluation import Evaluation
from auditor.formats import ReadOptions, format_of
from auditor.formats.files import atomic_bytes, temporary
from auditor.formats.sources import Source
from auditor.model import FileReport
from auditor.packs import Pack
from auditor.pipeline import Plan
from auditor.reporters.text import count
from auditor.results import findings_in, findings_of

_WRONG = 2
_TOLD = 20  # bad rows that are named, a file each


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; returns the exit code."""
    packs = packs_of(args)
    if args.judged is not None and not args.sample:
        return _judged(args, packs)
    if not args.sources:
        raise ConfigError("say what to measure on: GOLD files, or --judged SHEET")
    sources = [as_typed(source) for source in sources_of(args)]
    with temporary() as folder:
        plan = plan_of(args, folder, lines=True)
        if args.sample:
            return _sampled(args, packs, sources, plan)
        return _evaluated(args, packs, sources, folder, plan)


def _evaluated(
    args: argparse.Namespace, packs: Sequence[Pack], sources: Sequence[Source], folder: Path, plan: Plan
) -> int:
    _refuse_others(sources)
    options = ReadOptions(site_field="site", max_document_size=plan.read.max_document_size)
    plan = msgspec.structs.replace(plan, read=options, paths=())  # the corpus is ours, made from the labels
    corpora, bad = [], False
    for number, source in enumerate(sources):
        target = folder / f"{number}.jsonl"
        wrong = evaluation.prepare(source, target, args.all_content)
        _tell([f"{source.name}:{row}: {reason}" for row, reason in wrong], source.name)
        bad = bad or bool(wrong)
        corpora.append(Source(path=target, name=source.name.removesuffix(".gz").removesuffix(".zst")))
    files = _run(args, packs, plan, corpora)
    found = Evaluation((rule.id for pack in packs for rule in pack.rules), args.unsafe, args.limit)
    for number, source in enumerate(sources):
        found.file(source.name, evaluation.read(source, args.all_content), findings_in(plan.parts, number))
    told = {"text": scorecard.text, "markdown": scorecard.markdown, "json": scorecard.as_json}
    _write(args, told[args.format](found))
    bad = bad or any(file.unchecked for file in files)
    if args.update is not None:
        sets = {evaluation.set_name(source.name) for source in sources}
        _update(args, packs, [] if bad else list(_rows(found, packs)), sets, bad)
    return _WRONG if bad else 0


def _refuse_others(sources: Sequence[Source]) -> None:
    names: dict[str, str] = {}
    for source in sources:
        if source.path is None or format_of(source.name) not in ("jsonl", "ndjson"):
            raise ConfigError(f"{source.name}: labelled text is a .jsonl file, plain, .gz or .zst")
        name = evaluation.set_name(source.name)
        if name in names:
            raise ConfigError(f"{source.name} and {names[name]} are both called {name!r}; rename one of them")
        names[name] = source.name


def _sampled(args: argparse.Namespace, packs: Sequence[Pack], sources: Sequence[Source], plan: Plan) -> int:
    before = sheets.judged(args.judged) if args.judged is not None else None
    files = _run(args, packs, plan, sources)
    drawn, totals = sheets.draw(findings_of(plan.parts, len(files)), args.sample, args.seed)
    _write(args, [sheets.sheet(drawn, totals, before.rows if before else None)])
    if args.output and not args.quiet:
        say(
            f"{count(len(drawn), 'finding')} of {count(len(totals), 'rule')} in {args.output}: write right, wrong or "
            f"unsure into the column verdict, then: auditor rules eval --judged {args.output}"
        )
    return _WRONG if any(file.unchecked for file in files) else 0


def _judged(args: argparse.Namespace, packs: Sequence[Pack]) -> int:
    if args.sources:
        raise ConfigError("--judged reads a sheet alone; leave GOLD out, or draw from a corpus with --sample")
    verdicts, _, bad = sheets.judged(args.judged)
    known = {rule.id: measured.version(rule) for pack in packs for rule in pack.rules}
    bad += [f"{args.judged}: {rule}: no such rule in these packs" for rule in verdicts if rule not in known]
    _tell(bad, str(args.judged))
    told = {"text": scorecard.judged_text, "markdown": scorecard.judged_markdown, "json": scorecard.judged_json}
    _write(args, told[args.format](verdicts))
    if args.update is not None:
        name = evaluation.set_name(str(args.judged))
        rows = [
            measured.Row(rule, known[rule], name, one.right, one.wrong, one.unsure, 0)
            for rule, one in verdicts.items()
            if rule in known
        ]
        _update(args, packs, rows, {name}, bool(bad))
    return _WRONG if bad else 0


def _run(
    args: argparse.Namespace, packs: Sequence[Pack], plan: Plan, sources: Sequence[Source]
) -> Sequence[FileReport]:
    with progress(args.quiet) as bar:
        files = library.run(packs, plan, sources, args.jobs, advance=bar)
    name_unchecked(files)
    return files


def _rows(found: Evaluation, packs: Sequence[Pack]) -> Iterator[measured.Row]:
    """What goes into the table: a row a rule and set, where anything was judged."""
    for rule in (rule for pack in packs for rule in pack.rules):
        score = found.scores[rule.id]
        for name, counts in sorted(score.sets.items()):
            right, wrong, neutral = (counts[judgement] for judgement in ("right", "wrong", "neutral"))
            if right + wrong + neutral:
                sites = len(score.set_sites[name])
                yield measured.Row(rule.id, measured.version(rule), name, right, wrong, neutral, sites)


def _update(
    args: argparse.Namespace, packs: Sequence[Pack], rows: Sequence[measured.Row], sets: set[str], bad: bool
) -> None:
    if bad:
        say(f"auditor: {args.update} stays as it was: not everything could be used")
        return
    versions = {rule.id: measured.version(rule) for pack in packs for rule in pack.rules}
    table = measured.renewed(measured.read(args.update), rows, versions, sets)
    atomic_bytes(args.update, measured.text_of(table).encode())
    if not args.quiet:
        say(f"{count(len(rows), 'row')} of {len(table):,} new in {args.update}")


def _write(args: argparse.Namespace, pieces: Iterable[str]) -> None:
    with output(args.output) as out:
        for piece in pieces:
            out.write(piece)


def _tell(bad: Sequence[str], name: str) -> None:
    for one in bad[:_TOLD]:
        say(f"auditor: not used: {safe(one)}")
    if len(bad) > _TOLD:
        say(f"auditor: not used: {safe(name)}: {len(bad) - _TOLD:,} more rows")
