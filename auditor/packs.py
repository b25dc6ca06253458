"""Rule packs: YAML -> rules, closed and checked, with errors that show where and suggest what was meant."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from auditor.assets import asset_dir
from auditor.cache import remember
from auditor.errors import ConfigError, PackError
from auditor.folding import expand_steps
from auditor.kinds import KINDS, AnyRule
from auditor.kinds.base import Closed, LineRule, Rule
from auditor.kinds.density import DensityRule, as_lexicon, as_regex
from auditor.kinds.lexicon import LexiconRule
from auditor.kinds.repeat import RepeatRule
from auditor.packcheck import mistakes
from auditor.packerrors import explained, meant
from auditor.packfile import Key, PackFile, fraction

PRESETS = "presets"  # the folder of shipped packs that are not part of the default set
PackName = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class PackSource(Closed, frozen=True, kw_only=True):
    """A pack as written."""

    schema: Literal[1]
    pack: PackName
    language: str | None = None
    about: str = ""
    define: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    rules: Annotated[tuple[AnyRule, ...], msgspec.Meta(min_length=1)]


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack as used: its rules carry ``pack/id``. ``digest`` is the SHA-256 of its file and its word lists."""

    name: str
    path: str
    language: str | None
    about: str
    digest: str
    rules: tuple[AnyRule, ...]


def load_packs(selectors: Sequence[str] = ()) -> tuple[Pack, ...]:
    """Packs by shipped name, file or folder; ``pack/rule`` keeps one rule, ``-pack/rule`` or ``-pack`` drops.

    Without a positive selector all shipped packs but the presets are taken, which ``default`` also stands for.
    Raises PackError for a broken pack and ConfigError for a selector that names nothing.
    """
    shipped = {path: None for path in shipped_files()}
    wanted = [selector for selector in selectors if not selector.startswith("-")]
    dropped = [selector[1:] for selector in selectors if selector.startswith("-")]
    loaded: dict[Path, Pack] = {}
    kept: dict[str, set[str] | None] = {}  # pack name -> the rules kept; None: all
    for selector in wanted or ["default"]:
        files, rule = _select(selector, shipped)
        for file in files:
            if (same := file.resolve()) not in loaded:  # a file named twice is one pack
                loaded[same] = load_pack(file)
            pack = loaded[same]
            if rule is None:
                kept[pack.name] = None
            elif kept.get(pack.name, set()) is not None:
                kept.setdefault(pack.name, set()).add(_known_rule(rule, pack))  # type: ignore[union-attr]
    packs = _filtered(loaded.values(), kept, dropped)
    if not packs:
        raise ConfigError("--rules: every rule is switched off; leave one on")
    _refuse_twins(packs)
    return packs


def shipped_files(presets: bool = False) -> list[Path]:
    """The pack files that come with auditor, in order: those of the default set, or the presets, asked for by name."""
    return [file for file in sorted(asset_dir("rules").rglob("*.yaml")) if (file.parent.name == PRESETS) == presets]


def load_pack(path: Path) -> Pack:
    """One pack from its file. Raises PackError with every mistake in it (ten at most)."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise PackError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise PackError(f"{path}: is not UTF-8 (byte {error.start})") from None
    if b"phrases-file" in data:  # it depends on more than its own bytes
        return _parsed(path, data, text)
    made = remember("pack", [data], lambda: msgspec.msgpack.encode(_parsed(path, data, text)))
    return msgspec.structs.replace(msgspec.msgpack.decode(made, type=Pack), path=str(path))


def _parsed(path: Path, data: bytes, text: str) -> Pack:
    file = PackFile(path, text)
    if not isinstance(file.data, dict):
        file.fail("a pack is a mapping of schema, pack and rules")
    try:
        head = msgspec.convert(file.data, _Head)
    except msgspec.ValidationError as error:
        raise PackError(explained(file, str(error), (), _Head)) from None
    digest = hashlib.sha256(data)
    rules = _rules(file, digest)
    return Pack(
        name=head.pack,
        path=str(path),
        language=head.language,
        about=head.about,
        digest=digest.hexdigest(),
        rules=tuple(msgspec.structs.replace(rule, id=f"{head.pack}/{rule.id}") for rule in rules),
    )


class _Head(Closed, frozen=True, kw_only=True):
    """A pack without a look at its rules: they are read one by one, so that every mistake can be told at once."""

    schema: Literal[1]
    pack: PackName
    language: str | None = None
    about: str = ""
    define: dict[str, Any] = msgspec.field(default_factory=dict)
    rules: Annotated[list[Any], msgspec.Meta(min_length=1)]


def _rules(file: PackFile, digest: Any) -> list[AnyRule]:
    defined = _defined(file)
    problems: list[str] = []
    rules: list[AnyRule] = []
    ids: set[str] = set()
    for at, item in enumerate(file.data["rules"]):
        key: Key = ("rules", at)
        try:
            rule = _rule(file, key, item, defined, digest)
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


def _rule(file: PackFile, key: Key, item: Any, defined: dict[str, list[str]], digest: Any) -> AnyRule:
    item = _resolved(file, key, item, defined)
    try:
        rule: AnyRule = msgspec.convert(item, AnyRule)
    except msgspec.ValidationError as error:
        kinds = {kind.__struct_config__.tag: kind for kind in KINDS}
        kind = item.get("kind") if isinstance(item, dict) else None
        raise PackError(explained(file, str(error), key, kinds.get(str(kind), Rule))) from None
    if isinstance(rule, LexiconRule) and rule.phrases_file is not None:
        rule = msgspec.structs.replace(rule, phrases=rule.phrases + _listed(file, key, rule.phrases_file, digest))
    for message, field in mistakes(rule):
        file.fail(message, (*key, *field))
    return rule


def _defined(file: PackFile) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, items in file.data.get("define", {}).items():
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            file.fail(f"define: {name} must be a list of texts", ("define", name))
        found[name] = _spliced(file, ("define", name), items, found)
    return found


_TEXT_FIELDS = {"phrases", "wrong", "except", "any", "allow", "begins-with", "stop-at", "words"}

_NUMBER_FIELDS = {"above", "below", "min", "max", "max-bulleted", "max-ended", "min-probability"}


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
        elif name in {"near", "not-near"}:
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
        else:
            found.append(item)
    return found


def _listed(file: PackFile, key: Key, name: str, digest: Any) -> tuple[str, ...]:
    """Phrases of a word list beside the pack: one a line, ``#`` begins a comment."""
    path = (file.path.parent / name).resolve()
    if not path.is_relative_to(file.path.parent.resolve()):
        file.fail(f"phrases-file {name!r} lies outside the pack's folder", (*key, "phrases-file"))
    try:
        data = path.read_bytes()
        lines = data.decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        file.fail(f"phrases-file {name!r} cannot be read: {error}", (*key, "phrases-file"))
    digest.update(data)
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))


def _select(selector: str, shipped: dict[Path, None]) -> tuple[list[Path], str | None]:
    if selector == "default":
        return list(shipped), None
    path = Path(selector)
    if path.is_dir():
        found = sorted(path.rglob("*.yaml")) + sorted(path.rglob("*.yml"))
        if not found:
            raise ConfigError(f"--rules {selector}: the folder holds no .yaml pack")
        return found, None
    if path.is_file():
        return [path], None
    name, _, rule = selector.partition("/")
    by_name = {_name_of(file): file for file in [*shipped, *shipped_files(presets=True)]}
    if name not in by_name or path.suffix in (".yaml", ".yml"):
        raise ConfigError(f"--rules {selector}: no such file, folder or shipped pack{meant(name, by_name)}")
    return [by_name[name]], rule or None


def _name_of(file: Path) -> str:
    """ar/names.yaml -> ar-names; presets/c4.yaml -> preset-c4."""
    folder, *rest = file.relative_to(asset_dir("rules")).with_suffix("").parts
    return "-".join([folder.removesuffix("s") if folder == PRESETS else folder, *rest])


def _known_rule(rule: str, pack: Pack) -> str:
    ids = [item.id for item in pack.rules]
    if f"{pack.name}/{rule}" not in ids:
        known = meant(f"{pack.name}/{rule}", ids) if len(ids) < 30 else ""
        raise ConfigError(f"--rules {pack.name}/{rule}: the pack has no such rule{known}")
    return f"{pack.name}/{rule}"


def _filtered(packs: Iterable[Pack], kept: dict[str, set[str] | None], dropped: list[str]) -> tuple[Pack, ...]:
    found = list(packs)
    names = {pack.name for pack in found} | {rule.id for pack in found for rule in pack.rules}
    for name in dropped:
        if name not in names:
            raise ConfigError(f"--rules=-{name}: no such pack or rule is selected{meant(name, names)}")
    result = []
    for pack in found:
        only = kept[pack.name]
        rules = tuple(
            rule
            for rule in pack.rules
            if (only is None or rule.id in only) and rule.id not in dropped and pack.name not in dropped
        )
        if rules:
            result.append(msgspec.structs.replace(pack, rules=rules))
    return tuple(result)


def _refuse_twins(packs: Sequence[Pack]) -> None:
    seen: dict[str, Pack] = {}
    for pack in packs:
        if pack.name in seen:
            raise PackError(f"{pack.path}: a pack named {pack.name!r} is loaded already from {seen[pack.name].path}")
        seen[pack.name] = pack


def schema() -> dict[str, Any]:
    """The JSON Schema of packs (draft 2020-12), for editors; kept in rules/pack.schema.json."""
    found = msgspec.json.schema(PackSource)
    for struct in found["$defs"].values():
        for name, field in struct.get("properties", {}).items():
            if name in _TEXT_FIELDS:  # a list of texts, or the name of one
                struct["properties"][name] = {"anyOf": [field, {"type": "string", "pattern": r"^\$"}]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "auditor rule pack", **found}


def steps_of(rule: AnyRule) -> frozenset[str]:
    """The folding steps a rule uses, by name."""
    if isinstance(rule, DensityRule):
        rule = as_lexicon(rule) if rule.phrases else as_regex(rule, rule.pattern or "")
    return frozenset(expand_steps(rule.fold)) if isinstance(rule, LineRule | RepeatRule) else frozenset()
