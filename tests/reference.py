"""The rule language in plain Python: slow, one rule and one document at a time, to be read as its meaning.

Nothing here scans bytes, joins documents or guesses candidates. The only things taken from the engine are the rule
classes, `Folding.fold` and `Folding.positions` (test_folding.py checks those), the spelling table of `pair`, the named
repairs (test_repairs.py) and the language of a document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import regex

from auditor.folding import DEFAULT, WIDEST, Folding, expand_steps, folding
from auditor.kinds import AnyRule
from auditor.kinds.base import LineRule, Near
from auditor.kinds.block import BlockRule
from auditor.kinds.density import DensityRule
from auditor.kinds.echo import EchoRule
from auditor.kinds.encoding import EncodingRule
from auditor.kinds.evidence import EvidenceRule
from auditor.kinds.language import LanguageRule
from auditor.kinds.lexicon import LexiconRule
from auditor.kinds.metric import MetricRule
from auditor.kinds.name import NameRule
from auditor.kinds.pair import PairRule
from auditor.kinds.regex import RegexRule
from auditor.kinds.repeat import RepeatRule
from auditor.kinds.script import ScriptRule
from auditor.kinds.thread import ThreadRule
from auditor.kinds.transliteration import consonants, pattern
from auditor.metrics import language
from auditor.repairs import REPAIRS

WORDS = regex.compile(r"[\p{L}\p{M}\p{N}]+")
WORD_CHAR = regex.compile(r"[\p{L}\p{M}\p{N}]")
SENTENCE_END = regex.compile(r"[.!?؟۔…](?=[\s\"”»)\]]|$)|[؛;]")
PROCLITICS = regex.compile(r"[وف]?(?:[بكل]|[بك]?ال|لل)?")  # and/so, then with/as/for, then the article


class Found(NamedTuple):
    """A match: code points of the document, and what its fix would do (None: the rule has no fix)."""

    start: int
    end: int
    edit: tuple[int, int, str] | None


class Line(NamedTuple):
    start: int
    end: int  # before its line break
    text: str

    @property
    def content(self) -> tuple[int, int]:
        """Without the white space around it; a blank line is taken whole."""
        if not self.text.strip():
            return self.start, self.end
        return self.start + len(self.text) - len(self.text.lstrip()), self.start + len(self.text.rstrip())


class Folded(NamedTuple):
    """A text as a rule sees it, and where each of its characters stands in the original."""

    text: str
    origin: list[int]
    length: int  # of the original

    def original(self, start: int, end: int) -> tuple[int, int]:
        last = self.origin[end - 1]
        return self.origin[start], next((at for at in self.origin[end:] if at > last), self.length)


def find(rule: AnyRule, text: str) -> list[Found]:
    """Everything one rule finds in one document, in order."""
    rows = lines(text)
    if rule.when_language is not None and language(text) not in rule.when_language:
        return []
    match rule:
        case EncodingRule():
            found = []  # it is about files, not their text
        case LexiconRule():
            found = [hit for n in range(len(rows)) for hit in _lexicon(rule, text, rows, n)]
        case NameRule():
            found = [hit for n in range(len(rows)) for hit in _name(rule, rows, n)]
        case RegexRule() if rule.scope == "document":
            found = list(_document_pattern(rule, text))
        case RegexRule():
            found = [hit for n in range(len(rows)) for hit in _pattern(rule, text, rows, n)]
        case ScriptRule():
            found = [hit for row in rows for hit in _script(rule, row)]
        case RepeatRule() if rule.across is not None:
            found = []  # one document is no site; see `find_across`
        case RepeatRule():
            found = list(_repeat(rule, text, rows))
        case PairRule():
            found = [hit for row in rows for hit in _pair(rule, text, row)]
        case BlockRule() | DensityRule() | MetricRule() | LanguageRule() | EvidenceRule() | EchoRule() | ThreadRule():
            import reference_documents  # it needs this module

            found = list(reference_documents.find(rule, text))
    single: dict[tuple[int, int], Found] = {}  # what is found twice in the same place is found once
    for hit in found:
        single.setdefault((hit.start, hit.end), hit if rule.fix != "none" else Found(hit.start, hit.end, None))
    return sorted(single.values(), key=lambda hit: hit[:2])


def find_all(rules: Sequence[AnyRule], text: str) -> list[tuple[str, Found]]:
    """Everything many rules find, by rule; line evidence gives way to captions, bylines and what goes anyway, and
    each of its lines goes to the first rule that takes it."""
    found = []
    taken: set[tuple[str, int]] = set()
    for rule in rules:
        hits = find(rule, text)
        if isinstance(rule, EvidenceRule):
            hits = [hit for hit in hits if (rule.model, hit.start) not in taken]
            taken |= {(rule.model, hit.start) for hit in hits}
        found += [(rule, hit) for hit in hits]
    others = [
        hit
        for rule, hit in found
        if not isinstance(rule, EvidenceRule)
        and (rule.category in ("caption", "byline") or (rule.fix == "safe" and hit.edit and not hit.edit[2]))
    ]
    return [
        (rule.id, hit)
        for rule, hit in found
        if not isinstance(rule, EvidenceRule)
        or not any(other.start <= hit.start and hit.end <= other.end for other in others)
    ]


@lru_cache(maxsize=1 << 10)
def lines(text: str) -> list[Line]:
    """Lines end at ``\\n`` or ``\\r\\n`` and nothing else."""
    found, at = [], 0
    for newline in regex.finditer(r"\r?\n", text):
        found.append(Line(at, newline.start(), text[at : newline.start()]))
        at = newline.end()
    return [*found, Line(at, len(text), text[at:])]


@lru_cache(maxsize=1 << 16)
def folded(text: str, by: Folding) -> Folded:
    return Folded(by.fold(text), by.positions(text).tolist(), len(text))


@lru_cache(maxsize=1 << 14)
def is_word(char: str) -> bool:
    return WORD_CHAR.match(char) is not None


def inside_word(text: str, at: int) -> bool:
    """Whether the place before ``text[at]`` lies within a word."""
    return 0 < at < len(text) and is_word(text[at - 1]) and is_word(text[at])


# Lexicon


def _lexicon(rule: LexiconRule, text: str, rows: list[Line], n: int) -> Iterator[Found]:
    line = rows[n]
    seen = folded(line.text, rule.folding())
    left, right = undecorated(seen.text)
    spans = []
    for phrase in _phrases(rule):
        for start in occurrences(seen.text, phrase):
            end = start + len(phrase)
            if rule.at == "line":
                stands = (start, end) == (left, right)
            else:
                stands = not inside_word(seen.text, start) and not inside_word(seen.text, end)
            if rule.at == "start":
                stands = stands and start <= left
            if rule.at == "end":
                stands = stands and end >= right
            if stands:
                spans.append((start, end))
    for span in leftmost_longest(spans):
        start, end = seen.original(*span)
        if stands_well(rule, rows, n, start, end):
            if rule.at == "line":
                yield Found(*line.content, without_lines(text, rows, n, n))
            else:
                yield _widened(rule, text, rows, n, line.start + start, line.start + end)


@lru_cache(maxsize=1 << 12)
def _phrases(rule: LexiconRule) -> set[str]:
    found = {rule.folding().fold(phrase.strip()).strip() for phrase in rule.phrases}
    if rule.at == "line":
        found = {phrase[slice(*undecorated(phrase))] for phrase in found}
    return found


def undecorated(text: str) -> tuple[int, int]:
    """Where ``text`` begins and ends but for what is neither word, quotation mark nor question mark."""
    solid = [at for at, char in enumerate(text) if is_word(char) or char in "\"'“”‘’«»?؟"]
    return (solid[0], solid[-1] + 1) if solid else (len(text), len(text))


def occurrences(text: str, part: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(part, at)] if part in text else []


def leftmost_longest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The leftmost span, of several the longest, then the next that does not overlap it, and so on."""
    chosen: list[tuple[int, int]] = []
    for span in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not chosen or span[0] >= chosen[-1][1]:
            chosen.append(span)
    return chosen


def _widened(rule: LineRule, text: str, rows: list[Line], n: int, start: int, end: int) -> Found:
    """A match as wide as its rule's extent, and what its fix does."""
    line = rows[n]
    if rule.extent == "line":
        return Found(*line.content, without_lines(text, rows, n, n))
    if rule.extent == "to-end":
        end = max(end, line.content[1])
    if rule.replace is not None:
        return Found(start, end, (start, end, rule.replace))
    first, last = line.content
    before, after = text[line.start : start], text[end : line.end]
    if start <= first and end >= last:
        return Found(start, end, without_lines(text, rows, n, n))
    if end >= last:
        return Found(start, end, (line.start + len(before.rstrip()), line.end, ""))
    if not before or before[-1].isspace():
        return Found(start, end, (start, line.end - len(after.lstrip()), ""))
    return Found(start, end, (start, end, ""))


def without_lines(text: str, rows: list[Line], first: int, last: int) -> tuple[int, int, str]:
    """Deletes whole lines. Of blank lines on both sides only those above stay; at the text's end none stay."""
    after = last + 1
    if first == 0 or not rows[first - 1].text.strip():
        while after < len(rows) - 1 and not rows[after].text.strip():
            after += 1
    if after < len(rows):
        return rows[first].start, rows[after].start, ""
    above = first - 1
    while above > 0 and not rows[above].text.strip():
        above -= 1
    return (rows[above].end if above >= 0 else 0), len(text), ""


# Names


def _name(rule: NameRule, rows: list[Line], n: int) -> Iterator[Found]:
    line = rows[n]
    seen = folded(line.text, rule.folding())
    kept: dict[tuple[int, int], str] = {}
    for wrong in rule.wrong:
        for start, core, end in _tokens_of(rule, rule.folding().fold(wrong.strip()), seen.text):
            kept.setdefault((start, end), seen.text[start:core])
    for span in leftmost_longest(list(kept)):
        start, end = seen.original(*span)
        if stands_well(rule, rows, n, start, end):
            prefix = kept[span]
            if prefix.endswith("ال"):
                prefix = prefix[:-2]
            elif prefix.endswith("لل"):
                prefix = prefix[:-1]
            at, stop = line.start + start, line.start + end
            yield Found(at, stop, None if rule.right is None else (at, stop, joined(prefix, rule.right)))


def _tokens_of(rule: NameRule, form: str, text: str) -> Iterator[tuple[int, int, int]]:
    """Tokens that are a proclitic and a form: where each begins, where its core begins, where it ends.

    A form written with the article asks for one (so its core is what follows), a form without has none.
    """
    clitics = rule.clitics and "\u0600" <= form[:1] <= "\u06ff"
    definite = clitics and form.startswith("ال") and len(form) > 3
    core = form[2:] if definite else form
    for at in occurrences(text, core):
        end, start = at + len(core), at
        if clitics or is_word(core[0]):
            while start and is_word(text[start - 1]):
                start -= 1
        prefix = text[start:at]
        has_article = prefix.endswith(("ال", "لل"))
        allowed = PROCLITICS.fullmatch(prefix) and has_article == definite if clitics else not prefix
        if allowed and not inside_word(text, end):
            yield start, at, end


def joined(proclitics: str, name: str) -> str:
    """for + the name is written with two lams, never with three."""
    if proclitics.endswith("ل") and name.startswith("ال"):
        return proclitics + name[2:] if name[2:3] == "ل" else proclitics + "ل" + name[2:]
    return proclitics + name


# Patterns


@lru_cache(maxsize=1 << 12)
def compiled(rule: RegexRule) -> regex.Pattern[str]:
    """On folded text, a pattern's own letters are folded too, where that gives one letter; its ASCII is syntax."""
    source = rule.pattern
    if rule.fold:
        by = rule.folding()
        source = "".join(by.fold(char) if char > "\x7f" and len(by.fold(char)) == 1 else char for char in source)
    return regex.compile(source, regex.MULTILINE if rule.scope == "document" else 0)


def _pattern(rule: RegexRule, text: str, rows: list[Line], n: int) -> Iterator[Found]:
    line = rows[n]
    if rule.lines == "doubled-word" and not doubled_word(line.text):
        return
    seen = folded(line.text, rule.folding() if rule.fold else folding(frozenset()))
    for match in compiled(rule).finditer(seen.text):
        span = narrowed(match)
        if span[0] == span[1]:
            continue
        left, right = seen.original(*span)
        if not stands_well(rule, rows, n, left, right):
            continue
        start, end = line.start + left, line.start + right
        if rule.repair is not None:
            yield repaired(rule.repair, text, start, end)
        elif rule.replace is not None:
            yield Found(start, end, (start, end, filled(rule.replace, match, line.text, seen)))
        elif rule.extent == "match" and (start, end) != line.content:
            yield Found(start, end, (start, end, ""))
        else:
            yield _widened(rule, text, rows, n, start, end)


def doubled_word(text: str) -> bool:
    """Whether a word of the line, in its widest folding, directly follows itself."""
    words = WORDS.findall(folding(WIDEST).fold(text))
    return any(one == two for one, two in pairwise(words))


def _document_pattern(rule: RegexRule, text: str) -> Iterator[Found]:
    unfolded = Folded(text, list(range(len(text))), len(text))
    for match in compiled(rule).finditer(text):
        start, end = narrowed(match)
        if start < end and rule.repair is not None:
            yield repaired(rule.repair, text, start, end)
        elif start < end:
            yield Found(start, end, (start, end, filled(rule.replace or "", match, text, unfolded)))


def repaired(name: str, text: str, start: int, end: int) -> Found:
    """What is not certain to be right is found and left."""
    instead = REPAIRS[name](text[start:end])
    return Found(start, end, None if instead is None else (start, end, instead))


def narrowed(match: regex.Match[str]) -> tuple[int, int]:
    if "span" in match.re.groupindex and match["span"] is not None:
        return match.span("span")
    return match.span()


def filled(template: str, match: regex.Match[str], text: str, seen: Folded) -> str:
    """The replacement, its groups filled in from the original text."""

    def group(reference: regex.Match[str]) -> str:
        name = reference[1] or reference[2]
        start, end = match.span(int(name) if name.isdigit() else name)
        return text[slice(*seen.original(start, end))] if start < end else ""

    return str(regex.sub(r"\\(?:g<(\w+)>|(\d))", group, template))


# What must stand around a match


def stands_well(rule: LineRule, rows: list[Line], n: int, start: int, end: int) -> bool:
    """Whether ``[start, end)`` of line ``n`` stands where the rule wants it."""
    line = rows[n].text
    if rule.max_words is not None and len(WORDS.findall(line)) > rule.max_words:
        return False
    if rule.first_lines is not None or rule.last_lines is not None:
        above = sum(bool(row.text.strip()) for row in rows[:n])
        below = sum(bool(row.text.strip()) for row in rows[n + 1 :])
        if above >= (rule.first_lines or 0) and below >= (rule.last_lines or 0):
            return False
    if rule.except_ and _excepted(rule.except_, line, start, end):
        return False
    if rule.not_near is not None and cue_near(rule.not_near, line, start, end):
        return False
    if rule.in_text is not None:
        words = [folding(DEFAULT).fold(word) for row in rows for word in WORDS.findall(row.text)]
        if sum(_cue_in(cue, words, []) for cue in set(rule.in_text.any)) < rule.in_text.at_least:
            return False
    return rule.near is None or cue_near(rule.near, line, start, end)


def _excepted(phrases: tuple[str, ...], line: str, start: int, end: int) -> bool:
    seen = folded(line, folding(DEFAULT))
    for phrase in phrases:
        sought = folding(DEFAULT).fold(phrase).strip()
        for at in occurrences(seen.text, sought):
            left, right = seen.original(at, at + len(sought))
            if left <= start and end <= right:
                return True
    return False


def cue_near(near: Near, line: str, start: int, end: int) -> bool:
    """Whether a cue stands within so many words of ``line[start:end]``, in the same sentence."""
    ends = list(SENTENCE_END.finditer(line))
    left = max((stop.end() for stop in ends if stop.end() <= start), default=0)
    right = min((stop.start() for stop in ends if stop.start() >= end), default=len(line))
    words = [(word.start(), word.end(), folding(DEFAULT).fold(word[0])) for word in WORDS.finditer(line)]
    before = [word for at, stop, word in words if left <= at and stop <= start]
    after = [word for at, stop, word in words if end <= at and stop <= right]
    itself = [word for at, stop, word in words if at < end and start < stop]
    before = before[-near.before :] if near.before else []
    return any(_cue_in(cue, before, itself[:1]) or _cue_in(cue, after[: near.after], []) for cue in near.any)


def _cue_in(cue: str, window: list[str], beyond: list[str]) -> bool:
    """A cue's words in a row, the first with or without proclitics.

    A cue that ends in a lone proclitic wants it at the next word's beginning, and that may be the match itself.
    """
    words = [folding(DEFAULT).fold(word) for word in WORDS.findall(cue)]
    beginning = words.pop() if len(words) > 1 and words[-1] in ("و", "ف", "ب", "ك", "ل") else None
    sought = window + beyond if beginning else window
    for at in range(len(sought) - len(words) + 1):
        head, rest = sought[at], sought[at + 1 : at + len(words)]
        if not head.endswith(words[0]) or not PROCLITICS.fullmatch(head[: len(head) - len(words[0])]):
            continue
        if rest == words[1:]:
            following = sought[at + len(words) :]
            if beginning is None or (following and following[0].startswith(beginning)):
                return True
    return False


# Mixed scripts


def _script(rule: ScriptRule, line: Line) -> Iterator[Found]:
    one, two = (regex.compile(rf"\p{{Script={name}}}") for name in rule.scripts)
    for token in WORDS.finditer(line.text):
        seams, last = [], None
        for at, char in enumerate(token[0]):
            if char == "\u0640" or not regex.match(r"\p{L}", char):
                continue  # marks, digits and tatweel belong to whatever stands around them
            script = one if one.match(char) else two if two.match(char) else None
            if script and last and script is not last:
                seams.append(at)
            last = script
        if not seams or any(regex.fullmatch(allowed, token[0]) for allowed in rule.allow):
            continue
        if rule.clitics and "Arabic" in rule.scripts and _is_clitic_and_name(token[0], seams):
            continue
        start, end = line.start + token.start(), line.start + token.end()
        parts = [token[0][at:stop] for at, stop in zip([0, *seams], [*seams, len(token[0])], strict=True)]
        yield Found(start, end, (start, end, " ".join(parts)) if rule.split else None)


def _is_clitic_and_name(token: str, seams: list[int]) -> bool:
    lead = regex.match(r"(\p{Script=Arabic}+)\u0640*", token)
    return bool(lead and lead[1] and PROCLITICS.fullmatch(lead[1]) and seams == [lead.end()])


# Repeated lines


def _repeat(rule: RepeatRule, text: str, rows: list[Line]) -> Iterator[Found]:
    by = folding(expand_steps(rule.fold))
    if rule.same == "run":
        yield from _runs(rule, rows)
        return
    plain = [by.fold(row.text).strip() for row in rows]
    blocks = [(n, n) for n in range(len(rows))] if rule.unit == "line" else list(_paragraphs(plain))
    seen: list[tuple[str, int, int]] = []  # what every block before says, and its first and last line
    for first, last in blocks:
        said = "\n".join(plain[first : last + 1])
        if len(said) < rule.min_chars:
            continue
        head = said[: rule.min_chars]
        start, end = rows[first].content[0], rows[last].content[1]
        same = [block for block in seen if block[0] == said]
        if rule.same == "beginning" and rule.unit == "line":
            alike = [block for block in seen if block[0].startswith(head)]
            if alike and not same:
                origin = rows[alike[0][1]]
                length = _shared_words(origin.text.strip(), rows[first].text.strip())
                yield Found(start, start + length, None)
                if rule.mark == "both" and len({block[0] for block in alike}) == 1:
                    yield Found(origin.content[0], min(origin.content[1], origin.content[0] + length), None)
        elif same and rule.adjacent in (None, not any(row.text.strip() for row in rows[same[-1][2] + 1 : first])):
            edit = without_lines(text, rows, first, last) if rule.same == "all" else None
            yield Found(start, end, edit)
        seen.append((said, first, last))


def find_across(rule: RepeatRule, pages: Sequence[str]) -> list[list[Found]]:
    """What a rule with `across: site` finds in each page of one site."""
    by = folding(expand_steps(rule.fold))

    def compared(line: Line) -> str:
        text = by.fold(line.text).strip()
        return regex.sub(r"\d+", "0", text) if rule.mask_digits else text

    known = [[compared(line) for line in lines(page)] for page in pages]
    counts = Counter(text for page in known for text in set(page) if text)
    found = []
    for page_text, texts in zip(pages, known, strict=True):
        rows = lines(page_text)
        long = [n for n, row in enumerate(rows) if len(row.text.split()) >= 12]
        prose = [n for n in long if counts[texts[n]] < rule.min_documents]
        hits = []
        for number, (row, text) in enumerate(zip(rows, texts, strict=True)):
            if not text or counts[text] < max(rule.min_documents, rule.min_share * len(pages)):
                continue
            if len(text) < rule.min_chars or len(text.split()) > (rule.max_words or len(text)):
                continue
            if rule.mask_digits and not any(char.isalpha() for char in text):
                continue
            if rule.mask_digits == "only" and not regex.search(r"\d", text):
                continue
            if rule.outside_text and (not prose or prose[0] <= number <= prose[-1]):
                continue
            hits.append(Found(*row.content, without_lines(page_text, rows, number, number)))
        found.append(hits)
    return found


def _runs(rule: RepeatRule, rows: list[Line]) -> Iterator[Found]:
    """Titles at the top that share so many words in a row, half of the shorter at least."""
    by, size = folding(expand_steps(rule.fold)), rule.min_words
    earlier: list[tuple[Line, list[tuple[str, int, int]]]] = []
    for row in [row for row in rows if row.text.strip()][: rule.first_lines]:
        bare = row.text.strip()
        if not rule.min_chars <= len(bare) <= 200 or bare[-1] in ".!?؟۔…":
            continue
        seen = folded(row.text, by)
        words = [(word[0], *seen.original(word.start(), word.end())) for word in WORDS.finditer(seen.text)]
        places = (
            (at, other, place)
            for at in range(len(words) - size + 1)
            for other in earlier
            for place in range(len(other[1]) - size + 1)
            if [word[0] for word in words[at : at + size]] == [word[0] for word in other[1][place : place + size]]
        )
        if match := next(places, None):
            at, (known, others), place = match
            pairs = list(zip(others[place:], words[at:], strict=False))
            run = next((n for n, (one, two) in enumerate(pairs) if one[0] != two[0]), len(pairs))
            if 2 * run >= min(len(words), len(others)) and run < max(len(words), len(others)):
                yield Found(row.start + words[at][1], row.start + words[at + run - 1][2], None)
                if rule.mark == "both":
                    yield Found(known.start + others[place][1], known.start + others[place + run - 1][2], None)
        earlier.append((row, words))


def _shared_words(one: str, two: str) -> int:
    """Length of what two lines have in common, without a word that only begins the same; else all of the second."""
    differ = (at for at, (left, right) in enumerate(zip(one, two, strict=False)) if left != right)
    shared = two[: next(differ, len(one))]
    if two[len(shared) : len(shared) + 1].strip() and " " in shared:
        shared = shared.rpartition(" ")[0]
    return len(shared.rstrip()) or len(two)


def _paragraphs(plain: list[str]) -> Iterator[tuple[int, int]]:
    """Two lines and more between blank ones."""
    filled = "".join("x" if line else " " for line in plain)
    for run in regex.finditer("xx+", filled):
        yield run.start(), run.end() - 1


# Names in two scripts


def _pair(rule: PairRule, text: str, line: Line) -> Iterator[Found]:
    if len(regex.findall(r"\p{Script=Arabic}", line.text)) <= len(regex.findall(r"\p{Script=Latin}", line.text)):
        return
    name = r"(?<![\p{L}\p{N}@#/._-])\p{Lu}\p{Ll}{2,}(?:[ -]\p{Lu}\p{Ll}{2,})*(?![\p{L}\p{N}@/_-]|\.\p{L})"
    for match in regex.finditer(name, line.text):
        words = regex.findall(r"\p{L}+", match[0])
        if line.text[match.start() - 1 : match.start()] in ("(", "[", '"', "“", "«", "'"):
            continue
        if _is_gloss(rule, text, line.text, match):
            continue
        if any(word in rule.except_ for word in words):
            continue
        spelled = [_spelling(rule, text, word) for word in words]
        if any(spelled):
            start, end = line.start + match.start(), line.start + match.end()
            whole = " ".join(word for word in spelled if word) if all(spelled) else None
            yield Found(start, end, (start, end, whole) if whole else None)


def _is_gloss(rule: PairRule, text: str, line: str, match: regex.Match[str]) -> bool:
    """Beside its Arabic form, within brackets or short quotation marks, or one of several Latin words."""
    before, after = line[: match.start()], line[match.end() :]
    depth = {mark: before[-400:].rfind(mark) for mark in "([)]"}
    if max(depth["("], depth["["]) > max(depth[")"], depth["]"]):
        return True
    if any(before[-40:].rfind(opening) > before[-40:].rfind(closing) for opening, closing in ("«»", "“”")):
        return True
    if regex.search(r"\p{Script=Latin}[\p{L}\p{N}.'’&-]{0,40}[\s,،]{1,2}$", before[-80:]):
        return True
    if regex.match(r"[\s,،]{1,2}[\p{L}\p{N}.'’&-]{0,40}\p{Script=Latin}", after):
        return True
    between = r"[\s«»\"“”'‘’:،()\u200e\u200f]{1,4}"
    sides = [
        regex.search(f"({WORDS.pattern}){between}$", before[-40:]),
        regex.match(f"{between}({WORDS.pattern})", after[:40]),
    ]
    beside = [folding(DEFAULT).fold(side[1]) for side in sides if side]
    for name in regex.findall(r"\p{L}+", match[0]):
        for word in beside if _spelling(rule, text, name) else ():
            cuts = (cut for cut in range(5) if PROCLITICS.fullmatch(word[:cut]))
            if any(pattern(name).fullmatch(word, cut) for cut in cuts):
                return True
    return False


def _spelling(rule: PairRule, text: str, name: str) -> str | None:
    """How the document spells a Latin name in Arabic letters: the most used word that fits, without proclitics."""
    if len(name) < 4 or name in rule.except_ or consonants(name) < rule.min_consonants:
        return None
    for word in _arabic_words(text):
        seen = folded(word, folding(DEFAULT))
        for cut in range(5):
            if PROCLITICS.fullmatch(seen.text[:cut]) and pattern(name).fullmatch(seen.text, cut):
                if len(seen.text) - cut > 2:
                    return word[seen.origin[cut] :]
                break
    return None


@lru_cache(maxsize=64)
def _arabic_words(text: str) -> list[str]:
    """Distinct words of three letters and more, most used first."""
    counts = Counter(word for word in WORDS.findall(text) if len(word) > 2 and "\u0600" <= word[0] <= "\u06ff")
    return sorted(counts, key=lambda word: (-counts[word], word))
