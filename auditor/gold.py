"""Labelled text: jsonl rows of labelled lines or spans, and what they say of a finding.

docs/measuring.md describes the two kinds of rows and when a finding counts as right.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, BinaryIO, Literal, NamedTuple, get_args
from urllib.parse import urlsplit

import msgspec

from auditor.expressions import expression
from auditor.model import Category

Judgement = Literal["right", "wrong", "neutral", "unjudged"]

POSITIVE = ("boilerplate", "tagline", "duplicate", "glued", "glued-mixed-script")
CONTENT = "content"
NEUTRAL = ("headline", "caption", "other")
FURNITURE: tuple[Category, ...] = ("boilerplate", "caption", "byline", "duplicate")  # what labels of lines speak of
MOST = 0.9  # share of a finding on what is right to find
HALF = 0.5  # share of a labelled span that findings must cover

_LABELS = (*POSITIVE, CONTENT, *NEUTRAL)
_CATEGORIES: tuple[str, ...] = get_args(Category)
_PLAIN, _POSITIVE, CONTENT_MARK = 0, 1, 2  # what stands at a code point; blanks are plain
_CAPTION, _NEUTRAL = 3, 4
_MARKS = {CONTENT: CONTENT_MARK, "caption": _CAPTION, **dict.fromkeys(POSITIVE, _POSITIVE)}
_BLANK = expression(r"\s+")
_WORD = expression(r"[\p{L}\p{M}\p{N}ـ]+")
_SOLID = expression(r"[\p{L}\p{N}]")


class GoldError(ValueError):
    """A row that cannot be used; the message says why."""


class Unit(NamedTuple):
    """A labelled line or span: half-open code points, and its label or category."""

    start: int
    end: int
    label: str


class Gold(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled document. ``marks`` has a byte a code point: what its line's label says of it."""

    text: str
    site: str
    units: tuple[Unit, ...]
    marks: bytes | None  # None: labelled by spans
    categories: tuple[str, ...]  # judged ones
    spans: dict[str, tuple[list[int], list[int]]] = {}  # disjoint starts and ends by category

    def positives(self) -> list[Unit]:
        """The units that are right to find."""
        if self.marks is None:
            return [unit for unit in self.units if unit.label in self.categories]
        return [unit for unit in self.units if unit.label in POSITIVE]

    def judge(self, category: str, start: int, end: int) -> Judgement:
        """What the labels say of a finding of this category at these code points."""
        if category not in self.categories:
            return "unjudged"
        if self.marks is None:
            right, neutral = (self._covered(start, end, label) for label in (category, "neutral"))
            solid = _solid(self.text, start, end)
            return _judgement(right, solid - right - neutral, solid)
        right, content = (self.marks.count(mark, start, end) for mark in (_POSITIVE, CONTENT_MARK))
        if category in ("caption", "byline"):
            right += self.marks.count(_CAPTION, start, end)
            if content and not self._whole(start, end):
                return "unjudged"  # labels of whole lines cannot tell whether a line begins with its author
        return _judgement(right, content, end - start - self.marks.count(_PLAIN, start, end))

    def _covered(self, start: int, end: int, label: str) -> int:
        """Code points, blanks aside, of a finding that lie in spans of this category."""
        starts, ends = self.spans.get(label, ((), ()))
        covered, at = 0, bisect_right(ends, start)
        while at < len(starts) and starts[at] < end:
            covered += _solid(self.text, max(start, starts[at]), min(end, ends[at]))
            at += 1
        return covered

    def _whole(self, start: int, end: int) -> bool:
        """Whether a finding takes (nearly) all of the line it starts on."""
        assert self.marks is not None
        low, high = self.text.rfind("\n", 0, start) + 1, self.text.find("\n", start)
        high = len(self.text) if high < 0 else high
        found, line = (to - at - self.marks.count(_PLAIN, at, to) for at, to in ((start, end), (low, high)))
        return found >= MOST * line


def _solid(text: str, start: int, end: int) -> int:
    return len(_BLANK.sub("", text[start:end]))


def _judgement(right: int, wrong: int, solid: int) -> Judgement:
    if not solid:
        return "neutral"
    if right >= MOST * solid:
        return "right"
    return "wrong" if wrong > (1 - MOST) * solid else "neutral"


def solid(text: str) -> list[int]:
    """Where the letters and digits of a text stand; where it has none, whatever is not blank."""
    found = [match.start() for match in _SOLID.finditer(text)]
    return found or [at for at, char in enumerate(text) if not char.isspace()]


def rows(stream: BinaryIO, name: str, all_content: bool = False) -> Iterator[Gold | str | None]:
    """What each row holds: a document, why it cannot be used, or None for a blank line.

    Rows of ``text`` alone are content throughout if ``all_content``; else they are errors, being unlabelled.
    """
    for raw in stream:
        if not raw.strip():
            yield None
            continue
        try:
            yield _gold(_value(raw), name, all_content)
        except GoldError as error:
            yield str(error)


def _value(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw.decode("utf-8-sig"), strict=False)
    except UnicodeDecodeError as error:
        raise GoldError(f"is not valid UTF-8 (byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise GoldError(f"is not JSON: {error.msg} (column {error.colno})") from None
    except (ValueError, RecursionError) as error:
        raise GoldError(f"is not JSON that can be read: {error}") from None
    if not isinstance(value, dict):
        raise GoldError('is not a JSON object; write {"lines": [...]} or {"text": ..., "spans": [...]}')
    return value


def _gold(value: dict[str, Any], name: str, all_content: bool) -> Gold:
    site = _site(value, name)
    if "lines" in value:
        return _of_lines(value["lines"], site)
    text = value.get("text")
    if not isinstance(text, str):
        raise GoldError(f"has neither 'lines' nor a string 'text' (its fields: {', '.join(list(value)[:8]) or 'none'})")
    if "spans" in value:
        return _of_spans(text, value["spans"], value.get("categories"), site)
    if not all_content:
        raise GoldError(
            "has neither 'lines' nor 'spans': label it, say --all-content if nothing in it is to be found, "
            "or judge a sample of it with --sample"
        )
    return _of_lines([{"text": line, "label": CONTENT} for line in text.split("\n")], site)


def _of_lines(lines: Any, site: str) -> Gold:
    if not isinstance(lines, list):
        raise GoldError("'lines' is not a list")
    texts: list[str] = []
    units: list[Unit] = []
    marks = bytearray()
    start = 0
    for at, line in enumerate(lines):
        text, label = (line.get("text"), line.get("label")) if isinstance(line, dict) else (None, None)
        if not isinstance(text, str) or not isinstance(label, str):
            raise GoldError(f"lines[{at}]: is not an object with the strings 'text' and 'label'")
        if label not in _LABELS:
            raise GoldError(f"lines[{at}]: unknown label {label!r}; {_meant(label, _LABELS)}")
        marks += _marked(text, label, line.get("inline_boiler"), at)
        marks.append(_PLAIN)
        texts.append(text)
        units.append(Unit(start, start + len(text), label))
        start += len(text) + 1
    whole = "\n".join(texts)
    return Gold(text=whole, site=site, units=tuple(units), marks=bytes(marks[:-1]), categories=FURNITURE)


def _marked(text: str, label: str, tail: Any, at: int) -> bytes:
    """A byte a code point; ``tail`` is where furniture begins that was glued to the end of a line of content."""
    begin = len(text) if tail is None else text.rfind(tail) if isinstance(tail, str) and tail else -1
    if begin < 0:
        raise GoldError(f"lines[{at}]: 'inline_boiler' does not stand in its line")
    marks = bytearray([_MARKS.get(label, _NEUTRAL)]) * begin + bytearray([_POSITIVE]) * (len(text) - begin)
    for blank in _BLANK.finditer(text):
        marks[blank.start() : blank.end()] = bytes(blank.end() - blank.start())
    return bytes(marks)


def _of_spans(text: str, spans: Any, categories: Any, site: str) -> Gold:
    if not isinstance(spans, list):
        raise GoldError("'spans' is not a list")
    judged = _CATEGORIES if categories is None else categories
    if not isinstance(judged, list | tuple) or not set(map(str, judged)) <= set(_CATEGORIES):
        raise GoldError(f"'categories' is not a list of categories; known: {', '.join(_CATEGORIES)}")
    units = tuple(_span(text, span, at) for at, span in enumerate(spans))
    return Gold(text=text, site=site, units=units, marks=None, categories=tuple(judged), spans=_merged(units))


def _merged(units: Sequence[Unit]) -> dict[str, tuple[list[int], list[int]]]:
    found: dict[str, tuple[list[int], list[int]]] = {}
    for start, end, label in sorted(units):
        starts, ends = found.setdefault(label, ([], []))
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return found


def _span(text: str, span: Any, at: int) -> Unit:
    start, end, label = (
        (span.get(key) for key in ("start", "end", "category")) if isinstance(span, dict) else [None] * 3
    )
    if type(start) is not int or type(end) is not int or not isinstance(label, str):
        raise GoldError(f"spans[{at}]: is not an object with 'start', 'end' (code points) and 'category'")
    if not 0 <= start < end <= len(text):
        raise GoldError(f"spans[{at}]: {start} to {end} is no part of the text, which has {len(text)} code points")
    if label not in (*_CATEGORIES, "neutral"):
        raise GoldError(f"spans[{at}]: unknown category {label!r}; {_meant(label, (*_CATEGORIES, 'neutral'))}")
    return Unit(*_widened(text, start, end), label)


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """To whole words: whether a proclitic belongs to a name is nothing to disagree about."""
    while start and _WORD.match(text[start]) and _WORD.match(text[start - 1]):
        start -= 1
    while end < len(text) and _WORD.match(text[end]) and _WORD.match(text[end - 1]):
        end += 1
    return start, end


def _meant(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"


def _site(value: dict[str, Any], name: str) -> str:
    """The site a row is from: its `site`, the host of its `url`, its `source`, else the file."""
    if isinstance(site := value.get("site"), str) and site:
        return site
    try:
        host: str | None = urlsplit(value["url"]).hostname if isinstance(value.get("url"), str) else None
    except ValueError:
        host = None
    if host:
        return host.removeprefix("www.")
    source = value.get("source")
    return source if isinstance(source, str) and source else name
