"""numpy comes when it is asked for, and is numpy then."""

from __future__ import annotations

import subprocess
import sys

import numpy
import pytest

from auditor.arrays import np


def test_it_is_numpy() -> None:
    assert np.int64 is numpy.int64
    assert np.arange(3).sum() == 3
    with pytest.raises(AttributeError, match="no_such_thing"):
        getattr(np, "no_such_thing")  # noqa: B009


def test_numpy_comes_with_the_first_use() -> None:
    code = (
        "import sys; from auditor.arrays import np; print('numpy' in sys.modules); np.pi; print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
