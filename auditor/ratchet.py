"""The ratchet: what got worse than a recorded run, per 1,000 words, so that corpora of different size compare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from auditor.errors import ConfigError
from auditor.model import RunReport, Totals

By = Literal["category", "rule"]
_EXACT = 1e-9  # rates are quotients


class Worse(msgspec.Struct, frozen=True, kw_only=True):
    """A category or rule with more findings than before: rates per 1,000 of ``unit``."""

    name: str
    rate: float
    before: float
    unit: str

    def told(self) -> str:
        """In words."""
        return f"{self.name}: {_rate(self.rate)} findings per 1,000 {self.unit}, was {_rate(self.before)}"


class Ratchet(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison gave: what got worse, and what to know about it."""

    than: str
    worse: tuple[Worse, ...]
    compared: int  # categories or rules
    notes: tuple[str, ...] = ()

    def told(self) -> str:
        """What got worse, line by line."""
        return "\n".join(f"worse than {self.than}: {one.told()}" for one in self.worse)


def load_run(path: Path) -> RunReport:
    """A run.json, or that in a folder of results. ConfigError where it is none."""
    found = path / "run.json" if path.is_dir() else path
    try:
        return msgspec.json.decode(found.read_bytes(), type=RunReport)
    except OSError as error:
        told = f"{found}: cannot read the run to compare with: {error.strerror}"
        raise ConfigError(f"{told}; `auditor audit SRC -o DIR` writes DIR/run.json") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{found}: is not the run.json of an audit: {str(error)[:200]}") from None


def compare(now: RunReport, then: RunReport, than: str, by: By = "category", tolerance: float = 0.0) -> Ratchet:
    """What has more findings than ``then`` by more than ``tolerance`` (0.1: a tenth). False positives do not count.

    Rates are per 1,000 words; per 1,000 documents where the recorded run did not count words. A run without documents
    cannot be compared: ConfigError.
    """
    if not then.totals.documents:
        raise ConfigError(f"{than}: the recorded run has no documents; nothing can be compared with it")
    unit = "words" if then.totals.words and (now.totals.words or not now.totals.documents) else "documents"
    counts, before = (getattr(one.totals, f"by_{by}") for one in (now, then))
    worse = []
    for name in sorted(counts):
        rate, old = (_per(found.get(name, 0), one.totals, unit) for found, one in ((counts, now), (before, then)))
        if rate > old * (1 + tolerance) + _EXACT:
            worse.append(Worse(name=name, rate=rate, before=old, unit=unit))
    notes = tuple(_notes(now, then)) if worse else ()
    return Ratchet(than=than, worse=tuple(worse), compared=len({*counts, *before}), notes=notes)


def _per(count: int, totals: Totals, unit: str) -> float:
    whole = totals.words if unit == "words" else totals.documents
    return 1000 * count / whole if whole else 0.0


def _notes(now: RunReport, then: RunReport) -> Iterator[str]:
    changed = sorted(name for name in {*now.packs, *then.packs} if now.packs.get(name) != then.packs.get(name))
    if changed:
        shown = ", ".join(changed[:5]) + (f" and {len(changed) - 5} more" if len(changed) > 5 else "")
        yield f"rules differ from the recorded run's ({shown}): more findings may come from them, not from the text"


def _rate(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"
