"""Rules measured on labelled text: right and wrong findings of each rule, and what all of them find and lose."""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from auditor import gold as labelled
from auditor.clean import wanted
from auditor.edits import chosen
from auditor.formats.compression import open_read
from auditor.formats.files import atomic_writer
from auditor.formats.sources import Source
from auditor.gold import CONTENT, FURNITURE, HALF, MOST, Gold, Unit
from auditor.intervals import Share, wilson
from auditor.model import Edit, Finding
from auditor.reporters.text import excerpt
from auditor.sound import sound

_WIDTH = 100
_TOKEN = re.compile(r"\w+|[^\w\s]")


class Wrong(msgspec.Struct, frozen=True):
    """A finding that the labels call wrong: where it stands, and the match in its line."""

    path: str
    record: int
    line: int
    site: str
    before: str
    match: str
    after: str


class Score:
    """What the labels say of one rule's findings."""

    def __init__(self) -> None:
        self.judged: Counter[str] = Counter()  # judgement -> findings
        self.found = self.only = 0  # units right to find that it finds, and that no other rule finds
        self.lost = 0  # letters and digits of content that its fixes alone would take
        self.sites: dict[str, Counter[str]] = defaultdict(Counter)
        self.sets: dict[str, Counter[str]] = defaultdict(Counter)
        self.set_sites: dict[str, set[str]] = defaultdict(set)  # where anything was judged
        self.samples: list[Wrong] = []

    @property
    def precision(self) -> Share:
        """Right among right and wrong findings."""
        return wilson(self.judged["right"], self.judged["right"] + self.judged["wrong"])

    @property
    def site_mean(self) -> float | None:
        """Mean over sites of the precision there; None where nothing could be judged."""
        shares = [site["right"] / (site["right"] + site["wrong"]) for site in self.sites.values() if _decided(site)]
        return sum(shares) / len(shares) if shares else None


class Sums:
    """What a set of findings gets out of labelled lines or spans."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.sites: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, site: str, name: str, number: int = 1) -> None:
        self.count[name] += number
        self.sites[site][name] += number

    @property
    def site_recall(self) -> float | None:
        """Mean over sites of the recall there; None without sites that have anything to find."""
        both = [(site["found"], site["missed"]) for site in self.sites.values() if site["found"] + site["missed"]]
        return sum(found / (found + missed) for found, missed in both) / len(both) if both else None


class Evaluation:
    """All figures of one evaluation, filled file by file."""

    def __init__(self, rules: Iterable[str], unsafe: bool, samples: int) -> None:
        self.scores: dict[str, Score] = {rule: Score() for rule in rules}
        self.unsafe, self.samples = unsafe, samples
        self.documents, self.files = 0, 0
        self.labels: Counter[str] = Counter()
        self.sites: set[str] = set()
        self.fixed, self.reported = Sums(), Sums()  # lines: by fixes; by findings of furniture
        self.spans = Sums()

    def file(
        self, name: str, golds: Iterable[Gold | str | None], findings: Iterable[tuple[Finding, str | None]]
    ) -> None:
        """Count one file: its rows, and its findings in order, each with its line."""
        self.files += 1
        grouped = groupby(findings, key=lambda one: one[0].record)
        number, found = next(grouped, (-1, iter(())))
        for record, gold in enumerate(golds):
            here: list[tuple[Finding, str | None]] = []
            if number == record:
                here = list(found)
                number, found = next(grouped, (-1, iter(())))
            if isinstance(gold, Gold):
                self._document(set_name(name), gold, here)

    def _document(self, name: str, gold: Gold, findings: Sequence[tuple[Finding, str | None]]) -> None:
        self.documents += 1
        self.sites.add(gold.site)
        self.labels.update(unit.label for unit in gold.units)
        by_rule: dict[str, list[Finding]] = defaultdict(list)
        for finding, line in findings:
            by_rule[finding.rule].append(finding)
            self._judge(name, gold, finding, line)
        units = Units(gold)
        found = {rule: units.found(map(span_of, some)) for rule, some in by_rule.items()}
        finders = Counter(unit for some in found.values() for unit in some)
        for rule, some in by_rule.items():
            self.scores[rule].found += len(found[rule])
            self.scores[rule].only += sum(finders[unit] == 1 for unit in found[rule])
            self.scores[rule].lost += _lost(gold, [edit for one in some if (edit := _edit(one)) is not None])
        if gold.marks is None:
            self._count_spans(gold, units, [finding for finding, _ in findings])
        else:
            self._count_lines(gold, [finding for finding, _ in findings])

    def _judge(self, name: str, gold: Gold, finding: Finding, line: str | None) -> None:
        score = self.scores[finding.rule]
        judgement = gold.judge(finding.category, *span_of(finding))
        score.judged[judgement] += 1
        score.sites[gold.site][judgement] += 1
        score.sets[name][judgement] += 1
        if judgement in ("right", "wrong"):
            score.set_sites[name].add(gold.site)
        if judgement == "wrong":
            parts = excerpt(finding, line, _WIDTH)
            wrong = Wrong(finding.path, finding.record, finding.line, gold.site, *parts)
            _keep(score.samples, wrong, score.judged["wrong"], self.samples)

    def _count_lines(self, gold: Gold, findings: Sequence[Finding]) -> None:
        fixes = chosen(edit for one in findings if wanted(one.fix, self.unsafe) and (edit := _edit(one)) is not None)
        seen = [Edit(*span_of(one), "") for one in findings if one.category in FURNITURE]
        for sums, mask in ((self.fixed, _mask(gold.text, fixes)), (self.reported, _mask(gold.text, chosen(seen)))):
            for unit in gold.units:
                cells = [mask[unit.start + at] for at in labelled.solid(gold.text[unit.start : unit.end])]
                if not cells:
                    continue
                gone = sum(cells) >= MOST * len(cells)
                if unit.label in labelled.POSITIVE:
                    sums.add(gold.site, "found" if gone else "missed")
                elif unit.label == CONTENT:
                    sums.add(gold.site, "wrong" if gone else "kept")
                    sums.add(gold.site, "content", len(cells))
                    sums.add(gold.site, "lost", sum(cells))
                else:
                    sums.add(gold.site, unit.label)
                    sums.add(gold.site, f"{unit.label}-gone", gone)

    def _count_spans(self, gold: Gold, units: Units, findings: Sequence[Finding]) -> None:
        found = units.found(span_of(one) for one in findings)
        self.spans.add(gold.site, "found", len(found))
        self.spans.add(gold.site, "missed", len(units.all) - len(found))
        for one in findings:
            self.spans.add(gold.site, gold.judge(one.category, *span_of(one)))


class Units:
    """The units of a document that are right to find, and which of them spans find."""

    def __init__(self, gold: Gold) -> None:
        self.all = sorted(gold.positives())
        self._ends = [unit.end for unit in self.all]
        self._share = HALF if gold.marks is None else MOST
        self._solid = [
            [unit.start + at for at in labelled.solid(gold.text[unit.start : unit.end])] for unit in self.all
        ]

    def found(self, spans: Iterable[tuple[int, int]]) -> list[Unit]:
        """The units of which enough letters and digits lie in the spans together."""
        covered: dict[int, int] = defaultdict(int)
        for start, end, _ in chosen(Edit(*span, "") for span in spans):
            at = bisect_right(self._ends, start)
            while at < len(self.all) and self.all[at].start < end:
                covered[at] += sum(start <= place < end for place in self._solid[at])
                at += 1
        return [
            self.all[at] for at, number in covered.items() if number and number >= self._share * len(self._solid[at])
        ]


def prepare(source: Source, target: Path, all_content: bool) -> list[tuple[int, str]]:
    """Write the documents of a labelled file as a corpus, a row for a row; rows that cannot be used are told."""
    bad: list[tuple[int, str]] = []
    assert source.path is not None
    with open_read(source.path) as stream, atomic_writer(target) as out:
        for number, row in enumerate(labelled.rows(stream, set_name(source.name), all_content)):
            if isinstance(row, Gold):
                out.write(msgspec.json.encode({"site": sound(row.site), "text": sound(row.text)}))
            elif isinstance(row, str):
                bad.append((number + 1, row))
            out.write(b"\n")
    return bad


def read(source: Source, all_content: bool) -> Iterator[Gold | str | None]:
    """The rows of a labelled file."""
    assert source.path is not None
    with open_read(source.path) as stream:
        yield from labelled.rows(stream, set_name(source.name), all_content)


def set_name(path: str) -> str:
    """What a file of labelled text is called: its name without folders and suffixes."""
    return Path(path).name.partition(".")[0]


def span_of(finding: Finding) -> tuple[int, int]:
    """What a rule is judged by: what its fix deletes, else the span it shows."""
    if finding.fix is not None and not finding.fix.replacement:
        return finding.fix.start, finding.fix.end
    return finding.start, finding.end


def _decided(counts: Counter[str]) -> int:
    return counts["right"] + counts["wrong"]


def _edit(finding: Finding) -> Edit | None:
    fix = finding.fix
    return None if fix is None or fix.applicability == "display" else Edit(fix.start, fix.end, fix.replacement)


def _taken(text: str, edits: Iterable[Edit]) -> Iterator[tuple[int, int]]:
    """The words that edits take and do not write back, and marks that they delete."""
    for start, end, replacement in edits:
        back = Counter(_TOKEN.findall(replacement))
        for match in _TOKEN.finditer(text, start, end):
            if back[match[0]]:
                back[match[0]] -= 1
            elif not replacement or match[0][0].isalnum():
                yield match.span()


def _mask(text: str, edits: Iterable[Edit]) -> bytearray:
    """A byte a code point: 1 where an edit takes something."""
    mask = bytearray(len(text))
    for start, end in _taken(text, edits):
        mask[start:end] = b"\1" * (end - start)
    return mask


def _lost(gold: Gold, edits: Sequence[Edit]) -> int:
    """Letters and digits of content lines that these edits take."""
    if gold.marks is None:
        return 0
    places = (at for span in _taken(gold.text, chosen(edits)) for at in range(*span))
    return sum(gold.marks[at] == labelled.CONTENT_MARK and gold.text[at].isalnum() for at in places)


def _keep(kept: list[Wrong], wrong: Wrong, number: int, limit: int) -> None:
    """Keep a fair choice of all that come, from as many sites as can be; the same ones each time."""
    if len(kept) < limit:
        kept.append(wrong)
        return
    twins = [at for at, one in enumerate(kept) if [other.site for other in kept].count(one.site) > 1]
    if wrong.site not in {one.site for one in kept} and twins:
        kept[twins[-1]] = wrong
    elif (at := random.Random(number).randrange(number)) < limit and wrong.site == kept[at].site:
        kept[at] = wrong
