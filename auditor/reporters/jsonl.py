"""One JSON object a finding and line, with exactly the fields of `Finding`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import regex

from auditor import sound
from auditor.model import Finding
from auditor.reporters.context import Context

# Legal in JSON as they are, yet they drive terminals (C1 and direction controls) or end lines for careless
# readers. Escaped, they are the same JSON.
_RISKY = regex.compile(r"[\x7f-\x9f\u2028\u2029\p{Bidi_Control}]")


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield one line a finding. ``context`` changes nothing here."""
    for finding in findings:
        yield encode(finding) + "\n"


def encode(value: Any) -> str:
    """Return a finding, or another value, as JSON without line breaks."""
    return _RISKY.sub(lambda match: f"\\u{ord(match[0]):04x}", sound.encode(value).decode())
