"""Rule packs: YAML -> rules, closed and checked, with errors that show where and suggest what was meant."""

from __future__ import annotations

import difflib
import hashlib
import string
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
import regex

from auditor.assets import asset_dir
from auditor.errors import ConfigError, PackError
from auditor.folding import STEPS, expand_steps
from auditor.kinds import KINDS, AnyRule
from auditor.kinds.base import Closed, LineRule, Rule
from auditor.kinds.lexicon import LexiconRule, phrases
from auditor.kinds.name import NameRule, forms
from auditor.kinds.regex import RegexRule, source
from auditor.kinds.repeat import RepeatRule
from auditor.kinds.script import ScriptRule
from auditor.packfile import Key, PackFile

PLACEHOLDERS = {"match", "replacement", "why"}
_AT = regex.compile(r" - at `\$(?P<path>.*)`$")
_STEP = regex.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


class PackSource(Closed, frozen=True, kw_only=True):
    """A pack as written."""

    schema: Literal[1]
    pack: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]
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

    Without a positive selector all shipped packs are taken. Raises PackError for a broken pack and ConfigError for a
    selector that names nothing.
    """
    shipped = {path: None for path in shipped_files()}
    wanted = [selector for selector in selectors if not selector.startswith("-")]
    dropped = [selector[1:] for selector in selectors if selector.startswith("-")]
    loaded: dict[Path, Pack] = {}
    kept: dict[str, set[str] | None] = {}  # pack name -> the rules kept; None: all
    for selector in wanted or ["default"]:
        files, rule = _select(selector, shipped)
        for file in files:
            pack = loaded.setdefault(file, load_pack(file))
            if rule is None:
                kept[pack.name] = None
            elif kept.get(pack.name, set()) is not None:
                kept.setdefault(pack.name, set()).add(_known_rule(rule, pack))  # type: ignore[union-attr]
    packs = _filtered(loaded.values(), kept, dropped)
    _refuse_twins(packs)
    return packs


def shipped_files() -> list[Path]:
    """The pack files that come with auditor, in order."""
    return sorted(asset_dir("rules").rglob("*.yaml"))


def load_pack(path: Path) -> Pack:
    """One pack from its file. Raises PackError with every mistake in it (ten at most)."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise PackError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise PackError(f"{path}: is not UTF-8 (byte {error.start})") from None
    file = PackFile(path, text)
    if not isinstance(file.data, dict):
        file.fail("a pack is a mapping of schema, pack and rules")
    digest = hashlib.sha256(data)
    rules = _rules(file, digest)
    head = {**file.data, "rules": [], "define": {}}
    try:
        name = msgspec.convert(head, _Head).pack
    except msgspec.ValidationError as error:
        raise PackError(_explained(file, str(error), (), _Head)) from None
    qualified = tuple(msgspec.structs.replace(rule, id=f"{name}/{rule.id}") for rule in rules)
    return Pack(
        name=name,
        path=str(path),
        language=file.data.get("language"),
        about=file.data.get("about", ""),
        digest=digest.hexdigest(),
        rules=qualified,
    )


class _Head(Closed, frozen=True, kw_only=True):
    schema: Literal[1]
    pack: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    rules: list[Any]
    language: str | None = None
    about: str = ""
    define: dict[str, Any] = msgspec.field(default_factory=dict)


def _rules(file: PackFile, digest: Any) -> list[AnyRule]:
    raw = file.data.get("rules")
    if not isinstance(raw, list) or not raw:
        file.fail("a pack needs a list of rules", ("rules",))
    defined = _defined(file)
    problems: list[str] = []
    rules: list[AnyRule] = []
    ids: set[str] = set()
    for at, item in enumerate(raw):
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
        raise PackError(_explained(file, str(error), key, kinds.get(str(kind), Rule))) from None
    if isinstance(rule, LexiconRule) and rule.phrases_file is not None:
        rule = msgspec.structs.replace(rule, phrases=rule.phrases + _listed(file, key, rule.phrases_file, digest))
    for message, field in _mistakes(rule):
        file.fail(message, (*key, *field))
    return rule


def _defined(file: PackFile) -> dict[str, list[str]]:
    raw = file.data.get("define", {})
    if not isinstance(raw, dict):
        file.fail("define maps names to lists of texts", ("define",))
    found: dict[str, list[str]] = {}
    for name, items in raw.items():
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            file.fail(f"define: {name} must be a list of texts", ("define", name))
        found[name] = _spliced(file, ("define", name), items, found)
    return found


_TEXT_FIELDS = {"phrases", "wrong", "except", "any", "allow"}


def _resolved(file: PackFile, key: Key, item: Any, defined: dict[str, list[str]]) -> Any:
    """``$name`` filled in wherever the language takes a list of texts."""
    if not isinstance(item, dict):
        return item
    found = {}
    for name, value in item.items():
        at = (*key, name)
        if name in _TEXT_FIELDS and isinstance(value, str) and value.startswith("$"):
            found[name] = _spliced(file, at, [value], defined)
        elif name in _TEXT_FIELDS and isinstance(value, list):
            found[name] = _spliced(file, at, value, defined)
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
                file.fail(f"unknown list {item!r}{_meant(item[1:], defined, '$')}", (*key, at))
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
        lines = data.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        file.fail(f"phrases-file {name!r} cannot be read: {error}", (*key, "phrases-file"))
    digest.update(data)
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))


def _mistakes(rule: AnyRule) -> Iterable[tuple[str, Key]]:
    """What a closed schema cannot say: messages and the field they belong to."""
    allowed = PLACEHOLDERS | ({"count", "first"} if isinstance(rule, RepeatRule) else set())
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(rule.message) if name is not None]
    except ValueError as error:
        yield f"message: {error}", ("message",)
        names = []
    for name in names:
        if name not in allowed:
            yield f"message: unknown placeholder {{{name}}}{_meant(name, allowed)}", ("message",)
    if rule.evidence == "predicted" and rule.fix == "safe":
        yield "a rule whose wrong form nobody has seen (evidence: predicted) cannot have fix: safe", ("fix",)
    for at, bad in enumerate(rule.bad):
        yield from _example_mistakes(rule, bad.text, bad.fixed, ("bad", at))
    if isinstance(rule, LineRule | RepeatRule):
        for at, step in enumerate(rule.fold):
            if step not in (*STEPS, "default"):
                yield f"fold: unknown step {step!r}{_meant(step, (*STEPS, 'default'))}", ("fold", at)
                return
    yield from _kind_mistakes(rule)


def _example_mistakes(rule: AnyRule, text: str, fixed: str | None, key: Key) -> Iterable[tuple[str, Key]]:
    if text.count("<<") != text.count(">>") or "<<" not in text:
        yield "a bad example marks the expected span with << and >>", key
    if rule.fix in ("safe", "unsafe") and fixed is None:
        yield f"a rule with fix: {rule.fix} says in each bad example what the `fixed` text is", key
    if rule.fix in ("display", "none") and fixed is not None:
        yield f"`fixed` is given, but fix is {rule.fix}", (*key, "fixed")


def _kind_mistakes(rule: AnyRule) -> Iterable[tuple[str, Key]]:
    match rule:
        case LexiconRule():
            if not rule.phrases:
                yield "a lexicon rule needs phrases (or a phrases-file)", ()
            if any(not rule.folding().fold(phrase.strip()) for phrase in rule.phrases) or not all(phrases(rule)):
                yield "a phrase is empty once folded: it can never match", ("phrases",)
        case NameRule():
            if any(not form.core for form in forms(rule)):
                yield "a wrong form is empty once folded: it can never match", ("wrong",)
            if rule.right is None and rule.fix != "none":
                yield f"fix: {rule.fix} needs `right`", ("fix",)
        case RegexRule():
            yield from _pattern_mistakes(rule)
        case ScriptRule():
            for at, name in enumerate(rule.scripts):
                if not _compiles(rf"\p{{Script={name}}}"):
                    yield f"unknown script {name!r}", ("scripts", at)
            for at, pattern in enumerate(rule.allow):
                if not _compiles(pattern):
                    yield f"allow: {pattern!r} is not a valid pattern", ("allow", at)
        case RepeatRule(same="beginning") if rule.fix in ("safe", "unsafe"):
            yield "same: beginning only reports: which of two different lines goes is not known", ("fix",)


def _pattern_mistakes(rule: RegexRule) -> Iterable[tuple[str, Key]]:
    try:
        compiled = regex.compile(source(rule), regex.MULTILINE if rule.scope == "document" else 0)
    except (regex.error, RecursionError, OverflowError) as error:
        yield f"pattern: {error}", ("pattern",)
        return
    if compiled.search("", timeout=1.0) is not None and "span" not in compiled.groupindex:
        yield "pattern matches the empty text: it would fire everywhere", ("pattern",)
    for match in regex.finditer(r"\\(?:g<(\w+)>|(\d))", rule.replace or ""):
        name = match[1] or match[2]
        if not (name.isdigit() and int(name) <= compiled.groups) and name not in compiled.groupindex:
            yield f"replace: the pattern has no group {name!r}{_meant(name, compiled.groupindex)}", ("replace",)


def _compiles(pattern: str) -> bool:
    try:
        regex.compile(pattern)
    except regex.error:
        return False
    return True


def _explained(file: PackFile, error: str, base: Key, kind: type[Any]) -> str:
    """A msgspec message at its place in the file, with a suggestion where a name is nearly right."""
    found = _AT.search(error)
    path = found["path"] if found else ""
    message = error[: found.start()] if found else error
    key: Key = (*base, *(int(number) if number else name for name, number in _STEP.findall(path)))
    message = message.replace("Object", "this mapping").replace("`", "'")
    if name := regex.search(r"unknown field '([^']+)'", message):
        fields = {field.encode_name for field in msgspec.structs.fields(kind)}
        if key[len(base) :] != ():
            fields = {"any", "before", "after", "text", "fixed"}
        return file.describe(f"unknown key {name[1]!r}{_meant(name[1], fields | {'kind'})}", (*key, name[1]))
    if name := regex.search(r"Invalid (?:enum )?value '([^']+)'", message):
        choices = _choices(kind, str(key[-1]) if key else "")
        return file.describe(f"{key[-1] if key else ''}: {name[1]!r} is not known{_meant(name[1], choices)}", key)
    if name := regex.search(r"missing required field '([^']+)'", message):
        hint = " (one of: " + ", ".join(sorted(_kind_names())) + ")" if name[1] == "kind" else ""
        return file.describe(f"key {name[1]!r} is missing{hint}", key)
    return file.describe(f"{'.'.join(map(str, key[len(base) :]))}: {message}".lstrip(": "), key)


def _choices(kind: type[Any], field: str) -> Iterable[str]:
    if field == "kind":
        return _kind_names()
    for info in msgspec.structs.fields(kind):
        if info.encode_name == field:
            return [value for value in get_args(info.type) if isinstance(value, str)]
    return ()


def _kind_names() -> list[str]:
    return [str(kind.__struct_config__.tag) for kind in KINDS]


def _meant(name: str, known: Iterable[str], sigil: str = "") -> str:
    known = list(known)
    close = difflib.get_close_matches(name, known, 1, 0.6)
    if close:
        return f"; did you mean {sigil}{close[0]}?"
    return f"; known: {', '.join(sigil + item for item in sorted(known))}" if known else ""


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
    by_name = {"-".join(file.relative_to(asset_dir("rules")).with_suffix("").parts): file for file in shipped}
    if name not in by_name or path.suffix in (".yaml", ".yml"):
        raise ConfigError(f"--rules {selector}: no such file, folder or shipped pack{_meant(name, by_name)}")
    return [by_name[name]], rule or None


def _known_rule(rule: str, pack: Pack) -> str:
    ids = [item.id for item in pack.rules]
    if f"{pack.name}/{rule}" not in ids:
        known = _meant(f"{pack.name}/{rule}", ids) if len(ids) < 30 else ""
        raise ConfigError(f"--rules {pack.name}/{rule}: the pack has no such rule{known}")
    return f"{pack.name}/{rule}"


def _filtered(packs: Iterable[Pack], kept: dict[str, set[str] | None], dropped: list[str]) -> tuple[Pack, ...]:
    found = list(packs)
    names = {pack.name for pack in found} | {rule.id for pack in found for rule in pack.rules}
    for name in dropped:
        if name not in names:
            raise ConfigError(f"--rules=-{name}: no such pack or rule is selected{_meant(name, names)}")
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
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "auditor rule pack", **found}


def steps_of(rule: AnyRule) -> frozenset[str]:
    """The folding steps a rule uses, by name."""
    return frozenset(expand_steps(rule.fold)) if isinstance(rule, LineRule | RepeatRule) else frozenset()
