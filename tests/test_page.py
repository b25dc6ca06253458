"""The one-byte page keeps apart what scans must tell apart, and every class covers all that it can match."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from auditor.folding import WIDEST, WORD, folding
from auditor.page import (
    DROP,
    EXPAND,
    NEWLINE,
    any_of,
    basic_plane,
    byte_set,
    folded_page,
    literal,
    outside_words,
    page,
    to_folded,
    to_page,
    word_bytes,
)

LETTERS_WE_READ = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيـًٌٍَُِّْٰ" + "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹،؛؟" + "پچژگکی"


@given(st.text(st.one_of(st.characters(), st.sampled_from("ﷲﻻß\ud800😀\u200f\n\r"))))
def test_a_byte_for_each_code_point(text: str) -> None:
    assert len(to_page(text)) == len(text)


def test_ascii_is_itself() -> None:
    ascii_text = "\t\n\r" + "".join(map(chr, range(0x20, 0x7F)))
    assert to_page(ascii_text) == ascii_text.encode()


def test_frequent_letters_share_their_byte_with_nobody() -> None:
    for char in LETTERS_WE_READ + "abcXYZ.,:!?-«»“”\u200c\u200f\ufeff\u00a0":
        assert np.flatnonzero(page() == page()[ord(char)]).tolist() == [ord(char)], char


def test_only_the_newline_is_a_newline() -> None:
    assert np.flatnonzero(page() == NEWLINE).tolist() == [ord("\n")]
    assert np.flatnonzero(folded_page() == NEWLINE).tolist() == [ord("\n")]


def test_no_character_looks_dropped_or_expanded_on_the_plain_page() -> None:
    assert not {DROP, EXPAND} & set(np.unique(page()).tolist())


def test_a_byte_stands_for_word_characters_only_or_for_others_only() -> None:
    words = {match.start() for match in regex.finditer(r"[\p{L}\p{M}\p{N}]", basic_plane())}
    others = set(range(0x10000)) - words
    assert set(page()[sorted(words)].tolist()) <= word_bytes()
    assert not set(page()[sorted(others)].tolist()) & word_bytes()


@pytest.mark.parametrize("char", ["𝟎", "𐐀", "𠀀", "\U0001e900", "\U000323af", "\U00033479", "\U000e0100"])
def test_words_beyond_the_basic_plane_are_words(char: str) -> None:
    assert WORD.fullmatch(char) or unicodedata.category(char) == "Cn"
    assert page()[ord(char)] in word_bytes()


def test_the_folded_page_shows_what_each_character_folds_to() -> None:
    fold = folding(WIDEST).fold
    for char in [
        "a",
        "A",
        "أ",
        "ى",
        "ة",
        "ؤ",
        "٣",
        "ｆ",
        "\u00a0",
        "新",
        "😀",
        "İ",
        "ﷲ",
        "ß",
        "\u064b",
        "\u0640",
        "\u200f",
    ]:
        code, seen = int(folded_page()[ord(char)]), fold(char)
        assert code == (DROP if not seen else EXPAND if len(seen) > 1 else int(page()[ord(seen)])), char
        assert to_folded(char) == to_page(seen)


ATOMS = [
    *(r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", ".", r"\p{L}", r"\P{L}", r"\p{Arabic}", r"\p{Lu}", r"\p{Cf}", r"\p{M}"),
    *(
        "[a-z]",
        "[^a-z]",
        "[ء-ي]",
        "[٠-٩0-9]",
        "[^\n]",
        "[[:alpha:]]",
        "k",
        "ß",
        "İ",
        "i",
        "新",
        r"\.",
        r"\x61",
        r"\u0643",
    ),
]


@pytest.mark.parametrize("ignore_case", [False, True])
@pytest.mark.parametrize("atom", ATOMS)
def test_a_class_holds_the_byte_of_every_character_it_matches(atom: str, ignore_case: bool) -> None:
    found = byte_set(atom, ignore_case)
    matches = regex.compile(atom, regex.IGNORECASE if ignore_case else 0).fullmatch
    missed = [char for char in basic_plane() if matches(char) and page()[ord(char)] not in found]
    assert missed == []
    assert {int(page()[ord(char)]) for char in "😀𝟎𐐀"} <= found


@pytest.mark.parametrize("atom", [r"\d", "[a-z]", r"\p{Lu}", "[ء-ي]", "x"])
def test_a_class_leaves_most_bytes_out(atom: str) -> None:
    assert not byte_set(atom, False) & set(to_page("!،: -é"))


@given(st.sets(st.integers(0, 255), min_size=1))
def test_expressions_match_the_bytes_they_are_made_of(found: set[int]) -> None:
    every = bytes(range(256))
    assert set(b"".join(re.findall(any_of(found), every, re.DOTALL))) == found
    assert re.fullmatch(literal(bytes(sorted(found))), bytes(sorted(found)), re.DOTALL)


def test_outside_words_is_all_that_is_no_word_character() -> None:
    every = bytes(range(256))
    assert set(b"".join(re.findall(outside_words(), every, re.DOTALL))) == set(every) - word_bytes()
