"""The weights of line evidence: a .npz file of plain arrays, checked before anything is done with it."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from auditor.arrays import np
from auditor.errors import PackError
from auditor.evidence import GROUPS, TABLES, Evidence
from auditor.trees import Floats, Trees
from auditor.wordhash import Table

if TYPE_CHECKING:
    import numpy.typing as npt

FORMAT = 1
_LARGEST = 16 << 20  # bytes of a weights file, and of what is in it


class Weights(NamedTuple):
    """``names``: the features the trees were trained on, in order; ``groups``: each one's place in `GROUPS`."""

    names: tuple[str, ...]
    groups: npt.NDArray[np.int64]
    trees: Trees
    tables: dict[str, Table]
    sites: npt.NDArray[np.int64]  # of the entries of the table of known lines

    def columns(self, evidence: Evidence, rows: npt.NDArray[np.int64]) -> list[Floats]:
        """The features of some lines, by name: what this version computes beyond them is not looked at."""
        if unknown := [name for name in self.names if name not in evidence.features]:
            raise PackError(
                f"weights of line evidence ask for features unknown here ({', '.join(unknown[:5])}): train them anew"
            )
        return [evidence.features[name].take(rows) for name in self.names]


@lru_cache(maxsize=4)
def load_weights(path: str) -> Weights:
    """Raises PackError where the file is none, damaged, or made for features this version does not have."""
    import zipfile  # numpy brings it, but not every run needs that

    try:
        data = Path(path).read_bytes()
        if (
            len(data) > _LARGEST
            or sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist()) > _LARGEST
        ):
            raise ValueError(f"larger than {_LARGEST >> 20} MB")
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return _weights(dict(file))
    except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise PackError(
            f"{path}: no weights of line evidence ({error}); docs/line-model.md says how to train some"
        ) from None


def _weights(arrays: dict[str, npt.NDArray[Any]]) -> Weights:
    if int(arrays["format"]) != FORMAT:
        raise ValueError(f"format {int(arrays['format'])}, not {FORMAT}")
    names = tuple(str(name) for name in arrays["names"])
    trees = Trees(arrays)
    tables = {name: Table(arrays[f"table-{name}"].astype(np.uint32)) for name in TABLES}
    sites = arrays["known_sites"].astype(np.int64)
    if len(sites) != len(arrays["table-known"]) or len(names) != len(trees.borders):
        raise ValueError("its parts do not fit each other")
    groups = np.array([GROUPS.index(str(group)) for group in arrays["groups"]])
    if len(groups) != len(names):
        raise ValueError("its parts do not fit each other")
    return Weights(names, groups, trees, tables, sites)
