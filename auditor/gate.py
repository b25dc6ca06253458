"""The gate: documents.jsonl against a Great Expectations suite gives a verdict.

Great Expectations takes seconds to import and fills 400 MB, so it and pandas are imported inside the functions
of this module, `gateframe` and `datadocs`, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from auditor import datadocs
from auditor.assets import asset_dir
from auditor.budgets import add_figures, entries, held_back
from auditor.counts import rules_in
from auditor.errors import GateError
from auditor.gate_result import (
    SEVERITIES,
    Check,
    Columns,
    GateResult,
    Outcome,
    originals,
    read_columns,
    render,
    worst_documents,
)
from auditor.gateasked import Asked, asked, count, ratchet
from auditor.gateframe import definition, frame_of, quiet
from auditor.reporters.text import count as number_of
from auditor.reporters.text import share, visible
from auditor.suites import Entry, Suite, columns_of, load, refuse_unknown, requirement, subject, suggest

__all__ = ["Asked", "GateResult", "asked", "gate", "render"]

RESULT_FORMAT = {"result_format": "COMPLETE", "return_unexpected_index_query": False}  # rows by number, to name them
# Figures of a whole column whose bounds also mean something for each document: those outside pull it there.
PULLED_BY_ROWS = re.compile(r"expect_column_(mean|median|min|max)_to_be_between")
ROW_RULE = "expect_column_values_to_be_between"
COUNTS_ROWS = "expect_table_row_count_to_be_between"
ASKS_FOR_COLUMN = "expect_column_to_exist"


def gate(directory: Path, by: Asked | Path | None = None, data_docs: Path | None = None) -> GateResult:
    """Judge the documents.jsonl in ``directory`` (or that file itself) by a suite, or by all that is `Asked`.

    Data Docs are written to ``data_docs`` if given; unlike all other output they hold the time of the run.
    GateError if something asked for cannot be evaluated: that never passes.
    """
    source = directory / "documents.jsonl" if directory.is_dir() else directory
    wish = by if isinstance(by, Asked) else Asked(suite=by)
    named = None if wish.no_suite else load(wish.suite or asset_dir("reports/suites") / "default.yaml")
    columns = read_columns(source)
    add_figures(columns)
    held = ratchet(wish, source)
    counts = count(wish, held, source, columns)
    budgets, notes = entries(wish.budgets, columns, counts)
    chosen = Suite(
        name=named.name if named else "budgets",
        path=named.path if named else "",
        entries=(*(named.entries if named else ()), *wish.expectations, *budgets),
    )
    if not chosen.entries and held is None:
        raise GateError(f"{source}: nothing was checked: {'; '.join(notes) or 'no suite, no budget'}")
    outcomes, page = _run(chosen, columns, source, data_docs) if chosen.entries else ([], None)
    remarks = [*_remarks(chosen.entries, outcomes), *notes, *(held.notes if held else ())]
    outcomes += held_back(held, columns, counts) if held else []
    rules = counts.rules if counts else partial(rules_in, source.parent / "findings.jsonl", columns)
    worst = worst_documents(columns, outcomes, rules)
    report = source.parent / "report.html"
    return GateResult(
        passed=all(one.check.success or one.check.severity != "critical" for one in outcomes),
        suite=chosen.name,
        documents=len(columns["path"]),
        checks=tuple(one.check for one in outcomes),
        worst=worst,
        look_at=originals(worst, source.parent),
        warnings=tuple(remarks),
        report=str(report) if report.is_file() else None,
        data_docs=str(page) if page else None,
    )


def _run(suite: Suite, columns: Columns, source: Path, data_docs: Path | None) -> tuple[list[Outcome], Path | None]:
    with quiet():
        frame = frame_of(columns)
        for entry in suite.entries:  # all that is wrong with the suite is said before anything runs
            _require_columns(entry, columns, source)
            _build(entry)
        outcomes = _judge_all(frame, suite, columns)
        if data_docs is None:
            return outcomes, None
        built, shown = [_build(entry) for entry in suite.entries], frame_of(datadocs.inert(columns))
        try:
            return outcomes, datadocs.write(shown, suite.name, built, data_docs)
        except Exception as error:  # GX raises what its stores and renderers raise
            raise GateError(f"{data_docs}: cannot write Data Docs: {_reason(error)}") from error


def _require_columns(entry: Entry, columns: Columns, source: Path) -> None:
    """Great Expectations reports a missing column as a failed check with an empty result."""
    for name in columns_of(entry.kwargs) if entry.type != ASKS_FOR_COLUMN else ():
        if name not in columns:
            known = visible(", ".join(columns))
            near = suggest(name, columns, listing=False)
            raise GateError(f"{entry.where}: no column {name!r} in {source}{near} (columns: {known})")


def _build(entry: Entry) -> Any:
    """The expectation itself. GX only logs an unknown type or severity, and drops the check."""
    from great_expectations.expectations import registry

    refuse_unknown([entry.severity], SEVERITIES, f"{entry.where}: severity")
    kinds = registry.list_registered_expectation_implementations()
    refuse_unknown([entry.type], kinds, f"{entry.where}: expectation")
    implementation = registry.get_expectation_impl(entry.type)
    refuse_unknown(entry.kwargs, implementation.__fields__, f"{entry.where}: {entry.type}: argument")
    texts = {"description": entry.description, "notes": entry.notes}
    try:
        return implementation(**entry.kwargs, severity=entry.severity, **texts)
    except Exception as error:  # pydantic's errors, and whatever the expectation's own validators raise
        raise GateError(f"{entry.where}: {entry.type}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """What pydantic minds, in one line; for a row condition it lists every form it might have been."""
    if not hasattr(error, "errors"):
        return visible(str(error).strip().split("\n")[0] or type(error).__name__)
    first = {str(one["loc"][0]): one["msg"] for one in reversed(error.errors())}
    if "row_condition" in first:
        first["row_condition"] = (
            "not understood; write {type: comparison, column: {name: language}, operator: ==, parameter: ar}"
        )
    return visible("; ".join(msg if key == "__root__" else f"{key}: {msg}" for key, msg in first.items()))


def _judge_all(frame: Any, suite: Suite, columns: Columns) -> list[Outcome]:
    """One expectation at a time, so that what goes wrong is known by its place.

    Each gets the columns it names: Great Expectations hashes all it is given, every time.
    """
    import great_expectations

    batches = definition(great_expectations.get_context(mode="ephemeral"))

    def batch_of(entry: Entry) -> Any:
        names = _named(entry, columns)
        return batches.get_batch(batch_parameters={"dataframe": frame if names is None else frame[names]})

    return [_judge(batch_of, entry, columns) for entry in suite.entries]


def _named(entry: Entry, columns: Columns) -> list[str] | None:
    """The columns an expectation can look at; None where these may be any."""
    names = [*columns_of(entry.kwargs), *(value for value in entry.kwargs.values() if isinstance(value, str))]
    anything = isinstance(entry.kwargs.get("row_condition"), str) or entry.type == ASKS_FOR_COLUMN
    if anything or not (names or entry.type == COUNTS_ROWS):
        return None
    return [name for name in dict.fromkeys(names) if name in columns] or ["path"]


def _judge(batch_of: Callable[[Entry], Any], entry: Entry, columns: Columns) -> Outcome:
    success, found = _validate(batch_of(entry), entry)
    rows = _rows(found)
    by_row = entry
    if not success and not rows and (pulled := _by_row(entry)):
        by_row = pulled
        rows = _rows(_validate(batch_of(pulled), pulled)[1])
    judged = found["element_count"] - found.get("missing_count", 0) if "element_count" in found else None
    observed = _observed(found, judged)
    names = tuple(name for name in columns_of({**by_row.kwargs, "row_condition": None}) if name in columns)
    check = Check(
        expectation=entry.type,
        column=entry.kwargs.get("column"),
        severity=entry.severity,
        observed=observed,
        success=success,
        message=f"{requirement(entry)}; {_finding(found, judged, observed)}",
        notes=entry.notes,
    )
    return Outcome(check=check, rows={row: _excess(by_row, columns, row) for row in rows}, columns=names)


def _by_row(entry: Entry) -> Entry | None:
    """How to find the documents that pull a figure of all of them out of its bounds."""
    if entry.by_document is not None:
        column, bounds = entry.by_document
        kwargs = {"column": column, **bounds, "row_condition": entry.kwargs["row_condition"]}
        return msgspec.structs.replace(entry, type=ROW_RULE, kwargs=kwargs)
    return msgspec.structs.replace(entry, type=ROW_RULE) if PULLED_BY_ROWS.fullmatch(entry.type) else None


def _validate(batch: Any, entry: Entry) -> tuple[bool, dict[str, Any]]:
    try:
        result = batch.validate(_build(entry), result_format=RESULT_FORMAT)
        success, found, info = bool(result.success), dict(result.result or {}), result.exception_info or {}
    except GateError:
        raise
    except Exception as error:  # GX lets KeyError, TypeError and its own through
        raise GateError(f"{entry.where}: {entry.type}: cannot be evaluated: {_reason(error)}") from error
    for one in [info] if "raised_exception" in info else info.values():
        if one.get("raised_exception"):
            message = visible(str(one.get("exception_message")))
            raise GateError(f"{entry.where}: {entry.type}: cannot be evaluated: {message}")
    if not success and not found and entry.type != ASKS_FOR_COLUMN:
        raise GateError(f"{entry.where}: {entry.type}: cannot be evaluated; Great Expectations gives no reason")
    return success, found


def _rows(found: dict[str, Any]) -> list[int]:
    return [int(row) for row in found.get("unexpected_index_list") or ()]


def _observed(found: dict[str, Any], judged: int | None) -> float | int | str | None:
    if judged is not None:
        return (judged - found["unexpected_count"]) / judged if judged else None
    value: Any = found.get("observed_value")
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    return value if value is None or isinstance(value, int | float | str) else visible(str(value))


def _finding(found: dict[str, Any], judged: int | None, observed: float | int | str | None) -> str:
    if judged is not None:
        wrong = found["unexpected_count"]
        return f"{wrong:,} of {number_of(judged, 'document')} ({share(wrong, judged)}) fail"
    if "observed_value" not in found:
        return "see the column list"
    if observed is None:
        return "there is no value to judge"
    return f"it is {observed:.4g}" if isinstance(observed, float) else f"it is {observed}"


def _excess(entry: Entry, columns: Columns, row: int) -> float:
    """How far a document lies outside the bounds; 1 where there is nothing to measure."""
    value = columns[entry.kwargs["column"]][row] if entry.kwargs.get("column") in columns else None
    if not isinstance(value, int | float):
        return 1.0
    low, high = entry.kwargs.get("min_value"), entry.kwargs.get("max_value")
    try:
        return max(
            0.0, float(low) - value if low is not None else 0.0, value - float(high) if high is not None else 0.0
        )
    except (TypeError, ValueError):
        return 1.0


def _remarks(entries: Sequence[Entry], outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A check that finds no value passes; say so where it matters, or where a row condition may be misspelt."""
    idle = [
        entry
        for entry, one in zip(entries, outcomes, strict=True)
        if one.check.success and one.check.observed is None and entry.type != ASKS_FOR_COLUMN
        if entry.severity == "critical" or entry.kwargs.get("row_condition")
    ]
    if idle:
        subjects = dict.fromkeys(subject(entry) for entry in idle)
        yield f"no document has a value to judge in {', '.join(subjects)}"
