"""One module an output format: findings or a run report in, text out; nothing here writes."""

from __future__ import annotations

from auditor.reporters import concise, full, json, jsonl
from auditor.reporters.context import Context, Reporter

__all__ = ["REPORTERS", "Context", "Reporter"]

REPORTERS: dict[str, Reporter] = {
    "full": full.render,
    "concise": concise.render,
    "json": json.render,
    "jsonl": jsonl.render,
}
