"""What a gate is asked to go by, from its section of the configuration and from flags."""

from __future__ import annotations

from pathlib import Path

import msgspec

from auditor.budgets import add_figures, counts_findings
from auditor.counts import Counts
from auditor.decisionfile import load
from auditor.gate_result import Columns
from auditor.gatesection import Budget, GateConfig
from auditor.ratchet import By, Ratchet, compare, load_run
from auditor.suites import Entry, entry_of


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a gate goes by: a suite, budgets, expectations (with their places), a ratchet, decisions."""

    suite: Path | None = None  # None: the one that ships
    no_suite: bool = False
    budgets: tuple[Budget, ...] = ()
    expectations: tuple[Entry, ...] = ()
    no_worse_than: Path | None = None
    by: By = "category"
    tolerance: float = 0.0
    decisions: Path | None = None


def asked(section: GateConfig, root: Path, suite: Path | None, than: Path | None, decisions: Path | None) -> Asked:
    """The configured section, outranked by what the flags name. GateError for expectations that are none."""
    named = section.suite not in ("default", "none")
    worse = root / section.no_worse_than if section.no_worse_than else None
    return Asked(
        suite=suite or (root / section.suite if named else None),
        no_suite=suite is None and section.suite == "none",
        budgets=section.budgets,
        expectations=tuple(entry_of(item, where) for item, where in section.expectations),
        no_worse_than=than or worse,
        by=section.no_worse_by,
        tolerance=section.tolerance,
        decisions=decisions,
    )


def ratchet(wish: Asked, source: Path) -> Ratchet | None:
    """The comparison with a recorded run, where one is named."""
    if wish.no_worse_than is None:
        return None
    now, then = load_run(source.parent / "run.json"), load_run(wish.no_worse_than)
    return compare(now, then, str(wish.no_worse_than), wish.by, wish.tolerance)


def count(wish: Asked, held: Ratchet | None, source: Path, columns: Columns) -> Counts | None:
    """Findings of documents, where anything needs them; with decisions the columns that count them follow."""
    path = source.parent / "findings.jsonl"
    bounded, worse = counts_findings(wish.budgets), bool(held and held.worse)
    # Without the file the ratchet still holds, it only cannot say where things got worse.
    if not (bounded or wish.decisions or (worse and path.exists())):
        return None
    decisions = load(wish.decisions) if wish.decisions else None
    found = Counts(path, columns, decisions)
    if decisions is not None:
        for name, of in (("findings", None), ("errors", "error"), ("warnings", "warning")):
            columns[name] = found.of(of)
        new = columns["findings"]
        columns["known"] = [every - one for every, one in zip(found.of(None, known=True), new, strict=True)]
        add_figures(columns)
    return found
