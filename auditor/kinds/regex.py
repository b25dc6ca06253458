"""`regex`: patterns of the `regex` module, run on lines (or whole texts), optionally on folded lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from time import perf_counter
from typing import Literal

from auditor.automaton import Automaton, Pattern, prepared
from auditor.batch import Batch
from auditor.expressions import expression, regex
from auditor.folding import SHAPING, Folded, folding
from auditor.kinds.base import Hit, LineRule, Rule, Stuck
from auditor.kinds.clock import Clock
from auditor.kinds.context import content, in_place, passes
from auditor.kinds.lexicon import placed
from auditor.model import Edit
from auditor.prefilter import prefilter
from auditor.repairs import REPAIRS, Repair

_TEMPLATE = expression(r"\\(?:g<(?P<name>\w+)>|(?P<number>\d))")


class RegexRule(LineRule, frozen=True, kw_only=True, tag="regex"):
    """A pattern; a group named ``span`` narrows what is found. ``scope: document`` searches the whole text, (?m)."""

    pattern: str
    scope: Literal["line", "document"] = "line"
    lines: Literal["all", "doubled-word"] = "all"  # doubled-word: only lines in which a word directly follows itself
    fold: tuple[str, ...] = ()
    repair: Repair | None = None  # the replacement is computed; where it is not certain, there is none


class Compiled:
    """A rule's pattern, compiled when first needed."""

    def __init__(self, rule: RegexRule) -> None:
        self.rule = rule
        self.folds = bool(rule.fold)

    @cached_property
    def pattern(self) -> regex.Pattern[str]:
        return regex.compile(source(self.rule), regex.MULTILINE if self.rule.scope == "document" else 0)

    def prefilter(self) -> Pattern | None:
        """What the automaton scans for, or None: then every line is tried."""
        if self.rule.lines != "all" or (self.folds and not self.rule.folding().steps >= SHAPING):
            return None
        found = prefilter(source(self.rule), whole_text=self.rule.scope == "document", folded=self.folds)
        return Pattern("folded" if self.folds else "plain", found) if found is not None else None


def source(rule: RegexRule) -> str:
    """The pattern as run: where the text is folded, the pattern's own letters are (syntax is ASCII and stays)."""
    if not rule.fold:
        return rule.pattern
    table = folding(rule.folding().steps).table
    return "".join(
        folded if ord(char) > 127 and len(folded := table.get(ord(char), char)) == 1 else char for char in rule.pattern
    )


class RegexMatcher:
    """Candidate lines are searched by `regex` itself."""

    def __init__(self, rules: Sequence[RegexRule]) -> None:
        compiled = [Compiled(rule) for rule in rules]
        found = prepared("regex", rules, lambda: [item.prefilter() for item in compiled], list[Pattern | None])
        patterns = [(item, pattern) for item, pattern in zip(compiled, found, strict=True) if pattern]
        self._scanned = [item for item, _ in patterns]
        self._automaton = Automaton([pattern for _, pattern in patterns])
        self._doubled = [item for item in compiled if item.rule.lines == "doubled-word"]
        self._compiled = compiled

    @cached_property
    def _slow(self) -> list[Compiled]:
        ahead = {id(item) for at, item in enumerate(self._scanned) if at not in self._automaton.rejected}
        return [item for item in self._compiled if id(item) not in ahead and item.rule.lines == "all"]

    @property
    def slow(self) -> Sequence[Rule]:
        return [item.rule for item in self._slow]

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        texts: set[tuple[int, int]] = set()
        clock = Clock(batch)
        for line, number in self._automaton.candidates(batch):
            item = self._scanned[number]
            if item.rule.scope == "document":
                texts.add((number, batch.line_documents[line]))
            else:
                yield from _in_line(item, batch, line, clock)
        for number, document in sorted(texts):
            yield from _in_text(self._scanned[number], batch, document, clock)
        for line in batch.doubled if self._doubled else ():
            for item in self._doubled:
                yield from _in_line(item, batch, line, clock)
        for item in self._slow:
            if item.rule.scope == "document":
                for document in range(len(batch.documents)):
                    yield from _in_text(item, batch, document, clock)
            else:
                for line in range(len(batch.line_starts)):
                    yield from _in_line(item, batch, line, clock)


def _in_line(item: Compiled, batch: Batch, line: int, clock: Clock) -> Iterator[Hit | Stuck]:
    rule, offset = item.rule, batch.line_starts[line]
    if not in_place(rule, batch, line) or clock.is_over(rule.id, line):
        return
    folded = batch.folded_line(line, rule.folding()) if item.folds else None
    # All at once: the time limit is the pattern's, not that of what is done with its matches.
    matches = _matches(item, folded.text if folded else batch.line(line), rule.id, line, clock)
    if matches is None:
        yield Stuck(rule, line)
        return
    for match in matches:
        left, right = _span(match)
        if left == right:
            continue
        start, end = folded.span(left, right) if folded else (left, right)
        why = passes(rule, batch, line, start, end)
        if why is not None:
            yield _hit(item, match, batch, line, offset + start, offset + end, why)


def _matches(item: Compiled, text: str, rule: str, line: int, clock: Clock) -> list[regex.Match[str]] | None:
    """All matches in a line; None where the pattern runs over its time limit, on the line or on its document."""
    started = perf_counter()
    try:
        found = list(item.pattern.finditer(text, timeout=clock.limit))
    except TimeoutError:
        clock.stop(rule, line)
        return None
    return None if clock.passed(rule, line, started) else found


def count(item: Compiled, batch: Batch, line: int, clock: Clock) -> int | None:
    """How many matches a line has, whatever stands around them; None over the time limit."""
    text = batch.folded_line(line, item.rule.folding()).text if item.folds else batch.line(line)
    found = _matches(item, text, item.rule.id, line, clock)
    return None if found is None else sum(left < right for left, right in map(_span, found))


def _in_text(item: Compiled, batch: Batch, document: int, clock: Clock) -> Iterator[Hit | Stuck]:
    offset = batch.starts[document]
    text = batch.documents[document].text
    try:
        for match in list(item.pattern.finditer(text, timeout=clock.limit)):
            left, right = _span(match)
            if left == right:
                continue
            if item.rule.repair is not None:
                repaired = REPAIRS[item.rule.repair](text[left:right])
                edit = None if repaired is None else Edit(offset + left, offset + right, repaired)
            else:
                edit = Edit(offset + left, offset + right, _expand(item.rule.replace or "", match, None))
            yield Hit(item.rule, offset + left, offset + right, "the pattern matched", edit)
    except TimeoutError:
        yield Stuck(item.rule, batch.document_lines[document])


def _hit(item: Compiled, match: regex.Match[str], batch: Batch, line: int, start: int, end: int, why: str) -> Hit:
    rule = item.rule
    if rule.repair is not None:
        repaired = REPAIRS[rule.repair](batch.text[start:end])
        if repaired is None:
            return Hit(rule, start, end, why or "the pattern matched; how to repair it is not certain")
        return Hit(rule, start, end, why or "the pattern matched", Edit(start, end, repaired))
    why = why or "the pattern matched"
    if rule.replace is not None:
        folded = batch.folded_line(line, rule.folding()) if item.folds else None
        return Hit(rule, start, end, why, Edit(start, end, _expand(rule.replace, match, folded)))
    if rule.extent == "match":
        if (start, end) == content(batch, line):
            return placed(rule, batch, line, start, end, why)
        return Hit(rule, start, end, why, Edit(start, end, ""))
    return placed(rule, batch, line, start, end, why)


def _span(match: regex.Match[str]) -> tuple[int, int]:
    if "span" in match.re.groupindex and match.span("span") != (-1, -1):
        return match.span("span")
    return match.span()


def _expand(template: str, match: regex.Match[str], folded: Folded | None) -> str:
    """The replacement with its groups filled in, from the original text even where the line was folded."""

    def group(reference: regex.Match[str]) -> str:
        name = reference["name"] or reference["number"]
        start, end = match.span(int(name) if name.isdigit() else name)
        if start == end:
            return ""
        if folded is not None:
            start, end = folded.span(start, end)
            return folded.original[start:end]
        return match.string[start:end]

    return str(_TEMPLATE.sub(group, template))
