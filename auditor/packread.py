"""A pack's file read: YAML -> rules, closed and checked, with errors that show where and suggest what was meant."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from auditor.errors import PackError
from auditor.hints import meant
from auditor.kinds import KINDS, AnyRule
from auditor.kinds.base import Closed, Rule
from auditor.kinds.evidence import EvidenceRule
from auditor.kinds.lexicon import LexiconRule
from auditor.packcheck import mistakes
from auditor.packerrors import explained
from auditor.packfile import Key, PackFile, fraction
from auditor.packset import Override, Pack

PackName = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class ListFile(Closed, frozen=True, kw_only=True):
    """A list under ``define`` that lies in a file: one text a line, ``#`` begins a comment."""

    file: str


class PackSource(Closed, frozen=True, kw_only=True):
    """A pack as written."""

    schema: Literal[1]
    pack: PackName
    language: str | None = None
    about: str = ""
    extends: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    override: dict[str, Override] = msgspec.field(default_factory=dict)
    define: dict[str, tuple[str, ...] | ListFile] = msgspec.field(default_factory=dict)
    rules: Annotated[tuple[AnyRule, ...], msgspec.Meta(min_length=1)] = ()


def parsed(path: Path, data: bytes, text: str) -> Pack:
    """The pack that ``text``, decoded from ``data``, holds. Raises PackError with every mistake in it (ten at most)."""
    file = PackFile(path, text)
    if not isinstance(file.data, dict):
        file.fail("a pack is a mapping of schema, pack and rules")
    try:
        head = msgspec.convert(file.data, _Head)
    except msgspec.ValidationError as error:
        raise PackError(explained(file, str(error), (), _Head)) from None
    if not head.rules and not head.extends:
        file.fail("key 'rules' is missing (a pack without rules of its own extends others)")
    lists: dict[str, bytes] = {}
    rules = _rules(file, lists)
    digest = hashlib.sha256(data)
    for content in lists.values():
        digest.update(content)
    return Pack(
        name=head.pack,
        path=str(path),
        language=head.language,
        about=head.about,
        digest=digest.hexdigest(),
        rules=tuple(msgspec.structs.replace(rule, id=f"{head.pack}/{rule.id}") for rule in rules),
        extends=head.extends,
        off=head.off,
        override={name: _override(file, name, change) for name, change in head.override.items()},
        lists=tuple(lists),
    )


class _Head(Closed, frozen=True, kw_only=True):
    """A pack without a look at its rules: they are read one by one, so that every mistake can be told at once."""

    schema: Literal[1]
    pack: PackName
    language: str | None = None
    about: str = ""
    extends: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    override: dict[str, Any] = msgspec.field(default_factory=dict)
    define: dict[str, Any] = msgspec.field(default_factory=dict)
    rules: Annotated[list[Any], msgspec.Meta(min_length=1)] = msgspec.field(default_factory=list)


def _override(file: PackFile, name: str, change: Any) -> Override:
    try:
        return msgspec.convert(change, Override)
    except msgspec.ValidationError as error:
        raise PackError(explained(file, str(error), ("override", name), Override)) from None


def _rules(file: PackFile, lists: dict[str, bytes]) -> list[AnyRule]:
    defined = _defined(file, lists)
    problems: list[str] = []
    rules: list[AnyRule] = []
    ids: set[str] = set()
    for at, item in enumerate(file.data.get("rules", ())):
        key: Key = ("rules", at)
        try:
            rule = _rule(file, key, item, defined, lists)
        except PackError as error:
            problems.append(str(error))
            continue
        if rule.id in ids:
            problems.append(file.describe(f"rule id {rule.id!r} stands in this pack twice", (*key, "id")))
        ids.add(rule.id)
        rules.append(rule)
    if problems:
        more = [f"... and {len(problems) - 10} more"] if len(problems) > 10 else []
        raise PackError("\n".join(problems[:10] + more))
    return rules


def _rule(file: PackFile, key: Key, item: Any, defined: dict[str, list[str]], lists: dict[str, bytes]) -> AnyRule:
    item = _resolved(file, key, item, defined)
    try:
        rule: AnyRule = msgspec.convert(item, AnyRule)
    except msgspec.ValidationError as error:
        kinds = {kind.__struct_config__.tag: kind for kind in KINDS}
        kind = item.get("kind") if isinstance(item, dict) else None
        raise PackError(explained(file, str(error), key, kinds.get(str(kind), Rule))) from None
    if isinstance(rule, LexiconRule) and rule.phrases_file is not None:
        more = _listed(file, (*key, "phrases-file"), rule.phrases_file, lists)
        rule = msgspec.structs.replace(rule, phrases=rule.phrases + more)
    if isinstance(rule, EvidenceRule):
        lists[rule.model] = _beside(file, (*key, "model"), rule.model)
    for message, field in mistakes(rule):
        file.fail(message, (*key, *field))
    return rule


def _defined(file: PackFile, lists: dict[str, bytes]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, items in file.data.get("define", {}).items():
        key: Key = ("define", name)
        if isinstance(items, dict):
            if set(items) != {"file"} or not isinstance(items["file"], str):
                file.fail(f"define: {name} is a list of texts, or {{file: lists/{name}.txt}}", key)
            items = list(_listed(file, (*key, "file"), items["file"], lists))
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            file.fail(f"define: {name} must be a list of texts", key)
        found[name] = _spliced(file, key, items, found)
    return found


_MOST_TEXTS = 200_000  # in one list
_TEXT_FIELDS = {
    *("phrases", "wrong", "except", "any", "allow", "begins-with", "stop-at", "made-of", "returns", "words", "also"),
}

_NUMBER_FIELDS = {
    "above",
    "below",
    "min",
    "max",
    "max-bulleted",
    "max-ended",
    "min-probability",
    "min-share",
    "outside",
    "threshold",
}


def _resolved(file: PackFile, key: Key, item: Any, defined: dict[str, list[str]]) -> Any:
    """``$name`` filled in wherever the language takes a list of texts; fractions read where it takes a number."""
    if not isinstance(item, dict):
        return item
    found: dict[str, Any] = {}
    for name, value in item.items():
        at = (*key, name)
        if name in _TEXT_FIELDS and isinstance(value, str) and value.startswith("$"):
            found[name] = _spliced(file, at, [value], defined)
        elif name in _TEXT_FIELDS and isinstance(value, list):
            found[name] = _spliced(file, at, value, defined)
        elif name in _NUMBER_FIELDS:
            found[name] = fraction(value)
        elif name in {"near", "not-near", "in-text"}:
            found[name] = _resolved(file, at, value, defined)
        else:
            found[name] = value
    return found


def _spliced(file: PackFile, key: Key, items: list[Any], defined: dict[str, list[str]]) -> list[Any]:
    found: list[Any] = []
    for at, item in enumerate(items):
        if isinstance(item, str) and item.startswith("$"):
            if item[1:] not in defined:
                file.fail(f"unknown list {item!r}{meant(item[1:], defined, '$')}", (*key, at))
            found += defined[item[1:]]
            if len(found) > _MOST_TEXTS:  # ten lists of ten times the one before make ten thousand million
                file.fail(
                    f"the lists named here hold more than {_MOST_TEXTS:,} texts; put them into a file", (*key, at)
                )
        else:
            found.append(item)
    return found


def _listed(file: PackFile, key: Key, name: str, lists: dict[str, bytes]) -> tuple[str, ...]:
    """A word list beside the pack, one text a line, ``#`` begins a comment; its bytes are noted in ``lists``."""
    lists[name] = _beside(file, key, name)
    try:
        lines = lists[name].decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        file.fail(f"{key[-1]} {name!r} cannot be read: {error}", key)
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))


def _beside(file: PackFile, key: Key, name: str) -> bytes:
    """The bytes of a file that a pack names; it must lie in the pack's folder."""
    try:
        path = (file.path.parent / name).resolve()
        if not path.is_relative_to(file.path.parent.resolve()):
            file.fail(f"{key[-1]} {name!r} lies outside the pack's folder", key)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        file.fail(f"{key[-1]} {name!r} cannot be read: {error}", key)


def schema() -> dict[str, Any]:
    """The JSON Schema of packs (draft 2020-12), for editors; kept in rules/pack.schema.json."""
    found = msgspec.json.schema(PackSource)
    for struct in found["$defs"].values():
        for name, field in struct.get("properties", {}).items():
            if name in _TEXT_FIELDS:  # a list of texts, or the name of one
                struct["properties"][name] = {"anyOf": [field, {"type": "string", "pattern": r"^\$"}]}
    found["$defs"]["PackSource"]["anyOf"] = [{"required": ["rules"]}, {"required": ["extends"]}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "auditor rule pack", **found}
