"""pyarrow takes no more memory than it needs, and nobody's choice is overruled."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

POOL = "from auditor.formats.arrow import pyarrow; print(pyarrow().default_memory_pool().backend_name)"


@pytest.mark.parametrize(
    ("code", "chosen", "pool"),
    [
        (POOL, None, "system"),
        (POOL, "mimalloc", "mimalloc"),
        (f"import pyarrow; {POOL}", None, "mimalloc"),
    ],
)
def test_memory_goes_back_to_the_system(code: str, chosen: str | None, pool: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    if chosen:
        environment["ARROW_DEFAULT_MEMORY_POOL"] = chosen
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    if pool == "mimalloc" and "mimalloc" not in found.stdout:
        pytest.skip("this pyarrow has no mimalloc")
    assert found.stdout.strip() == pool
