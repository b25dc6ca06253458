"""GitHub's own hash of a line, against the examples of its action and a plain rolling hash."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import linehash

HELLO = ["e9496ae3ebfced30", "fb7c023a8b9ccb3f", "ce8ba1a563dcdaca", "e20e36e16fcb0cc8", "b3edc88f2938467e"]
ENDED = [f"{one}:1" for one in [*HELLO, "c8e28b0b4002a3a0", "c129715d7a2bc9a3"]]


def plain(data: bytes) -> list[str]:
    """The hash of every line, one unit after the other."""
    raw = data.decode("utf-8", "replace").encode("utf-16-le")
    units: list[int] = []
    starts, begins, after_cr = [], True, False
    for at in range(0, len(raw), 2):
        unit = int.from_bytes(raw[at : at + 2], "little")
        if unit in (32, 9) or (after_cr and unit == 10):
            after_cr = False
            continue
        after_cr = unit == 13
        if begins:
            starts.append(len(units))
        units.append(10 if after_cr else unit)
        begins = units[-1] == 10
    if begins:
        starts.append(len(units))
    units += [65535, *[0] * 100]
    seen: Counter[int] = Counter()
    told = []
    for start in starts:
        value = 0
        for unit in units[start : start + 100]:
            value = (value * 37 + unit) % (1 << 64)
        seen[value] += 1
        told.append(f"{value:x}:{seen[value]}")
    return told


def hashed(path: Path, data: bytes) -> list[str]:
    path.write_bytes(data)
    return list(linehash.hashes(path, range(1, 400)).values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", ENDED),
        (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", ENDED),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", ENDED),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", ENDED),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [
                *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
)
def test_what_github_computes(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert hashed(tmp_path / "page.txt", text.encode()) == expected
    assert plain(text.encode()) == expected


PIECES = st.sampled_from(["a", "سد", "😀", " ", "\t", "\n", "\r", "\r\n", "\n" * 30, "كلمة " * 30, "\u2028", "\ufeff"])


@settings(max_examples=60)
@given(st.lists(PIECES, max_size=60), st.integers(1, 90))
def test_any_text_in_chunks_of_any_size(pieces: list[str], size: int) -> None:
    import io

    import numpy as np

    data = "".join(pieces).encode() + b"\xff\xd8"
    before, linehash._CHUNK = linehash._CHUNK, size
    try:
        every = np.concatenate([*linehash._hashes(io.BytesIO(data))]).tolist()
    finally:
        linehash._CHUNK = before
    assert [f"{value:x}" for value in every] == [told.partition(":")[0] for told in plain(data)]


def test_only_the_lines_asked_for_are_told_and_copies_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("سطر\n" * 300, "utf-8")
    every = plain(path.read_bytes())
    assert linehash.hashes(path, {2, 250, 9000, 0}) == {2: every[1], 250: every[249]}


def test_the_width_of_a_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes('{"text": "سد"}\r\n\n{"text": "😀"}'.encode())
    assert linehash.widths(path, {1, 2, 3, 9}) == {1: 14, 2: 0, 3: 13}
