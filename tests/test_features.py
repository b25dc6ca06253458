"""Figures of lines and documents, made for a whole batch at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditor.batch import Batch
from auditor.features import CLOSING, SPACE, Features, traits
from auditor.model import Document


def features(*texts: str) -> Features:
    return Batch([Document(text=text) for text in texts]).view(Features)


def test_views_are_made_once() -> None:
    batch = Batch([Document(text="x")])
    assert batch.view(Features) is batch.view(Features)


def test_words_and_letters_of_lines() -> None:
    of = features("كتاب، 12 كتابٌ\n\nab c", "é")
    assert of.words.tolist() == [3, 0, 2, 1]
    assert of.letters.tolist() == [8, 0, 3, 1]
    assert of.arabic.tolist() == [8, 0, 0, 0]
    assert of.document_words.tolist() == [5, 1]
    assert of.document_lines.tolist() == [2, 1]


def test_ends_of_lines() -> None:
    of = features("نعم.\r\nنعم؟» \nنعم»\nنعم...\n…\n.\u200f\nلا\n \n")
    assert of.ended.tolist() == [True, True, False, True, True, True, False, False, False]
    assert of.quoted.tolist() == [False, True, True, False, False, False, False, False, False]
    assert of.elliptic.tolist() == [False, False, False, True, True, False, False, False, False]
    assert of.blank.tolist() == [False] * 7 + [True, True]


@given(texts=st.lists(st.text("ab.» \t\u200f\n\r", max_size=40), min_size=1, max_size=4))
def test_edges_of_lines_are_found_however_much_stands_before_them(texts: list[str]) -> None:
    of = features(*texts)

    def outside(low: int, high: int, bits: int) -> list[int]:
        return [at for at in range(low, high) if not traits()[ord(of.batch.text[at])] & bits]

    for line, (low, high) in enumerate(zip(of.starts.tolist(), of.ends.tolist(), strict=True)):
        solid, open = outside(low, high, SPACE), outside(low, high, SPACE | CLOSING)
        assert of.solid_first[line] == (solid[0] if solid else -1)
        assert of.solid_last[line] == (solid[-1] if solid else -1)
        assert of.ended[line] == (bool(open) and of.batch.text[open[-1]] == ".")


def test_sentences_end_where_something_follows() -> None:
    of = features('Pi is 3.14. Is it?! "Yes." e.g. so', "نعم۔")
    assert of.in_lines(of.sentence_ends).tolist() == [4, 1]


def test_bullets() -> None:
    assert features("- a\n  • b\na - b\n–\n\n* c").bulleted.tolist() == [True, True, False, True, False, True]


def test_prose_is_long_and_ended_or_very_long() -> None:
    assert features("a b c d e f g h i j.\na b c d e f g h i j\na b c.\n" + "a " * 25).prose.tolist() == [
        True,
        False,
        False,
        True,
    ]


def test_content_of_a_document() -> None:
    of = features(" \na b\n ", "", "\n")
    assert [of.content(document) for document in range(3)] == [(2, 5), None, None]


def test_nothing_at_all() -> None:
    of = features("")
    assert (of.words.tolist(), of.ended.tolist(), of.document_words.tolist()) == ([0], [False], [0])
