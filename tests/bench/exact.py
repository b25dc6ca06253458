"""Findings against the rule language in plain Python with `regex` alone (`tests/reference.py`): missing and extra.

The rules that ship, and random ones made of the words of the same texts, so that they match: phrases, and expressions
with alternatives, classes, repetitions and what must stand around them.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import regex

sys.path.append(str(Path(__file__).parents[1]))  # where the reference lies
import reference

from auditor.cache import switched_off
from auditor.check import Engine, check
from auditor.examples import unmarked
from auditor.kinds import AnyRule
from auditor.kinds.base import Bad
from auditor.kinds.lexicon import LexiconRule
from auditor.kinds.regex import RegexRule
from auditor.model import Document
from auditor.packcheck import mistakes
from auditor.packs import Pack

RANDOM = 300
TOGETHER = 30
_WORD = regex.compile(r"[^\W\d_]{2,}")


class Compared(NamedTuple):
    """How much was found, and what only one side found."""

    found: int
    missing: int
    extra: int


def compared(rules: Sequence[AnyRule], texts: Sequence[str]) -> Compared:
    """Findings of the engine and of the reference, with their fixes, over all texts."""
    with switched_off():  # nobody needs random rules again
        engine = Engine([Pack(name="p", path="p", language=None, about="", digest="", rules=tuple(rules))])
    got: Counter[Any] = Counter()
    for number, done in enumerate(check(engine, [Document(text=text) for text in texts])):
        for one in done.findings:
            edit = one.fix and (one.fix.start, one.fix.end, one.fix.replacement)
            got[number, one.rule, one.start, one.end, edit] += 1
    wanted = Counter(
        (number, rule, hit.start, hit.end, hit.edit)
        for number, text in enumerate(texts)
        for rule, hit in reference.find_all(rules, text)
    )
    return Compared(got.total(), (wanted - got).total(), (got - wanted).total())


def examples(rules: Sequence[AnyRule]) -> list[str]:
    """Documents of lines that rules are to find, `TOGETHER` of their examples each."""
    lines = [unmarked(bad.text)[0] for rule in rules for bad in rule.bad[:1]]
    return ["\n".join(lines[at : at + TOGETHER]) for at in range(0, len(lines), TOGETHER)]


def drawn(texts: Sequence[str], count: int = RANDOM, seed: int = 5) -> list[AnyRule]:
    """So many random rules; the same for the same texts and seed."""
    chance = random.Random(seed)
    lines = [words for text in texts for line in text.split("\n") if len(words := _WORD.findall(line)) > 3]
    made = _made(chance, lines)
    found: list[AnyRule] = []
    while len(found) < count:
        rule = next(made)
        if not list(mistakes(rule)):
            found.append(rule)
    return found


def _made(chance: random.Random, lines: Sequence[Sequence[str]]) -> Iterator[AnyRule]:
    number = 0
    while True:
        number += 1
        common: dict[str, Any] = {
            "id": f"r{number}", "category": "boilerplate", "severity": "info", "message": "m", "fix": "unsafe",
            "bad": (Bad(text="<<x>>", fixed=""),), "good": ("y",),
        }  # fmt: skip
        if chance.random() < 0.4:
            phrases = tuple(" ".join(_run(chance, lines)) for _ in range(chance.randint(1, 4)))
            at = chance.choice(["anywhere", "anywhere", "start", "end"])
            yield LexiconRule(phrases=phrases, at=at, **common)
            continue
        fields = {"fold": ("default",)} if chance.random() < 0.5 else {}
        yield RegexRule(pattern=_pattern(chance, lines), **fields, **common)  # type: ignore[arg-type]


def _run(chance: random.Random, lines: Sequence[Sequence[str]]) -> Sequence[str]:
    """A few words as they follow each other."""
    line = chance.choice(lines)
    at = chance.randrange(len(line) - 2)
    return line[at : at + chance.randint(1, 3)]


def _pattern(chance: random.Random, lines: Sequence[Sequence[str]]) -> str:
    words = [regex.escape(word) for word in _run(chance, lines)]
    other = regex.escape(chance.choice(_run(chance, lines)))
    at = chance.randrange(len(words))
    word = words[at]
    cut = chance.randrange(len(word))
    words[at] = chance.choice([
        word, rf"(?:{word}|{other})", rf"{word}\w*", rf"\w{{0,3}}{word}", rf"{word[:cut]}.{word[cut + 1 :]}",
        rf"{word}(?!\s+{other})", rf"(?<=\s){word}\b", rf"(?i){word}" if not at else word, rf"{word}(?:\s+\d+)?",
    ])  # fmt: skip
    return r"\s+".join(words) + chance.choice(["", "", r"[^\n]{0,9}$", r"\s+\p{N}+", "[.،:]?"])
