"""Words and lines as numbers: equal where the folded texts are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import wordhash
from auditor.batch import Batch
from auditor.folding import WIDEST, WORD, folding
from auditor.model import Document
from auditor.wordhash import NUMBER, Table, hashed_lines, pair_hashes, table, words_of

TEXT = st.text("ابةهأىي ـُ12٣ab AÉ.،-\n\u200f😀𐌰", max_size=40)


def hashes(*texts: str) -> list[list[int]]:
    words, bounds, _ = hashed_lines(texts)
    return [words.hashes[low:high].tolist() for low, high in pairwise(bounds.tolist())]


@given(TEXT, st.integers(1, 9))
def test_words_do_not_depend_on_where_a_text_is_cut(text: str, piece: int) -> None:
    whole = words_of(Batch([Document(text=text)]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wordhash, "_PIECE", piece)
        cut = words_of(Batch([Document(text=text)]))
    assert [array.tolist() for array in cut] == [array.tolist() for array in whole]


def test_spelling_variants_are_one_word() -> None:
    one, other = hashes("إلى المدرسةِ Café", "الى المدرســه CAFÉ")
    assert one == other
    assert len(one) == 3


def test_other_words_are_others() -> None:
    words = hashes("ab ba abb a b aab")[0]
    assert len(set(words)) == 6


def test_numbers_are_one_word() -> None:
    assert hashes("12 ٣٤٥ 1") == [[NUMBER] * 3]
    assert NUMBER not in hashes("a1 ١م")[0]


def test_lines_are_their_words_in_order() -> None:
    _, _, lines = hashed_lines(["شارك المقال!", "* شارك — المقال", "المقال شارك", "شارك", "", "..."])
    assert lines[0] == lines[1]
    assert len({int(line) for line in lines}) == 4
    assert lines[4] == lines[5] == 0


def test_pairs_have_an_order() -> None:
    pairs = pair_hashes(hashed_lines(["a b a"])[0].hashes)
    assert len(pairs) == 2
    assert pairs[0] != pairs[1]


def test_words_know_where_they_start() -> None:
    words = words_of(Batch([Document(text="«كتابٌ» 12"), Document(text="x")]))
    assert words.starts.tolist() == [1, 8, 11]
    assert words.lengths.tolist() == [4, 2, 1]


def test_a_nul_stands_between_words() -> None:
    assert words_of(Batch([Document(text="one\0two")])).starts.tolist() == [0, 4]


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_words_are_those_of_the_folded_text(texts: list[str]) -> None:
    """As many as plain Python finds, and equal where it says so, whatever else is in the batch."""
    fold = folding(WIDEST).fold
    plain = []
    for text in texts:
        for line in text.split("\n"):
            plain += ["0" if word.isdecimal() else word for word in WORD.findall(fold(line))]
    found = words_of(Batch([Document(text=text) for text in texts])).hashes.tolist()
    assert len(found) == len(plain)
    if not any(char.isdecimal() for text in texts for char in text):  # in mixed words every digit is 0
        assert len(set(found)) == len(set(plain))
        assert len(set(zip(found, plain, strict=True))) == len(set(plain))


@given(st.lists(st.integers(0, 2**64 - 1), max_size=50), st.lists(st.integers(0, 2**64 - 1), max_size=50))
def test_tables_hold_what_was_put_in(known: list[int], others: list[int]) -> None:
    entries = table(known)
    looked_up = Table(entries)
    asked = np.array([*known, *others], np.uint64)
    halves = {value >> 32 for value in known}
    assert looked_up.holds(asked).tolist() == [value >> 32 in halves for value in asked.tolist()]
    at = looked_up.places(asked)
    assert all(
        entries[place] == value >> 32 for place, value in zip(at.tolist(), asked.tolist(), strict=True) if place >= 0
    )
