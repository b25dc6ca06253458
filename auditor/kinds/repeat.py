"""`repeat`: lines or paragraphs that a document prints again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from auditor.batch import Batch
from auditor.folding import expand_steps, folding
from auditor.kinds.base import Count, Hit, Rule, Stuck
from auditor.kinds.context import content, remove_line
from auditor.model import Edit


class RepeatRule(Rule, frozen=True, kw_only=True, tag="repeat"):
    """``min-chars`` counts folded code points. ``same: beginning`` compares only that many, and never fixes.

    ``adjacent``: only a copy that directly follows (blank lines aside).
    """

    unit: Literal["line", "paragraph"] = "line"
    min_chars: Count = 20
    same: Literal["all", "beginning"] = "all"
    adjacent: bool = False
    fold: tuple[str, ...] = ("default",)


Block = tuple[int, int]  # first line and one past the last


class RepeatMatcher:
    """Lines are compared by their folded bytes; equal ones are confirmed on the text as the rule folds it."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[RepeatRule]) -> None:
        self._rules = rules

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        least = min((rule.min_chars for rule in self._rules), default=1)
        for document in range(len(batch.documents)):
            first, stop = batch.document_lines[document], batch.document_lines[document + 1]
            if stop - first < 2:
                continue
            lines = [data.strip() for data in batch.folded_lines[first:stop]]
            long = [(data, first + at) for at, data in enumerate(lines) if len(data) >= least]
            if len(long) < 2 and not any(rule.unit == "paragraph" for rule in self._rules):
                continue
            for rule in self._rules:
                if rule.unit == "paragraph":
                    yield from _blocks(rule, batch, _paragraphs(lines, first))
                elif rule.same == "all":
                    yield from _blocks(rule, batch, [(data, (at, at + 1)) for data, at in long])
                else:
                    yield from _beginnings(rule, batch, long)


def _paragraphs(lines: list[bytes], first: int) -> list[tuple[bytes, Block]]:
    """Runs of at least two lines between blank ones."""
    found: list[tuple[bytes, Block]] = []
    start = 0
    for at in range(len(lines) + 1):
        if at == len(lines) or not lines[at]:
            if at - start > 1:
                found.append((b"\n".join(lines[start:at]), (first + start, first + at)))
            start = at + 1
    return found


def _blocks(rule: RepeatRule, batch: Batch, blocks: list[tuple[bytes, Block]]) -> Iterator[Hit]:
    """Copies of a line or paragraph after its first place."""
    seen: dict[bytes, list[Block]] = {}
    for data, block in blocks:
        if len(data) < rule.min_chars:
            continue
        earlier = seen.setdefault(data, [])
        if earlier and _text(rule, batch, earlier[0]) == _text(rule, batch, block) and _long(rule, batch, block):
            before = earlier[-1]
            if not rule.adjacent or batch.filled[before[1]] == batch.filled[block[0]]:
                yield _hit(rule, batch, earlier[0], block, len(earlier) + 1)
        earlier.append(block)


def _hit(rule: RepeatRule, batch: Batch, origin: Block, block: Block, count: int) -> Hit:
    start, end = content(batch, block[0])[0], content(batch, block[1] - 1)[1]
    head, tail = remove_line(batch, block[0]), remove_line(batch, block[1] - 1)
    where = origin[0] - batch.document_lines[batch.line_documents[origin[0]]] + 1
    return Hit(
        rule,
        start,
        end,
        f"{count} times, first on line {where}",
        Edit(min(head.start, tail.start), max(head.end, tail.end), "") if rule.same == "all" else None,
        ((content(batch, origin[0])[0], content(batch, origin[1] - 1)[1]),),
        (("count", str(count)), ("first", str(where))),
    )


def _beginnings(rule: RepeatRule, batch: Batch, long: list[tuple[bytes, int]]) -> Iterator[Hit]:
    """Lines that begin as an earlier one does and then differ: a teaser and its text, a title and its heading."""
    seen: dict[bytes, list[tuple[bytes, int]]] = {}
    for data, line in long:
        if len(data) < rule.min_chars:
            continue
        earlier = seen.setdefault(data[: rule.min_chars], [])
        for _, at in earlier[:1]:
            if all(data != known for known, _ in earlier) and _same_beginning(rule, batch, at, line):
                hit = _hit(rule, batch, (at, at + 1), (line, line + 1), len(earlier) + 1)
                length = _shared_words(batch.line(at).lstrip(), batch.line(line).lstrip())
                yield hit._replace(end=min(hit.end, hit.start + length)) if length else hit
        earlier.append((data, line))


def _shared_words(one: str, two: str) -> int:
    """Length of what two lines have in common from their beginning, cut at the end of a word."""
    differ = (at for at, (left, right) in enumerate(zip(one, two, strict=False)) if left != right)
    shared = one[: next(differ, min(len(one), len(two)))]
    if len(shared) < len(two) and not two[len(shared)].isspace() and " " in shared:
        shared = shared[: shared.rindex(" ")]
    return len(shared.rstrip())


def _same_beginning(rule: RepeatRule, batch: Batch, one: int, two: int) -> bool:
    first, second = _text(rule, batch, (one, one + 1)), _text(rule, batch, (two, two + 1))
    return first[: rule.min_chars] == second[: rule.min_chars]


def _long(rule: RepeatRule, batch: Batch, block: Block) -> bool:
    return len(_text(rule, batch, block)) >= rule.min_chars


def _text(rule: RepeatRule, batch: Batch, block: Block) -> str:
    by = folding(expand_steps(rule.fold))
    return "\n".join(batch.folded_line(line, by).text.strip() for line in range(*block))
