"""The shape of `regex` patterns, as far as it shows what a match must hold: characters, repeats, choices, anchors.

What a character class means is not asked here: an atom keeps its source, for `regex` to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from auditor.expressions import expression, regex

_ESCAPED_CLASSES = "dDwWsShHvVpPN"
_ZERO_WIDTH = "bBmMG"
_QUANTIFIER = expression(r"[*+?]|\{(\d*)(,?)(\d*)\}")
_FUZZY = expression(r"\{[^}]*[a-z<=]")
_COMMENT = expression(r"\(\?#[^)]*\)")
_FLAGS = expression(r"\(\?([a-zA-Z0-9]*)(?:-([a-z]+))?\)")
_LOOK = expression(r"\(\?(<?)([=!])")
_GROUP = expression(r"\((?:\?(?::|>|P?<\w+>|([a-z]*)(?:-([a-z]+))?:))?")
_IN_CLASS = expression(r"(?s)\[:\^?\w+:\]|\\[pPN]\{[^}]*\}|\\.")
_ESCAPE = expression(r"(?s)\\(?:[pP](?:\{[^}]*\}|\w)|N\{[^}]*\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_BLANKS = expression(r"\s+|#[^\n]*\n?")


class Atom(NamedTuple):
    source: str  # regex source of exactly one character; a single one, but for the dot, stands for itself
    ignore_case: bool

    @property
    def pattern(self) -> str:
        return regex.escape(self.source) if len(self.source) == 1 and self.source != "." else self.source


class Anchor(NamedTuple):
    at_end: bool


class Repeat(NamedTuple):
    node: Node
    least: int
    most: int | None


class Sequence(NamedTuple):
    nodes: tuple[Node, ...]


class Choice(NamedTuple):
    nodes: tuple[Node, ...]


class Look(NamedTuple):
    ahead: bool
    node: Node  # what must stand there


Node = Atom | Anchor | Repeat | Sequence | Choice | Look
EMPTY = Sequence(())


class Untranslatable(Exception):
    """The pattern uses something that has no superset worth scanning for."""


def tree_of(pattern: str) -> Node:
    """The shape of a pattern; Untranslatable where it has parts that this does not know."""
    return _Parser(pattern).parse()


class _Parser:
    """Recursive descent over the pattern language of `regex` (V0), as far as shape goes."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0
        self.ignore_case = self.verbose = self.dot_all = False

    def parse(self) -> Node:
        node = self.choice()
        if self.at != len(self.pattern):
            raise Untranslatable("unbalanced")
        return node

    def choice(self) -> Node:
        parts = [self.sequence()]
        while self.take("|"):
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def sequence(self) -> Node:
        nodes: list[Node] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            if (node := self.quantified()) is not EMPTY:
                nodes.append(node)
        return nodes[0] if len(nodes) == 1 and not isinstance(nodes[0], Repeat) else Sequence(tuple(nodes))

    def quantified(self) -> Node:
        node = self.single()
        while (found := self.quantifier()) is not None:
            if node is not EMPTY:
                node = Repeat(node, *found)
        return node

    def quantifier(self) -> tuple[int, int | None] | None:
        self.blanks()
        match = _QUANTIFIER.match(self.pattern, self.at)
        if match is None:
            if self.pattern[self.at : self.at + 1] == "{" and _FUZZY.match(self.pattern, self.at):
                raise Untranslatable("fuzzy matching")
            return None
        if match[0] == "{}" or match[0] == "{,}":
            return None
        self.at = match.end()
        if self.pattern[self.at : self.at + 1] in ("?", "+"):  # lazy or possessive: the same strings or fewer
            self.at += 1
        if match[0][0] != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[match[0]]
        low = int(match[1] or 0)
        return low, (int(match[3]) if match[3] else None) if match[2] else low

    def single(self) -> Node:
        self.blanks()
        if self.at >= len(self.pattern) or self.pattern[self.at] in "|)":
            return EMPTY
        char = self.pattern[self.at]
        special: dict[str, Callable[[], Node]] = {"(": self.group, "[": self.char_class, "\\": self.escape}
        if char in special:
            return special[char]()
        if char in "*+?":
            raise Untranslatable("nothing to repeat")
        self.at += 1
        if char in "^$":
            return Anchor(char == "$")
        return Atom(r"[\s\S]" if char == "." and self.dot_all else char, self.ignore_case)

    def group(self) -> Node:
        if match := _COMMENT.match(self.pattern, self.at):
            self.at = match.end()
            return EMPTY
        if match := _FLAGS.match(self.pattern, self.at):
            if self.at:
                raise Untranslatable("flags in the middle hold for the whole pattern")
            self.flags(match[1], match[2] or "")
            self.at = match.end()
            return EMPTY
        if match := _LOOK.match(self.pattern, self.at):
            self.at = match.end()
            inside = self.choice()
            self.close()
            return Look(not match[1], inside) if match[2] == "=" else EMPTY
        if match := _GROUP.match(self.pattern, self.at):
            kept = self.ignore_case, self.verbose, self.dot_all
            if match[1] or match[2]:
                self.flags(match[1] or "", match[2] or "")
            self.at = match.end()
            if self.pattern[self.at : self.at + 1] == "?":
                raise Untranslatable("a conditional, recursive or branch-reset group")
            node = self.choice()
            self.close()
            self.ignore_case, self.verbose, self.dot_all = kept
            return node
        raise Untranslatable("an unknown group")

    def flags(self, on: str, off: str) -> None:
        if set(on + off) - set("imsxuV0"):
            raise Untranslatable(f"flags {on}{off}")
        self.ignore_case = (self.ignore_case or "i" in on) and "i" not in off
        self.verbose = (self.verbose or "x" in on) and "x" not in off
        self.dot_all = (self.dot_all or "s" in on) and "s" not in off

    def close(self) -> None:
        if not self.take(")"):
            raise Untranslatable("unbalanced")

    def char_class(self) -> Node:
        start = self.at
        self.at += 1
        self.take("^")
        self.take("]")
        while self.pattern[self.at : self.at + 1] != "]":
            if self.at >= len(self.pattern):
                raise Untranslatable("unbalanced")
            if match := _IN_CLASS.match(self.pattern, self.at):
                self.at = match.end()
            else:
                self.at += 1
        self.at += 1
        return Atom(self.pattern[start : self.at], self.ignore_case)

    def escape(self) -> Node:
        match = _ESCAPE.match(self.pattern, self.at)
        if match is None:
            raise Untranslatable("a broken escape")
        self.at, letter = match.end(), match[0][1]
        if letter in _ZERO_WIDTH or letter == "K":
            return EMPTY
        if letter in "AZz":
            return Anchor(letter != "A")
        if letter.isdigit() or letter in "gLXRkCQ":
            raise Untranslatable(f"\\{letter}")
        if letter in _ESCAPED_CLASSES or letter.isalnum():
            return Atom(match[0], self.ignore_case)
        return Atom(letter if letter != "." else r"\.", self.ignore_case)

    def blanks(self) -> None:
        while self.verbose and (match := _BLANKS.match(self.pattern, self.at)):
            self.at = match.end()

    def take(self, char: str) -> bool:
        if self.pattern[self.at : self.at + 1] != char:
            return False
        self.at += 1
        return True
