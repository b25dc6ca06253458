"""pyarrow, an extra: it is imported when the first parquet file is met, and its errors are told as ours."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from auditor.errors import ReadError


def pyarrow() -> Any:
    """The library; ReadError where it is not installed.

    What it has used it gives back to the system, unless someone else has loaded it or chosen where it allocates: by
    itself it holds on to some 70 MB in every process.
    """
    if "pyarrow" not in sys.modules:
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError as error:
        raise ReadError(
            "reading parquet needs its extra: pip install 'corpus-auditor[parquet]', or leave .parquet files out"
        ) from error
    return pyarrow


@contextmanager
def guarded(path: str, what: str = "cannot be read", writes: bool = False) -> Iterator[None]:
    """What pyarrow says of a file becomes a ReadError; where it ``writes``, what the system says stays as it is."""
    pa = pyarrow()
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, LookupError, OverflowError, MemoryError) as error:
        if writes and isinstance(error, OSError) and error.errno:
            raise
        said = " ".join(str(error).split()) or type(error).__name__
        raise ReadError(f"{path}: {what}: {said[:300]}; fetch or write it again") from error
