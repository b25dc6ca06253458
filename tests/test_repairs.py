"""Repairs give back exactly what was there, or nothing."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.repairs import REPAIRS, arabic_letters, mojibake, presentation_forms, unescape

ARABIC = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأؤإئ ،؟", min_size=1, max_size=20).filter(
    lambda text: any(char.isalpha() for char in text)
)


def sloppy(data: bytes, encoding: str) -> str:
    """As browsers do: bytes a code page leaves open are themselves."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in data)


@given(ARABIC, st.sampled_from(["cp1252", "latin-1", "cp1256"]))
def test_mojibake_comes_back(text: str, encoding: str) -> None:
    assert mojibake(sloppy(text.encode(), encoding)) == text


@given(ARABIC, st.data())
def test_mojibake_with_a_byte_lost_does_not(text: str, data: st.DataObject) -> None:
    whole = sloppy(text.encode(), "cp1252")
    at = data.draw(st.sampled_from([at for at, char in enumerate(whole) if char > "\x7f"]))
    assert mojibake(whole[:at] + whole[at + 1 :]) is None


@pytest.mark.parametrize("text", ["Ã©", "Østerbro", "سلام", "ØŸØ", "Ð\x9cÐ¾ÑÐºÐ²Ð°"])
def test_other_text_is_no_arabic_mojibake(text: str) -> None:
    assert mojibake(text) is None


@pytest.mark.parametrize(
    ("forms", "letters"),
    [
        ("\ufee3\ufea4\ufee4\ufeaa", "محمد"),
        ("\ufeb3\ufefc\ufee1", "سلام"),  # a lam-alef ligature
        ("\ufefb \ufee3\ufee6", "لا من"),
        ("\ufee3\ufe8e, \ufeb3\ufeff"[:3], "ما,"),
        ("\ufee3\ufe76\ufee6", "م\u064eن"),  # a mark drawn alone is a mark, not a blank and a mark
        ("\ufeaa\ufee4\ufea4\ufee3", None),  # last letter first
        ("\ufee1\ufefc\ufeb3", None),
        ("\ufead\ufe8d\ufea9", None),  # letters that never join do not tell their order
        ("\ufee3\ufea4\ufee4\ufeaa \ufeaa\ufee4\ufea4\ufee3", None),  # one word each way
        ("\ufee3\ufea4", None),  # cut off within a word
    ],
)
def test_presentation_forms_in_reading_order_only(forms: str, letters: str | None) -> None:
    assert presentation_forms(forms) == letters


@given(st.sampled_from("…“”‘’«»–—•©®€é&"))
def test_an_entity_is_its_character(char: str) -> None:
    assert unescape(f"&#{ord(char)};") == char
    assert unescape(html.escape(html.escape(f"&#x{ord(char):x};"))) == char


@pytest.mark.parametrize("entity", ["&lt;", "&#0;", "&#55357;", "&#1114112;", "&nonsense;", "&#7;"])
def test_an_entity_for_nothing_stays(entity: str) -> None:
    assert unescape(entity) is None


@pytest.mark.parametrize(
    ("word", "letters"),
    [
        ("الوزیر", "الوزير"),
        ("حکومة", "حكومة"),
        ("حتی", "حتى"),
        ("وإلی", "وإلى"),
        ("فی", "في"),
        ("وهی", "وهي"),
        ("رأی", None),
        ("شای", "شاي"),
        ("علی", None),  # Ali, or on
        ("کفی", None),
        ("والی", None),
    ],
)
def test_persian_letters(word: str, letters: str | None) -> None:
    assert arabic_letters(word) == letters


@given(st.sampled_from(sorted(REPAIRS)), st.text(max_size=30))
def test_any_text_may_be_given(name: str, text: str) -> None:
    found = REPAIRS[name](text)
    assert found is None or isinstance(found, str)
