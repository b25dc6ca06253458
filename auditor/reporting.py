"""What machine formats tell besides findings: facts of rules with their measured precision, and places of files."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from auditor import __version__, linehash
from auditor.errors import AuditorError
from auditor.formats import format_of
from auditor.formats.sources import Source
from auditor.kinds import AnyRule
from auditor.measured import Measure, measures, told
from auditor.model import Confidence, FileReport
from auditor.packs import Pack
from auditor.reporters.context import Context, Places, RuleFacts

_ENOUGH = 20  # judged findings of a rule, from which on its measured precision counts
_LEVELS: tuple[tuple[float, Confidence], ...] = ((0.98, "very-high"), (0.9, "high"), (0.7, "medium"), (0.0, "low"))


def context(packs: Sequence[Pack], sources: Sequence[Source], files: Sequence[FileReport]) -> Context:
    """What reports are told of a run."""
    return Context(version=__version__, rule_of=facts_of(packs), places=places_of(sources), files=files)


def facts_of(packs: Sequence[Pack]) -> Callable[[str], RuleFacts | None]:
    """What is told of the rules of these packs, by id; the table of measures is read when first asked for."""

    @cache
    def known() -> tuple[dict[str, AnyRule], dict[str, Measure]]:
        return {rule.id: rule for pack in packs for rule in pack.rules}, measures(packs)

    def found(name: str) -> RuleFacts | None:
        rules, measured = known()
        return _facts(rules[name], measured.get(name)) if name in rules else None

    return found


def _facts(rule: AnyRule, measure: Measure | None) -> RuleFacts:
    return RuleFacts(
        id=rule.id,
        category=rule.category,
        severity=rule.severity,
        message=rule.message,
        about=rule.about,
        link=rule.link,
        precision=precision(rule.confidence, measure),
        measured=told(measure),
        bad=tuple((bad.text, bad.fixed) for bad in rule.bad),
        good=rule.good,
    )


def precision(confidence: Confidence, measure: Measure | None) -> Confidence:
    """How sure a rule is: by its measured share of right findings where enough were judged since its last change."""
    if measure is None or not measure.current or measure.right + measure.wrong < _ENOUGH:
        return confidence
    share = measure.precision.value
    return next(level for least, level in _LEVELS if share >= least)


def places_of(sources: Sequence[Source], root: Path | None = None) -> Places:
    """Where these sources lie: called by their paths from ``root`` (default: this folder) where they lie below it."""
    base = Path.cwd() if root is None else root
    paths = {source.name: source.path for source in sources}

    def shown(name: str) -> str:
        path = paths.get(name)
        return path.relative_to(base).as_posix() if path is not None and path.is_relative_to(base) else name

    def looked(look: Callable[[Path, Collection[int]], Mapping[int, object]]) -> Callable[..., Mapping[int, object]]:
        def of(name: str, lines: Collection[int]) -> Mapping[int, object]:
            path = paths.get(name)
            if format_of(name) not in ("txt", "jsonl", "ndjson"):  # what is read of them are no lines of the file
                return {}
            if path is not None and os.path.isfile(path):  # a pipe cannot be read twice
                with suppress(OSError, AuditorError):
                    return look(path, lines)
            return {}

        return of

    return Places(shown=shown, hashes=looked(linehash.hashes), widths=looked(linehash.widths))  # type: ignore[arg-type]
