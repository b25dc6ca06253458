"""Arabic proclitics: the one table of a language's grammar, asked for by names, cues and mixed-script tokens."""

from __future__ import annotations

from typing import NamedTuple

PROCLITICS = frozenset("وفبكل")  # and, so, with, as, for: written onto the next word


class Prefix(NamedTuple):
    kept: str  # proclitics that stay when the word is replaced
    article: bool  # whether the article follows them (and is consumed)


def _prefixes() -> dict[str, Prefix]:
    table = {}
    for conjunction in ("", "و", "ف"):
        for preposition in ("", "ب", "ك", "ل"):
            kept = conjunction + preposition
            table[kept] = Prefix(kept, False)
            table[conjunction + ("لل" if preposition == "ل" else preposition + "ال")] = Prefix(kept, True)
    return table


PREFIXES: dict[str, Prefix] = _prefixes()  # folded beginning of a word -> what it means


def joined(kept: str, word: str) -> str:
    """``word`` with proclitics before it: for + the (ل + ال) is written لل."""
    if kept.endswith("ل") and word.startswith("ال"):
        rest = word[2:]
        return kept + rest if rest.startswith("ل") else kept + "ل" + rest
    return kept + word
