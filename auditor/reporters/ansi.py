"""The few terminal colours the text reports use; the corpus itself can never send any."""

from __future__ import annotations

from auditor.model import Severity

BOLD, DIM, BLUE = "1", "2", "34"
SEVERITY: dict[Severity, str] = {"error": "31", "warning": "33", "info": "36"}


def paint(text: str, *codes: str, color: bool) -> str:
    """Return ``text`` between the escape sequences for ``codes``, or as it is without colour."""
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if color and text else text
