"""What tells a document again after it was renamed or moved: digests of its longest lines."""

from __future__ import annotations

from hashlib import blake2b

MARKS = 3
_LEAST = 20  # code points of a line that may tell a document


def marks(text: str) -> str:
    """Digests of a text's three longest lines, with blanks between: they tell it again after it was renamed."""
    lines, found, least = sorted(text.split("\n"), key=len), set[str](), _LEAST
    while lines and len(line := lines.pop()) >= least:
        found.add(line)
        if len(found) == MARKS:
            least = len(line)
    # Among lines of one length the order of the alphabet decides.
    longest = sorted(found, key=lambda line: (-len(line), line))
    words = [" ".join(line.split()).encode("utf-8", "surrogatepass") for line in longest[:MARKS]]
    return " ".join(sorted({blake2b(line, digest_size=6).hexdigest() for line in words}))
