"""Where the data that auditor ships with (rule packs, report templates, schemas) lies."""

from __future__ import annotations

from pathlib import Path


def asset_dir(name: str) -> Path:
    """Return the folder ``name`` ("rules", "reports/templates"): inside the wheel, else in the checkout."""
    packed = Path(__file__).parent / "_assets" / name
    return packed if packed.is_dir() else Path(__file__).parents[1] / name
