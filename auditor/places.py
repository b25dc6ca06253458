"""What holds for some paths only: files left out, rules switched off or of another severity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from auditor.check import Engine
from auditor.errors import ConfigError
from auditor.formats.sources import Source
from auditor.globs import matches
from auditor.hints import meant
from auditor.model import Document, Severity
from auditor.packs import Pack, load_pack
from auditor.packset import shipped_names


class PathRule(msgspec.Struct, frozen=True, kw_only=True):
    """For paths that fit a pattern of ``match``: packs and rules that are off, and severities, both by name.

    With ``ids`` it holds only for documents whose id fits one of these, in which ``*`` stands for anything. ``place``
    says where it is written ("auditor.toml:12"), for errors.
    """

    match: tuple[str, ...] = ("**",)
    ids: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    severity: dict[str, Severity] = msgspec.field(default_factory=dict)
    place: str = "paths"


def included(sources: Sequence[Source], exclude: Sequence[str], root: Path) -> list[Source]:
    """Sources that no pattern of ``exclude`` fits, paths taken from ``root``."""
    return [source for source in sources if not matches(exclude, relative(source, root))] if exclude else list(sources)


def relative(source: Source, root: Path) -> str:
    """A source's path from ``root``, with ``/``; the whole path for what lies elsewhere."""
    path = source.path or Path.cwd() / source.name
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix().lstrip("/")


class Tuned:
    """An engine as the path rules want it for the documents of one source."""

    def __init__(self, engine: Engine, rules: Sequence[PathRule], root: Path, source: Source) -> None:
        path = relative(source, root) if rules else ""
        self._engine = engine
        self._rules = [rule for rule in rules if matches(rule.match, path)]
        self._by_id = any(rule.ids for rule in self._rules)
        self._engines: dict[tuple[int, ...], Engine] = {}

    def groups(self, documents: Sequence[Document]) -> list[tuple[Engine, list[int]]]:
        """Engines, each with the numbers of the documents it is for."""
        if not self._by_id:
            return [(self._for(tuple(range(len(self._rules)))), list(range(len(documents))))]
        groups: dict[tuple[int, ...], list[int]] = {}
        for number, document in enumerate(documents):
            mine = tuple(at for at, rule in enumerate(self._rules) if not rule.ids or fits(rule.ids, document.id))
            groups.setdefault(mine, []).append(number)
        return [(self._for(mine), numbers) for mine, numbers in groups.items()]

    def _for(self, numbers: tuple[int, ...]) -> Engine:
        if numbers not in self._engines:
            self._engines[numbers] = tuned(self._engine, [self._rules[at] for at in numbers])
        return self._engines[numbers]


def fits(patterns: Sequence[str], id: str | None) -> bool:
    """Whether a document's id is one of those that patterns with ``*`` stand for; time grows with its length only."""
    return id is not None and any(_fits(pattern.split("*"), id) for pattern in patterns)


def _fits(parts: Sequence[str], id: str) -> bool:
    first, *middle = parts
    if not middle:
        return id == first
    last = middle.pop()
    if len(id) < len(first) + len(last) or not id.startswith(first) or not id.endswith(last):
        return False
    at, stop = len(first), len(id) - len(last)
    for part in middle:
        at = id.find(part, at, stop)
        if at < 0:
            return False
        at += len(part)
    return True


def tuned(engine: Engine, rules: Sequence[PathRule]) -> Engine:
    """The engine as these path rules want it; later ones outrank earlier ones."""
    if not rules:
        return engine
    severity: dict[str, Severity] = {}
    for rule in rules:
        names = sorted(rule.severity, key=lambda name: "/" in name)  # a rule's own name outranks its pack's
        for name in names:
            severity.update(dict.fromkeys(_ids(engine, name), rule.severity[name]))
    return engine.tuned({one for rule in rules for name in rule.off for one in _ids(engine, name)}, severity)


def _ids(engine: Engine, name: str) -> list[str]:
    return [rule.id for rule in engine.rules if name in (rule.id, rule.id.partition("/")[0])]


def refuse_unknown(rules: Sequence[PathRule], packs: Sequence[Pack]) -> None:
    """ConfigError for a pack or rule that does not exist; shipped ones that this run leaves out may be named."""
    loaded = {pack.name: {rule.id for rule in pack.rules} for pack in packs}
    shipped = shipped_names()
    for path_rule in rules:
        for name in (*path_rule.off, *path_rule.severity):
            head = name.partition("/")[0]
            if head not in loaded and head not in shipped:
                raise ConfigError(f"{path_rule.place}: no pack {head!r}{meant(head, {*loaded, *shipped})}")
            if name == head or name in loaded.get(head, ()):
                continue
            ids = {rule.id for rule in load_pack(shipped[head]).rules} if head in shipped else loaded[head]
            if name not in ids:
                hint = meant(name, ids)
                if len(ids) > 30 and "did you mean" not in hint:
                    hint = f"; see `auditor rules list {head}`"
                raise ConfigError(f"{path_rule.place}: no rule {name!r}{hint}")
