"""One module an output format: findings or a run report in, text out; nothing here writes."""

from __future__ import annotations

from auditor.reporters import concise, full, github, gitlab, json, jsonl, junit, listing, sarif
from auditor.reporters.context import Context, Reporter

__all__ = ["REPORTERS", "Context", "Reporter"]

REPORTERS: dict[str, Reporter] = {
    "full": full.render,
    "concise": concise.render,
    "json": json.render,
    "jsonl": jsonl.render,
    "sarif": sarif.render,
    "github": github.render,
    "gitlab": gitlab.render,
    "junit": junit.render,
    "markdown": listing.render,
}
