"""Patterns that can run away: found by trying them on the text their own repeats like least.

A repeat of something that is itself a repeat or a choice may match the same text in exponentially many ways. Which of
these do is for the `regex` module to say: the pattern is run on a few dozen of what it repeats, followed by what it
cannot want. A sound pattern needs microseconds for that, a runaway one longer than the universe lasts.

Counts are another way to ask for too much: compiled, ``(?:x{1000}){1000}`` has a million parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice

from auditor.expressions import expression, regex
from auditor.patterns import EMPTY, Anchor, Atom, Choice, Look, Node, Repeat, Sequence, Untranslatable, tree_of

_TIMES = 48  # of the repeated text: 2 ** 48 ways
_LIMIT = 0.5  # seconds; what runs away needs years
_MANY = 8  # repeats up to fewer times do not run far
_TRIED = 60  # texts a pattern
_MOST_PARTS = 100_000  # of a pattern with its counts written out, some 300 bytes each
_DIGITS = 9
_TOKENS = expression(r"(?s)\\.|\[(?:\\.|[^\]\\])*+\]|\{(\d+)[^}]*+\}|.")
_SAMPLES = "aAا0 .,-_:;/<>&%\t\"'=#@!?()[]|*+~^$\u0640\u064bÀéяπ、中\u200c\u00a0"
_RARER = "".join(map(chr, range(0x20, 0x3000)))


def swells(pattern: str) -> bool:
    """Whether a pattern's counts, multiplied, make so many parts that compiling it could take all memory."""
    sizes, last = [0], 0
    for token in _TOKENS.finditer(pattern):
        times = int((token[1] or "1")[:_DIGITS])
        if token[0] == "(":
            sizes.append(0)
        elif token[0] == ")" and len(sizes) > 1:
            last = max(1, sizes.pop())
            sizes[-1] += last
        elif token[1]:
            sizes[-1] += last * max(0, times - 1)
            last *= max(1, times)
        else:
            last = 1
            sizes[-1] += 1
        if sizes[-1] > _MOST_PARTS:
            return True
    return False


def runs_away(pattern: str, flags: int = 0) -> str | None:
    """What makes the pattern hopelessly slow, in words; None where nothing was found."""
    tree = _tree(pattern)
    texts = list(islice(_texts(pattern, tree), _TRIED))
    if not texts:
        return None
    compiled = regex.compile(pattern, flags)
    wanted = "".join(dict.fromkeys(map(_char, _atoms(tree)))) or pattern  # `regex` looks for what must occur first
    for unit, text in texts:
        for ending in ("\x01", "\x01" + wanted, "!"):
            try:
                compiled.search(text + ending, timeout=_LIMIT)
            except TimeoutError:
                return f"{_TIMES} times {unit!r}"
    return None


def _tree(pattern: str) -> Node:
    try:
        return tree_of(pattern)
    except (Untranslatable, regex.error, RecursionError):
        return EMPTY


def _texts(pattern: str, tree: Node) -> Iterator[tuple[str, str]]:
    """What is repeated, and a text of many of it behind what must stand before."""
    if tree == EMPTY:  # its shape is not known
        for char in dict.fromkeys(filter(str.isalnum, pattern[:200])):
            yield char, char * _TIMES
    seen = set()
    for before, inner in _nested(tree, ""):
        for unit in _units(inner):
            if unit and (before, unit) not in seen:
                seen.add((before, unit))
                yield unit, before + unit * _TIMES


def _nested(node: Node, before: str) -> Iterator[tuple[str, Node]]:
    """Repeats of more than one fixed thing, each with an example of what stands before it."""
    match node:
        case Repeat(inner, _, most):
            if (most is None or most >= _MANY) and _has_choice(inner):
                yield before, inner
            yield from _nested(inner, before)
        case Sequence(nodes):
            for part in nodes:
                yield from _nested(part, before)
                before += _example(part)
        case Choice(nodes):
            for part in nodes:
                yield from _nested(part, before)
        case Look(_, inner):
            yield from _nested(inner, before)


def _has_choice(node: Node) -> bool:
    match node:
        case Repeat(inner, least, most):
            return least != most or _has_choice(inner)
        case Sequence(nodes):
            return any(map(_has_choice, nodes))
        case Choice():
            return True
        case Look(_, inner):
            return _has_choice(inner)
    return False


def _units(node: Node) -> list[str]:
    """Examples of what is repeated: the plainest, each choice in it, and single characters all its parts share."""
    found = [_example(node)]
    atoms = list(_atoms(node))
    found += [_char(atom) for atom in atoms[:8]]
    shared = [char for char in _SAMPLES if sum(_matches(atom, char) for atom in atoms) > 1]
    return list(dict.fromkeys(found + shared[:4]))


def _atoms(node: Node) -> Iterator[Atom]:
    match node:
        case Atom():
            yield node
        case Repeat(inner, _, _):
            yield from _atoms(inner)
        case Sequence(nodes) | Choice(nodes):
            for part in nodes:
                yield from _atoms(part)


def _example(node: Node) -> str:
    match node:
        case Atom():
            return _char(node)
        case Repeat(inner, least, most):
            return _example(inner) * min(least or int(most is None), 4)
        case Sequence(nodes):
            return "".join(map(_example, nodes))
        case Choice(nodes):
            return _example(nodes[0]) if nodes else ""
        case Anchor() | Look():
            return ""
    return ""


@cache
def _char(atom: Atom) -> str:
    """A character that the atom matches, a common one if it can be."""
    if len(atom.source) == 1 and atom.source != ".":
        return atom.source
    return next((char for char in _SAMPLES if _matches(atom, char)), None) or _rarer(atom)


def _rarer(atom: Atom) -> str:
    try:
        found = regex.search(atom.pattern, _RARER, regex.IGNORECASE if atom.ignore_case else 0)
    except regex.error:
        return ""
    return found[0][:1] if found is not None else ""


@cache
def _matches(atom: Atom, char: str) -> bool:
    try:
        return regex.fullmatch(atom.pattern, char, regex.IGNORECASE if atom.ignore_case else 0) is not None
    except regex.error:
        return False
