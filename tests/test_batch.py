"""A batch's views say the same as every document alone would."""

from __future__ import annotations

from itertools import pairwise

import pytest
import reference
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.batch import Batch
from auditor.folding import DEFAULT, SHAPING, WIDEST, folding
from auditor.model import Document
from auditor.page import to_page

TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from("a كى \n\n\r\t\u2028\u00a0\u200f\u064bﷲﻻßİ😀\ud800.٣"), st.characters()),
    max_size=20,
)
SEVERAL = st.lists(TEXTS, max_size=4)


def batch_of(*texts: str) -> Batch:
    return Batch([Document(text=text) for text in texts])


def fold_lines(text: str) -> bytes:
    """The widest folding, line by line: a run of blanks is one, and a line break is kept."""
    return to_page("\n".join(map(folding(WIDEST).fold, text.split("\n"))))


@given(SEVERAL)
def test_lines_are_those_of_each_document(texts: list[str]) -> None:
    batch = batch_of(*texts)
    expected = [
        (number, offset + row.start, offset + row.end, row.text)
        for number, (text, offset) in enumerate(zip(texts, batch.starts, strict=False))
        for row in reference.lines(text)
    ]
    if not texts:
        return
    lines = range(len(batch.line_starts))
    assert expected == [
        (batch.line_documents[n], batch.line_starts[n], batch.line_ends[n], batch.line(n)) for n in lines
    ]
    for number, text in enumerate(texts):
        first, stop = batch.document_lines[number], batch.document_lines[number + 1]
        assert stop - first == len(reference.lines(text))
        assert {batch.line_documents[line] for line in range(first, stop)} == {number}


@settings(deadline=None)  # tables are built in the first round
@given(SEVERAL)
def test_folded_lines_are_those_of_each_line_alone(texts: list[str]) -> None:
    batch = batch_of(*texts)
    for by in (folding(DEFAULT), folding(WIDEST), folding(SHAPING), folding(frozenset({"case"}))):
        for number in range(len(batch.line_starts)):
            found, alone = batch.folded_line(number, by), by.line(batch.line(number))
            assert (found.original, found.text) == (alone.original, alone.text)
            places = range(len(found.text))
            assert [found.span(at, at + 1) for at in places] == [alone.span(at, at + 1) for at in places]


def test_every_expanded_code_point_folds_as_it_does_alone() -> None:
    for by in (folding(DEFAULT), folding(WIDEST)):
        expanded = [chr(code) for code, text in by.table.items() if len(text) > 1]
        batch = batch_of("\n".join(f"a{char}b" for char in expanded))
        assert [batch.folded_line(number, by).text for number in range(len(expanded))] == [
            by.fold(f"a{char}b") for char in expanded
        ]


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        (["a\nb"], ["a", "b"]),
        (["a\r\nb\r\n"], ["a", "b", ""]),
        (["a\rb", "c\r"], ["a\rb", "c\r"]),
        (["a\r\r\nb"], ["a\r", "b"]),
        (["a\u2028b\u0085c\x0bd"], ["a\u2028b\u0085c\x0bd"]),
        (["", "a", ""], ["", "a", ""]),
        (["a\n", "\nb"], ["a", "", "", "b"]),
    ],
)
def test_only_newlines_with_or_without_return_end_lines(texts: list[str], lines: list[str]) -> None:
    batch = batch_of(*texts)
    assert [batch.line(number) for number in range(len(batch.line_starts))] == lines


@given(SEVERAL)
def test_the_plain_stream_is_the_text_between_newlines(texts: list[str]) -> None:
    batch = batch_of(*texts)
    assert batch.plain.data == b"\n" + to_page("\n".join(texts)) + b"\n"


@given(SEVERAL)
def test_the_folded_stream_is_every_line_folded(texts: list[str]) -> None:
    batch = batch_of(*texts)
    assert batch.folded.data == b"\n" + fold_lines("\n".join(texts)) + b"\n"
    assert batch.folded_lines == fold_lines("\n".join(texts)).split(b"\n")
    assert len(batch.folded_lines) == len(batch.line_starts)


@given(SEVERAL)
def test_every_folded_byte_knows_its_character(texts: list[str]) -> None:
    batch = batch_of(*texts)
    source = batch.folded.source
    assert source is not None
    assert source.tolist() == sorted(source.tolist())
    for byte, at in zip(batch.folded.data[1:-1], source.tolist(), strict=True):
        assert byte in fold_lines(batch.text[at])


@given(SEVERAL)
def test_a_match_lies_on_the_line_of_its_last_byte(texts: list[str]) -> None:
    batch = batch_of(*texts)
    for stream in (batch.plain, batch.folded):
        lines = stream.data[1:].split(b"\n")[:-1]
        ends = [number for number, line in enumerate(lines) for _ in range(len(line) + 1)]
        got = batch.lines_of(stream, range(2, len(stream.data) + 1)).tolist()
        if lines[-1]:
            assert got == ends
        else:  # an empty last line has no character of its own to point to; nothing can be found on it
            assert got[:-1] == ends[:-1]


@given(SEVERAL)
def test_filled_lines_are_counted(texts: list[str]) -> None:
    batch = batch_of(*texts)
    rows = [row.text for text in texts for row in reference.lines(text)] or [""]
    assert batch.filled == [sum(bool(row.strip()) for row in rows[:n]) for n in range(len(rows) + 1)]


@given(SEVERAL)
def test_offsets_find_their_line_and_document(texts: list[str]) -> None:
    batch = batch_of(*texts)
    for number, text in enumerate(texts):
        for at in range(len(text) + 1):
            offset = batch.starts[number] + at
            assert batch.document_at(offset) == number
            assert batch.line_at(offset) == batch.document_lines[number] + text.count("\n", 0, at)


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        ("في في البيت", True),
        ("فِي، في", True),
        ("أن ان", True),
        ("The the end", True),
        ("في البيت في", False),
        ("في\nفي", False),
        ("فيفي", False),
    ],
)
def test_lines_with_a_doubled_word_are_known(text: str, doubled: bool) -> None:
    assert bool(batch_of("x", text, "y").doubled) == doubled


@given(TEXTS)
def test_no_line_with_a_doubled_word_is_left_out(text: str) -> None:
    batch = batch_of(text)
    for number in range(len(batch.line_starts)):
        seen = folding(WIDEST).fold(batch.line(number))
        words = regex.findall(r"[\p{L}\p{M}\p{N}]+", seen)
        if any(one == two for one, two in pairwise(words)):
            assert number in batch.doubled
