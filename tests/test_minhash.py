"""Documents that share most of their wording agree in bands of smallest hashes; others do not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.batch import Batch
from auditor.minhash import BANDS, SHINGLE, Signatures
from auditor.model import Document


def bands(texts: list[str], scope: str = "") -> list[set[bytes]]:
    signatures = Batch([Document(text=text) for text in texts]).view(Signatures)
    keys = [signatures.bands(number, scope) for number in range(len(texts))]
    return [{key[at : at + 16] for at in range(0, len(key), 16)} for key in keys]


def words(seed: int, number: int) -> list[str]:
    made = random.Random(seed)
    return ["".join(made.choices("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", k=5)) for _ in range(number)]


def test_equal_texts_agree_in_all_bands_and_others_in_none() -> None:
    one, same, other = bands([" ".join(words(1, 300)), "\n".join(words(1, 300)) + " .", " ".join(words(2, 300))])
    assert one == same
    assert len(one) == BANDS
    assert not one & other


def test_folding_marks_and_figures_do_not_count() -> None:
    one, other = bands(["أعلنتْ الشركة نتائج 12 شهرا أمس", "اعلنت  الشركه، نتائج ٧ شهرا امس!"])
    assert one == other


@pytest.mark.parametrize(("changed", "least", "most"), [(3, 6, BANDS), (60, 0, 1)])
def test_the_more_two_texts_share_the_more_bands_agree(changed: int, least: int, most: int) -> None:
    text = words(3, 600)
    edited = [f"x{at}" if at % (600 // changed) == 5 else word for at, word in enumerate(text)]
    one, other = bands([" ".join(text), " ".join(edited)])
    assert least <= len(one & other) <= most


def test_scopes_have_no_band_in_common() -> None:
    text = " ".join(words(4, 50))
    assert not bands([text], "a.org")[0] & bands([text], "b.org")[0]


def test_a_text_shorter_than_a_shingle_has_none() -> None:
    assert bands(["a b c d", "", "a b c d e"])[:2] == [set(), set()]
    assert len(bands(["a b c d e"])[0]) == BANDS


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("ab c\nde"), max_size=40).map("".join), max_size=6))
def test_a_document_has_the_bands_it_has_alone(texts: list[str]) -> None:
    assert bands(texts) == [bands([text])[0] for text in texts]
    assert all(len(found) in (0, BANDS) for found in bands(texts))
    assert all((not found) == (len(text.split()) < SHINGLE) for text, found in zip(texts, bands(texts), strict=True))
