"""A linter for scraped text corpora.

    findings = auditor.check("نقل موقع البديهية الخبر")
    cleaned = auditor.clean(text).text
    report = auditor.audit("corpus/", "audit-out")

`docs/library.md` has more. Everything is loaded when first used: `import auditor` costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from auditor.errors import AuditorError
    from auditor.formats import ReadOptions
    from auditor.library import Cleaned, UncheckedError, audit, check, clean
    from auditor.model import Document, Edit, Finding, Fix, RunReport
    from auditor.packs import Pack, load_packs
    from auditor.places import PathRule

__all__ = [
    "AuditorError",
    "Cleaned",
    "Document",
    "Edit",
    "Finding",
    "Fix",
    "Pack",
    "PathRule",
    "ReadOptions",
    "RunReport",
    "UncheckedError",
    "audit",
    "check",
    "clean",
    "load_packs",
]

_HOME = {"AuditorError": "errors", "ReadOptions": "formats", "PathRule": "places"}
_HOME |= dict.fromkeys(("Pack", "load_packs"), "packs")
_HOME |= dict.fromkeys(("Cleaned", "UncheckedError", "audit", "check", "clean"), "library")
_HOME |= dict.fromkeys(("Document", "Edit", "Finding", "Fix", "RunReport"), "model")


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'auditor' has no attribute {name!r}")
    value = getattr(import_module(f"auditor.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])


class _Package(ModuleType):
    """The functions check and clean are in modules of these names, which importing would put in their place."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
