"""numpy, imported when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.lazily import Lazily

__all__ = ["np"]

if TYPE_CHECKING:
    import numpy as np
else:
    np = Lazily("numpy")
