"""msgspec's complaints about a pack told at their place in its file, with a suggestion where a name is nearly right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from auditor.expressions import expression, regex
from auditor.hints import meant
from auditor.kinds import KINDS
from auditor.kinds.base import Bad, InText, Near, When
from auditor.packfile import Key, PackFile

_AT = expression(r" - at `\$(?P<path>.*)`$")
_QUOTED = expression(r"`([^`]*)`")
_PLAIN = {
    "array": "a list",
    "object": "a mapping",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "null": "nothing",
}
_NESTED = {"near": Near, "not-near": Near, "in-text": InText, "bad": Bad, "when": When}
_STEP = expression(r"\.([^.\[\]]+)|\[(\d+)\]")


def explained(file: PackFile, error: str, base: Key, kind: type[Any]) -> str:
    """A msgspec message at its place in the file, with a suggestion where a name is nearly right."""
    found = _AT.search(error)
    path = found["path"] if found else ""
    message = error[: found.start()] if found else error
    key: Key = (*base, *(int(number) if number else name for name, number in _STEP.findall(path)))
    message = _QUOTED.sub(lambda word: _PLAIN.get(word[1], f"'{word[1]}'"), message)
    if name := regex.search(r"unknown field '([^']+)'", message):
        inside = key[len(base) :]
        struct: type[Any] = _NESTED[str(inside[0])] if inside else kind
        known = [field.encode_name for field in msgspec.structs.fields(struct)]
        known += ["kind"] if base[:1] == ("rules",) and not inside else []
        return file.describe(f"unknown key {name[1]!r}{meant(name[1], known)}", (*key, name[1]))
    if name := regex.search(r"Invalid (?:enum )?value (\S.*)", message):
        value = name[1].strip("'")
        return file.describe(f"{key[-1]}: {value!r} is not known{meant(value, _choices(kind, str(key[-1])))}", key)
    if name := regex.search(r"missing required field '([^']+)'", message):
        hint = " (one of: " + ", ".join(sorted(_kind_names())) + ")" if name[1] == "kind" else ""
        return file.describe(f"key {name[1]!r} is missing{hint}", key)
    return file.describe(f"{'.'.join(map(str, key[len(base) :]))}: {message}".lstrip(": "), key)


def _choices(kind: type[Any], field: str) -> Iterable[str]:
    if field == "kind":
        return _kind_names()
    for info in msgspec.structs.fields(kind):
        if info.encode_name == field:
            options = [value for option in get_args(info.type) for value in get_args(option) or (option,)]
            return [str(value) for value in options if isinstance(value, str | int)]
    return ()


def _kind_names() -> list[str]:
    return [str(kind.__struct_config__.tag) for kind in KINDS]
