"""One JSON object a finding and line, with exactly the fields of `Finding`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from auditor import sound
from auditor.model import Finding
from auditor.reporters.context import Context

# Legal in JSON as they are, yet they drive terminals (C1 and direction controls) or end lines for careless
# readers. Escaped, they are the same JSON.
_RISKY = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield one line a finding. ``context`` changes nothing here."""
    for finding in findings:
        yield encode(finding) + "\n"


def encode(value: Any) -> str:
    """Return a finding, or another value, as JSON without line breaks."""
    return safe(sound.encode(value))


def safe(encoded: bytes) -> str:
    """JSON that `sound.encode` made, with what is risky escaped; line breaks between values stay."""
    return _RISKY.sub(lambda match: f"\\u{ord(match[0]):04x}", encoded.decode())
