"""The [gate] section of a configuration: suite, budgets, expectations and the ratchet, closed and checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NoReturn, get_args

import msgspec

from auditor.hints import meant
from auditor.model import SEVERITIES, Category, Metrics
from auditor.settings import Check, choice, kind_of, text, texts

GATE_SEVERITIES = ("critical", "warning", "info")
CATEGORIES: tuple[str, ...] = get_args(Category)

Key = tuple[str | int, ...]
Checked = Callable[[dict[str, Any], Mapping[str, Check], Key], Iterator[tuple[str, Any]]]
Fail = Callable[[str, Key], NoReturn]
Where = Callable[[Key], str]


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a budget. ``of`` is None for all findings, else a severity, a category or a rule."""

    figure: str  # as it is written: findings-per-1000-words
    limit: float
    of: str | None = None
    place: str = "gate"


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What a group of documents may have: those of some paths or sites for which the conditions hold.

    Without ``mostly`` figures are of the group as a whole, with it they are each document's own, and that share
    (0..1) of the documents has to keep to them.
    """

    name: str
    bounds: tuple[Bound, ...]
    match: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    where: dict[str, Any] = msgspec.field(default_factory=dict)
    mostly: float | None = None
    severity: str = "critical"
    notes: str | None = None
    place: str = "gate"


class GateConfig(msgspec.Struct, frozen=True, kw_only=True):
    """``suite`` is "default" (the one that ships), "none" or a file; paths start from the configuration's folder."""

    suite: str = "default"
    budgets: tuple[Budget, ...] = ()
    expectations: tuple[tuple[Any, str], ...] = ()  # in Great Expectations' own terms, each with its place
    no_worse_than: str | None = None
    no_worse_by: Literal["category", "rule"] = "category"
    tolerance: float = 0.0


def read(table: Any, checked: Checked, fail: Fail, where: Where) -> GateConfig:
    """The section as written; ``fail`` raises with the place of a key."""
    if not isinstance(table, dict):
        fail(f"gate must be a table, not {kind_of(table)}", ("gate",))
    found = {name.replace("-", "_"): value for name, value in checked(table, _KEYS, ("gate",))}
    budgets = [
        _budget(item, ("gate", "budgets", number), checked, fail, where)
        for number, item in enumerate(found.pop("budgets", ()))
    ]
    names = [budget.name for budget in budgets]
    for number, name in enumerate(names):
        if name in names[:number]:
            fail(f"two budgets are called {name!r}: give them names", ("gate", "budgets", number))
    expectations = tuple(
        (item, where(("gate", "expectations", number))) for number, item in enumerate(found.pop("expectations", ()))
    )
    section = GateConfig(**found, budgets=tuple(budgets), expectations=expectations)
    if section.suite == "none" and not (budgets or expectations or section.no_worse_than):
        fail("the gate would check nothing: name a suite, budgets or no-worse-than", ("gate",))
    return section


def _budget(item: dict[str, Any], key: Key, checked: Checked, fail: Fail, where: Where) -> Budget:
    found = {name.replace("-", "_"): value for name, value in checked(item, _BUDGET_KEYS, key)}
    bounds = tuple(
        msgspec.structs.replace(bound, place=where((*key, bound.figure)))
        for name in _FIGURES
        for bound in found.pop(name.replace("-", "_"), ())
    )
    if not bounds:
        fail(f"a budget bounds something: one of {', '.join(_FIGURES)}", key)
    for column in found.get("where", {}):
        if column not in COLUMNS:
            fail(f"where: documents.jsonl has no column {column!r}{meant(column, COLUMNS)}", (*key, "where"))
    chosen = [*found.get("match", ()), *found.get("sites", ())]
    chosen += [f"{column} {_said(value)}" for column, value in found.get("where", {}).items()]
    name = found.pop("name", None) or ", ".join(chosen) or "all documents"
    return Budget(name=name, bounds=bounds, place=where(key), **found)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return " and ".join(f"{'at least' if name == 'min' else 'at most'} {one:g}" for name, one in value.items())
    return " or ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(f"must be a number from 0, not {kind_of(value)}")
    return float(value)


def _ratio(value: Any) -> float:
    if _number(value) > 1:
        raise ValueError(f"must be a share from 0 to 1, not {value!r}")
    return float(value)


def _mostly(value: Any) -> float:
    if _ratio(value) == 0:
        raise ValueError("0 lets every document pass; the budget could never fail")
    return float(value)


def _bound(figure: str, check: Check) -> Check:
    return lambda value: (Bound(figure=figure, limit=check(value)),)


def _findings(value: Any) -> tuple[Bound, ...]:
    if not isinstance(value, dict):
        return (Bound(figure=PER_WORDS, limit=_number(value)),)
    known = (*SEVERITIES, *CATEGORIES)
    for name in value:
        if name not in known and "/" not in name:
            raise ValueError(f"{name!r} is no severity, category or pack/rule{meant(name, known)}")
    return tuple(Bound(figure=PER_WORDS, limit=_number(one), of=name) for name, one in value.items())


def _where(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f'must be a table such as {{language = "ar"}}, not {kind_of(value)}')
    return {name: _condition(name, one) for name, one in value.items()}


def _condition(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        if not value or value.keys() - {"min", "max"}:
            raise ValueError(f"{name}: bounds are written {{min = 1, max = 2}}")
        return {bound: _number(one) for bound, one in value.items()}
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, str | int | float) for one in values):
        raise ValueError(f"{name}: must be a text or number, a list of them, or {{min = 1, max = 2}}")
    return tuple(values)


def _tables(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"is written as [[gate...]] tables, not as {kind_of(value)}")
    return value


def _wild(value: Any) -> tuple[str, ...]:
    patterns = texts([value] if isinstance(value, str) else value)
    for pattern in patterns:
        if pattern.count("*") > 8:
            raise ValueError(f"{pattern[:80]!r} has more than 8 wildcards; write it simpler")
    return patterns


PER_WORDS = "findings-per-1000-words"
COLUMNS = tuple(field.name for field in msgspec.structs.fields(Metrics))
_FIGURES: dict[str, Check] = {
    "characters-deleted": _bound("characters-deleted", _ratio),
    PER_WORDS: _findings,
    "mt-engine": _bound("mt-engine", _ratio),
    "quality": _bound("quality", _ratio),
    "quality-cleaned": _bound("quality-cleaned", _ratio),
}
_KEYS: dict[str, Check] = {
    "suite": text,
    "budgets": _tables,
    "expectations": _tables,
    "no-worse-than": text,
    "no-worse-by": choice("category", "rule"),
    "tolerance": _number,
}
_BUDGET_KEYS: dict[str, Check] = {
    "name": text,
    "match": _wild,
    "sites": lambda value: texts([value] if isinstance(value, str) else value),
    "where": _where,
    **_FIGURES,
    "mostly": _mostly,
    "severity": choice(*GATE_SEVERITIES),
    "notes": text,
}
