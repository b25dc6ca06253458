"""`pair`: a name left in Latin letters although the same document writes it in Arabic ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

import msgspec
import regex

from auditor.automaton import Automaton, Pattern
from auditor.batch import Batch
from auditor.folding import DEFAULT, WORD, folding
from auditor.kinds.base import Count, Hit, Rule, Stuck, Texts
from auditor.kinds.clitics import PREFIXES
from auditor.kinds.transliteration import consonants, pattern
from auditor.model import Edit

_RUN = regex.compile(r"(?<![\p{L}\p{N}@#/._-])\p{Lu}\p{Ll}{2,}(?:[ -]\p{Lu}\p{Ll}{2,})*(?![\p{L}\p{N}@/_-]|\.\p{L})")
_ARABIC = regex.compile(r"\p{Script=Arabic}")
_LATIN = regex.compile(r"\p{Script=Latin}")


class PairRule(Rule, frozen=True, kw_only=True, tag="pair"):
    """Names of at least ``min-consonants`` consonants; words in ``except`` and glosses (in brackets) are left."""

    scripts: Annotated[tuple[str, ...], msgspec.Meta(min_length=2, max_length=2)] = ("Latin", "Arabic")
    min_consonants: Count = 3
    except_: Texts = msgspec.field(default=(), name="except")


class _Form(NamedTuple):
    text: str  # as the document writes it, without proclitics
    span: tuple[int, int]


class PairMatcher:
    """Documents with a capitalised Latin word are candidates."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[PairRule]) -> None:
        self._rules = rules
        self._automaton = Automaton([Pattern("plain", rb"[A-Z][a-z][a-z]")])

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        by_document: dict[int, list[int]] = {}
        for line, _ in self._automaton.candidates(batch):
            by_document.setdefault(batch.line_documents[line], []).append(line)
        for document, lines in by_document.items():
            runs = [(line, match) for line in lines for match in _names(batch.line(line))]
            words = {word for _, match in runs for word in regex.findall(r"\p{L}+", match[0])}
            if not any(_long_enough(rule, word) for rule in self._rules for word in words):
                continue
            forms = _arabic_forms(batch, document)
            for rule in self._rules if forms else ():
                for line, match in runs:
                    hit = _hit(rule, batch.line_starts[line], match, forms)
                    if hit is not None:
                        yield hit


def _names(line: str) -> Iterator[regex.Match[str]]:
    """Capitalised Latin runs inside an Arabic line; what stands in brackets or quotation marks is a gloss."""
    if len(_ARABIC.findall(line)) <= len(_LATIN.findall(line)):
        return
    for match in _RUN.finditer(line):
        if line[match.start() - 1 : match.start()] not in ("(", "[", '"', "“", "«", "'"):
            yield match


def _arabic_forms(batch: Batch, document: int) -> dict[str, _Form]:
    """Folded Arabic words of a document, bare of proclitics -> the spelling used most, and its first place."""
    text, offset = batch.documents[document].text, batch.starts[document]
    fold = folding(DEFAULT).fold
    counts: dict[str, Counter[str]] = {}
    places: dict[str, tuple[int, int]] = {}
    for match in WORD.finditer(text):
        word = match[0]
        if len(word) < 3 or not _ARABIC.match(word):
            continue
        for prefix in PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= 3:
                rest = word[len(prefix) :]
                counts.setdefault(fold(rest), Counter())[rest] += 1
                places.setdefault(fold(rest), (offset + match.start() + len(prefix), offset + match.end()))
    return {key: _Form(min(found, key=lambda form: (-found[form], form)), places[key]) for key, found in counts.items()}


def _hit(rule: PairRule, offset: int, match: regex.Match[str], forms: dict[str, _Form]) -> Hit | None:
    words = regex.findall(r"[\p{L}]+", match[0])
    if any(word in rule.except_ for word in words):
        return None
    found = [_spelling(rule, word, forms) for word in words]
    known = [form for form in found if form is not None]
    if not known:
        return None
    start, end = offset + match.start(), offset + match.end()
    edit = Edit(start, end, " ".join(form.text for form in known)) if len(known) == len(words) else None
    return Hit(rule, start, end, f"the text also writes {known[0].text}", edit, tuple(form.span for form in known))


def _long_enough(rule: PairRule, word: str) -> bool:
    """Short names are spelt like too many ordinary words."""
    return len(word) >= 4 and word not in rule.except_ and consonants(word) >= rule.min_consonants


def _spelling(rule: PairRule, word: str, forms: dict[str, _Form]) -> _Form | None:
    if not _long_enough(rule, word):
        return None
    fits = pattern(word)
    matches = sorted(key for key in forms if len(key) >= 3 and fits.fullmatch(key))
    return forms[matches[0]] if matches else None
