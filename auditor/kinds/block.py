"""`block`: runs of short lines without end marks: menus, lists of links, teasers; prose ends them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, NamedTuple

import msgspec

from auditor.arrays import np
from auditor.batch import Batch
from auditor.features import Features, Flags
from auditor.kinds.base import Count, Hit, Rule, Stuck, Texts
from auditor.kinds.context import content, remove_line
from auditor.kinds.lexicon import LexiconMatcher, LexiconRule

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class BlockRule(Rule, frozen=True, kw_only=True, tag="block"):
    """``min-lines`` to ``max-lines`` lines in a row of at most ``max-words`` words, blank ones aside; none is prose.

    With ``begins-with`` a block begins at a line that is one of these phrases (which does not count), else at the
    first short line. It ends before the first longer line and before a ``stop-at`` phrase; the ``spare`` lines before
    a longer line are left out, for they may be its heading. Longer runs than ``max-lines`` are left alone.

    With ``made-of``, which stands instead of ``begins-with``, blocks are parts of such runs: from one of these phrases
    to another, with at most ``others`` lines in a row between two of them that are none but hold a letter;
    ``min-lines`` counts the phrases.
    """

    min_lines: Count = 3
    max_lines: Count | None = None
    max_words: Count = 8
    max_ended: Share = 0.2
    max_bulleted: Share = 1.0
    position: Literal["before-prose", "after-prose", "between-prose", "any"] = "any"
    begins_with: Texts = ()
    stop_at: Texts = ()
    made_of: Texts = ()
    others: Annotated[int, msgspec.Meta(ge=0)] = 0
    spare: Annotated[int, msgspec.Meta(ge=0)] = 1


class _Run(NamedTuple):
    """Lines, blank ones left out, and whether a longer line follows."""

    lines: list[int]
    followed: bool


class BlockMatcher:
    """Runs are cut from arrays; with `begins-with`, only documents that hold such a line are looked at."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[BlockRule]) -> None:
        self._rules = rules
        self._headings = LexiconMatcher([_lexicon(rule, rule.begins_with) for rule in rules if rule.begins_with])
        self._stops = LexiconMatcher([_lexicon(rule, rule.stop_at) for rule in rules if rule.stop_at])
        self._parts = LexiconMatcher([_lexicon(rule, rule.made_of) for rule in rules if rule.made_of])

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        found = [_lines(matcher, batch) for matcher in (self._headings, self._stops, self._parts)]
        for rule in self._rules:
            begins, stops, parts = (lines.get(rule.id, set()) for lines in found)
            if rule.made_of:
                counts = Counter(batch.line_documents[line] for line in parts)
                documents = sorted(document for document, count in counts.items() if count >= rule.min_lines)
            elif rule.begins_with:
                documents = sorted({batch.line_documents[line] for line in begins})
            else:
                documents = _with_enough(rule, batch.view(Features))
            for document in documents:
                yield from _blocks(rule, batch, document, begins, stops, parts)


def _with_enough(rule: BlockRule, of: Features) -> list[int]:
    """Documents with as many short lines as a block needs."""
    short = (of.words <= rule.max_words) & ~of.prose & ~of.blank
    found: list[int] = np.flatnonzero(of.in_documents(short) >= rule.min_lines).tolist()
    return found


def _lexicon(rule: BlockRule, phrases: Texts) -> LexiconRule:
    common = {name: getattr(rule, name) for name in Rule.__struct_fields__}
    return LexiconRule(**common, phrases=phrases)


def _lines(matcher: LexiconMatcher, batch: Batch) -> dict[str, set[int]]:
    """The lines that are one of a rule's phrases."""
    found: dict[str, set[int]] = {}
    for hit in matcher.hits(batch):
        if isinstance(hit, Hit):
            found.setdefault(hit.rule.id, set()).add(batch.line_at(hit.start))
    return found


def _blocks(
    rule: BlockRule, batch: Batch, document: int, begins: set[int], stops: set[int], parts: set[int]
) -> Iterator[Hit]:
    of = batch.view(Features)
    first, stop = batch.document_lines[document], batch.document_lines[document + 1]
    short = (of.words[first:stop] <= rule.max_words) & ~of.prose[first:stop]
    prose = np.flatnonzero(of.prose[first:stop]) + first
    opening, closing = (int(prose[0]), int(prose[-1])) if len(prose) else (stop, first - 1)
    for run in _runs(rule, of, range(first, stop), short, begins, stops):
        whole = run.lines[: len(run.lines) - rule.spare] if run.followed else run.lines
        for lines in _stretches(rule, of, whole, parts) if rule.made_of else [whole]:
            counted = lines[1:] if rule.begins_with else lines
            number = sum(line in parts for line in lines) if rule.made_of else len(counted)
            if number < rule.min_lines or len(counted) > (rule.max_lines or len(counted)):
                continue
            if not _placed(rule, lines, opening, closing):
                continue
            if np.mean(of.ended[counted]) > rule.max_ended or np.mean(of.bulleted[counted]) > rule.max_bulleted:
                continue
            yield _hit(rule, batch, of, lines, counted, number)


def _stretches(rule: BlockRule, of: Features, lines: list[int], parts: set[int]) -> Iterator[list[int]]:
    """From one known line to another, with no more than the rule's ``others`` between two."""
    start, last = 0, -1  # places in ``lines``; what is between them has no known line at its ends but these two
    for at, line in enumerate(lines):
        if line not in parts:
            continue
        between = lines[last + 1 : at]
        if last < 0 or len(between) > rule.others or not all(of.letters[between]):
            if last >= 0:
                yield lines[start : last + 1]
            start = at
        last = at
    if last >= 0:
        yield lines[start : last + 1]


def _hit(rule: BlockRule, batch: Batch, of: Features, lines: list[int], counted: list[int], number: int) -> Hit:
    start, end = content(batch, lines[0])[0], content(batch, lines[-1])[1]
    head = f" under '{batch.line(lines[0]).strip()}'" if rule.begins_with else ""
    known = f", {number} of them known labels" if rule.made_of else ""
    why = f"{len(counted)} lines of at most {int(of.words[counted].max())} words{head}{known}"
    return Hit(rule, start, end, why, remove_line(batch, lines[0], lines[-1]))


def _runs(
    rule: BlockRule, of: Features, lines: range, short: Flags, begins: set[int], stops: set[int]
) -> Iterator[_Run]:
    """Longest runs of short lines; where the rule asks for a heading, from the first heading on."""
    run: list[int] = []
    for line, fits, blank in zip(lines, short.tolist(), of.blank[lines.start : lines.stop].tolist(), strict=True):
        if blank:
            continue
        if not fits or line in stops:
            if run:
                yield _Run(run, line not in stops)
            run = []
        elif run or not rule.begins_with or line in begins:
            run.append(line)
    if run:
        yield _Run(run, False)


def _placed(rule: BlockRule, lines: list[int], opening: int, closing: int) -> bool:
    """``opening`` and ``closing`` are the first and last line of prose."""
    before, after = lines[0] < opening, lines[-1] > closing
    match rule.position:
        case "before-prose":
            return before and not after
        case "after-prose":
            return after and not before
        case "between-prose":
            return not before and not after
        case "any":
            return True
