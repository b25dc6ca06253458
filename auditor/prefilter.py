"""`regex` patterns -> byte expressions that match a superset, for the shared automaton.

A pattern is parsed just far enough to know its shape; what each character class means is asked of `regex`
itself (`page.byte_set`). Word boundaries and most look-arounds are dropped, counts widened, anchors become
newlines (the stream has one on either side), greedy tails are cut: the result matches wherever the pattern
does, and `regex` confirms on the text. What cannot be translated (back-references, fuzzy, recursion) gives
None: slow path.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import regex

from auditor.folding import WIDEST, folding
from auditor.page import (
    DROP,
    EXPAND,
    Bytes,
    any_of,
    basic_plane,
    byte_set,
    code_points_of,
    folded_page,
    literal,
    page,
    to_folded,
)

_ESCAPED_CLASSES = "dDwWsShHvVpPN"
_ZERO_WIDTH = "bBmMG"
_LONGEST = 4  # counts above are widened to "or more": large automata are slow to build


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
_EMPTY = Sequence(())


class Untranslatable(Exception):
    """The pattern uses something that has no superset worth scanning for."""


def prefilter(pattern: str, *, whole_text: bool, folded: bool) -> bytes | None:
    """A Hyperscan expression (bytes of the page) that matches wherever ``pattern`` does, or None.

    ``whole_text``: the pattern runs on whole documents (else on single lines, whose text has no ``\\n``).
    ``folded``: it runs on folded lines, so the folded stream is scanned.
    """
    try:
        tree = tree_of(pattern)
        node = _trim(_outer_looks(tree))
        if _least_length(node) == 0:
            return None
        return _emit(node, _Alphabet(whole_text, folded))
    except (Untranslatable, regex.error, RecursionError):
        return None


def tree_of(pattern: str) -> Node:
    """The shape of a pattern; Untranslatable where it has parts that this does not know."""
    return _Parser(pattern).parse()


class _Alphabet(NamedTuple):
    whole_text: bool
    folded: bool

    def expression(self, atom: Atom) -> bytes:
        """The bytes one character of the pattern can be in the stream."""
        if self.folded and len(atom.source) == 1 and (code := int(folded_page()[ord(atom.source)])) in (DROP, EXPAND):
            return b"" if code == DROP else literal(to_folded(atom.source))
        if len(atom.source) == 1 and not atom.ignore_case and atom.source not in ".":
            return literal(bytes([int((folded_page() if self.folded else page())[ord(atom.source)])]))
        found = _fold_bytes(atom) if self.folded else byte_set(atom.pattern, atom.ignore_case)
        if not self.whole_text:
            found = found - {0x0A}
        if not found:
            raise Untranslatable("a class that matches nothing")
        return any_of(found)


@cache
def _fold_bytes(atom: Atom) -> frozenset[int]:
    """Bytes of the folded stream for a class run on folded text: what its members fold to in the widest folding."""
    pattern = regex.compile(f"(?:{atom.pattern})+", regex.IGNORECASE if atom.ignore_case else 0)
    text, table = _folding_plane()
    found = set(byte_set(atom.pattern, atom.ignore_case))
    for match in pattern.finditer(text):
        found.update(table[match.start() : match.end()].tolist())
    return frozenset(found - {DROP, EXPAND})


@cache
def _folding_plane() -> tuple[str, Bytes]:
    """The basic plane and what beyond it folds into it (digits do), and the folded page of each."""
    text = basic_plane() + "".join(chr(code) for code in folding(WIDEST).table if code > 0xFFFF)
    return text, folded_page()[code_points_of(text)]


def _outer_looks(node: Node) -> Node:
    """What a pattern asks for before its beginning or after its end is text too: scan for it."""
    match node:
        case Choice(nodes):
            return Choice(tuple(map(_outer_looks, nodes)))
        case Sequence((Look(False, before), *rest)):
            return _outer_looks(Sequence((before, *rest)))
        case Sequence((*rest, Look(True, after))):
            return _outer_looks(Sequence((*rest, after)))
        case _:
            return node


def _emit(node: Node, alphabet: _Alphabet, first: bool = True, last: bool = True) -> bytes:
    """``first``, ``last``: nothing of the pattern stands before, after the node.

    Only there an anchor asks for its newline: inside, whatever stands beside it may need that newline too.
    """
    match node:
        case Look():
            return b""
        case Atom():
            return alphabet.expression(node)
        case Anchor(at_end):
            newline = b"(?:\\x0d|\\x20)?\\x0a" if at_end else b"\\x0a"
            return newline if (last if at_end else first) else b""
        case Sequence(nodes):
            ends = [(first and at == 0, last and at == len(nodes) - 1) for at in range(len(nodes))]
            return b"".join(_emit(part, alphabet, *own) for part, own in zip(nodes, ends, strict=True))
        case Choice(nodes):
            return b"(?:" + b"|".join(_emit(part, alphabet, first, last) for part in nodes) + b")"
        case Repeat(inner, least, most):
            low = min(least, _LONGEST)
            high = str(most) if most is not None and most <= _LONGEST else ""
            once = most == 1
            return b"(?:" + _emit(inner, alphabet, first and once, last and once) + b"){%d,%s}" % (low, high.encode())


def _trim(node: Node, ends: tuple[int, ...] = (0, -1)) -> Node:
    """Cut repeats at the pattern's two ends to their least count: fewer matches to report, still a superset.

    Inside a sequence's last part only the end is the pattern's own (``ends`` is -1 alone).
    """
    if isinstance(node, Choice):
        return Choice(tuple(_trim(part, ends) for part in node.nodes))
    if not isinstance(node, Sequence) or not node.nodes:
        return node
    nodes = list(node.nodes)
    for end in ends:
        while len(nodes) > 1 and isinstance(last := nodes[end], Repeat):
            beyond = nodes[1 if end == 0 else -2]
            if last.least == 0 and not _solid(beyond):
                break
            nodes.pop(end)
            if last.least:
                nodes.insert(0 if end == 0 else len(nodes), Repeat(last.node, last.least, last.least))
                break
    if len(nodes) > 1 and isinstance(nodes[-1], Choice | Sequence):
        trimmed = _trim(nodes[-1], (-1,))
        nodes[-1] = trimmed if _solid(trimmed) else nodes[-1]
    return Sequence(tuple(nodes))


def _solid(node: Node) -> bool:
    """Whether every match of the node ends in a character of the text (not in an anchor's newline)."""
    match node:
        case Atom():
            return True
        case Anchor() | Look():
            return False
        case Repeat(inner, least, _):
            return least > 0 and _solid(inner)
        case Sequence(nodes):
            return bool(nodes) and _solid(nodes[-1]) and _solid(nodes[0])
        case Choice(nodes):
            return all(_solid(part) for part in nodes)


def _least_length(node: Node) -> int:
    match node:
        case Atom():
            return 1
        case Anchor() | Look():
            return 0
        case Repeat(inner, least, _):
            return least * _least_length(inner)
        case Sequence(nodes):
            return sum(map(_least_length, nodes))
        case Choice(nodes):
            return min(map(_least_length, nodes))


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
            if (node := self.quantified()) is not _EMPTY:
                nodes.append(node)
        return nodes[0] if len(nodes) == 1 and not isinstance(nodes[0], Repeat) else Sequence(tuple(nodes))

    def quantified(self) -> Node:
        node = self.single()
        while (found := self.quantifier()) is not None:
            if node is not _EMPTY:
                node = Repeat(node, *found)
        return node

    def quantifier(self) -> tuple[int, int | None] | None:
        self.blanks()
        match = regex.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}").match(self.pattern, self.at)
        if match is None:
            if self.pattern[self.at : self.at + 1] == "{" and regex.compile(r"\{[^}]*[a-z<=]").match(
                self.pattern, self.at
            ):
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
            return _EMPTY
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
        rest = self.pattern[self.at :]
        if match := regex.match(r"\(\?#[^)]*\)", rest):
            self.at += match.end()
            return _EMPTY
        if match := regex.match(r"\(\?([a-zA-Z0-9]*)(?:-([a-z]+))?\)", rest):
            if self.at:
                raise Untranslatable("flags in the middle hold for the whole pattern")
            self.flags(match[1], match[2] or "")
            self.at += match.end()
            return _EMPTY
        if match := regex.match(r"\(\?(<?)([=!])", rest):
            self.at += match.end()
            inside = self.choice()
            self.close()
            return Look(not match[1], inside) if match[2] == "=" else _EMPTY
        if match := regex.match(r"\((?:\?(?::|>|P?<\w+>|([a-z]*)(?:-([a-z]+))?:))?", rest):
            kept = self.ignore_case, self.verbose, self.dot_all
            if match[1] or match[2]:
                self.flags(match[1] or "", match[2] or "")
            self.at += match.end()
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
            if match := regex.compile(r"\[:\^?\w+:\]|\\[pPN]\{[^}]*\}|\\.", regex.DOTALL).match(self.pattern, self.at):
                self.at = match.end()
            else:
                self.at += 1
        self.at += 1
        return Atom(self.pattern[start : self.at], self.ignore_case)

    def escape(self) -> Node:
        match = regex.compile(
            r"\\(?:[pP](?:\{[^}]*\}|\w)|N\{[^}]*\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)",
            regex.DOTALL,
        ).match(self.pattern, self.at)
        if match is None:
            raise Untranslatable("a broken escape")
        self.at, letter = match.end(), match[0][1]
        if letter in _ZERO_WIDTH or letter == "K":
            return _EMPTY
        if letter in "AZz":
            return Anchor(letter != "A")
        if letter.isdigit() or letter in "gLXRkCQ":
            raise Untranslatable(f"\\{letter}")
        if letter in _ESCAPED_CLASSES or letter.isalnum():
            return Atom(match[0], self.ignore_case)
        return Atom(letter if letter != "." else r"\.", self.ignore_case)

    def blanks(self) -> None:
        while self.verbose and (match := regex.compile(r"\s+|#[^\n]*\n?").match(self.pattern, self.at)):
            self.at = match.end()

    def take(self, char: str) -> bool:
        if self.pattern[self.at : self.at + 1] != char:
            return False
        self.at += 1
        return True
