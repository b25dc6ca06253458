"""How the figures of a run's documents are spread: what the page draws as small bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from auditor.model import Metrics

BINS = 24

# Name, value of one document (None: no say), and the value at the right edge; what lies beyond goes into the last bar.
_FIGURES: tuple[tuple[str, Callable[[Metrics], float | None], float], ...] = (
    ("quality", lambda row: row.quality, 1.0),
    ("quality_cleaned", lambda row: row.quality_cleaned, 1.0),
    ("deleted", lambda row: row.characters_deleted / row.chars if row.chars else None, 1.0),
    ("density", lambda row: 1000 * row.findings / row.words if row.words else None, 100.0),
    ("boilerplate", lambda row: row.boilerplate_ratio, 1.0),
    ("duplicate", lambda row: row.duplicate_ratio, 1.0),
    ("translation", lambda row: row.mt_score, 1.0),
)


def figures(rows: Iterable[Metrics]) -> dict[str, Any]:
    """Counts in `BINS` equal bins from 0 to ``top``, with how many documents have the figure and their mean."""
    bins = {name: [0] * BINS for name, _, _ in _FIGURES}
    sums = dict.fromkeys(bins, 0.0)
    for row in rows:
        for name, value_of, top in _FIGURES:
            value = value_of(row)
            if value is not None:
                bins[name][min(int(BINS * value / top), BINS - 1)] += 1
                sums[name] += value
    return {
        name: {"bins": found, "top": top, "count": sum(found), "mean": round(sums[name] / sum(found), 4)}
        for (name, _, top), found in zip(_FIGURES, bins.values(), strict=True)
        if sum(found)
    }
