"""Weights of line evidence small enough to reckon with: a line without an end mark, or that is a known phrase."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from auditor.evidence import TABLES
from auditor.wordhash import hashed_lines, table

# Log-odds: ended -4, not ended 0, a phrase not ended 4: probabilities of 0.02, 0.5 and 0.98.
ARRAYS: dict[str, Any] = {
    "format": np.int64(1),
    "names": np.array(["ended", "phrase"]),
    "groups": np.array(["shape", "wording"]),
    "borders": np.array([0.5, 0.5], np.float32),
    "border_counts": np.array([1, 1], np.uint16),
    "features": np.array([[0, 1]], np.uint8),
    "bins": np.array([[0, 0]], np.uint8),
    "leaves": np.array([[0, -4, 4, -4]], np.float32),
    "weights": np.full((1, 4), 0.25, np.float16),
    "slope": np.float32(1),
    "offset": np.float32(0),
    "known_sites": np.zeros(0, np.int64),
    **{f"table-{name}": np.zeros(0, np.uint32) for name in TABLES},
    "table-phrases": table(hashed_lines(["Home"])[2]),
}


def write(path: Path, **change: Any) -> str:
    """The weights as a file; ``change`` replaces arrays, None takes one out."""
    arrays = {name: values for name, values in (ARRAYS | change).items() if values is not None}
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)
    return str(path)
