"""The kinds that judge documents by their figures, in plain Python: one text at a time, no arrays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import regex
from reference import Found, Line, lines, undecorated, without_lines
from reference import find as find_in_lines

from auditor.batch import Batch
from auditor.evidence import Evidence
from auditor.folding import DEFAULT, WIDEST, folding
from auditor.kinds.base import Rule, When
from auditor.kinds.block import BlockRule
from auditor.kinds.density import DensityRule
from auditor.kinds.echo import EchoRule
from auditor.kinds.evidence import EvidenceRule
from auditor.kinds.language import LanguageRule
from auditor.kinds.lexicon import LexiconRule
from auditor.kinds.metric import MetricRule
from auditor.kinds.regex import RegexRule
from auditor.kinds.thread import ThreadRule
from auditor.metrics import language
from auditor.model import Document
from auditor.trees import Trees
from auditor.weights import load_weights

WORDS = regex.compile(r"[\p{L}\p{M}\p{N}]+")
LETTER = regex.compile(r"\p{L}|(?=[\p{M}\p{N}])[\U00010000-\U000fffff]")  # beyond the basic plane all of a word counts
END, CLOSING = r"[\p{Sentence_Terminal}…]", r"""[\p{Pe}\p{Pf}\p{Pi}\p{Cf}"']"""
SENTENCE = regex.compile(rf"(?:(?![\U00010000-\U0010ffff]){END})(?=\s|[\x1c-\x1f]|{CLOSING}|\Z)")


def find(rule: Rule, text: str) -> Iterator[Found]:
    match rule:
        case BlockRule():
            yield from _block(rule, text)
        case DensityRule():
            yield from _density(rule, text)
        case MetricRule():
            number, span = figure(rule.metric, text, rule.words), whole(text)
            out = (rule.min is not None and number < rule.min) or (rule.max is not None and number > rule.max)
            if out and span and wanted(rule.when, text):
                yield Found(*span, None)
        case LanguageRule():
            yield from _language(rule, text)
        case EvidenceRule():
            yield from _evidence(rule, text)
        case EchoRule():
            yield from {"suffix": _suffix, "sorted": _sorted, "labels": _labels}[rule.shape](rule, text)
        case ThreadRule():
            yield from _thread(rule, text)


def whole(text: str) -> tuple[int, int] | None:
    start = len(text) - len(text.lstrip())
    return (start, len(text.rstrip())) if text.strip() else None


def wanted(when: When | None, text: str) -> bool:
    if when is None:
        return True
    return len(WORDS.findall(text)) >= (when.min_words or 0) and (not when.language or language(text) in when.language)


# Lines


def words(line: str) -> int:
    return len(WORDS.findall(line))


def ended(line: str) -> bool:
    bare = line
    while bare and (bare[-1].isspace() or (bare[-1] <= "\uffff" and regex.match(CLOSING, bare[-1]))):
        bare = bare[:-1]
    return bool(bare) and bare[-1] <= "\uffff" and regex.match(END, bare[-1]) is not None


def quoted(line: str) -> bool:
    return regex.match(r"""(?!›)[\p{Pf}"']""", line.rstrip()[-1:]) is not None


def elliptic(line: str) -> bool:
    return line.rstrip().endswith(("...", "…"))


def prose(line: str) -> bool:
    return (words(line) >= 10 and ended(line)) or words(line) >= 25


# Blocks


def _block(rule: BlockRule, text: str) -> Iterator[Found]:
    rows = lines(text)
    paragraphs = [n for n, row in enumerate(rows) if prose(row.text)]
    n = 0
    filled = [n for n, row in enumerate(rows) if row.text.strip()]
    at = 0
    while at < len(filled):
        n = filled[at]
        if not _short(rule, rows[n]) or (rule.begins_with and not _is(rule.begins_with, rows[n])):
            at += 1
            continue
        stop = at + 1
        while stop < len(filled) and _short(rule, rows[filled[stop]]):
            stop += 1
        followed = stop < len(filled) and not _is(rule.stop_at, rows[filled[stop]])
        run = filled[at : max(at, stop - rule.spare * followed)]
        for block in _made(rule, rows, run) if rule.made_of else [run]:
            listed = block[1:] if rule.begins_with else block
            counted = [line for line in listed if not rule.made_of or _is(rule.made_of, rows[line])]
            if len(counted) < rule.min_lines or len(listed) > (rule.max_lines or len(listed)):
                continue
            above, below = any(p < block[0] for p in paragraphs), any(p > block[-1] for p in paragraphs)
            place = {
                "before-prose": below and not above,
                "after-prose": above and not below,
                "between-prose": above and below,
                "any": True,
            }
            ends = sum(ended(rows[line].text) for line in listed)
            bullets = sum(bulleted(rows[line].text) for line in listed)
            fits = ends / len(listed) <= rule.max_ended and bullets / len(listed) <= rule.max_bulleted
            if place[rule.position] and fits:
                yield Found(
                    rows[block[0]].content[0],
                    rows[block[-1]].content[1],
                    without_lines(text, rows, block[0], block[-1]),
                )
        at = stop


def _made(rule: BlockRule, rows: list[Line], run: list[int]) -> Iterator[list[int]]:
    known = [at for at, line in enumerate(run) if _is(rule.made_of, rows[line])]
    while known:
        size = 1
        while size < len(known) and _near(rule, [rows[n].text for n in run[known[size - 1] + 1 : known[size]]]):
            size += 1
        yield run[known[0] : known[size - 1] + 1]
        known = known[size:]


def _near(rule: BlockRule, between: list[str]) -> bool:
    return len(between) <= rule.others and all(LETTER.search(text) for text in between)


def bulleted(line: str) -> bool:
    return regex.match("[•‣⁃◦∙▪▫■□●○►▶◄◀·*–—-]", line.strip()) is not None


def _short(rule: BlockRule, row: Line) -> bool:
    return words(row.text) <= rule.max_words and not prose(row.text) and not _is(rule.stop_at, row)


def _is(phrases: tuple[str, ...], row: Line) -> bool:
    fold = folding(DEFAULT).fold
    said = fold(row.text)
    bare = [fold(phrase.strip()) for phrase in phrases]
    return said[slice(*undecorated(said))] in {phrase[slice(*undecorated(phrase))] for phrase in bare}


# Densities


def _density(rule: DensityRule, text: str) -> Iterator[Found]:
    found = _counted(rule, text, rule.pattern)
    if rule.per == "words":
        per = len(WORDS.findall(text))
    elif rule.per == "lines":
        per = sum(bool(row.text.strip()) for row in lines(text))
    else:
        per = sum(
            match.start() < match.end()
            for row in lines(text)
            for match in regex.finditer(rule.per_pattern or "", row.text)
        )
    if per < rule.min_count or not wanted(rule.when, text):
        return
    rate = len(found) / per
    span = found[0][:2] if found else whole(text)
    high, low = rule.above is not None and rate > rule.above, rule.below is not None and rate < rule.below
    if span and (high or low):
        yield Found(*span, None)


def _counted(rule: DensityRule, text: str, pattern: str | None) -> list[Found]:
    common = {name: getattr(rule, name) for name in Rule.__struct_fields__}
    if pattern is None:
        return find_in_lines(LexiconRule(**common, phrases=rule.phrases, at="anywhere"), text)
    return find_in_lines(RegexRule(**common, pattern=pattern), text)


# Languages


def _language(rule: LanguageRule, text: str) -> Iterator[Found]:
    """By script alone: what a detector says is not for a reference to know."""
    assert set(rule.expected) == {"ar", "fa", "ur"}
    rows = lines(text)
    for n, row in enumerate(rows):
        letters, arabic = len(LETTER.findall(row.text)), len(regex.findall(r"(?=\p{L})\p{Script=Arabic}", row.text))
        other = arabic < 0.1 * letters and regex.search(r"\p{L}", row.text)
        if letters >= rule.min_letters and other and wanted(rule.when, text):
            yield Found(*row.content, without_lines(text, rows, n, n))


# Words said again


def said(text: str) -> str:
    folded = folding(DEFAULT).fold(text)
    start, end = undecorated(folded)
    return folded[start:end].strip()


def said_words(text: str) -> list[str]:
    return WORDS.findall(folding(DEFAULT).fold(text))


def _suffix(rule: EchoRule, text: str) -> Iterator[Found]:
    rows = [row for row in lines(text) if row.text.strip()]
    for n, row in enumerate(rows[: rule.first_lines]):
        line = row.text.strip()
        cuts = list(regex.finditer(r"\s*[|»·]\s*|(?<=\s)(?:::|[-–—])\s+", line)) if len(line) <= 400 else []
        cut = next((cut for cut in reversed(cuts) if line[: cut.start()].strip() and line[cut.end() :]), None)
        if cut is None:
            continue
        title, tail = line[: cut.start()].rstrip(), line[cut.end() :]
        others = {said(other.text) for other in rows[:n] + rows[n + 1 :]} - {""}
        found = said(title) in others or (cut[0].strip() in "|»·:::" and said(tail) in others)
        if found and words(title) >= 3 and 1 <= words(tail) <= rule.max_words:
            start = row.start + row.text.index(line) + len(title)
            yield Found(start, row.content[1], (start, row.end, ""))


def _sorted(rule: EchoRule, text: str) -> Iterator[Found]:
    rows = lines(text)
    brief = [row for row in rows if row.text.strip()][: rule.first_lines]
    titles = [row for row in brief if len(row.text) <= 400]
    for n, row in enumerate(rows):
        listed = said_words(row.text)
        written = WORDS.findall(row.text)
        ordered = written == sorted(set(written))
        if min(len(listed), words(row.text)) < rule.min_words or len(row.text) > 400 or not ordered or ended(row.text):
            continue
        if any(title is not row and set(listed) <= set(said_words(title.text)) for title in titles):
            yield Found(*row.content, without_lines(text, rows, n, n))


def _labels(rule: EchoRule, text: str) -> Iterator[Found]:
    rows = lines(text)
    paragraphs = [n for n, row in enumerate(rows) if prose(row.text)]
    runs: list[list[int]] = [[]]
    for n, row in enumerate(rows):
        if not paragraphs or n < paragraphs[-1] or not row.text.strip():
            continue
        listed = said_words(row.text)
        brief = listed and max(len(listed), words(row.text)) <= rule.max_words
        fits = brief and not ended(row.text) and LETTER.search(row.text)
        inside = any(
            listed == spoken[at : at + len(listed)]
            for spoken in (said_words(rows[line].text) for line in paragraphs)
            for at in range(len(spoken))
        )
        runs = [*runs[:-1], [*runs[-1], n]] if fits and inside else [*runs, []]
    for run in runs:
        if len(run) >= rule.min_lines:
            yield Found(rows[run[0]].content[0], rows[run[-1]].content[1], without_lines(text, rows, run[0], run[-1]))


# Readers' comments


def _thread(rule: ThreadRule, text: str) -> Iterator[Found]:
    rows = [row for row in lines(text) if row.text.strip()]
    heads = [at for at, row in enumerate(rows) if _numberless(row.text) in set(map(_numberless, rule.begins_with))]
    backs = [at for at, row in enumerate(rows) if _numberless(row.text) in set(map(_numberless, rule.returns))]
    after = 0  # the thread before
    for head in heads:
        told = sum(words(row.text) for row in rows[after:head] if prose(row.text))
        chain = [head]
        while more := [at for at in backs if 0 < at - chain[-1] <= rule.within]:
            between = [at for at in heads if chain[-1] < at < more[0]]
            if between and any(prose(row.text) for row in rows[chain[-1] + 1 : between[-1]]):
                break
            chain.append(more[0])
        nearer = any(head < other < chain[1] for other in heads) if len(chain) > 1 else True
        if head >= after and told >= rule.min_words and not nearer and len(chain) > rule.min_returns:
            every = lines(text)
            first, last = every.index(rows[head]), every.index(rows[chain[-1]])
            yield Found(rows[head].content[0], rows[chain[-1]].content[1], without_lines(text, every, first, last))
            after = chain[-1] + 1


def _numberless(line: str) -> str:
    folded = folding(DEFAULT | {"digits"}).fold(line)
    while folded and (folded[0] in "0123456789" or folded[-1] in "0123456789" or folded != said(folded)):
        folded = said(folded).strip("0123456789")
    return folded


# Line evidence


class Told(NamedTuple):
    """A line with words, and how probable it is that it is boilerplate."""

    number: int
    words: int
    probability: float
    topic: float  # the share of its telling words that the prose has
    since: float  # how many lines above the last heading of a list stands, and whether paragraphs stand between
    passed: float


@lru_cache(maxsize=64)
def _told(model: str, text: str) -> list[Told]:
    """Each line by itself through each tree by itself; what the features mean is for test_evidence.py to say."""
    weights = load_weights(model)
    evidence = Evidence(Batch([Document(text=text)]), weights.tables, weights.sites)
    rows = lines(text)
    found = []
    for at, n in enumerate(n for n, row in enumerate(rows) if row.text.strip()):
        folded = [folding(WIDEST).table.get(ord(char), char)[:1] for char in rows[n].text]
        topic, since, passed = (
            float(evidence.features[name][at]) for name in ("topic", "since-related", "prose-since-related")
        )
        if count := words("".join(folded)):  # of a ligature its first letter counts
            values = [float(evidence.features[name][at]) for name in weights.names]
            found.append(
                Told(n, count, 1 / (1 + math.exp(-_log_odds(weights.trees, values))), topic, math.expm1(since), passed)
            )
    return found


def _evidence(rule: EvidenceRule, text: str) -> Iterator[Found]:
    rows, told = lines(text), _told(rule.model, text)
    for line in told:
        fits = line.probability >= rule.threshold and (not rule.max_words or line.words <= rule.max_words)
        fits = fits and (rule.listed is None or _listed(rows, rule.listed, line))
        if fits and wanted(rule.when, text) and (rule.outside is None or _outside(told, line) >= rule.outside):
            yield Found(*rows[line.number].content, without_lines(text, rows, line.number, line.number))


def _listed(rows: list[Line], within: int, line: Told) -> bool:
    text = rows[line.number].text
    sentence = ended(text) and not elliptic(text) and text.strip()[-1:] not in tuple("?؟!")
    next_filled = next((row for row in rows[line.number + 1 :] if row.text.strip()), None)
    title = line.words > 3 and line.topic >= np.float32(0.3) and not any(prose(row.text) for row in rows[: line.number])
    above_prose = next_filled is not None and prose(next_filled.text)
    return line.passed == 0 and line.since <= within + 0.5 and not (sentence or above_prose or title)


def _outside(told: list[Told], line: Told) -> float:
    """The mean probability above the first sure line, if the line is there and no title, or below the last."""
    sure = [one for one in told if one.probability < 0.2 and one.words >= 10]
    if sum(one.words for one in sure) < 60:
        return -1
    first, last = sure[0].number, sure[-1].number
    if first <= line.number <= last or (line.number < first and line.words > 3 and line.topic >= np.float32(0.3)):
        return -1
    outer = [one.probability for one in told if (one.number < first if line.number < first else one.number > last)]
    return sum(round(probability * 65536) for probability in outer) / 65536 / len(outer)


def _log_odds(trees: Trees, values: list[float]) -> float:
    total = np.float32(0)
    for features, bins, leaves in zip(trees.features, trees.bins, trees.leaves, strict=True):
        answers = [values[asked] > trees.borders[asked][at] for asked, at in zip(features, bins, strict=True)]
        total += leaves[sum(answer << level for level, answer in enumerate(answers))]
    return float(np.float32(trees.slope) * total + np.float32(trees.offset))


# Figures


def ratio(part: float, of: float) -> float:
    return part / of if of else 0.0


def again(parts: list[str]) -> list[str]:
    return [part for at, part in enumerate(parts) if part in parts[:at]]


def figure(name: str, text: str, stop_words: tuple[str, ...] = ()) -> float:
    found = WORDS.findall(text)
    raw = [row.text for row in lines(text) if row.text.strip()]
    stripped = [row.strip() for row in raw]
    paragraphs = [part.strip() for part in regex.split(r"\n\s*\n", text) if part.strip()]
    if size := regex.fullmatch(r"(top|duplicate)-(\d+)-gram-ratio", name):
        return ratio((_top if size[1] == "top" else _repeated)(found, int(size[2])), len(text))
    fold = folding(frozenset({"tashkeel", "tatweel", "case"})).fold
    values = {
        "chars": lambda: len(text),
        "words": lambda: len(found),
        "lines": lambda: len(raw),
        "long-lines": lambda: sum(len(row.text) >= 200 for row in lines(text)),
        "sentences": lambda: sum(len(SENTENCE.findall(row)) for row in raw),
        "c4-sentences": lambda: sum(
            max(1, len(SENTENCE.findall(row)))
            for row in raw
            if words(row) >= 3 and (ended(row) or quoted(row)) and not elliptic(row)
        ),
        "curly-brackets": lambda: text.count("{"),
        "longest-word": lambda: max(map(len, text.split()), default=0),
        "mean-word-length": lambda: ratio(sum(map(len, found)), len(found)),
        "alphabetic-word-ratio": lambda: ratio(sum(bool(LETTER.search(word)) for word in found), len(found)),
        "newline-word-ratio": lambda: ratio(text.count("\n"), len(found)),
        "hash-word-ratio": lambda: ratio(text.count("#"), len(found)),
        "ellipsis-word-ratio": lambda: ratio(text.count("...") + text.count("…"), len(found)),
        "spaced-comma-ratio": lambda: ratio(text.count(" ،"), text.count("،")),
        "ended-line-ratio": lambda: ratio(sum(ended(row) or quoted(row) for row in raw), len(raw)),
        "short-line-ratio": lambda: ratio(sum(len(row) <= 30 for row in raw), len(raw)),
        "bullet-line-ratio": lambda: ratio(sum(bulleted(row) for row in raw), len(raw)),
        "ellipsis-line-ratio": lambda: ratio(sum(map(elliptic, raw)), len(raw)),
        "duplicate-line-ratio": lambda: ratio(len(again(stripped)), len(raw)),
        "duplicate-line-char-ratio": lambda: ratio(sum(map(len, again(stripped))), len(text)),
        "duplicate-paragraph-ratio": lambda: ratio(len(again(paragraphs)), len(paragraphs)),
        "duplicate-paragraph-char-ratio": lambda: ratio(sum(map(len, again(paragraphs))), len(text)),
        "stop-words": lambda: sum(fold(word) in set(map(fold, stop_words)) for word in found),
    }
    return values[name]()


def _grams(found: list[str], size: int) -> list[str]:
    return [" ".join(found[at : at + size]) for at in range(len(found) - size + 1)]


def _top(found: list[str], size: int) -> int:
    best = Counter(_grams(found, size)).most_common(1)
    return len(best[0][0]) * best[0][1] if best else 0


def _repeated(found: list[str], size: int) -> int:
    grams, seen, at, total = _grams(found, size), set(), 0, 0
    while at < len(grams):
        if grams[at] in seen:
            total += len(grams[at])
            at += size
        else:
            seen.add(grams[at])
            at += 1
    return total
