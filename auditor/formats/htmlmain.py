"""Which lines of a page are its text: what trafilatura takes for it, corrected by what the page's structure says.

trafilatura finds where the text is. The headline and a lead that stand before it, and paragraphs between those it took,
are added; captions, dates, tag rows, lists of links and notices about comments, as their elements show, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from auditor.errors import ReadError
from auditor.expressions import expression
from auditor.formats.htmlblocks import Element, Line, Page

_VOTED_TAGS = 20_000  # pages larger than this are judged by structure alone
_MOST_SIZE = 2 << 20
_PROSE = 8  # words of a line that may be a sentence
_LEAD = 12  # of a paragraph that stands before all that was found
_LINKED = 0.6  # share of a line's characters in links, from which on it is a link
_MOST_OF = 0.8  # of the text found lies in the element that is taken for its home
_HALF = 0.5  # of it within an element: whatever it is called, it is no furniture
_LOOKED = 2_000  # code points of a line that tell what it is
_SHORT = 20  # letters of a line that must be found as a line of its own
_TITLE_WORDS = 2
_SAID = 8  # titles that the head of a page may tell
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_HOLDERS = frozenset({"div", "section", "article", "td"})
_Value = TypeVar("_Value", int, bool)
_NOT_WORD = re.compile(r"[\W_]+")
_ENDS = re.compile(r"[.!?؟۔…:»”\"。！？：」』]\s*\Z")
# What stands for a word where words are not spaced: two signs of Chinese or Japanese, four of Thai and its neighbours.
_UNSPACED = expression(r"[\p{Han}\p{Hiragana}\p{Katakana}]{2}|[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]{4}")
_FIRST_UNSPACED = "\u0e01"  # Thai; scripts before it space their words
_ABOUT_COMMENTS = re.compile(r"(?i)تعليق|للآراء|الآراء|مشاركات|نظرات|دیدگاه|تبصر|comment|yorum|commentaire")


class _Facts(NamedTuple):
    """What is known of a page before lines are chosen; lists have an entry for each of its elements."""

    page: Page
    voted: frozenset[int]
    home: int  # the innermost element that most of the text lies in
    inside: list[bool]  # whether it lies there
    odd: list[int]  # how surely what it holds is no text: 2 all of that, 1 its short lines
    noticed: list[bool]  # whether it is, or lies in, a notice about comments


def main_lines(page: Page, root: Any) -> list[Line]:
    """The lines of a page's text, in order, the headline first; ``root`` is not to be used afterwards."""
    titles = _titles(root)
    facts = _facts(page, _votes(page, root))
    chosen = [at for at, line in enumerate(page.lines) if facts.inside[line.element] and _is_text(facts, at)]
    if not chosen:
        return [page.lines[at] for at in _headline(facts, titles, len(page.lines))]
    headline = _headline(facts, titles, chosen[0])
    before = [at for at in range(max([*headline, -1]) + 1, chosen[0]) if headline and _is_lead(facts, at)]
    return [page.lines[at] for at in dict.fromkeys([*headline, *before, *chosen])]


def _votes(page: Page, root: Any) -> frozenset[int]:
    """The lines that trafilatura takes for text."""
    if sum(1 for _ in root.iter()) > _VOTED_TAGS or sum(len(line.text) for line in page.lines) > _MOST_SIZE:
        return frozenset()
    trafilatura = _trafilatura()
    found = None
    with suppress(Exception):  # whatever happens in there, the page's own structure is left to go by
        found = trafilatura.extract(root, include_comments=False, include_tables=True)
    if not found:
        return frozenset()
    lines = {_letters(line) for line in found.split("\n")}
    together = "".join(_letters(line) for line in found.split("\n"))
    letters = [_letters(line.text) for line in page.lines]
    return frozenset(
        at for at, one in enumerate(letters) if one and (one in lines or (len(one) >= _SHORT and one in together))
    )


def _trafilatura() -> Any:
    try:
        import trafilatura
    except ImportError as error:
        raise ReadError(
            "reading html needs its extra: pip install 'corpus-auditor[html]', or leave .html files out"
        ) from error
    return trafilatura


def _letters(text: str) -> str:
    return _NOT_WORD.sub("", text)


def _facts(page: Page, voted: frozenset[int]) -> _Facts:
    """Weights by what was voted for; where nothing was, by all prose that is not in furniture."""
    elements = page.elements
    prose = [at for at, line in enumerate(page.lines) if _is_prose(line)]
    furniture = _inherited(elements, [element.odd == 2 or element.hidden for element in elements])
    found = [at for at in prose if at in voted] or sorted(voted)  # a poem has no line that is prose
    found = found or [at for at in prose if not furniture[page.lines[at].element]] or prose
    weights = _summed(page, {at: len(page.lines[at].text) for at in found})
    total = weights[0] if weights else 0
    home = max((at for at, weight in enumerate(weights) if total and weight >= total * _MOST_OF), default=0)
    small = [weight < total * _HALF or not total for weight in weights]
    odd = [(2 if one.hidden else one.odd) * few for one, few in zip(elements, small, strict=True)]
    about = _summed(page, {at: 1 for at, line in enumerate(page.lines) if _ABOUT_COMMENTS.search(line.text[:_LOOKED])})
    notices = [
        few and one.noted and one.tag in _HOLDERS and cues > 0
        for one, few, cues in zip(elements, small, about, strict=True)
    ]
    return _Facts(
        page,
        voted or frozenset(found),
        home,
        _inherited(elements, [at == home for at in range(len(elements))]),
        _inherited(elements, odd),
        _inherited(elements, notices),
    )


def _summed(page: Page, values: Mapping[int, int]) -> list[int]:
    """The sums of values of lines, for each element over all that it holds."""
    sums = [0] * len(page.elements)
    for at, value in values.items():
        sums[page.lines[at].element] += value
    for number in range(len(sums) - 1, 0, -1):
        sums[page.elements[number].outer or 0] += sums[number]
    return sums


def _inherited(elements: Sequence[Element], own: Sequence[_Value]) -> list[_Value]:
    """For each element the most that it or an element around it has."""
    found: list[_Value] = []
    for element, value in zip(elements, own, strict=True):
        found.append(value if element.outer is None else max(value, found[element.outer]))
    return found


def _is_text(facts: _Facts, at: int) -> bool:
    line = facts.page.lines[at]
    odd, prose = facts.odd[line.element], _is_prose(line)
    if odd == 2 or (odd and not prose) or facts.noticed[line.element]:
        return False
    if line.linked >= _LINKED * line.size:
        return at in facts.voted and prose and _ENDS.search(line.text[-_LOOKED:]) is not None
    return at in facts.voted or (prose and not odd)


def _is_lead(facts: _Facts, at: int) -> bool:
    line = facts.page.lines[at]
    return (
        _words(line.text[:_LOOKED]) >= _LEAD and line.linked < _LINKED / 2 * line.size and not facts.odd[line.element]
    )


def _is_prose(line: Line) -> bool:
    return line.linked < _LINKED * line.size and _words(line.text[:_LOOKED]) >= _PROSE


def _words(text: str) -> int:
    """About how many words there are, in any script."""
    spaced = len(text.split())
    return spaced + len(_UNSPACED.findall(text)) if max(text, default="") >= _FIRST_UNSPACED else spaced


def _headline(facts: _Facts, titles: Sequence[str], first: int) -> list[int]:
    """The headline's line: a heading before the text that the page's title holds, else the last h1 before it."""
    lines = facts.page.lines
    headings = [
        (at, tag)
        for at in range(min(first + 1, len(lines)))
        if (tag := _heading(facts.page, lines[at])) and facts.odd[lines[at].element] < 2
    ]
    titled = [at for at, _ in headings if _is_title(lines[at].text, titles)]
    ranked = [at for at, tag in headings if tag == "h1"]
    return (titled or ranked)[-1:]


def _heading(page: Page, line: Line) -> str | None:
    """Which heading a line stands in, itself or by the element around."""
    element = page.elements[line.element]
    for one in (element, page.elements[element.outer or 0]):
        if one.tag in _HEADINGS:
            return one.tag
    return None


def _is_title(text: str, titles: Iterable[str]) -> bool:
    letters = _letters(text)
    return _words(text) > _TITLE_WORDS and any(letters in title for title in titles)


def _titles(root: Any) -> list[str]:
    """The letters of what a page says it is called: of its beginning, which every heading is looked for in."""
    metas = [(meta.get("property") or meta.get("name"), meta.get("content")) for meta in root.iterfind(".//meta")]
    said = [content for name, content in metas if name in ("og:title", "twitter:title") and content]
    return [_letters(title[:_LOOKED]) for title in (root.findtext(".//title") or "", *said[:_SAID])]
