"""JSON of texts that come from anywhere: lone surrogates, which UTF-8 cannot hold, become U+FFFD.

One code point for one, so that offsets stay true.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

_SURROGATES = re.compile("[\ud800-\udfff]")


def encode(value: Any) -> bytes:
    """JSON of a value."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_all_sound(msgspec.to_builtins(value)))


def sound(text: str) -> str:
    """A text without lone surrogates."""
    return _SURROGATES.sub("\ufffd", text)


def _all_sound(value: Any) -> Any:
    if isinstance(value, str):
        return sound(value)
    if isinstance(value, dict):
        return {_all_sound(key): _all_sound(item) for key, item in value.items()}
    return [_all_sound(item) for item in value] if isinstance(value, list | tuple) else value
