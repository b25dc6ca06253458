"""What was meant: a suggestion for a name that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def meant(name: str, known: Iterable[str], sigil: str = "") -> str:
    """The end of a message about an unknown name: the closest known one, else all of them."""
    from difflib import get_close_matches  # only mistakes need it

    known = list(known)
    close = get_close_matches(name, known, 1, 0.6)
    if close:
        return f"; did you mean {sigil}{close[0]}?"
    return f"; known: {', '.join(sigil + item for item in sorted(known))}" if known else ""
