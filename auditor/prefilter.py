"""`regex` patterns -> byte expressions that match a superset, for the shared automaton.

`patterns` knows a pattern's shape; what a character class means is asked of `regex` itself (`page.byte_set`). Word
boundaries and most look-arounds are dropped, counts widened, anchors become newlines (the stream has one on either
side), greedy tails are cut: the result matches wherever the pattern does, and `regex` confirms on the text. What
cannot be translated (back-references, fuzzy, recursion) gives None: slow path.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from auditor.expressions import regex
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
from auditor.patterns import Anchor, Atom, Choice, Look, Node, Repeat, Sequence, Untranslatable, tree_of

_LONGEST = 4  # counts above are widened to "or more": large automata are slow to build


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
