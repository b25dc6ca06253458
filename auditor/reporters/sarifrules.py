"""What SARIF tells of a rule: descriptions, help, and how sure it is."""

from __future__ import annotations

from typing import Any

from auditor.expressions import expression
from auditor.model import Severity
from auditor.reporters.context import RuleFacts
from auditor.reporters.markdown import code, plain
from auditor.reporters.text import shorten, visible

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
# The types of the Internationalization Tag Set 2.0, which translation tools know.
TYPES = {
    "boilerplate": "markup",
    "caption": "markup",
    "byline": "markup",
    "mistranslation": "mistranslation",
    "untranslated": "untranslated",
    "translation-style": "other",
    "mixed-script": "characters",
    "duplicate": "duplication",
    "encoding": "characters",
    "spacing": "whitespace",
    "language": "non-conformance",
    "quality": "non-conformance",
}
_PLACEHOLDER = expression(r"\{\w+(?:[.:!\[][^{}]*)?\}")
_ADDRESS = expression(r"https?://[^\s<>()\"'`\\|{}\p{C}]+")
_MOST, _EXAMPLES = 1024, 3


def rule_of(facts: RuleFacts) -> dict[str, Any]:
    """Return a reportingDescriptor; texts have at most the 1024 characters that GitHub takes, and none is empty."""
    short = _text(_PLACEHOLDER.sub("…", facts.message)) or facts.id
    about = _text(facts.about) or short
    seen = f"Measured precision: {facts.measured}."
    link = facts.link if facts.link and _ADDRESS.fullmatch(facts.link) else None
    return {
        "id": facts.id,
        "name": facts.id.rpartition("/")[2][:255],
        "shortDescription": {"text": short},
        "fullDescription": {"text": about},
        "help": {
            "text": f"{about}\n{_text(seen)}\nMore: auditor rules show {facts.id}",
            "markdown": _help(facts, link),
        },
        **({"helpUri": link} if link else {}),
        "properties": {
            "precision": facts.precision,
            "problem.severity": PROBLEMS[facts.severity],
            "tags": [facts.category, f"its:{TYPES[facts.category]}", facts.id.partition("/")[0]],
            "measured": facts.measured,
        },
        "defaultConfiguration": {"level": LEVELS[facts.severity]},
    }


def _text(text: str) -> str:
    return visible(shorten(" ".join(text.split()), _MOST // 2)).replace("{", "{{").replace("}", "}}")[:_MOST]


def _help(facts: RuleFacts, link: str | None) -> str:
    parts = [f"**{plain(_PLACEHOLDER.sub('…', facts.message))}**"]
    if facts.about:
        parts.append(plain(" ".join(facts.about.split())))
    parts.append(f"Measured precision: {plain(facts.measured)}.")
    bad = [f"- {code(text)}" + (f" → {code(fixed)}" if fixed else "") for text, fixed in facts.bad[:_EXAMPLES]]
    good = [f"- {code(text)}" for text in facts.good[:_EXAMPLES]]
    if bad:
        parts.append("Caught, between << and >>:\n\n".replace("<<", "`<<`").replace(">>", "`>>`") + "\n".join(bad))
    if good:
        parts.append("Left alone:\n\n" + "\n".join(good))
    if link:
        parts.append(f"[{plain(link)}](<{link}>)")
    parts.append(f"`auditor rules show {facts.id}` tells more.")
    return "\n\n".join(parts)
