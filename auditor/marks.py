"""What tells a document again after it was renamed or moved: digests of its longest lines."""

from __future__ import annotations

from hashlib import blake2b

MARKS = 3
_LEAST = 20  # code points of a line that may tell a document


def marks(text: str) -> str:
    """Digests of a text's three longest lines, with blanks between: they tell it again after it was renamed."""
    lines = {*text.split("\n")}
    least = max(_LEAST, sorted(map(len, lines))[-MARKS:][0])
    # Among lines of one length the order of the alphabet decides.
    longest = sorted([line for line in lines if len(line) >= least], key=lambda line: (-len(line), line))
    words = [" ".join(line.split()).encode("utf-8", "surrogatepass") for line in longest[:MARKS]]
    return " ".join(sorted({blake2b(line, digest_size=6).hexdigest() for line in words}))
