"""The table of measured precision that ships with the rules: what it holds, how it is read, how it is renewed.

measured.tsv has a row for each rule and each set of labelled text it was measured on: findings judged right and
wrong, those that lie on neutral text, and how many sites they are from. A table beside a pack speaks of that pack.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from auditor.assets import asset_dir
from auditor.errors import ConfigError
from auditor.intervals import Share, wilson
from auditor.kinds import AnyRule
from auditor.kinds.repeat import RepeatRule
from auditor.packs import Pack
from auditor.reporters.text import count

NAME = "measured.tsv"
_HEADER = ("rule", "version", "set", "right", "wrong", "neutral", "sites")
_ACROSS = {"across", "min-documents", "min-share", "mask-digits", "max-words", "outside-text"}
_PROSE = {"message", "about", "link", "bad", "good", "also", "severity", "confidence", "fix", "evidence"}


class Row(NamedTuple):
    """One rule on one set. ``version`` tells what the rule was when it was measured."""

    rule: str
    version: str
    set: str
    right: int
    wrong: int
    neutral: int
    sites: int


class Measure(NamedTuple):
    """What is known of a rule: judged findings over all sets, and whether the rule has changed since."""

    right: int
    wrong: int
    neutral: int
    sites: int
    sets: tuple[str, ...]
    current: bool

    @property
    def precision(self) -> Share:
        """Right among right and wrong findings, with its 95 % interval."""
        return wilson(self.right, self.right + self.wrong)


def version(rule: AnyRule) -> str:
    """A digest of all that decides what a rule finds; its prose, examples, severity and fix do not."""
    told = {name: value for name, value in msgspec.to_builtins(rule).items() if name not in _PROSE}
    if isinstance(rule, RepeatRule) and rule.across is None:  # as it was before there was `across`
        told = {name: value for name, value in told.items() if name not in _ACROSS}
    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()[:8]


def table_file() -> Path:
    """The table of the shipped rules."""
    return asset_dir("rules") / NAME


def measures(packs: Sequence[Pack]) -> dict[str, Measure]:
    """What is known of the rules of these packs, by id; rules never judged are not in it."""
    versions = {rule.id: version(rule) for pack in packs for rule in pack.rules}
    files = {table_file(), *(Path(pack.path).parent / NAME for pack in packs if pack.path)}
    found: dict[str, list[Row]] = {}
    for file in sorted(files):
        for row in read(file):
            if row.rule in versions:
                found.setdefault(row.rule, []).append(row)
    return {rule: _measure(rows, versions[rule]) for rule, rows in found.items()}


def _measure(rows: Sequence[Row], now: str) -> Measure:
    right, wrong, neutral, sites = (sum(row[at] for row in rows) for at in range(3, 7))  # type: ignore[misc]
    names = tuple(sorted({row.set for row in rows}))
    return Measure(right, wrong, neutral, sites, names, all(row.version == now for row in rows))


def together(some: Iterable[Measure]) -> Measure | None:
    """The findings of several rules as if of one; None where there is none. Its sites are not told: they overlap."""
    found = list(some)
    if not found:
        return None
    right, wrong, neutral = (sum(numbers) for numbers in zip(*(one[:3] for one in found), strict=True))
    names = tuple(sorted({name for one in found for name in one.sets}))
    return Measure(right, wrong, neutral, 0, names, all(one.current for one in found))


def told(measure: Measure | None) -> str:
    """A measured precision in words, for people."""
    if measure is None:
        return "not measured"
    judged = measure.right + measure.wrong
    sets = ", ".join(measure.sets)
    stale = "" if measure.current else "; before the rule's last change"
    if not judged:
        return f"nothing judged: {count(measure.neutral, 'finding')} on neutral text ({sets}{stale})"
    share, low, high = measure.precision
    what = f"{percent(share)} % right of {judged:,} (95 %: {percent(low)} to {percent(high)})"
    where = f" on {count(measure.sites, 'site')}" if measure.sites else ""
    return f"{what}{where} ({sets}{stale})"


def brief(measure: Measure | None) -> str:
    """The same in a word: the share and the number judged, ``-`` where there are none."""
    if measure is None or not (judged := measure.right + measure.wrong):
        return "-"
    return f"{percent(measure.precision.value)}%/{judged}{'' if measure.current else '*'}"


def percent(share: float) -> str:
    """A share in per cent with one decimal, never rounded up to all or down to nothing."""
    value = round(100 * share, 1)
    if value >= 100 and share < 1:
        value = 99.9
    if value <= 0 and share > 0:
        value = 0.1
    return f"{value:.1f}".removesuffix(".0")


def read(file: Path) -> list[Row]:
    """The rows of a table; none where there is no file. ConfigError where it is broken."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from None
    rows = []
    for number, line in enumerate(lines, 1):
        cells = line.split("\t")
        if line.startswith("#") or tuple(cells) == _HEADER:
            continue
        if len(cells) != len(_HEADER) or not all(cell.isascii() and cell.isdigit() for cell in cells[3:]):
            raise ConfigError(
                f"{file}:{number}: not a row of {', '.join(_HEADER)}; make it anew with rules eval --update"
            )
        right, wrong, neutral, sites = map(int, cells[3:])
        rows.append(Row(cells[0], cells[1], cells[2], right, wrong, neutral, sites))
    return rows


def renewed(old: Iterable[Row], new: Iterable[Row], versions: Mapping[str, str], sets: Iterable[str]) -> list[Row]:
    """A table after a measurement of the rules in ``versions`` on these sets.

    Their rows for these sets are replaced, those for other sets stay; rules that their packs no longer have go.
    """
    packs, measured = {rule.partition("/")[0] for rule in versions}, set(sets)
    kept = [
        row
        for row in old
        if row.rule.partition("/")[0] not in packs or (row.rule in versions and row.set not in measured)
    ]
    return sorted([*kept, *new])


def text_of(rows: Iterable[Row]) -> str:
    """A table as it is kept; the same rows give the same text."""
    about = "# Made by `auditor rules eval GOLD... --update`; docs/measuring.md says what is counted.\n"
    return about + "".join("\t".join(map(str, row)) + "\n" for row in [_HEADER, *rows])
