"""`repeat` with `across: site`: lines that many pages of one site print, as the survey of the corpus counted them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.batch import Batch
from auditor.facts import Facts
from auditor.folding import expand_steps
from auditor.kinds.base import Hit, Rule
from auditor.kinds.context import content, remove_line
from auditor.kinds.repeat import RepeatRule
from auditor.survey import Asked, View, compared, line_keys, page_key, site_of_page, told_site

_PROSE = 12  # words of a line that is text, unless many pages have it


def asked(rules: Sequence[Rule]) -> Asked:
    """What these rules want to know of a corpus; nothing where none looks beyond its document."""
    wide = across(rules)
    views = tuple(sorted({view_of(rule) for rule in wide if rule.unit == "line"}))
    least = min((rule.min_documents for rule in wide if rule.unit == "line"), default=0)
    return Asked(views, least, tuple(sorted({rule.across == "site" for rule in wide if rule.unit == "document"})))


def across(rules: Sequence[Rule]) -> list[RepeatRule]:
    """The rules that look beyond their document."""
    return [rule for rule in rules if isinstance(rule, RepeatRule) and rule.across is not None]


def view_of(rule: RepeatRule) -> View:
    """How a rule compares lines."""
    return View(tuple(sorted(expand_steps(rule.fold))), bool(rule.mask_digits))


class SiteMatcher:
    """All such rules; only pages of sites with enough of them are looked at, and each line is looked up once."""

    slow: Sequence[Rule] = ()

    def __init__(self, rules: Sequence[RepeatRule], facts: Facts) -> None:
        self._table = facts.lines
        self._rules: dict[View, list[RepeatRule]] = {}
        for rule in rules:
            self._rules.setdefault(view_of(rule), []).append(rule)

    def hits(self, batch: Batch) -> Iterator[Hit]:
        sites = [site_of_page(document) for document in batch.documents]
        for view, rules in self._rules.items():
            known = [number for number, site in enumerate(sites) if site is not None]
            keys = b"".join(page_key(sites[number] or "", view) for number in known)
            least = min(rule.min_documents for rule in rules)
            for number, pages in zip(known, self._table.values(keys).tolist(), strict=True):
                if pages >= least:
                    yield from self._page(batch, number, sites[number] or "", pages, view)

    def _page(self, batch: Batch, number: int, site: str, pages: int, view: View) -> Iterator[Hit]:
        first, stop = batch.document_lines[number], batch.document_lines[number + 1]
        lines = batch.view(compared(view))[first:stop]
        keys = line_keys(site, view, lines)
        counts = self._table.values(b"".join(keys)).tolist()
        for rule in self._rules[view]:
            text = _text(batch, first, counts, rule) if rule.outside_text else None
            for at, (line, count) in enumerate(zip(lines, counts, strict=True)):
                if not _repeats(rule, line, count, pages) or (rule.outside_text and (text is None or at in text)):
                    continue
                yield _hit(rule, batch, first + at, count, pages, told_site(site))


def _repeats(rule: RepeatRule, line: str, count: int, pages: int) -> bool:
    """Whether a line is what a rule looks for, wherever it stands; masked figures alone are data, not furniture."""
    return (
        count >= max(rule.min_documents, rule.min_share * pages)
        and len(line) >= rule.min_chars
        and (rule.max_words is None or len(line.split()) <= rule.max_words)
        and (not rule.mask_digits or any(char.isalpha() for char in line))
        and (rule.mask_digits != "only" or "0" in line)
    )


def _text(batch: Batch, first: int, counts: Sequence[int], rule: RepeatRule) -> range | None:
    """From the first to the last line of prose, blank lines and headings between them included."""
    prose = [
        at
        for at, count in enumerate(counts)
        if count < rule.min_documents and len(batch.line(first + at).split(None, _PROSE)) >= _PROSE
    ]
    return range(prose[0], prose[-1] + 1) if prose else None


def _hit(rule: RepeatRule, batch: Batch, line: int, count: int, pages: int, site: str) -> Hit:
    start, end = content(batch, line)
    values = (("count", str(count)), ("pages", str(pages)), ("site", site))
    return Hit(rule, start, end, f"on {count} of {pages} pages of {site}", remove_line(batch, line), values=values)
