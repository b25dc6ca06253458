"""regex, imported when it is first used, and expressions that are compiled when they are first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, AnyStr, cast

from auditor.lazily import Lazily

__all__ = ["expression", "regex"]

if TYPE_CHECKING:
    import regex
else:
    regex = Lazily("regex")

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


def expression(source: AnyStr) -> regex.Pattern[AnyStr]:
    """A compiled expression, for those of modules: a hundred of them, of which a run may need none."""
    return cast("regex.Pattern[AnyStr]", _Expression(source))


class _Expression:
    def __init__(self, source: str | bytes) -> None:
        self.pattern = source

    def __getattr__(self, name: str) -> Any:
        compiled: Any = regex.compile(self.pattern)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})  # asked for once
        return getattr(compiled, name)
