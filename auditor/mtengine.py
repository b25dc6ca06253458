"""Named fingerprints of machine translation into Arabic: rare in what people write, so each is near to a proof.

They date an engine more than they name one, and where none is found nothing is shown: most engines leave none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from auditor.expressions import expression

_GLUED = expression(r"،(?=\p{L})")
_SPACED_STOP = expression(r"(?<=\w) [.!؟:](?=\s|$)|\( | \)")
_STOP = expression(r"(?<=\w)[.!؟:](?=\s|$)|[()]")
_WORD = expression("[\u0621-\u0652]+")
_ALA = expression("(?<![\u0621-\u0652])على(?![\u0621-\u0652])")
_TRUE_HA = frozenset(  # the letter is part of these words
    ["الله", "لله", "المياه", "الوجه", "الفقه", "الاتجاه", "التوجيه", "الترفيه", "التنبيه", "الانتباه"]
)


def mt_engine(text: str) -> str | None:
    """The name of the first fingerprint that a text bears, or None, which says nothing."""
    return next((name for name, found in FINGERPRINTS.items() if found(text)), None)


def spaced_comma(text: str) -> bool:
    """Arabic commas stand apart from the word before them, as some engines write them.

    At least three, nine tenths of those that do not follow markup (``**``, where no engine sets a space), while stops
    and brackets are not spaced and commas are not glued to the next word.
    """
    commas, spaced = text.count("،"), text.count(" ،")
    if spaced < 3 or spaced < 0.9 * (commas - text.count("*،")) or len(_GLUED.findall(text)) > 0.1 * commas:
        return False
    return len(_SPACED_STOP.findall(text)) <= 0.25 * max(1, len(_STOP.findall(text)))


def mixed_finals(text: str) -> bool:
    """على is written علي and final ة is written ه, but إلى keeps its last letter.

    Typists who leave out the dots, or set them all, do so in إلى as well. At least three such words, both sorts among
    them; ه counts after the article only, where no pronoun can stand.
    """
    if "علي" not in text or "إلى" not in text or _ALA.search(text):
        return False
    counts = Counter(_WORD.findall(text))
    if not counts["علي"] or not counts["إلى"] or counts["على"] or counts["إلي"] or counts["الي"]:
        return False
    finals = sum(
        count
        for word, count in counts.items()
        if word[-1] == "ه" and word[:2] in ("ال", "لل") and len(word) > 4 and word not in _TRUE_HA
    )
    return finals >= 1 and finals + counts["علي"] >= 3


FINGERPRINTS: dict[str, Callable[[str], bool]] = {"spaced-comma": spaced_comma, "mixed-finals": mixed_finals}
