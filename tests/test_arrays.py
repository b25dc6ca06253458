"""numpy comes when it is asked for, and is numpy then."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

import auditor
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


PRODUCTS = {"dot", "einsum", "inner", "linalg", "matmul", "tensordot", "vdot"}


@pytest.mark.parametrize("path", sorted(Path(str(auditor.__file__)).parent.rglob("*.py")), ids=lambda path: path.name)
def test_no_products_of_matrices(path: Path) -> None:
    """The library they go through keeps threads busy waiting for more: time that other processes want."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        assert not isinstance(node, ast.MatMult), path
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np":
            assert node.attr not in PRODUCTS, f"{path}:{node.lineno}"
