"""Weights of line evidence come from files, and files come from strangers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import weights

from auditor.batch import Batch
from auditor.errors import PackError
from auditor.evidence import Evidence
from auditor.model import Document
from auditor.weights import load_weights


def test_what_was_written_is_read(tmp_path: Path) -> None:
    found = load_weights(weights.write(tmp_path / "w.npz"))
    assert found.names == ("ended", "phrase")
    evidence = Evidence(Batch([Document(text="Home\nx.\n\ny")]), found.tables, found.sites)
    columns = found.columns(evidence, np.arange(3))
    assert [column.tolist() for column in columns] == [[0, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": np.int64(9)}, "format 9, not 1"),
        ({"leaves": None}, "leaves"),
        ({"borders": np.zeros(7, np.float32)}, "do not fit"),
        ({"names": np.array(["ended"])}, "do not fit"),
        ({"groups": np.array(["shape", "colour"])}, "not in tuple"),
        ({"known_sites": np.zeros(3, np.int64)}, "do not fit"),
        ({"table-words": np.array(["x"])}, "invalid literal"),
        ({"leaves": np.array([object()])}, "allow_pickle"),
        ({"more": np.zeros(1 << 25, np.uint8)}, "larger than 16 MB"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    path = weights.write(tmp_path / "w.npz", **change)
    with pytest.raises(PackError, match=why) as caught:
        load_weights(path)
    assert "w.npz: no weights of line evidence" in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"PK", b"\x93NUMPY", b"x" * 99])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "w.npz").write_bytes(data)
    with pytest.raises(PackError, match="no weights of line evidence"):
        load_weights(str(tmp_path / "w.npz"))


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    data = bytearray(Path(weights.write(tmp_path / "w.npz")).read_bytes())
    for at in range(0, len(data), 97):
        data[at] ^= 0x55
    (tmp_path / "w.npz").write_bytes(data)
    with pytest.raises(PackError, match="no weights of line evidence"):
        load_weights(str(tmp_path / "w.npz"))


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("readme.txt", "hello")
    (tmp_path / "w.npz").write_bytes(made.getvalue())
    with pytest.raises(PackError, match="no weights of line evidence"):
        load_weights(str(tmp_path / "w.npz"))


def test_features_of_another_version_are_named(tmp_path: Path) -> None:
    found = load_weights(weights.write(tmp_path / "w.npz", names=np.array(["ended", "colour"])))
    with pytest.raises(PackError, match=r"features unknown here \(colour\): train them anew"):
        found.columns(Evidence(Batch([Document(text="x")]), found.tables, found.sites), np.arange(1))
