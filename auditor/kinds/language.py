"""`language`: lines or documents in another language than expected, told by script where that decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from auditor.arrays import np
from auditor.batch import Batch
from auditor.detectors import Backend, detect, require
from auditor.expressions import regex
from auditor.features import Features, Ints
from auditor.kinds.base import Count, Hit, Rule, Stuck, Texts, When
from auditor.kinds.context import content, remove_line
from auditor.kinds.documents import wanted
from auditor.metrics import language
from auditor.page import LETTER_CLASS, basic_plane

if TYPE_CHECKING:
    import numpy.typing as npt

# ISO 639-1 -> the Unicode scripts it is written in. Alone in its script, a language needs no detector.
_IN = {
    "Arabic": "ar fa ur",
    "Cyrillic": "bg mk ru uk",
    "Devanagari": "hi mr ne",
    "Latin": "af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw tl tr vi",
    "Han": "zh ja ko",
    "Hiragana": "ja",
    "Katakana": "ja",
    "Hangul": "ko",
    "Hebrew": "he",
    "Greek": "el",
    "Thai": "th",
    "Bengali": "bn",
    "Gujarati": "gu",
    "Kannada": "kn",
    "Malayalam": "ml",
    "Gurmukhi": "pa",
    "Tamil": "ta",
    "Telugu": "te",
    "Armenian": "hy",
    "Georgian": "ka",
    "Ethiopic": "am",
}
SCRIPTS: dict[str, tuple[str, ...]] = {
    code: tuple(script for script, found in _IN.items() if code in found.split())
    for code in sorted({code for found in _IN.values() for code in found.split()})
}
_FEW, _MOST = 0.1, 0.7  # shares of letters in the expected scripts: below, another script; from there on, theirs


class LanguageRule(Rule, frozen=True, kw_only=True, tag="language"):
    """Units of at least ``min-letters`` letters in none of the ``expected`` languages (ISO 639-1).

    Where letters of their scripts are few, the script decides; where they are most, ``backend`` is asked, and heard
    only from ``min-probability`` on. Between these the unit is mixed, and left alone.
    """

    expected: Annotated[Texts, msgspec.Meta(min_length=1)]
    unit: Literal["line", "document"] = "line"
    min_letters: Count = 40  # tests/bench/languages.py: with fewer, detectors are sure of what is wrong
    min_probability: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.9
    backend: Backend = "langdetect"
    when: When | None = None


class LanguageMatcher:
    """Letters are counted by script in one pass; only text whose script fits more than one language is detected."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[LanguageRule]) -> None:
        self._rules = rules
        for backend in {rule.backend for rule in rules}:
            require(backend)

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        of = batch.view(Features)
        for rule in self._rules:
            theirs, letters = _expected_letters(rule, batch), of.letters
            if rule.unit == "document":
                theirs, letters = of.in_documents(theirs), of.document_letters
            enough = letters >= rule.min_letters
            other = enough & (theirs < _FEW * letters)
            alike = enough & (theirs >= _MOST * letters) & (not _decided(rule))
            for at in np.flatnonzero(other | alike).tolist():
                yield from _judged(rule, batch, at, bool(other[at]))


def _judged(rule: LanguageRule, batch: Batch, at: int, other: bool) -> Iterator[Hit]:
    document = at if rule.unit == "document" else batch.line_documents[at]
    if not wanted(rule.when, batch, document):
        return
    line = rule.unit == "line"
    text = batch.line(at) if line else batch.documents[at].text
    why = _script(text) if other else _other_language(rule, text)
    span = content(batch, at) if line else batch.view(Features).content(at)
    if why and span is not None:
        yield Hit(rule, *span, why, remove_line(batch, at) if line else None)


def _other_language(rule: LanguageRule, text: str) -> str:
    """Why a text in the expected script is in another language, or nothing."""
    if _scripts(rule.expected) == {"Arabic"}:
        found = language(text)  # by letters of their own; a detector is no better at these
        return f"letters of {found}" if found is not None and found not in rule.expected else ""
    detected = detect(text, rule.backend)
    if detected is None or detected.language in rule.expected or detected.probability < rule.min_probability:
        return ""
    return f"{rule.backend}: {detected.language} ({detected.probability:.2f})"


def _script(text: str) -> str:
    """What a line in another script is written in: its most used script, and how many of the letters are in it."""
    letters = regex.findall(r"\p{L}", text[:4000])
    counts = Counter(_script_of(letter) for letter in letters)
    name, count = max(counts.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return f"{count} of {len(letters)} letters are {name}" if count else ""


@cache
def _script_of(letter: str) -> str:
    return next((name for name in _IN if regex.match(rf"\p{{Script={name}}}", letter)), "of another script")


def _scripts(expected: Texts) -> set[str]:
    return {script for code in expected for script in SCRIPTS[code]}


def _decided(rule: LanguageRule) -> bool:
    """Whether all languages of the expected scripts that we know are expected: then their letters decide."""
    scripts = _scripts(rule.expected)
    return {code for code, used in SCRIPTS.items() if scripts & set(used)} <= set(rule.expected)


def _expected_letters(rule: LanguageRule, batch: Batch) -> Ints:
    of = batch.view(Features)
    if _scripts(rule.expected) == {"Arabic"}:
        return of.arabic
    table = _letters_of(tuple(sorted(_scripts(rule.expected))))
    return of.in_lines(np.flatnonzero(table[batch.codes] & (of.kinds & LETTER_CLASS != 0)))


@cache
def _letters_of(scripts: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Which code points are written in these scripts; beyond the basic plane those of Han alone."""
    table = np.zeros(0x110000, dtype=bool)
    for match in regex.finditer("(?:" + "|".join(rf"\p{{Script={name}}}" for name in scripts) + ")+", basic_plane()):
        table[match.start() : match.end()] = True
    table[0x20000:0x34000] = "Han" in scripts
    return table
