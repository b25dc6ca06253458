"""Documents that share most of their wording, by MinHash (Broder 1997): of 112 smallest hashes, bands of eight.

Shingles are five words in a row, folded as widely as can be, figures as 0. Two documents that share the part J of
their shingles agree in a band with a probability of J to the eighth.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from auditor.arrays import np
from auditor.batch import Batch
from auditor.wordhash import Hashes, mixed, words_of

if TYPE_CHECKING:
    import numpy.typing as npt

BANDS, _ROWS = 14, 8  # as datatrove and FineWeb have them: documents of which three quarters are the same
SHINGLE = 5  # words


class Signatures:
    """Of the documents of a batch; make it once, by ``batch.view(Signatures)``."""

    def __init__(self, batch: Batch) -> None:
        words = words_of(batch)
        bounds = np.searchsorted(words.starts, batch.starts)
        self.words: npt.NDArray[np.int64] = np.diff(bounds)  # of each document
        self._smallest = _smallest(words.hashes, bounds)

    def bands(self, document: int, scope: str) -> bytes:
        """The keys of a document's bands, 16 bytes each, joined; empty for one that is too short to have a shingle.

        Documents of different scopes have no key in common.
        """
        if self.words[document] < SHINGLE:
            return b""
        key = blake2b(scope.encode("utf-8", "surrogatepass"), digest_size=32).digest()
        rows = np.ascontiguousarray(self._smallest[:, document].astype("<u8")).reshape(BANDS, _ROWS)
        return b"".join(
            blake2b(bytes([band]) + rows[band].tobytes(), digest_size=16, key=key).digest() for band in range(BANDS)
        )


@cache
def _odd(first: int, count: int) -> Hashes:
    """Odd numbers to multiply with."""
    return mixed(np.arange(first, first + count, dtype=np.uint64)) | np.uint64(1)


def _smallest(words: Hashes, bounds: npt.NDArray[np.int64]) -> Hashes:
    """For every multiplier the smallest hash of each document's shingles."""
    found = np.full((BANDS * _ROWS, len(bounds) - 1), np.iinfo(np.uint64).max, np.uint64)
    filled = np.flatnonzero(np.diff(bounds) >= SHINGLE)
    if not len(filled):
        return found
    stop = len(words) - SHINGLE + 1
    sums = np.zeros(stop, np.uint64)
    for place, multiplier in enumerate(_odd(1000, SHINGLE)):
        sums += words[place : place + stop] * multiplier
    # Shingles that reach into the next document are left out.
    lasts = bounds[filled + 1] - SHINGLE + 1
    firsts = bounds[filled]
    edges = np.column_stack((firsts, lasts)).ravel()
    shingles = np.append(mixed(sums), np.uint64(0))  # so that an edge may lie behind the last
    for at, multiplier in enumerate(_odd(1, BANDS * _ROWS)):
        found[at, filled] = np.minimum.reduceat(shingles * multiplier, edges)[::2]
    return found
