"""Budgets of groups of documents, as columns and in Great Expectations' own terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditor.counts import Counts
from auditor.gate_result import Check, Columns, Outcome
from auditor.gatesection import PER_WORDS, Bound, Budget
from auditor.globs import matches
from auditor.ratchet import Ratchet
from auditor.suites import Entry

DELETED, PER_1000, AFTER = "deleted_ratio", "findings_per_1000_words", "quality_after"
_SLACK = 1e-9  # sums of shares are not exact
_BETWEEN = "expect_column_{}_to_be_between"


def counts_findings(budgets: Sequence[Budget]) -> bool:
    """Whether any of them bounds findings, which have to be counted then."""
    return any(bound.figure == PER_WORDS for budget in budgets for bound in budget.bounds)


def add_figures(columns: Columns) -> None:
    """Columns that a suite may use beside those of documents.jsonl."""
    pairs = zip(columns["characters_deleted"], columns["chars"], strict=True)
    columns[DELETED] = [deleted / chars if chars else 0.0 for deleted, chars in pairs]
    cleaned = zip(columns["quality_cleaned"], columns["quality"], strict=True)
    columns[AFTER] = [before if after is None else after for after, before in cleaned]
    found = zip(columns["findings"], columns["words"], strict=True)
    columns[PER_1000] = [1000 * findings / max(1, words) for findings, words in found]


def entries(budgets: Sequence[Budget], columns: Columns, counts: Counts | None) -> tuple[list[Entry], list[str]]:
    """The expectations that budgets come to, whose columns are added; and what to say of groups without documents."""
    found: list[Entry] = []
    notes = []
    for number, budget in enumerate(budgets, 1):
        rows = [row for row in range(len(columns["path"])) if _belongs(budget, columns, row)]
        if not rows:
            notes.append(f"{budget.place}: no document belongs to the budget {budget.name!r}")
            continue
        group = f"budget_{number}"
        columns[group] = ["no"] * len(columns["path"])
        for row in rows:
            columns[group][row] = "yes"
        found += [_entry(budget, bound, group, rows, columns, counts) for bound in budget.bounds]
    return found, notes


def _belongs(budget: Budget, columns: Columns, row: int) -> bool:
    if budget.match and not matches(budget.match, columns["path"][row]):
        return False
    if budget.sites and columns["site"][row] not in budget.sites:
        return False
    return all(_holds(condition, columns[name][row]) for name, condition in budget.where.items())


def _holds(condition: Any, value: Any) -> bool:
    if not isinstance(condition, dict):
        return value in condition
    if not isinstance(value, int | float):
        return False
    low, high = condition.get("min"), condition.get("max")
    return (low is None or value >= low) and (high is None or value <= high)


def _entry(
    budget: Budget, bound: Bound, group: str, rows: Sequence[int], columns: Columns, counts: Counts | None
) -> Entry:
    """One bound of a budget. What is bounded for the group as a whole is the sum of each document's part in it."""
    column, parts, words = _figure(bound, rows, columns, counts)
    limits: dict[str, Any] = {"max_value": bound.limit}
    if bound.figure == "mt-engine":
        kind, kwargs = "expect_column_values_to_be_null", {"column": column, "mostly": 1 - bound.limit}
    elif parts is None or budget.mostly is not None:
        limits = {"min_value" if parts is None else "max_value": bound.limit}
        kind = _BETWEEN.format("mean" if budget.mostly is None else "values")
        kwargs = {"column": column, **limits, **({"mostly": budget.mostly} if budget.mostly is not None else {})}
    else:
        name = f"{group}.{column}"
        columns[name] = parts
        kind, kwargs = _BETWEEN.format("sum"), {"column": name, "max_value": bound.limit + _SLACK}
    condition = {"type": "comparison", "column": {"name": group}, "operator": "==", "parameter": "yes"}
    bounds = "at least" if parts is None and bound.figure != "mt-engine" else "at most"
    share = f" in {100 * budget.mostly:g}% of documents" if budget.mostly and bound.figure != "mt-engine" else ""
    return Entry(
        where=bound.place,
        type=kind,
        kwargs={**kwargs, "row_condition": condition},
        severity=budget.severity,
        notes=budget.notes,
        told=f"budget {budget.name}: {words} should be {bounds} {bound.limit:g}{share}",
        by_document=(column, limits) if kind == _BETWEEN.format("sum") else None,
    )


def held_back(held: Ratchet, columns: Columns, counts: Counts | None) -> list[Outcome]:
    """The ratchet as checks: one for each thing that got worse, or one that holds."""
    outcomes = []
    for one in held.worse:
        name = f"{PER_1000}.{one.name}"
        rates = counts.rates(one.name, known=True) if counts else []
        columns |= {name: rates} if rates else {}
        rows = {row: rate for row, rate in enumerate(rates) if rate > one.before}
        told = f"{one.told()} in {held.than}"
        outcomes.append(Outcome(check=_held(told, one.name, one.rate, False), rows=rows, columns=(name,)))
    if not outcomes:
        told = f"nothing got worse than in {held.than}"
        outcomes.append(Outcome(check=_held(told, None, held.compared, True), rows={}, columns=()))
    return outcomes


def _held(message: str, name: str | None, observed: float, success: bool) -> Check:
    return Check(
        expectation="no-worse-than",
        column=name,
        severity="critical",
        observed=observed,
        success=success,
        message=message,
        notes=None,
    )


def _figure(
    bound: Bound, rows: Sequence[int], columns: Columns, counts: Counts | None
) -> tuple[str, list[float] | None, str]:
    """A bound's column of single documents, each document's part in the figure of the group, and what it is called."""
    if bound.figure == "characters-deleted":
        return DELETED, _parts(columns["characters_deleted"], columns["chars"], rows), "the share of text deleted"
    if bound.figure == PER_WORDS:
        assert counts is not None
        name = PER_1000 if bound.of is None else f"{PER_1000}.{bound.of}"
        columns[name] = counts.rates(bound.of)
        parts = _parts(counts.of(bound.of), columns["words"], rows, 1000)
        return name, parts, f"{bound.of + ' ' if bound.of else ''}findings per 1,000 words"
    names = {"mt-engine": "mt_engine", "quality": "quality", "quality-cleaned": AFTER}
    words = {"mt-engine": "the share of documents with the fingerprint of a translation engine"}
    return names[bound.figure], None, words.get(bound.figure, bound.figure.replace("-", " "))


def _parts(values: Sequence[float], weights: Sequence[float], rows: Sequence[int], by: float = 1) -> list[float]:
    whole = sum(weights[row] for row in rows) or 1
    return [by * value / whole for value in values]
