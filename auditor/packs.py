"""Rule packs by name, file or folder, read once and kept: what a run goes by."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from auditor.assets import asset_dir
from auditor.cache import remember
from auditor.errors import ConfigError, PackError
from auditor.folding import MOST, expand_steps
from auditor.kinds import AnyRule
from auditor.kinds.base import LineRule
from auditor.kinds.density import DensityRule, as_lexicon, as_regex
from auditor.kinds.evidence import EvidenceRule
from auditor.kinds.repeat import RepeatRule
from auditor.packset import (
    Pack,
    filtered,
    gather,
    known_rule,
    refuse_twins,
    select,
    shipped_files,
    tuned,
)

__all__ = ["Pack", "load_pack", "load_packs", "shipped_files", "steps_of"]


def load_packs(selectors: Sequence[str] = ()) -> tuple[Pack, ...]:
    """Packs by shipped name, file or folder; ``pack/rule`` keeps one rule, ``-pack/rule`` or ``-pack`` drops.

    Without a positive selector all shipped packs but the presets are taken, which ``default`` also stands for. What a
    pack extends comes along; a pack is in a run once, as its extenders want it. Raises PackError for a broken pack and
    ConfigError for a selector that names nothing.
    """
    return _loaded(selectors) if selectors else _shipped()


def _shipped() -> tuple[Pack, ...]:
    """What most runs go by, kept as one: to look for each pack by itself takes as long as to read them all."""
    parts = []
    try:
        for path in sorted(path for path in asset_dir("rules").rglob("*") if path.is_file()):
            parts += [os.fsencode(path), path.read_bytes()]
    except OSError:
        return _loaded(())  # which tells what is wrong, and where
    made = remember("packs", parts, lambda: msgspec.msgpack.encode(_loaded(())))
    return msgspec.msgpack.decode(made, type=tuple[Pack, ...])


def _loaded(selectors: Sequence[str]) -> tuple[Pack, ...]:
    wanted = [selector for selector in selectors if not selector.startswith("-")]
    dropped = [selector[1:] for selector in selectors if selector.startswith("-")]
    loaded: dict[Path, Pack] = {}  # a file named twice is one pack
    kept: dict[str, set[str] | None] = {}  # pack name -> the rules kept; None: all
    for selector in wanted or ["default"]:
        files, rule = select(selector)
        for file in files:
            before = set(loaded)
            pack = gather(file, load_pack, loaded)
            kept.update(dict.fromkeys(loaded[path].name for path in loaded.keys() - before - {file.resolve()}))
            if rule is None:
                kept[pack.name] = None
            elif kept.get(pack.name, set()) is not None:
                kept.setdefault(pack.name, set()).add(known_rule(rule, pack))  # type: ignore[union-attr]
    refuse_twins(list(loaded.values()))
    packs = filtered(tuned(list(loaded.values())), kept, dropped)
    if not packs:
        raise ConfigError("--rules: every rule is switched off; leave one on")
    _refuse_many_foldings(packs)
    return packs


def _refuse_many_foldings(packs: Sequence[Pack]) -> None:
    """PackError where rules fold text in more ways than are kept ready: tables would be made anew for each line."""
    seen: set[frozenset[str]] = set()
    for pack in packs:
        for rule in pack.rules:
            seen.add(steps_of(rule))
            if len(seen) > MOST:
                message = f"{pack.path}: {rule.id}: folds text in yet another way; {MOST} sets of steps are the most"
                raise PackError(f"{message} in one run: give rules the same `fold`")


def load_pack(path: Path) -> Pack:
    """One pack from its file. Raises PackError with every mistake in it (ten at most)."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise PackError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise PackError(f"{path}: is not UTF-8 (byte {error.start})") from None
    pack = _kept(path, data, text, [data])
    if pack.lists:  # it depends on more than its own bytes
        try:
            pack = _kept(path, data, text, [data, *((path.parent / name).read_bytes() for name in pack.lists)])
        except OSError:
            pack = _parsed(path, data, text)  # which tells what is wrong, and where
    return msgspec.structs.replace(pack, path=str(path), rules=tuple(_placed(rule, path) for rule in pack.rules))


def _placed(rule: AnyRule, path: Path) -> AnyRule:
    """A rule that names a file, with where that lies from here: a cached pack may have been read elsewhere."""
    if not isinstance(rule, EvidenceRule):
        return rule
    return msgspec.structs.replace(rule, model=str((path.parent / rule.model).resolve()))


def _kept(path: Path, data: bytes, text: str, parts: Sequence[bytes]) -> Pack:
    """The pack that depends on ``parts``, from the cache if it was read before."""
    made = remember("pack", parts, lambda: msgspec.msgpack.encode(_parsed(path, data, text)))
    return msgspec.msgpack.decode(made, type=Pack)


def _parsed(path: Path, data: bytes, text: str) -> Pack:
    from auditor.packread import parsed  # YAML and the checks of rules, which packs from the cache have behind them

    return parsed(path, data, text)


def steps_of(rule: AnyRule) -> frozenset[str]:
    """The folding steps a rule uses, by name."""
    if isinstance(rule, DensityRule):
        rule = as_lexicon(rule) if rule.phrases else as_regex(rule, rule.pattern or "")
    return frozenset(expand_steps(rule.fold)) if isinstance(rule, LineRule | RepeatRule) else frozenset()
