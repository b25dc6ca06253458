"""`repeat`: lines or paragraphs that a document prints again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Literal

import msgspec

from auditor.batch import Batch
from auditor.folding import SHAPING, WORD, expand_steps, folding
from auditor.kinds.base import Count, Hit, Rule, Stuck
from auditor.kinds.context import content, remove_line
from auditor.page import BLANK, word_bytes

_TITLE = 200  # code points of the longest title
_END_MARKS = frozenset(".!?؟۔…")


class RepeatRule(Rule, frozen=True, kw_only=True, tag="repeat"):
    """``min-chars`` counts folded code points. ``same: beginning`` compares only that many, and never fixes.

    ``same: run`` looks at titles among the ``first-lines`` for ``min-words`` words in a row that stand in both of two
    (and make at least half of the shorter), and never fixes. ``mark: both`` marks the earlier place as well.

    ``adjacent: true`` takes only a copy that directly follows (blank lines aside), ``false`` only one that does not.

    ``across: site`` takes lines on at least ``min-documents`` pages of a site and ``min-share`` of them (see `site`);
    ``mask-digits`` takes every run of digits for one 0 (``only``: and looks at lines that have some);
    ``also`` holds other pages of the site that the examples are of: each stands for several where they are fewer than
    ``min-documents``. ``unit: document`` with ``same: near`` takes documents of ``min-words`` that share most of their
    wording with an earlier one, ``across`` a site or the corpus, and never fixes.
    """

    unit: Literal["line", "paragraph", "document"] = "line"
    min_chars: Count = 20
    same: Literal["all", "beginning", "run", "near"] = "all"
    mark: Literal["later", "both"] = "later"
    first_lines: Count | None = None
    min_words: Count = 5
    adjacent: bool | None = None
    across: Literal["site", "corpus"] | None = None
    min_documents: Annotated[int, msgspec.Meta(ge=2)] = 5
    min_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    mask_digits: bool | Literal["only"] = False
    max_words: Count | None = None
    outside_text: bool = False
    also: tuple[str, ...] = ()
    fold: tuple[str, ...] = ("default",)


Block = tuple[int, int]  # first line and one past the last
Word = tuple[str, int, int]  # folded, and where it stands in its line
Key = str  # as long as the text a rule sees; equal texts have equal keys, and other texts seldom have the same


class RepeatMatcher:
    """Lines are compared by their keys; where these are equal, the text as the rule folds it decides."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[RepeatRule]) -> None:
        self._rules = [rule for rule in rules if rule.across is None]

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        for document in range(len(batch.documents)):
            first, stop = batch.document_lines[document], batch.document_lines[document + 1]
            if stop - first < 2:
                continue
            shared = [data.strip(b" ").decode("latin-1") for data in batch.folded_lines[first:stop]]
            for rule in self._rules:
                if rule.same == "run":
                    yield from _runs(rule, batch, first, stop)
                    continue
                keys = shared if expand_steps(rule.fold) >= SHAPING else _texts(rule, batch, first, stop)
                if rule.unit == "paragraph":
                    yield from _blocks(rule, batch, _paragraphs(keys, first))
                    continue
                long = [(key, (at, at + 1)) for at, key in enumerate(keys, first) if len(key) >= rule.min_chars]
                compared = rule.min_chars if rule.same == "beginning" else None
                if len({key[:compared] for key, _ in long}) < len(long):  # most texts say nothing twice
                    yield from (_blocks if rule.same == "all" else _beginnings)(rule, batch, long)


def _texts(rule: RepeatRule, batch: Batch, first: int, stop: int) -> list[Key]:
    """The keys of lines under a folding that the shared stream does not show."""
    return [_text(rule, batch, (line, line + 1)) for line in range(first, stop)]


def _paragraphs(keys: list[Key], first: int) -> list[tuple[Key, Block]]:
    """Runs of at least two lines between blank ones."""
    found: list[tuple[Key, Block]] = []
    start = 0
    for at in range(len(keys) + 1):
        if at == len(keys) or not keys[at]:
            if at - start > 1:
                found.append(("\n".join(keys[start:at]), (first + start, first + at)))
            start = at + 1
    return found


def _blocks(rule: RepeatRule, batch: Batch, blocks: list[tuple[Key, Block]]) -> Iterator[Hit]:
    """Copies of a line or paragraph after its first place."""
    first: dict[Key, Block] = {}
    copies: dict[str, list[Block]] = {}
    for key, block in blocks:
        if len(key) < rule.min_chars or (known := first.setdefault(key, block)) is block:
            continue
        copies.setdefault(_text(rule, batch, known), [known])
        earlier = copies.setdefault(_text(rule, batch, block), [])
        if earlier and rule.adjacent in (None, batch.filled[earlier[-1][1]] == batch.filled[block[0]]):
            yield _hit(rule, batch, earlier[0], block, len(earlier) + 1)
        earlier.append(block)


def _hit(rule: RepeatRule, batch: Batch, origin: Block, block: Block, count: int) -> Hit:
    start, end = content(batch, block[0])[0], content(batch, block[1] - 1)[1]
    where = origin[0] - batch.document_lines[batch.line_documents[origin[0]]] + 1
    return Hit(
        rule,
        start,
        end,
        f"{count} times, first on line {where}",
        remove_line(batch, block[0], block[1] - 1) if rule.same == "all" else None,
        ((content(batch, origin[0])[0], content(batch, origin[1] - 1)[1]),),
        (("count", str(count)), ("first", str(where))),
    )


def _beginnings(rule: RepeatRule, batch: Batch, lines: list[tuple[Key, Block]]) -> Iterator[Hit]:
    """Lines that begin as an earlier one does and then differ: a teaser and its text, a title and its heading."""
    first: dict[Key, Block] = {}
    alike: dict[str, dict[str, Block]] = {}  # beginning -> texts with it, and where each stands first
    for key, line in lines:
        if (known := first.setdefault(key[: rule.min_chars], line)) is line:
            continue
        said, text = _text(rule, batch, known), _text(rule, batch, line)
        alike.setdefault(said[: rule.min_chars], {said: known})
        earlier = alike.setdefault(text[: rule.min_chars], {})
        if earlier and text not in earlier:
            origin = next(iter(earlier.values()))
            hit = _hit(rule, batch, origin, line, len(earlier) + 1)
            length = _shared_words(batch.line(origin[0]).lstrip(), batch.line(line[0]).lstrip())
            hit = hit._replace(end=min(hit.end, hit.start + length)) if length else hit
            yield hit
            if rule.mark == "both" and len(earlier) == 1:
                yield _mirrored(hit, batch, origin[0], hit.end - hit.start)
        earlier.setdefault(text, line)


def _mirrored(hit: Hit, batch: Batch, line: int, length: int) -> Hit:
    """The same finding at the earlier place, pointing to the later one."""
    start, end = content(batch, line)
    return hit._replace(start=start, end=min(end, start + length), related=((hit.start, hit.end),))


def _runs(rule: RepeatRule, batch: Batch, first: int, stop: int) -> Iterator[Hit]:
    """Titles that share a run of words: a page's title and its headline, a headline and its short form."""
    seen: dict[tuple[str, ...], tuple[int, int]] = {}  # words in a row -> the title they stood in first, and where
    titles: list[tuple[int, list[Word]]] = []
    lines = list(_titles(rule, batch, first, stop))
    if expand_steps(rule.fold) >= SHAPING and not _alike(rule, batch, lines):
        return
    for line in lines:
        words = _words(rule, batch, line)
        grams = [tuple(text for text, _, _ in words[at : at + rule.min_words]) for at in range(len(words))]
        grams = [gram for gram in grams if len(gram) == rule.min_words]
        at = next((at for at, gram in enumerate(grams) if gram in seen), None)
        if at is not None:
            title, place = seen[grams[at]]
            known, other = titles[title]
            run = _common(other[place:], words[at:])
            if 2 * run >= min(len(words), len(other)) and run < max(len(words), len(other)):
                yield from _both(rule, batch, (known, other[place : place + run]), (line, words[at : at + run]))
        for place, gram in enumerate(grams):
            seen.setdefault(gram, (len(titles), place))
        titles.append((line, words))


def _titles(rule: RepeatRule, batch: Batch, first: int, stop: int) -> Iterator[int]:
    """Lines at the top, not too long and without an end mark."""
    left = rule.first_lines or stop - first
    for line in range(first, stop):
        if not (text := batch.line(line).strip()):
            continue
        if left == 0:
            return
        left -= 1
        if rule.min_chars <= len(text) <= _TITLE and text[-1] not in _END_MARKS:
            yield line


def _alike(rule: RepeatRule, batch: Batch, lines: Sequence[int]) -> bool:
    """Whether two lines can share a run of words: as the folded stream shows them, which merges more than rules do."""
    seen: set[tuple[bytes, ...]] = set()
    for line in lines:
        words = batch.folded_lines[line].translate(_words_only()).split()
        grams = {tuple(words[at : at + rule.min_words]) for at in range(len(words) - rule.min_words + 1)}
        if not seen.isdisjoint(grams):
            return True
        seen |= grams
    return False


@cache
def _words_only() -> bytes:
    """A byte table that leaves words and blanks the rest."""
    return bytes(byte if byte in word_bytes() else BLANK for byte in range(256))


def _words(rule: RepeatRule, batch: Batch, line: int) -> list[Word]:
    """A line's folded words and where they stand in it."""
    folded = batch.folded_line(line, folding(expand_steps(rule.fold)))
    return [(word[0], *folded.span(word.start(), word.end())) for word in WORD.finditer(folded.text)]


def _common(one: list[Word], two: list[Word]) -> int:
    """How many words two lists begin with alike."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((at for at, (left, right) in pairs if left[0] != right[0]), min(len(one), len(two)))


def _both(
    rule: RepeatRule, batch: Batch, earlier: tuple[int, list[Word]], later: tuple[int, list[Word]]
) -> Iterator[Hit]:
    (origin, before), (line, after) = earlier, later
    hit = _hit(rule, batch, (origin, origin + 1), (line, line + 1), 2)
    offset, above = batch.line_starts[line], batch.line_starts[origin]
    there = (above + before[0][1], above + before[-1][2])
    hit = hit._replace(start=offset + after[0][1], end=offset + after[-1][2], related=(there,))
    yield hit
    if rule.mark == "both":
        yield hit._replace(start=there[0], end=there[1], related=((hit.start, hit.end),))


def _shared_words(one: str, two: str) -> int:
    """Length of what two lines have in common from their beginning, cut at the end of a word."""
    differ = (at for at, (left, right) in enumerate(zip(one, two, strict=False)) if left != right)
    shared = one[: next(differ, min(len(one), len(two)))]
    if len(shared) < len(two) and not two[len(shared)].isspace() and " " in shared:
        shared = shared[: shared.rindex(" ")]
    return len(shared.rstrip())


def _text(rule: RepeatRule, batch: Batch, block: Block) -> str:
    by = folding(expand_steps(rule.fold))
    return "\n".join(batch.folded_line(line, by).text.strip() for line in range(*block))
