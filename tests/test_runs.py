"""Keys counted beyond memory: what sorted runs, merged by ranges, come to is what a plain Counter comes to."""

from __future__ import annotations

import errno
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import runs
from auditor.errors import AuditorError
from auditor.runs import Heap, added, earliest, merge, merged, records, write_run

# Few first bytes and few halves, so that keys meet in ranges, share their first half, and come again.
KEYS = st.builds(
    lambda high, low: high.to_bytes(8, "big") + low.to_bytes(8, "big"),
    st.sampled_from([0, 1, 1 << 40, (1 << 52) - 1, 1 << 52, 5 << 60, (1 << 64) - 1]),
    st.sampled_from([0, 1, 7, (1 << 64) - 1]),
)
BATCHES = st.lists(st.lists(KEYS, min_size=1, max_size=30), max_size=12)


def listed(pieces: object) -> list[tuple[bytes, int]]:
    return [
        (int(high).to_bytes(8, "big") + int(low).to_bytes(8, "big"), int(value))
        for found in pieces  # type: ignore[attr-defined]
        for high, low, value in found.tolist()
    ]


def ones(keys: list[bytes]) -> runs.Records:
    return records(b"".join(keys), np.ones(len(keys), np.uint64))


@settings(deadline=None)
@given(BATCHES, st.sampled_from([1, 3, 1000]), st.sampled_from([2, 3, 32]))
def test_counts_are_those_of_a_counter(batches: list[list[bytes]], held: int, most: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        heap = Heap(folder, "k", added, most)
        for number, keys in enumerate(batches):
            heap.add(write_run(folder / str(number), ones(keys), added))
        found = listed(heap.merged(held))
        assert len(list(folder.iterdir())) <= max(most * 4, 1)
    wanted = Counter(key for keys in batches for key in keys)
    assert found == sorted(wanted.items())


@settings(deadline=None)
@given(BATCHES)
def test_the_earliest_and_whether_there_were_several(batches: list[list[bytes]]) -> None:
    import tempfile

    seen: dict[bytes, list[int]] = {}
    with tempfile.TemporaryDirectory() as name:
        files, number = [], 0
        for keys in batches:
            numbers = list(range(number, number + len(keys)))
            number += len(keys)
            for key, one in zip(keys, numbers, strict=True):
                seen.setdefault(key, []).append(one)
            values = np.array(numbers, np.uint64) * np.uint64(2)
            files.append(write_run(Path(name, str(len(files))), records(b"".join(keys), values), earliest))
        found = listed(merged(files, earliest))
    assert found == sorted((key, 2 * min(numbers) + (len(numbers) > 1)) for key, numbers in seen.items())


def test_merging_takes_the_runs_away(tmp_path: Path) -> None:
    two = [write_run(tmp_path / name, ones([b"k" * 16]), added) for name in "ab"]
    assert listed(merged([merge(tmp_path / "c", two, added)], added)) == [(b"k" * 16, 2)]
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_memory_holds_a_share_of_the_runs(tmp_path: Path) -> None:
    keys = np.random.default_rng(6).bytes(16 * 50_000)
    run = write_run(tmp_path / "run", records(keys, np.ones(50_000, np.uint64)), added)
    sizes = [len(found) for found in merged([run], added, held=1000)]
    assert sum(sizes) == 50_000
    assert max(sizes) <= 1000


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _data: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None: ...

    monkeypatch.setattr(Path, "open", lambda *_args, **_more: Full())
    with pytest.raises(AuditorError, match=r"No space left.* 24 bytes of disk a distinct line: free some space"):
        write_run(tmp_path / "run", ones([b"k" * 16]), added)
