"""One JSON object a finding and line, with exactly the fields of `Finding`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import regex

from auditor.model import Finding
from auditor.reporters.context import Context

# Legal in JSON as they are, yet they drive terminals (C1 and direction controls) or end lines for careless
# readers. Escaped, they are the same JSON.
_RISKY = regex.compile(r"[\x7f-\x9f\u2028\u2029\p{Bidi_Control}]")
_SURROGATES = regex.compile("[\ud800-\udfff]")


def render(findings: Iterable[Finding], *, context: Context) -> Iterator[str]:
    """Yield one line a finding. ``context`` changes nothing here."""
    for finding in findings:
        yield encode(finding) + "\n"


def encode(value: Any) -> str:
    """Return a finding, or another value, as JSON without line breaks.

    Lone surrogates, which UTF-8 cannot hold, become U+FFFD: one code point for one, so offsets stay true.
    """
    try:
        text = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        text = msgspec.json.encode(_without_surrogates(msgspec.to_builtins(value))).decode()
    return _RISKY.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value
