"""`pair`: a name left in Latin letters although the same document writes it in Arabic ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Annotated, NamedTuple

import msgspec

from auditor.arrays import np
from auditor.batch import Batch
from auditor.expressions import expression, regex
from auditor.features import CAPITAL, Features, Ints
from auditor.folding import DEFAULT, WORD, folding
from auditor.kinds.base import Count, Hit, Rule, Stuck, Texts
from auditor.kinds.clitics import PREFIXES
from auditor.kinds.lexicon import bounded
from auditor.kinds.transliteration import consonants, pattern, spelling
from auditor.model import Edit

_RUN = expression(r"(?<![\p{L}\p{N}@#/._-])\p{Lu}\p{Ll}{2,}(?:[ -]\p{Lu}\p{Ll}{2,})*(?![\p{L}\p{N}@/_-]|\.\p{L})")
_LATIN_BEFORE = expression(r"\p{Script=Latin}[\p{L}\p{N}.'’&-]{0,40}[\s,،]{1,2}$")
_LATIN_AFTER = expression(r"[\s,،]{1,2}[\p{L}\p{N}.'’&-]{0,40}\p{Script=Latin}")
_BESIDE = r"[\s«»\"“”'‘’:،()\u200e\u200f]{1,4}"  # between a name and its gloss; a sentence's end is none
_WORD_BEFORE = expression(f"(?P<word>{WORD.pattern}){_BESIDE}$")
_WORD_AFTER = expression(f"{_BESIDE}(?P<word>{WORD.pattern})")
_QUOTED = 40  # code points of a name in quotation marks, begun before it
_BRACKETED = 400  # code points between a bracket and what it encloses
_ARABIC = expression(r"\p{Script=Arabic}+")
_LATIN = expression(r"\p{Script=Latin}+")
_LETTERS = expression(r"\p{L}+")

_PREFIXES = sorted(PREFIXES, key=len)
_MOST_NAMES = 500  # in one document: every name is held against every word


class PairRule(Rule, frozen=True, kw_only=True, tag="pair"):
    """Names of at least ``min-consonants`` consonants; words in ``except`` and glosses (in brackets) are left."""

    scripts: Annotated[tuple[str, ...], msgspec.Meta(min_length=2, max_length=2)] = ("Latin", "Arabic")
    min_consonants: Count = 3
    except_: Texts = msgspec.field(default=(), name="except")


class _Words(NamedTuple):
    """The distinct Arabic words of a document, most used first: as written, and folded, a line each."""

    document: str
    offset: int  # of the document
    ranked: list[str]
    folded: str


class _Form(NamedTuple):
    text: str  # as the document writes it, without proclitics
    span: tuple[int, int]


class PairMatcher:
    """Documents with a capital in a line with Arabic letters are candidates."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[PairRule]) -> None:
        self._rules = rules

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        by_document: dict[int, list[int]] = {}
        for line in batch.view(_mixed).tolist():
            by_document.setdefault(batch.line_documents[line], []).append(line)
        for document, lines in by_document.items():
            runs = [(line, match) for line in lines for match in _names(batch.line(line))]
            names = {name for _, match in runs for name in _LETTERS.findall(match[0])}
            if not any(_long_enough(rule, name) for rule in self._rules for name in names):
                continue
            if len(names) > _MOST_NAMES:  # a directory, no prose
                continue
            words = _arabic_words(batch, document)
            for rule in self._rules if words.ranked else ():
                spellings = {name: _spelling(rule, name, words) for name in names}
                for line, match in runs:
                    hit = _hit(rule, batch.line_starts[line], match, spellings)
                    if hit is not None and not _glossed(batch.line(line), match, spellings):
                        yield hit


def _mixed(batch: Batch) -> Ints:
    """Lines with Arabic letters and a capital: in most corpora with capitals, few have such letters."""
    of = batch.view(Features)
    if not of.arabic.any():
        return np.zeros(0, np.int64)
    capitals = of.in_lines(np.flatnonzero(of.traits & CAPITAL))
    return np.flatnonzero((capitals > 0) & (of.arabic > 0))


def _names(line: str) -> Iterator[regex.Match[str]]:
    """Capitalised Latin runs inside an Arabic line; what stands in brackets or quotation marks is a gloss.

    A run beside further Latin words is part of a title, an address or a model's name.
    """
    runs = list(_RUN.finditer(line))
    if not runs or sum(map(len, _ARABIC.findall(line))) <= sum(map(len, _LATIN.findall(line))):
        return
    for match in runs:
        if line[match.start() - 1 : match.start()] in ("(", "[", '"', "“", "«", "'") or _enclosed(line, match.start()):
            continue
        before = line[max(0, match.start() - 2 * _QUOTED) : match.start()]
        if not _LATIN_BEFORE.search(before) and not _LATIN_AFTER.match(line, match.end()):
            yield match


def _enclosed(line: str, at: int) -> bool:
    """Whether brackets opened before ``at`` are still open, or short quotation marks."""
    low = max(0, at - _BRACKETED)
    brackets = max(line.rfind(mark, low, at) for mark in "([") > max(line.rfind(mark, low, at) for mark in ")]")
    near = line[max(0, at - _QUOTED) : at]
    return brackets or near.rfind("«") > near.rfind("»") or near.rfind("“") > near.rfind("”")


def _arabic_words(batch: Batch, document: int) -> _Words:
    text = batch.documents[document].text
    counts = Counter(WORD.findall(text))
    ranked = sorted(word for word in counts if len(word) > 2 and "\u0600" <= word[0] <= "\u06ff")
    ranked.sort(key=counts.__getitem__, reverse=True)  # stable: words used as often stay in order
    return _Words(text, batch.starts[document], ranked, folding(DEFAULT).fold("\n".join(ranked)))


def _cores(folded: str) -> tuple[int, ...]:
    """Where a word may begin: after no proclitics, and after those it has."""
    return tuple(len(prefix) for prefix in _PREFIXES if folded.startswith(prefix))


def _hit(rule: PairRule, offset: int, match: regex.Match[str], spellings: dict[str, _Form | None]) -> Hit | None:
    names = _LETTERS.findall(match[0])
    if any(name in rule.except_ for name in names):
        return None
    found = [spellings[name] for name in names]
    known = [form for form in found if form is not None]
    if not known:
        return None
    start, end = offset + match.start(), offset + match.end()
    edit = Edit(start, end, " ".join(form.text for form in known)) if len(known) == len(names) else None
    return Hit(rule, start, end, f"the text also writes {known[0].text}", edit, tuple(form.span for form in known))


def _glossed(line: str, match: regex.Match[str], spellings: dict[str, _Form | None]) -> bool:
    """Whether the Arabic form stands right beside the Latin one, as in «كلارينز» Clarins."""
    fold = folding(DEFAULT).fold
    before = _WORD_BEFORE.search(line[max(0, match.start() - _QUOTED) : match.start()])
    after = _WORD_AFTER.match(line[match.end() : match.end() + _QUOTED])
    words = [fold(found["word"]) for found in (before, after) if found]
    names = [name for name in _LETTERS.findall(match[0]) if spellings[name] is not None]
    return any(pattern(name).fullmatch(word, at) for name in names for word in words for at in _cores(word))


def _long_enough(rule: PairRule, word: str) -> bool:
    """Short names are spelt like too many ordinary words."""
    return len(word) >= 4 and word not in rule.except_ and consonants(word) >= rule.min_consonants


def _spelling(rule: PairRule, name: str, words: _Words) -> _Form | None:
    """The most used Arabic word that spells ``name``, without its proclitics."""
    if not _long_enough(rule, name):
        return None
    for match in _spelt(name).finditer(words.folded):
        if len(match["core"]) > 2:
            word = words.ranked[words.folded.count("\n", 0, match.start())]
            at = int(folding(DEFAULT).positions(word)[match.start("core") - match.start()])
            start = words.offset + _first_place(words.document, word)
            return _Form(word[at:], (start + at, start + len(word)))
    return None


@lru_cache(4096)
def _spelt(name: str) -> re.Pattern[str]:
    """A line that is a spelling of ``name``, after the shortest proclitics that leave one."""
    return re.compile(f"(?m)^(?:{'|'.join(_PREFIXES)})(?P<core>{spelling(name)})$")  # re is the faster one to compile


def _first_place(text: str, word: str) -> int:
    """Where a word stands in a text for the first time, not inside another one."""
    at = text.find(word)
    while not bounded(text, at, at + len(word)):
        at = text.find(word, at + 1)
    return at
