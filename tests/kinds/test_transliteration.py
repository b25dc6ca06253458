"""Which folded Arabic words can be the spelling of a Latin name."""

from __future__ import annotations

import pytest

from auditor.kinds.transliteration import consonants, pattern

FITS = [
    ("Witkoff", "ويتكوف"),
    ("Karelina", "كارلينا"),
    ("Trump", "ترامب"),
    ("Netanyahu", "نتنياهو"),
    ("Macron", "ماكرون"),
    ("Schwartz", "شوارتز"),
    ("Chavez", "تشافيز"),
    ("Philip", "فيليب"),
    ("Google", "غوغل"),
    ("Müller", "مولر"),
    ("Khalilzad", "خليلزاد"),
    ("Blinken", "بلينكن"),
    ("Axios", "اكسيوس"),
]
DOES_NOT = [
    ("Coterra", "اكثر"),
    ("Witkoff", "ويتكو"),
    ("Witkoff", "ويتكوفا"),
    ("Trump", "ترتيب"),
    ("Karelina", "كارلي"),
]


@pytest.mark.parametrize(("name", "arabic"), FITS)
def test_fits(name: str, arabic: str) -> None:
    assert pattern(name).fullmatch(arabic)


@pytest.mark.parametrize(("name", "arabic"), DOES_NOT)
def test_does_not_fit(name: str, arabic: str) -> None:
    assert not pattern(name).fullmatch(arabic)


def test_double_letters_count_once_in_a_pattern_and_marks_not_at_all() -> None:
    assert pattern("Wittkoff").pattern == pattern("Witkof").pattern
    assert pattern("Rénée").pattern == pattern("Renee").pattern


def test_consonants_that_are_sure_to_be_written() -> None:
    assert [consonants(name) for name in ("Witkoff", "Willy", "Lee", "Oahu", "")] == [4, 2, 1, 0, 0]


def test_a_name_with_too_many_vowels_fits_nothing() -> None:
    assert not pattern("bcd" + "ae" * 20).fullmatch("بكدا")
