"""Texts read together come to what plain Python makes of each of them."""

from __future__ import annotations

import numpy as np
import reference_mt
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.mtreadings import Readings
from auditor.mtsignals import ADVERBS, DIALECT, FAMILIES, OPENINGS, SIGNALS

WORDS = sorted(frozenset().union(*FAMILIES.values(), *OPENINGS.values(), ADVERBS, DIALECT))
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(
        ["، و", " ،", ". ", '." ', "...", "\n", " \n \n", "\x1f", "\u2028", "ـ", "لـ 5", "َ", "ًا", "اً", "ß", "ﷺ", "x.",
         "https://x.y/ز", "http:", "//x", "#وسم", "`كود`", "&amp;", "()", "{};", "**", "،**", '"نص"', "«نص»", "\"",
         "ابتثجحخدذرزس", "ابتثجحخدذرزسش", "االكتاب", "الاتحاد", "كتابه", "𝟎.", "\ud800"]
    ),
    st.text(" ابتوليه.,:\n", max_size=8),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.lists(PIECES, max_size=40).map(" ".join)


@settings(deadline=None)  # the tables are made when they are first asked for
@given(st.lists(TEXTS, min_size=1, max_size=5))
@example(["", "\n", ". ", "http:", "//x", "بـ"])
@example(["مش عارف ليش " * 9, "سطر\n" * 12, "كلمة واحدة هنا الآن\n" * 12, "قال { } ; = " * 20])
def test_texts_read_together_are_as_each_alone(texts: list[str]) -> None:
    together = Readings(texts)
    assert together.figures.shape == (len(texts), len(SIGNALS))
    for row, text in enumerate(texts):
        plain = reference_mt.Reading(text)
        expected = reference_mt.signals(plain)
        apart = np.flatnonzero(np.abs(together.figures[row] - expected) > 1e-12)
        assert not [(SIGNALS[at], together.figures[row, at], expected[at]) for at in apart]
        assert together.words[row] == len(plain.words)
        assert together.foreign[row] == reference_mt.foreign(plain)
        alone = Readings([text])
        assert alone.figures[0].tolist() == together.figures[row].tolist()
        assert alone.foreign[0] == together.foreign[row]


def test_no_texts() -> None:
    assert len(Readings([]).foreign) == 0
