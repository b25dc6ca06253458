"""`auditor decide`: record, import, list, check, examples."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from auditor import results
from auditor.asked import as_typed, packs_of, plan_of, run_over, sources_of
from auditor.console import put, safe, say
from auditor.decisionfile import FILE, dump, excerpt, load, quoted, read
from auditor.decisions import Decisions, Known, Place, Ruling, Use, place_of
from auditor.errors import ConfigError
from auditor.formats.files import atomic_bytes, temporary
from auditor.merging import merge
from auditor.model import Finding, Metrics
from auditor.ratchet import load_run
from auditor.reporters.text import count

FAILED, WRONG = 1, 2
_Row = TypeVar("_Row")


class _Seen(NamedTuple):
    """A document of a run, its findings, and their lines where they were kept."""

    document: Metrics
    findings: list[tuple[Finding, str | None]]

    @property
    def place(self) -> Place:
        return place_of(self.document.path, self.document.record, self.document.id, self.document.marks)


def record(args: argparse.Namespace) -> int:
    """`auditor decide record`"""
    target = _target(args.output, args)
    rulings = load(target).rulings if target.exists() else ()
    judging = Decisions(rulings=rulings)
    known: list[Known] = []
    with temporary() as parts:
        documents, failed = _documents(args, parts)
        for seen in documents:
            judge = judging.at(seen.place, seen.document.site)
            found: dict[str, dict[str, str]] = {}
            for one, _ in seen.findings:
                if judge.decided(one.rule, one.fingerprint, one.text) != "false-positive":
                    found.setdefault(one.rule, {})[one.fingerprint] = excerpt(one.text)
            if found:
                known.append(Known(place=seen.place, findings=found))
    if failed():
        say(f"auditor decide record: {target} was not written: what could not be checked has no baseline")
        return WRONG
    _write(target, known, rulings)
    total = sum(len(found) for one in known for found in one.findings.values())
    _told(args, f"{count(total, 'known finding')} in {count(len(known), 'document')} recorded in {target}")
    return 0


def import_(args: argparse.Namespace) -> int:
    """`auditor decide import`"""
    target = _target(args.output, args)
    old = load(target) if target.exists() else Decisions()
    new = [ruling for path in args.files for ruling in read(path)[0].rulings]
    merged, conflicts = merge([*old.rulings, *new], args.prefer)
    for conflict in conflicts:
        say(f"conflict: {safe(conflict.told())}")
    if conflicts:
        say(
            f"auditor decide import: {count(len(conflicts), 'conflict')}; {target} was not written. "
            "Settle them in the files, or say whose word holds: --prefer PERSON"
        )
        return FAILED
    _write(target, old.known, merged)
    skipped = sum(ruling.verdict == "skip" for ruling in new)
    said = f"{count(len(new) - skipped, 'verdict')} from {count(len(args.files), 'file')}"
    _told(args, f"{said} ({skipped} skipped): {target} now holds {len(merged)}")
    return 0


def list_(args: argparse.Namespace) -> int:
    """`auditor decide list`"""
    decisions = load(_source(args))
    rules: dict[str, int] = {}
    for one in decisions.known:
        for rule, found in one.findings.items():
            rules[rule] = rules.get(rule, 0) + len(found)
    for rule in sorted(rules):
        if _asked_for(args.rule, rule) and args.person is None:
            put(f"known {safe(rule)}: {count(rules[rule], 'finding')}\n")
    for ruling in decisions.rulings:
        if _asked_for(args.rule, ruling.rule) and args.person in (None, ruling.person):
            put(f"{safe(_line(ruling))}\n")
    return 0


def check(args: argparse.Namespace) -> int:
    """`auditor decide check`"""
    source = _source(args)
    decisions, use = load(source), Use()
    args.decisions = None  # verdicts hide no finding from their own check
    with temporary() as parts:
        documents, failed = _documents(args, parts)
        for seen in documents:
            judge = decisions.at(seen.place, seen.document.site)
            for one, _ in seen.findings:
                judge.decided(one.rule, one.fingerprint, one.text, use)
    gone, idle = decisions.unused(use)
    for known, rule, fingerprint in gone:
        put(f"unused: known {safe(_at(known.place))}: {rule} {fingerprint} {safe(known.findings[rule][fingerprint])}\n")
    for ruling in idle:
        put(f"unused: {safe(_line(ruling))}\n")
    total = len(gone) + len(idle)
    if failed():
        return WRONG
    if args.prune and total:
        _write(source, _kept(decisions, gone), [one for one in decisions.rulings if one not in idle])
        _told(args, f"{_unused(total)} taken out of {source}")
        return 0
    _told(args, f"{_unused(total)} in {source}" if total else f"{source}: all in use")
    return FAILED if total else 0


def examples(args: argparse.Namespace) -> int:
    """`auditor decide examples`"""
    decisions = load(_source(args))
    texts: dict[str, None] = {}
    if args.sources:
        args.decisions = None
        with temporary() as parts:
            documents, _ = _documents(args, parts, lines=True)
            for seen in documents:
                judge = decisions.at(seen.place, seen.document.site)
                for one, line in seen.findings:
                    if one.rule == args.rule and judge.decided(one.rule, one.fingerprint, one.text) == "false-positive":
                        texts[line if line and "\n" not in one.text else one.text] = None
    else:
        false = [one for one in decisions.rulings if one.rule == args.rule and one.verdict == "false-positive"]
        texts = {one.line or one.text: None for one in false if one.line or one.text}
    if not texts:
        say(f"auditor decide examples: no finding of {safe(args.rule)} was judged a false positive")
        return 0
    put("  good:\n" + "".join(f"    - {quoted(text)}\n" for text in texts))
    return 0


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "record": record,
    "import": import_,
    "list": list_,
    "check": check,
    "examples": examples,
}


def _documents(
    args: argparse.Namespace, parts: Path, lines: bool = False
) -> tuple[Iterator[_Seen], Callable[[], bool]]:
    """Documents with their findings, of an audit's folder or of a run made now; and whether any was not checked."""
    out = Path(args.sources[0])
    if len(args.sources) == 1 and not lines and (out / "run.json").is_file():
        report = load_run(out)
        unchecked = any(file.unchecked for file in report.files)
        return _joined(_rows(out / "documents.jsonl", Metrics), _with_none(out / "findings.jsonl")), lambda: unchecked
    packs = packs_of(args)
    args.decisions, kept = None, args.decisions
    sources = [as_typed(source) for source in sources_of(args)]
    files = run_over(args, packs, plan_of(args, parts, lines=lines, judged=True), sources)
    args.decisions = kept
    found = _joined(results.metrics_of(parts, len(files)), results.findings_of(parts, len(files)))
    return found, lambda: any(file.unchecked for file in files)


def _with_none(path: Path) -> Iterator[tuple[Finding, None]]:
    return ((finding, None) for finding in _rows(path, Finding))


def _rows(path: Path, kind: type[_Row]) -> Iterator[_Row]:
    decoder = msgspec.json.Decoder(kind)
    line = 0
    try:
        with path.open("rb") as rows:
            for line, row in enumerate(rows, 1):  # noqa: B007  # the error names it
                yield decoder.decode(row)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}:{line}: is not what an audit wrote: {str(error)[:200]}") from None


def _joined(documents: Iterable[Metrics], findings: Iterable[tuple[Finding, str | None]]) -> Iterator[_Seen]:
    """Each document with its findings: both stand in the order of files and records."""
    waiting = iter(findings)
    following = next(waiting, None)
    for document in documents:
        found = []
        while following is not None and (following[0].path, following[0].record) == (document.path, document.record):
            found.append(following)
            following = next(waiting, None)
        yield _Seen(document, found)


def _kept(decisions: Decisions, gone: Iterable[tuple[Known, str, str]]) -> list[Known]:
    """Known findings without those that are gone."""
    out = {(id(one), rule, fingerprint) for one, rule, fingerprint in gone}
    kept = []
    for one in decisions.known:
        findings = {
            rule: {name: text for name, text in found.items() if (id(one), rule, name) not in out}
            for rule, found in one.findings.items()
        }
        if findings := {rule: found for rule, found in findings.items() if found}:
            kept.append(Known(place=one.place, findings=findings))
    return kept


def _source(args: argparse.Namespace) -> Path:
    return args.decisions or Path(FILE)


def _target(given: Path | None, args: argparse.Namespace) -> Path:
    return given or args.decisions or Path(FILE)


def _write(path: Path, known: Iterable[Known], rulings: Iterable[Ruling]) -> None:
    atomic_bytes(path, dump(list(known), list(rulings)).encode("utf-8"))


def _told(args: argparse.Namespace, text: str) -> None:
    if not getattr(args, "quiet", False):
        say(f"auditor decide {args.act}: {safe(text)}")


def _unused(number: int) -> str:
    return f"{number:,} unused {'entry' if number == 1 else 'entries'}"


def _asked_for(wanted: str | None, rule: str) -> bool:
    return wanted in (None, rule, rule.partition("/")[0])


def _at(place: Place) -> str:
    return place.path if not place.record else f"{place.path}[{place.record}]"


def _line(ruling: Ruling) -> str:
    where = {
        "here": _at(ruling.place) if ruling.place else "here",
        "site": ruling.site or "",
        "everywhere": "everywhere",
    }
    by = " ".join(part for part in (ruling.person, ruling.date) if part)
    note = f": {ruling.note}" if ruling.note else ""
    told = f"{ruling.verdict} {ruling.rule} {ruling.fingerprint} {ruling.text[:60]!r} ({where[ruling.scope]})"
    return f"{told}{' by ' + by if by else ''}{note}"
