"""The examples in packs are their tests: `bad` must match exactly the marked spans, `good` must not match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from auditor.check import Engine, check
from auditor.edits import apply, chosen
from auditor.facts import Facts
from auditor.kinds import AnyRule
from auditor.kinds.site import across, asked
from auditor.model import Document, Edit, Finding
from auditor.packs import Pack
from auditor.survey import survey

_CLOSING = re.compile(r">>(?!>)")  # in <<<b>>> the mark closes with the last two


class Failure(NamedTuple):
    """An example that does not hold."""

    rule: str
    example: str
    message: str


class _Case(NamedTuple):
    rule: AnyRule
    text: str
    spans: tuple[tuple[int, int], ...]  # expected
    fixed: str | None
    encoding: str | None = None


def unmarked(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """``text`` without its ``<<`` and ``>>``, and the spans they mark."""
    plain, spans = "", []
    for at, part in enumerate(text.split("<<")):
        if at:
            inside, part = _CLOSING.split(part, 1)
            spans.append((len(plain), len(plain) + len(inside)))
            plain += inside
        plain += part
    return plain, tuple(spans)


def failures(packs: Sequence[Pack]) -> list[Failure]:
    """Every example of ``packs`` that does not hold; empty when all do."""
    found = []
    for yielding in (False, True):  # rules that give way to others show alone what they find
        kept = [tuple(rule for rule in pack.rules if rule.yields == yielding) for pack in packs]
        engine = Engine([msgspec.structs.replace(pack, rules=rules) for pack, rules in zip(packs, kept, strict=True)])
        found += _failures(engine, [case for rules in kept for rule in rules for case in _cases(rule)])
    return found


def _failures(engine: Engine, cases: Sequence[_Case]) -> list[Failure]:
    engine = engine.informed(_surveyed(cases))
    checked = check(engine, [_document(case, number) for number, case in enumerate(cases)])
    found: list[Failure] = []
    fixed: list[tuple[int, _Case]] = []
    for number, (case, result) in enumerate(zip(cases, checked, strict=True)):
        mine = [finding for finding in result.findings if finding.rule == case.rule.id]
        if result.unchecked is not None:
            found.append(Failure(case.rule.id, case.text, result.unchecked.reason))
            continue
        found += _wrong_spans(case, mine)
        if case.fixed is not None:
            made = apply(case.text, chosen(_edits(mine)))
            if made != case.fixed:
                found.append(Failure(case.rule.id, case.text, f"the fix gives {made!r}, not {case.fixed!r}"))
            fixed.append((number, _Case(case.rule, case.fixed, (), None)))
        elif getattr(case.rule, "repair", None) and case.rule.fix != "none" and (edits := _edits(mine)):
            made = apply(case.text, chosen(edits))
            found.append(Failure(case.rule.id, case.text, f"it is repaired, to {made!r}; say so in `fixed`"))
    again = check(engine, [_document(case, number) for number, case in fixed])
    for (_, case), result in zip(fixed, again, strict=True):
        for finding in result.findings:
            if finding.rule == case.rule.id:
                found.append(Failure(case.rule.id, case.text, f"the fixed text matches again: {finding.text!r}"))
    return found


def _document(case: _Case, number: int) -> Document:
    """Each example is a page of a site of its own, for rules that look at whole sites."""
    meta = {"encoding": case.encoding} if case.encoding else {}
    return Document(text=case.text, site=f"example-{number}", record=number, meta=meta)


def _surveyed(cases: Sequence[_Case]) -> Facts | None:
    """What is to be known of the examples' sites, their other pages included."""
    pages: list[Document] = []
    rules = [rule for case in cases for rule in across([case.rule])]
    for number, case in enumerate(cases):
        for rule in across([case.rule]):
            # Where they are fewer than asked for, each stands for several, and half of them are enough.
            few = rule.unit == "line" and len(rule.also) + 1 < rule.min_documents
            times = -(-2 * (rule.min_documents - 1) // len(rule.also)) if few else 1
            for text in rule.also * times:  # they are the earlier ones
                pages.append(Document(text=text, site=f"example-{number}", record=len(cases) + len(pages)))
            pages.append(_document(case, number))
    return survey(pages, asked(rules)) if pages else None


def _cases(rule: AnyRule) -> Iterator[_Case]:
    for bad in rule.bad:
        text, spans = unmarked(bad.text)
        yield _Case(rule, text, spans, bad.fixed, bad.encoding)
    for good in rule.good:
        yield _Case(rule, good, (), None)


def _wrong_spans(case: _Case, findings: Sequence[Finding]) -> Iterator[Failure]:
    got = tuple((finding.start, finding.end) for finding in findings)
    if got == case.spans:
        return
    found = ", ".join(repr(finding.text) for finding in findings) or "nothing"
    wanted = ", ".join(repr(case.text[start:end]) for start, end in case.spans) or "nothing"
    yield Failure(case.rule.id, case.text, f"found {found}; expected {wanted}")


def _edits(findings: Sequence[Finding]) -> list[Edit]:
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    return [Edit(fix.start, fix.end, fix.replacement) for fix in fixes]
