"""Rules and texts as one writes them down: `<<` and `>>` mark what a rule must find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from auditor.check import Engine, check
from auditor.edits import apply, chosen
from auditor.kinds import AnyRule
from auditor.model import Document, Edit, Finding
from auditor.packs import Pack


def rule(kind: str, /, **fields: Any) -> AnyRule:
    """A rule of a kind; what every rule needs and no test asks for is filled in."""
    common = {"id": "t/rule", "category": "boilerplate", "severity": "error", "message": "{match}", "fix": "safe"}
    examples = {"bad": [{"text": "<<x>>", "fixed": ""}], "good": ["y"]}
    written = {name.strip("_").replace("_", "-"): value for name, value in fields.items()}
    return msgspec.convert({"kind": kind, **common, **examples, **written}, AnyRule)


def engine(*rules: AnyRule) -> Engine:
    return Engine([Pack(name="t", path="t.yaml", language=None, about="", digest="", rules=rules)])


def findings(made: Engine | AnyRule, text: str) -> list[Finding]:
    """What is found in a text, in order."""
    checked = check(made if isinstance(made, Engine) else engine(made), [Document(text=text)])[0]
    assert checked.unchecked is None
    return checked.findings


def marked(made: Engine | AnyRule, text: str) -> str:
    """``text`` with ``<<`` and ``>>`` around everything that is found (which must not overlap)."""
    found = findings(made, text)
    return apply(text, [Edit(one.start, one.end, f"<<{one.text}>>") for one in found])


def fixed(made: Engine | AnyRule, text: str) -> str:
    """``text`` with all fixes made, once."""
    fixes = [one.fix for one in findings(made, text) if one.fix is not None]
    return apply(text, chosen(Edit(fix.start, fix.end, fix.replacement) for fix in fixes))


def bare(text: str) -> str:
    return text.replace("<<", "").replace(">>", "")


def holds(made: Engine | AnyRule, examples: Sequence[str]) -> None:
    """Each example is found exactly as marked (without marks: not at all)."""
    checked = made if isinstance(made, Engine) else engine(made)
    assert [marked(checked, bare(example)) for example in examples] == list(examples)
