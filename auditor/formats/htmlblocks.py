"""The tree of a page as the lines a browser would show, each with the element it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_BLANKS = "\t\r\n\f"
_SKIPPED = frozenset({
    "audio", "button", "canvas", "datalist", "dialog", "embed", "head", "iframe", "input", "map", "math",
    "meter", "noscript", "object", "progress", "script", "select", "style", "svg", "template", "textarea",
    "title", "video",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "nobr", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_FURNITURE = frozenset({"nav", "footer", "aside", "figcaption", "time"})
_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu", "toolbar"})
# Class names and ids, in words: what templates of sites call things around and between the text of an article.
_NEVER = re.compile(
    r"""(?:most|top)-?(?:read|viewed|popular|commented)|popular|trending|recommend\w*|relat(?:ed|ive)\w*|similar
    |read-?(?:more|also|next)|see-?also|more-?(?:news|posts|stories|articles|from)
    |(?:next|prev\w*|other|latest|recent|last)-?(?:news|posts?|articles?|stories)
    |comments?|comment-?(?:list|form|area|body)|respond|disqus\w*|log-?in|sign-?(?:in|up)|regist\w*|captcha
    |shar(?:e|er|ing|edaddy|ethis)|social\w*|addthis\w*|addtoany\w*|newsletters?|subscri\w*
    |nav|navbar|navigation|menus?|sub-?menu|breadcrumbs?|pagination|pager|skip-?link
    |side-?bar|footer|copyrights?|cookies?|gdpr|popup|modal|adv|advert\w*|adsense|adsbygoogle|sponsor\w*|outbrain|taboola
    |post-?tags?|tag-?(?:list|links|cloud)|tags|keywords|hashtags?|cat-?links
    |captions?|(?:img|image|photo|pic)-?(?:credit|caption|source|desc)|wp-caption-text
    |by-?line|publish(?:ed|er|-?date)|pub-?date|post-?(?:meta|date)|entry-?meta|article-?(?:meta|date)|date-?(?:time|line)
    |reading-?time|sr-only|visually-?hidden|screen-?reader\w*""",
    re.VERBOSE,
)
# The same, but also said of what holds whole paragraphs.
_SELDOM = re.compile(
    r"""ads?|author\w*|writer|meta|meta-?data|date|time(?:stamp)?|created|updated|views|hits|credits?|copy|sources?
    |(?:lead|main|article|post|news)?-?(?:images?|img|photos?|pics?|pictures?|media|thumb\w*|gallery)|categor(?:y|ies)
    |widgets?|promo\w*|teasers?|banner|slider|carousel|ticker|marquee|tools?|tool-?(?:bar|box)|actions|print|rating|votes?|poll
    |tabs?|toc|follow\w*|tag|barcode""",
    re.VERBOSE,
)
_COMMENTS = re.compile(r"comments?|disqus\w*|comment-?(?:list|form|area)")
_WORDS = re.compile(r"[\s_]+|(?<=[a-z])(?=[A-Z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADING = re.compile(r"h[1-6]")
_STEPS = 4  # of an element's path that are told
_MOST = 120  # code points of one class name that are looked at


class Line(NamedTuple):
    """A line of a page as shown, and the number of the innermost element around it."""

    text: str
    size: int  # characters, white space aside
    linked: int  # of them within links
    element: int


class Element(NamedTuple):
    """An element that lines stand in.

    ``odd``: how surely its tag, role or class says that it is no part of a text: 0, 1 (its short lines) or 2 (all).
    """

    tag: str
    outer: int | None  # the number of the one around it, which is smaller
    path: str
    line: int | None  # of the page's source, from 1
    odd: int
    hidden: bool
    noted: bool = False  # it stands right before comments


class Page(NamedTuple):
    """The lines of a page, and its elements by number."""

    lines: list[Line]
    elements: list[Element]


def page_of(root: Any) -> Page:
    """The lines below an element, in order."""
    return _Walk().walk(root)


class _Walk:
    """One pass over a tree, without recursion: pages nest deeply."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.elements: list[Element] = []
        self._open: list[int] = []  # elements that are blocks, or have a say in what their text is
        self._text: list[str] = []
        self._linked = 0
        self._links = 0  # open ones
        self._kept = 0  # open elements in which white space stays
        self._counts: list[dict[str, int]] = [{}]
        self._before: list[int | None] = [None]  # on each level the block that ended last

    def walk(self, root: Any) -> Page:
        stack = [(root, iter(root), self._enter(root))]
        while stack:
            element, children, opened = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._leave(element, opened)
                if stack:
                    self._add(element.tail)
            elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
                stack.append((child, iter(child), self._enter(child)))
            else:
                self._add(child.tail)
        return Page(self.lines, self.elements)

    def _enter(self, element: Any) -> bool:
        """Whether the element counts among ``elements``."""
        tag = element.tag
        counts = self._counts[-1]
        counts[tag] = counts.get(tag, 0) + 1
        self._counts.append({})
        self._links += tag == "a"
        self._kept += tag == "pre"
        odd, hidden = _odd(element), _hidden(element)
        opened = tag not in _INLINE or bool(odd) or hidden or not self._open
        if tag not in _INLINE and self._open:
            self._end_line()
        if opened:
            outer = self._open[-1] if self._open else None
            path = _path(self.elements[outer].path if outer is not None else "", element, counts[tag])
            before = self._before[-1]
            if before is not None and _is_comments(element):
                self.elements[before] = self.elements[before]._replace(noted=True)
            self._open.append(len(self.elements))
            self._before.append(None)
            self.elements.append(Element(tag, outer, path, element.sourceline, odd, hidden))
        self._add(element.text)
        return opened

    def _leave(self, element: Any, opened: bool) -> None:
        tag = element.tag
        self._counts.pop()
        self._links -= tag == "a"
        self._kept -= tag == "pre"
        if tag not in _INLINE or len(self._open) == 1:
            self._end_line()
        if opened:
            self._before.pop()
            self._before[-1] = self._open.pop()

    def _add(self, text: str | None) -> None:
        if not text:
            return
        first, *others = text.split("\n") if self._kept else [text]
        self._take(first)
        for other in others:
            self._end_line()
            self._take(other)

    def _take(self, text: str) -> None:
        self._text.append(text)
        if self._links or self.elements[self._open[-1]].tag in _INLINE:  # a date or a name among links is no prose
            self._linked += _size(text)

    def _end_line(self) -> None:
        text, self._text = _spaced("".join(self._text)), []
        if text.strip():
            self.lines.append(Line(text, _size(text), self._linked, self._open[-1]))
        self._linked = 0


def _spaced(text: str) -> str:
    """The text with one space for each run of blanks, none around it.

    By steps over all of it: a page may be one paragraph, and a substitution takes some hundred bytes a word.
    """
    for blank in _BLANKS:
        text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


def _size(text: str) -> int:
    return len(text) - sum(text.count(blank) for blank in " \t\r\n\f\u00a0")


def _odd(element: Any) -> int:
    if element.tag in _FURNITURE or element.get("role", "").lower() in _ROLES:
        return 2
    found = 0
    for name in _names(element):
        for part in _readings(name):
            if _NEVER.fullmatch(part):
                return 2
            found = found or int(_SELDOM.fullmatch(part) is not None)
    return found


def _is_comments(element: Any) -> bool:
    return any(_COMMENTS.fullmatch(part) for name in _names(element) for part in _readings(name))


def _names(element: Any) -> Iterator[str]:
    for value in (element.get("class"), element.get("id")):
        if value:
            yield from _WORDS.sub(" ", value[: 4 * _MOST]).split()


def _readings(name: str) -> Iterator[str]:
    """A class name as a whole, and each one, two and three of its words: ``td-post-related-list``."""
    name = name.lower()[:_MOST]
    yield name
    words = name.split("-")
    if 1 < len(words) <= 8:
        for size in (1, 2):
            for at in range(len(words) - size + 1):
                yield "-".join(words[at : at + size])


def _hidden(element: Any) -> bool:
    style = element.get("style")
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(style and _HIDDEN.search(style[:1000]))
    )


def _path(outer: str, element: Any, number: int) -> str:
    """``article > div.body > p[3]``: the last steps of the way to an element."""
    tag = element.tag
    name = f"#{element.get('id')}" if element.get("id") else ""
    if not name and element.get("class") and tag not in ("p", "li", "td"):
        name = "." + element.get("class").split()[0] if element.get("class").split() else ""
    step = f"{tag}{name[:40]}" + (f"[{number}]" if not name and tag not in ("html", "body") else "")
    return " > ".join([*outer.split(" > ")[-_STEPS + 1 :], step]) if outer else tag
