"""Checks of single settings: each gives the value as we keep it, or raises ValueError with what it must be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from auditor.hints import meant
from auditor.model import Severity

Check = Callable[[Any], Any]


def text(value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"must be a text, not {kind_of(value)}")
    return value


def texts(value: Any) -> tuple[str, ...]:
    """A list of such texts."""
    if not isinstance(value, list):
        raise ValueError(f'must be a list of texts, such as ["..."], not {kind_of(value)}')
    return tuple(_item(item) for item in value)


def _item(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"must be a list of texts, and {kind_of(value)} in it is none")
    return value


def flag(value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {kind_of(value)}")
    return value


def count(value: Any) -> int:
    """A whole number above 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"must be a whole number above 0, not {kind_of(value)}")
    return value


def choice(*known: str) -> Check:
    """One of a few words."""

    def check(value: Any) -> Any:
        if value not in known:
            raise ValueError(f"{value!r} is not known{meant(str(value), known)}")
        return value

    return check


def severities(value: Any) -> dict[str, Any]:
    """A table of severities by pack or rule."""
    if not isinstance(value, dict):
        raise ValueError(f'must be a table, such as {{"ar-names/axios" = "info"}}, not {kind_of(value)}')
    return {name: choice(*get_args(Severity))(item) for name, item in value.items()}


def tables(value: Any) -> list[dict[str, Any]]:
    """Tables of an array."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"is written as [[paths]] tables, not as {kind_of(value)}")
    return value


def kind_of(value: Any) -> str:
    """What a value is, in words."""
    kinds = {bool: "true or false", str: "a text", int: "a number", float: "a number", list: "a list", dict: "a table"}
    found = kinds.get(type(value), "a date or time")
    return f"{value!r}" if isinstance(value, str | int | float) else found
