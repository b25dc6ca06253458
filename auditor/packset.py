"""Packs taken together: where they lie, what they bring along, switch off and change, what a run takes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import msgspec

from auditor.assets import asset_dir
from auditor.errors import ConfigError, PackError
from auditor.hints import meant
from auditor.kinds import AnyRule
from auditor.kinds.base import Closed
from auditor.model import Confidence, Severity

if TYPE_CHECKING:
    from auditor.packfile import Key

PRESETS = "presets"  # a folder of packs that nobody gets without asking
_DEEPEST = 20  # packs that extend packs that extend packs


class Override(Closed, frozen=True, kw_only=True):
    """What a pack changes in rules it brings along; what is not given stays."""

    severity: Severity | None = None
    confidence: Confidence | None = None
    fix: Literal["safe", "unsafe", "display", "none"] | None = None


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack as used: its rules carry ``pack/id``.

    ``digest`` is the SHA-256 of its file and its word lists, and of the packs that changed its rules.
    """

    name: str
    path: str
    language: str | None
    about: str
    digest: str
    rules: tuple[AnyRule, ...]
    extends: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    override: dict[str, Override] = msgspec.field(default_factory=dict)
    lists: tuple[str, ...] = ()  # names of the word lists it was read with


def shipped_files(presets: bool = False) -> list[Path]:
    """The pack files that come with auditor, in order: those of the default set, or the presets, asked for by name."""
    return [file for file in sorted(asset_dir("rules").rglob("*.yaml")) if (file.parent.name == PRESETS) == presets]


def shipped_names() -> dict[str, Path]:
    """All of them by the names of their packs: ar/names.yaml is ``ar-names``, presets/c4.yaml is ``preset-c4``."""
    root = asset_dir("rules")
    files = shipped_files() + shipped_files(presets=True)
    parts = [file.relative_to(root).with_suffix("").parts for file in files]
    names = ["-".join(["preset" if folder == PRESETS else folder, *rest]) for folder, *rest in parts]
    return dict(zip(names, files, strict=True))


def select(selector: str) -> tuple[list[Path], str | None]:
    """The pack files a ``--rules`` selector stands for, and the one rule it asks for, if it does."""
    if selector == "default":
        return shipped_files(), None
    path = Path(selector)
    if path.is_dir():
        found = sorted(path.rglob("*.yaml")) + sorted(path.rglob("*.yml"))
        if not found:
            raise ConfigError(f"--rules {selector}: the folder holds no .yaml pack")
        return found, None
    if path.is_file():
        return [path], None
    name, _, rule = selector.partition("/")
    by_name = shipped_names()
    if name not in by_name or path.suffix in (".yaml", ".yml"):
        raise ConfigError(f"--rules {selector}: no such file, folder or shipped pack{meant(name, by_name)}")
    return [by_name[name]], rule or None


def gather(path: Path, load: Callable[[Path], Pack], loaded: dict[Path, Pack], trail: tuple[Path, ...] = ()) -> Pack:
    """A pack with all it extends, put into ``loaded`` once each and before what extends them."""
    same = path.resolve()
    if same in loaded:
        return loaded[same]
    pack = load(path)
    known: dict[str, Pack] = {}
    for at, entry in enumerate(pack.extends):
        for file in _extended(pack, at, entry):
            if file.resolve() in (*trail, same):
                refuse(
                    pack, f"extends {entry!r}, which extends this pack in turn; take one of them out", ("extends", at)
                )
            if len(trail) >= _DEEPEST:
                refuse(pack, f"packs extend each other more than {_DEEPEST} deep", ("extends", at))
            brought = gather(file, load, loaded, (*trail, same))
            known |= {one.name: one for one in _closure(brought, loaded.values())}
    _refuse_unknown(pack, known)
    loaded[same] = pack
    return pack


def _extended(pack: Pack, at: int, entry: str) -> list[Path]:
    """The files an entry of ``extends`` names: all that ship, a shipped pack, or a file beside the pack."""
    if entry == "default":
        return shipped_files()
    by_name = shipped_names()
    if entry in by_name:
        return [by_name[entry]]
    file = Path(pack.path).parent / entry
    if file.suffix not in (".yaml", ".yml"):
        refuse(pack, f"extends: no shipped pack {entry!r}{meant(entry, [*by_name, 'default'])}", ("extends", at))
    if not file.is_file():
        beside = [other.name for other in sorted(file.parent.glob("*.y*ml"))] if file.parent.is_dir() else []
        refuse(pack, f"extends: no such file {entry!r}{meant(Path(entry).name, beside)}", ("extends", at))
    return [file]


def _closure(pack: Pack, loaded: Iterable[Pack]) -> Iterator[Pack]:
    """A pack and those it brought along."""
    by_path = {Path(one.path).resolve(): one for one in loaded}
    waiting, seen = [pack], {pack.path}
    while waiting:
        yield (one := waiting.pop())
        for at, entry in enumerate(one.extends):
            for file in _extended(one, at, entry):
                if (other := by_path[file.resolve()]).path not in seen:
                    seen.add(other.path)
                    waiting.append(other)


def _refuse_unknown(pack: Pack, known: dict[str, Pack]) -> None:
    """What a pack switches off or changes must be among what it brings along."""
    named: list[tuple[str, Key]] = [(name, ("off", at)) for at, name in enumerate(pack.off)]
    named += [(name, ("override", name)) for name in pack.override]
    for name, key in named:
        head = name.partition("/")[0]
        if not known:
            refuse(pack, f"{key[0]}: {name!r} stands in no pack this one extends; add it to `extends`", key)
        if head not in known:
            refuse(pack, f"{key[0]}: no pack {head!r} among those this one extends{meant(head, known)}", key)
        ids = [rule.id for rule in known[head].rules]
        if name != head and name not in ids:
            refuse(pack, f"{key[0]}: the pack {head!r} has no rule {name!r}{_near(name, ids)}", key)


def _near(name: str, ids: Sequence[str]) -> str:
    hint = meant(name, ids)
    return hint if len(ids) < 30 or "did you mean" in hint else f"; `auditor rules list {name.partition('/')[0]}`"


def refuse(pack: Pack, message: str, key: Key) -> NoReturn:
    """Raise a PackError at a place of a pack's file."""
    from auditor.packfile import PackFile  # YAML takes as long to load as all packs from the cache

    path = Path(pack.path)
    PackFile(path, path.read_bytes().decode("utf-8-sig")).fail(message, key)


def tuned(packs: Sequence[Pack]) -> list[Pack]:
    """Packs as their extenders want them: rules off, severity, confidence and fixes changed, the last word last."""
    found = list(packs)
    for tuner in packs:
        if tuner.off or tuner.override:
            found = [pack if pack.name == tuner.name else _tuned(pack, tuner) for pack in found]
    return found


def _tuned(pack: Pack, tuner: Pack) -> Pack:
    named = (*tuner.off, *tuner.override)
    if not any(name.partition("/")[0] == pack.name for name in named):
        return pack
    rules = [rule for rule in pack.rules if rule.id not in tuner.off and pack.name not in tuner.off]
    for name in (pack.name, *(rule.id for rule in rules)):  # what is said of one rule outranks what is said of all
        if (change := tuner.override.get(name)) is not None:
            rules = [_changed(rule, change, tuner, name) if name in (rule.id, pack.name) else rule for rule in rules]
    digest = hashlib.sha256(f"{pack.digest}\0{tuner.digest}".encode()).hexdigest()
    return msgspec.structs.replace(pack, rules=tuple(rules), digest=digest)


def _changed(rule: AnyRule, change: Override, tuner: Pack, name: str) -> AnyRule:
    given: dict[str, Any] = {
        field: value for field in ("severity", "confidence", "fix") if (value := getattr(change, field)) is not None
    }
    fix = given.get("fix", rule.fix)
    if fix in ("safe", "unsafe") and rule.fix not in ("safe", "unsafe"):
        message = f"override: {rule.id} has fix: {rule.fix} and no `fixed` examples; it cannot become {fix}"
        refuse(tuner, message, ("override", name, "fix"))
    if fix == "safe" and rule.evidence == "predicted":
        message = f"override: nobody has seen what {rule.id} looks for (evidence: predicted); its fix cannot be safe"
        refuse(tuner, message, ("override", name, "fix"))
    if fix in ("display", "none"):  # then no example can say what the fixed text is
        given["bad"] = tuple(msgspec.structs.replace(bad, fixed=None) for bad in rule.bad)
    return msgspec.structs.replace(rule, **given)


def known_rule(rule: str, pack: Pack) -> str:
    """``pack/rule``, which the pack has; ConfigError if not."""
    ids = [item.id for item in pack.rules]
    if f"{pack.name}/{rule}" not in ids:
        known = meant(f"{pack.name}/{rule}", ids) if len(ids) < 30 else ""
        raise ConfigError(f"--rules {pack.name}/{rule}: the pack has no such rule{known}")
    return f"{pack.name}/{rule}"


def filtered(packs: Iterable[Pack], kept: dict[str, set[str] | None], dropped: list[str]) -> tuple[Pack, ...]:
    """Packs with the rules that are ``kept`` (by pack; None: all) and not ``dropped``; those left empty go."""
    found = list(packs)
    names = {pack.name for pack in found} | {rule.id for pack in found for rule in pack.rules}
    for name in dropped:
        if name not in names:
            raise ConfigError(f"--rules=-{name}: no such pack or rule is selected{meant(name, names)}")
    result = []
    for pack in found:
        only = kept.get(pack.name)
        rules = tuple(
            rule
            for rule in pack.rules
            if (only is None or rule.id in only) and rule.id not in dropped and pack.name not in dropped
        )
        if rules:
            result.append(msgspec.structs.replace(pack, rules=rules))
    return tuple(result)


def refuse_twins(packs: Sequence[Pack]) -> None:
    """PackError where two packs have one name: their findings could not be told apart."""
    seen: dict[str, Pack] = {}
    for pack in packs:
        if pack.name in seen:
            raise PackError(f"{pack.path}: a pack named {pack.name!r} is loaded already from {seen[pack.name].path}")
        seen[pack.name] = pack
