"""Path patterns as people know them from .gitignore: ``*``, ``?``, ``[a-z]`` within a name, ``**`` across folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

_TOKEN = re.compile(
    r"(?P<deep>\*\*+/?)|(?P<star>\*)|(?P<one>\?)|\[(?P<no>!?)(?P<some>\]?[^\]/]*)\]|(?P<char>.)", re.DOTALL
)


def matches(patterns: Sequence[str], path: str) -> bool:
    """Whether a relative path with ``/`` fits one of the patterns, or lies in a folder that does.

    A pattern without ``/`` fits names at any depth, one with ``/`` the path from its beginning.
    """
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    anchored = "/" in pattern.rstrip("/")
    body = pattern.removeprefix("./").strip("/")
    found = "".join(_expression(token) for token in _TOKEN.finditer(body))
    start = "" if anchored else "(?:.*/)?"
    try:
        return re.compile(f"{start}{found}(?:/.*)?", re.DOTALL)
    except re.error:  # a range such as [z-a] holds nothing, so it stands for itself
        return re.compile(f"{start}{re.escape(body)}(?:/.*)?", re.DOTALL)


def _expression(token: re.Match[str]) -> str:
    if token["deep"]:
        return "(?:.*/)?" if token["deep"].endswith("/") else ".*"
    if token["star"]:
        return "[^/]*"
    if token["one"]:
        return "[^/]"
    if token["some"] is not None:
        inside = re.sub(r"([\\\[\]^&~|])", r"\\\1", token["some"])
        return f"[{'^/' if token['no'] else ''}{inside}]" if inside else re.escape(token[0])
    return re.escape(token["char"])
