"""Rules told to people: listed, shown with their reasons and examples, tested, and their schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import msgspec

from auditor.check import Engine
from auditor.examples import failures
from auditor.kinds import AnyRule
from auditor.measured import brief, measures, told
from auditor.packread import schema
from auditor.packs import Pack, steps_of
from auditor.reporters.text import count


def schema_text() -> str:
    """The JSON Schema of packs as kept in rules/pack.schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def listed(packs: Sequence[Pack]) -> str:
    """One line a rule, with its measured precision and ``slow`` for those that are tried on every line."""
    slow, known = set(Engine(packs).slow), measures(packs)
    rows = [
        (
            rule.id,
            kind(rule),
            rule.category,
            rule.severity,
            rule.fix,
            brief(known.get(rule.id)),
            "slow" if rule.id in slow else "",
        )
        for pack in packs
        for rule in pack.rules
    ]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(7)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows
    )


def shown(packs: Sequence[Pack]) -> str:
    """Everything about each rule that a reader asks: what, why, what it catches and what it leaves alone."""
    known = measures(packs)
    return "\n".join(line for pack in packs for rule in pack.rules for line in _sheet(rule, told(known.get(rule.id))))


def _sheet(rule: AnyRule, measured: str) -> Iterator[str]:
    yield f"{rule.id}"
    yield f"  {rule.severity} · {rule.category} · kind {kind(rule)} · confidence {rule.confidence} · fix: {rule.fix}"
    yield f"  measured: {measured}"
    yield f"  {rule.message}"
    if rule.about:
        yield f"  why: {rule.about}"
    if rule.link:
        yield f"  see: {rule.link}"
    if rule.evidence == "predicted":
        yield "  the wrong form is predicted: nobody has reported it from real text yet"
    skipped = {"id", "kind", "category", "severity", "message", "confidence", "about", "link", "fix", "bad", "good"}
    for name, value in msgspec.to_builtins(rule).items():
        if name not in skipped | {"evidence", "fold"} and value not in (None, [], (), "match"):
            yield f"  {name}: {_brief(value)}"
    if steps := steps_of(rule):
        yield f"  fold: {', '.join(sorted(steps))}"
    for bad in rule.bad:
        yield f"  catches: {bad.text!r}" + (f" -> {bad.fixed!r}" if bad.fixed is not None else "")
    for good in rule.good:
        yield f"  leaves:  {good!r}"
    yield ""


def tested(packs: Sequence[Pack]) -> tuple[str, bool]:
    """The outcome of all examples as text, and whether all hold."""
    found = failures(packs)
    lines = [f"FAIL {failure.rule}: {failure.message}\n     in: {failure.example!r}" for failure in found]
    rules = sum(len(pack.rules) for pack in packs)
    examples = sum(len(rule.bad) + len(rule.good) for pack in packs for rule in pack.rules)
    sums = f"{count(rules, 'rule')} in {count(len(packs), 'pack')}, {count(examples, 'example')}, {len(found)} failed"
    lines.append(sums)
    return "\n".join(lines) + "\n", not found


def kind(rule: AnyRule) -> str:
    """The name of a rule's kind."""
    return str(rule.__struct_config__.tag)


def _brief(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_brief(item)}" for name, item in value.items())
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 300 else f"{text[:300]}…"
