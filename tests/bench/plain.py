"""The same rules without auditor's engine: every rule's own expression, one after the other, over every document.

This is what a script with the `regex` module does, written with care: phrases are one named list a rule, patterns are
compiled once, a document is folded once for each folding that rules use. Context (cues, exceptions, places), fixes and
findings are left out, and so are repeated lines and names in two scripts: the comparison flatters the plain side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from auditor.folding import Folding, folding
from auditor.kinds import AnyRule
from auditor.kinds.lexicon import LexiconRule
from auditor.kinds.name import NameRule
from auditor.kinds.regex import RegexRule
from auditor.kinds.script import ScriptRule

WORD = r"[\p{L}\p{M}\p{N}]"
EDGES = {  # what stands before and after a phrase
    "line": (r"^[^\p{L}\p{M}\p{N}\n]*", r"[^\p{L}\p{M}\p{N}\n]*$"),
    "start": (r"^[^\p{L}\p{M}\p{N}\n]*", f"(?!{WORD})"),
    "end": (f"(?<!{WORD})", r"[^\p{L}\p{M}\p{N}\n]*$"),
    "anywhere": (f"(?<!{WORD})", f"(?!{WORD})"),
}
PROCLITICS = r"[وف]?(?:[بكل]|[بك]?ال|لل)?"


class Plain(NamedTuple):
    pattern: regex.Pattern[str]
    by: Folding  # how the text is folded before


def prepared(rules: Sequence[AnyRule]) -> list[Plain]:
    """The expressions of all rules that are expressions."""
    return [found for rule in rules if (found := _prepared(rule)) is not None]


def scan(expressions: Sequence[Plain], texts: Sequence[str]) -> int:
    """Run every expression over every text; returns the number of matches."""
    found = 0
    for text in texts:
        folded = {by: by.fold(text) for by in {plain.by for plain in expressions}}
        for pattern, by in expressions:
            found += sum(1 for _ in pattern.finditer(folded[by]))
    return found


def _prepared(rule: AnyRule) -> Plain | None:
    unfolded = folding(frozenset())
    match rule:
        case LexiconRule():
            by = rule.folding()
            before, after = EDGES[rule.at]
            phrases = [by.fold(phrase.strip()) for phrase in rule.phrases]
            return Plain(regex.compile(rf"(?m){before}\L<phrases>{after}", phrases=phrases), by)
        case NameRule():
            by = rule.folding()
            clitics = PROCLITICS if rule.clitics else ""
            forms = [by.fold(form.strip()) for form in rule.wrong]
            cores = [form.removeprefix("ال") for form in forms]
            return Plain(regex.compile(rf"(?<!{WORD}){clitics}\L<cores>(?!{WORD})", cores=cores), by)
        case RegexRule():
            by = rule.folding() if rule.fold else unfolded
            source = "".join(
                by.fold(char) if char > "\x7f" and len(by.fold(char)) == 1 else char for char in rule.pattern
            )
            return Plain(regex.compile(source, regex.MULTILINE), by)
        case ScriptRule():
            one, two = (rf"\p{{Script={name}}}" for name in rule.scripts)
            between = r"[\p{M}\p{N}\u0640]*"
            return Plain(regex.compile(f"{WORD}*(?:{one}{between}{two}|{two}{between}{one}){WORD}*"), unfolded)
        case _:
            return None
