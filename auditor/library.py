"""auditor from Python: the functions that `import auditor` offers. The command calls the same ones."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, overload

import msgspec

from auditor import __version__, filereports, reporting, results
from auditor.check import Engine
from auditor.clean import Cleaned as Done
from auditor.clean import clean as clean_documents
from auditor.errors import AuditorError, ConfigError
from auditor.formats import ReadOptions
from auditor.formats.files import atomic_bytes, sweep
from auditor.formats.sources import Source, expand, size_of
from auditor.kinds.site import asked
from auditor.model import Document, Edit, FileReport, Finding, RunReport, Unchecked
from auditor.packs import Pack, load_packs
from auditor.packset import refuse_twins
from auditor.pipeline import BATCH, Item, Plan
from auditor.places import PathRule, included, refuse_unknown
from auditor.runners import local
from auditor.survey import survey
from auditor.surveying import surveyed

Text = str | Document
Given = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
Selection = str | os.PathLike[str] | Pack | Iterable[str | os.PathLike[str] | Pack] | None
Progress = Callable[[FileReport, int], None]
Advance = Callable[[int, int], None]

_PARTS = ".parts"  # in a folder of results, while the run goes on
_KEPT = 4  # engines; preparing one takes longer than checking a page
_engines: list[tuple[tuple[Pack, ...], Engine]] = []


class Cleaned(msgspec.Struct, frozen=True, kw_only=True):
    """What `clean` made of one text.

    ``edits`` are sorted and disjoint, half-open code points of the original text; made there, they give ``text``.
    ``findings`` stand in the original text, ``remaining`` in the cleaned one. A text that could not be checked
    comes back as it was, with the reason in ``unchecked``.
    """

    text: str
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]
    remaining: tuple[Finding, ...]
    unchecked: str | None


class UncheckedError(AuditorError):
    """Documents that could not be checked: ``unchecked`` names them, ``findings`` are those of the others."""

    def __init__(self, unchecked: Sequence[Unchecked], findings: Sequence[Finding]) -> None:
        first = unchecked[0]
        more = f" (and {len(unchecked) - 1} more)" if len(unchecked) > 1 else ""
        super().__init__(f"document {first.path or first.record}: not checked: {first.reason}{more}")
        self.unchecked, self.findings = tuple(unchecked), list(findings)


def audit(
    sources: Given,
    output: str | os.PathLike[str] = "audit-out",
    *,
    packs: Selection = None,
    unsafe: bool = False,
    to_utf8: bool = False,
    jobs: int = 1,
    read: ReadOptions | None = None,
    exclude: Sequence[str] = (),
    paths: Sequence[PathRule] = (),
    root: str | os.PathLike[str] | None = None,
    decisions: str | os.PathLike[str] | None = None,
    stdin_name: str | None = None,
    sarif: bool = False,
    progress: Progress | None = None,
    advance: Advance | None = None,
) -> RunReport:
    """Check and clean files into the folder ``output``, as `auditor audit` does; the report is that of run.json.

    ``sources`` are files, folders, globs or ``-``. ``packs`` are packs or what ``--rules`` takes (default: all that
    ship). ``to_utf8`` writes cleaned copies in UTF-8 instead of the original's encoding. ``jobs`` counts processes.
    ``read`` names the fields of records and the most bytes of a document. ``exclude`` and ``paths`` hold patterns of
    paths from ``root`` (default: the current folder). ``decisions`` is a file of known findings and verdicts
    (docs/decisions.md): false positives are not fixed. ``sarif`` writes report.sarif, too. ``progress`` is called with
    each file's report and the number of files, ``advance``, now and then, with the bytes read so far and those of all
    files (twice, where they are read twice). The files' ``unchecked`` name documents that could not be checked.

    Raises ConfigError for sources, names and paths that give nothing, PackError for a broken pack.
    """
    started, chosen = time.perf_counter(), _packs(packs)
    out, base = Path(output), Path(os.path.abspath(root or "."))
    refuse_unknown(paths, chosen)
    sources = _named(sources)  # it may be an iterator
    found = _sources(sources, stdin_name, out, exclude, base)
    choices = {"unsafe": unsafe, "utf8": to_utf8, "lines": sarif, "paths": tuple(paths), "root": base}
    plan = _into(out, decisions, read=read or ReadOptions(), **choices)
    sweep_output(out)
    files = run(chosen, plan, found, jobs, progress, advance)
    report = results.run_report(__version__, chosen, _options(packs, plan, exclude, sarif), files)
    results.write(report, plan.parts, out, reporting.context(chosen, found, files) if sarif else None)
    _note(out / "timings.json", time.perf_counter() - started, sources)
    return report


def _sources(given: Given, stdin_name: str | None, out: Path, exclude: Sequence[str], root: Path) -> list[Source]:
    found = included(expand(_named(given), stdin_name, exclude=[out]), exclude, root)
    if not found:
        raise ConfigError(f"nothing to audit: `exclude` ({', '.join(exclude)}) leaves every source out")
    return found


def _named(given: Given) -> list[str]:
    return [os.fspath(one) for one in ([given] if isinstance(given, str | os.PathLike) else given)]


def _into(out: Path, decisions: str | os.PathLike[str] | None, **choices: Any) -> Plan:
    """An audit's plan: everything into the folder ``out``; ConfigError for decisions that cannot be read."""
    if decisions is not None:
        from auditor.decisionfile import load  # it needs yaml, which most runs do not

        load(Path(decisions))  # what is wrong with it is said before anything runs
    return Plan(
        parts=out / _PARTS,
        cleaned=out / "cleaned",
        patches=out / "patches",
        reports=out / "reports",
        decisions=None if decisions is None else Path(decisions),
        judged=True,
        texts=True,
        **choices,
    )


def sweep_output(out: Path) -> None:
    """Take away what killed runs left unfinished in a folder of results."""
    shutil.rmtree(out / _PARTS, ignore_errors=True)
    sweep(out, deep=False)
    for name in ("cleaned", "patches", "reports"):
        sweep(out / name)


def _note(path: Path, seconds: float, sources: Given) -> None:
    """What no two runs need have in common: the time, and how the sources were called from where it ran."""
    finished = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    called = [os.fsencode(source).decode("utf-8", "replace") for source in _named(sources)]
    noted = {"seconds": round(seconds, 3), "finished": finished, "sources": called}
    atomic_bytes(path, msgspec.json.encode(noted) + b"\n")


def run(
    packs: Sequence[Pack],
    plan: Plan,
    sources: Sequence[Source],
    jobs: int = 1,
    progress: Progress | None = None,
    advance: Advance | None = None,
) -> filereports.FileReports:
    """Reports of all sources in order; ``progress`` hears of each, ``advance`` of the bytes read and those of all."""
    files = filereports.FileReports()
    items = [Item(number, source) for number, source in enumerate(sources)]
    whole = sum(map(size_of, sources)) if advance else 0
    tell: Advance = advance or (lambda read, whole: None)
    with surveyed(packs, plan, items, jobs, lambda read: tell(read, 2 * whole)) as known:
        before = whole if known.survey else 0
        for file in local.run(packs, known, items, jobs, lambda read: tell(before + read, before + whole)):
            files.append(file)
            if progress is not None:
                progress(file, len(sources))
    return files


def check(texts: Text | Iterable[Text], packs: Selection = None, *, unsafe: bool = False) -> list[Finding]:
    """Findings in a text, a document, or several of them, sorted by document, start, end and rule.

    Spans are half-open code points of the text. Texts given in an iterable are told apart by ``record``, which counts
    them from 0; documents keep the path and record they have. ``packs`` are packs or what ``--rules`` takes (default:
    all that ship). With ``unsafe`` fixes that show only after unsafe ones are announced, too.

    Raises UncheckedError, which holds the findings of the others, if a document could not be checked; PackError or
    ConfigError for rules that cannot be used.
    """
    findings: list[Finding] = []
    unchecked: list[Unchecked] = []
    for done in _cleaned(_documents(texts), packs, unsafe):
        findings += done.checked.findings
        unchecked += [done.checked.unchecked] if done.checked.unchecked is not None else []
    if unchecked:
        raise UncheckedError(unchecked, findings)
    return findings


@overload
def clean(texts: Text, packs: Selection = None, *, unsafe: bool = False) -> Cleaned: ...  # type: ignore[overload-overlap]
@overload
def clean(texts: Iterable[Text], packs: Selection = None, *, unsafe: bool = False) -> list[Cleaned]: ...
def clean(texts: Text | Iterable[Text], packs: Selection = None, *, unsafe: bool = False) -> Cleaned | list[Cleaned]:
    """A text, a document, or several of them after their safe fixes (with ``unsafe``: those, too), with the edits.

    One text or document gives one `Cleaned`, an iterable gives a list in its order. Raises PackError or ConfigError
    for rules that cannot be used.
    """
    found = [
        Cleaned(
            text=done.text,
            edits=done.edits,
            findings=tuple(done.checked.findings),
            remaining=done.remaining,
            unchecked=done.checked.unchecked.reason if done.checked.unchecked is not None else None,
        )
        for done in _cleaned(_documents(texts), packs, unsafe)
    ]
    return found[0] if isinstance(texts, str | Document) else found


def _documents(texts: Text | Iterable[Text]) -> Iterator[Document]:
    for number, text in enumerate([texts] if isinstance(texts, str | Document) else texts):
        if not isinstance(text, str | Document):
            raise TypeError(f"a text is a str or an auditor.Document, not {type(text).__name__}")
        yield text if isinstance(text, Document) else Document(text=text, record=number)


def _cleaned(documents: Iterable[Document], packs: Selection, unsafe: bool) -> Iterator[Done]:
    """Documents cleaned in groups of about `BATCH` code points; those given together make the sites that rules see."""
    engine = _engine(_packs(packs))
    if wanted := asked(engine.rules):
        documents = list(documents)
        engine = engine.informed(survey(documents, wanted))
    group: list[Document] = []
    size = 0
    for document in documents:
        group.append(document)
        size += len(document.text)
        if size >= BATCH:
            yield from clean_documents(engine, group, unsafe)
            group, size = [], 0
    if group:
        yield from clean_documents(engine, group, unsafe)


def _packs(packs: Selection) -> tuple[Pack, ...]:
    given = _given(packs)
    ready = tuple(one for one in given if isinstance(one, Pack))
    selectors = [os.fspath(one) for one in given if not isinstance(one, Pack)]
    if not given:
        return _shipped()
    both = (*ready, *(load_packs(selectors) if selectors else ()))
    refuse_twins(both)
    return both


@cache
def _shipped() -> tuple[Pack, ...]:
    return load_packs()


def _given(packs: Selection) -> list[str | os.PathLike[str] | Pack]:
    if packs is None:
        return []
    return [packs] if isinstance(packs, str | os.PathLike | Pack) else list(packs)


def _options(packs: Selection, plan: Plan, exclude: Sequence[str], sarif: bool) -> dict[str, Any]:
    """What a run was asked for, as far as it bears on its results."""
    rules = [one.name if isinstance(one, Pack) else os.fspath(one) for one in _given(packs)]
    found = {"rules": rules, "unsafe": plan.unsafe, "to_utf8": plan.utf8, **msgspec.structs.asdict(plan.read)}
    if plan.read.max_file_size is None:
        del found["max_file_size"]
    if exclude:
        found["exclude"] = list(exclude)
    if sarif:
        found["sarif"] = True
    if plan.paths:
        found["paths"] = [
            {"match": rule.match, "off": rule.off, "severity": rule.severity, **({"ids": rule.ids} if rule.ids else {})}
            for rule in plan.paths
        ]
    if plan.decisions is not None:
        found["decisions"] = sha256(plan.decisions.read_bytes()).hexdigest()
    return found


def _engine(packs: tuple[Pack, ...]) -> Engine:
    for known, engine in _engines:
        if known == packs:
            return engine
    engine = Engine(packs)
    _engines.insert(0, (packs, engine))
    del _engines[_KEPT:]
    return engine
