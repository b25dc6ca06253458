"""Settings of a project: auditor.toml, or [tool.auditor] in pyproject.toml, closed and checked like packs.

The closest such file upward from the current folder holds, whole; nothing is merged. Flags outrank it.
"""

from __future__ import annotations

import argparse
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NoReturn

import msgspec

from auditor.errors import ConfigError
from auditor.formats.base import DEFAULT_MAX_DOCUMENT_SIZE
from auditor.formats.schemas import AUTO, NONE, SCHEMAS
from auditor.gatesection import GateConfig, read
from auditor.hints import meant
from auditor.options import size
from auditor.places import PathRule
from auditor.settings import Check, choice, count, flag, severities, tables, text, texts

FILE = "auditor.toml"
Key = tuple[str | int, ...]


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """What a run goes by when no flag says otherwise. ``root`` is the folder that its patterns start from."""

    root: Path
    rules: tuple[str, ...] = ()
    unsafe: bool = False
    fail_on: Literal["error", "warning", "never"] = "error"  # of `check`; other verbs heed the flag alone
    text_field: str = "text"
    id_field: str = "id"
    site_field: str = "url"
    schema: str = "auto"
    max_document_size: int = DEFAULT_MAX_DOCUMENT_SIZE
    max_file_size: int | None = None
    jobs: int = 1
    sarif: bool = False  # of `audit`
    exclude: tuple[str, ...] = ()
    decisions: Path | None = None
    paths: tuple[PathRule, ...] = ()
    gate: GateConfig = GateConfig()


def load(given: Path | None = None, isolated: bool = False) -> Config:
    """The configuration of ``given``, else of the closest file upward; the defaults where there is none.

    Raises ConfigError with file and line for what is unknown or wrong.
    """
    if isolated:
        return Config(root=Path.cwd())
    if given is not None:
        path = Path(os.path.abspath(given))
        if not path.is_file():
            raise ConfigError(f"--config {given}: no such file")
        return _File(path, given).config()
    for folder in (Path.cwd(), *Path.cwd().parents):
        for name in (FILE, "pyproject.toml"):
            path = folder / name
            if path.is_file() and (name == FILE or _is_ours(path)):
                return _File(path, Path(os.path.relpath(path))).config()
    return Config(root=Path.cwd())


def fill(args: argparse.Namespace, config: Config) -> None:
    """Put what the flags left open into ``args``.

    ``--rules`` that name something replace the configured ones; those that only switch off go on top of them.
    """
    if hasattr(args, "rules") and all(selector.startswith("-") for selector in args.rules):
        args.rules = [*config.rules, *args.rules]
    for field in msgspec.structs.fields(Config):
        if getattr(args, field.name, None) is None and (field.name != "fail_on" or args.verb == "check"):
            setattr(args, field.name, getattr(config, field.name))


def _is_ours(pyproject: Path) -> bool:
    """Whether a pyproject.toml has our table; one that cannot be read as TOML only matters if it seems to."""
    data = pyproject.read_bytes()
    if b"auditor" not in data:
        return False
    try:
        tools = tomllib.loads(data.decode()).get("tool")
    except (ValueError, RecursionError):
        return b"tool.auditor" in data
    return isinstance(tools, dict) and "auditor" in tools


class _File:
    """A configuration file and where its keys stand."""

    def __init__(self, path: Path, shown: Path) -> None:
        self.path, self.shown = path, shown
        self.base: Key = ("tool", "auditor") if path.name == "pyproject.toml" else ()
        try:
            self.text = path.read_bytes().decode("utf-8-sig")
            data: Any = tomllib.loads(self.text)
        except UnicodeDecodeError as error:
            raise ConfigError(f"{shown}: is not UTF-8 (byte {error.start})") from None
        except (ValueError, RecursionError) as error:
            self.text = getattr(self, "text", "")
            line = re.search(r"\(at line (\d+)", str(error))
            reason = "nested too deeply" if isinstance(error, RecursionError) else error
            self._fail_at(f"not valid TOML: {reason}", int(line[1]) if line else self.text.rstrip().count("\n") + 1)
        for name in self.base:
            data = data.get(name, {})
        self.data: Any = data

    def config(self) -> Config:
        """Its values, checked."""
        if not isinstance(self.data, dict):
            self.fail("tool.auditor must be a table", ())
        found = {name.replace("-", "_"): value for name, value in self._checked(self.data, _KEYS, ())}
        found["rules"] = tuple(self._selector(one) for one in found.get("rules", ()))
        found["paths"] = tuple(
            self._path_rule(item, ("paths", number)) for number, item in enumerate(found.get("paths", ()))
        )
        if "decisions" in found:
            found["decisions"] = Path(os.path.relpath(self.path.parent / found["decisions"]))
        if "gate" in found:
            found["gate"] = read(
                found["gate"], self._checked, self.fail, lambda key: f"{self.shown}:{self._line_of(key)}"
            )
        return Config(root=self.path.parent, **found)

    def _checked(self, table: dict[str, Any], known: Mapping[str, Check], base: Key) -> Iterator[tuple[str, Any]]:
        for name, value in table.items():
            if name not in known:
                self.fail(f"unknown key {name!r}{meant(name, known)}", (*base, name))
            try:
                yield name, known[name](value)
            except (ValueError, argparse.ArgumentTypeError) as error:
                self.fail(f"{name}: {error}", (*base, name))

    def _path_rule(self, item: dict[str, Any], key: Key) -> PathRule:
        found = dict(self._checked(item, _PATH_KEYS, key))
        if not found.keys() & {"match", "ids"}:
            self.fail("a [[paths]] table needs the key 'match', or 'ids' of documents", key)
        if not found.keys() & {"off", "severity"}:
            self.fail("a [[paths]] table says what is `off`, or of which `severity`", key)
        return PathRule(**found, place=f"{self.shown}:{self._line_of(key)}")

    def _selector(self, selector: str) -> str:
        """Files and folders of packs are named from the configuration's folder, wherever the command runs."""
        named = self.path.parent / selector
        if self.path.parent == Path.cwd() or selector.startswith("-") or not named.exists():
            return selector
        return os.path.relpath(named)

    def fail(self, message: str, key: Key) -> NoReturn:
        """Raise a ConfigError that shows file:line and the line of ``key``."""
        self._fail_at(message, self._line_of(key))

    def _fail_at(self, message: str, line: int) -> NoReturn:
        lines = self.text.split("\n")
        shown = lines[min(line, len(lines)) - 1].rstrip("\r")[:200]
        raise ConfigError(f"{self.shown}:{line}: {message}\n    {shown}")

    def _line_of(self, key: Key) -> int:
        return line_of(self.text, (*self.base, *key))


_NAME = r"(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')"
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_ASSIGNED = re.compile(rf"\s*({_DOTTED})\s*=")


def line_of(text: str, key: Key) -> int:
    """The line, from 1, on which a key of a TOML text (or the closest table around it) stands."""
    best, depth = 1, 0
    table: Key = ()
    counts: Counter[Key] = Counter()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = _numbered(_names(header[2]), counts, new=header[1] == "[[")
            here = table
        elif assigned := _ASSIGNED.match(line):
            here = (*table, *_names(assigned[1]))
        else:
            continue
        if len(here) > depth and here == key[: len(here)]:
            best, depth = number, len(here)
    return best


def _names(dotted: str) -> list[str]:
    return [name.strip("\"'") for name in re.findall(_NAME, dotted)]


def _numbered(names: list[str], counts: Counter[Key], new: bool) -> Key:
    """The key of a table whose header holds these names: tables of an array have numbers."""
    key: Key = ()
    for at, name in enumerate(names):
        key = (*key, name)
        if new and at == len(names) - 1:
            counts[key] += 1
        if counts[key]:
            key = (*key, counts[key] - 1)
    return key


def _one_or_more(value: Any) -> tuple[str, ...]:
    return texts([value] if isinstance(value, str) else value)


_KEYS: dict[str, Check] = {
    "rules": texts,
    "unsafe": flag,
    "fail-on": choice("error", "warning", "never"),
    "text-field": text,
    "id-field": text,
    "site-field": text,
    "schema": choice(AUTO, NONE, *SCHEMAS),
    "max-document-size": lambda value: size(value) if isinstance(value, str) else count(value),
    "max-file-size": lambda value: size(value) if isinstance(value, str) else count(value),
    "jobs": count,
    "sarif": flag,
    "exclude": texts,
    "decisions": text,
    "paths": tables,
    "gate": lambda value: value,
}
_PATH_KEYS: dict[str, Check] = {
    "match": _one_or_more,
    "ids": _one_or_more,
    "off": texts,
    "severity": severities,
}
