"""Named figures of documents; tests/test_equivalence.py holds them against plain Python on random text."""

from __future__ import annotations

import pytest
from reference_documents import figure

from auditor.batch import Batch
from auditor.figures import FIGURES, Figures
from auditor.model import Document

TEXTS = [
    "",
    "\n \n",
    "one two\none two\n\nthree four.",
    "a b a b a b a b a b a b",
    "نعم ، لا ، ربما…\n- {x} #y",
    "x" * 300,
]


def of(name: str, *texts: str) -> list[float]:
    return [round(number, 3) for number in FIGURES[name](Batch([Document(text=text) for text in texts]).view(Figures))]


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_those_of_plain_python(name: str) -> None:
    assert of(name, *TEXTS) == [round(figure(name, text), 3) for text in TEXTS]


def test_lines_and_paragraphs_that_stood_before() -> None:
    assert of("duplicate-line-ratio", "a\nb\n\na\n a ", "a\na") == [0.5, 0.5]
    assert of("duplicate-paragraph-ratio", "a\nb\n\na\nb\n\nc") == [0.333]
    assert of("duplicate-paragraph-ratio", "a\r\n\r\na") == [0.5]


def test_the_most_frequent_words_in_a_row() -> None:
    assert of("top-2-gram-ratio", "a b, a b. c") == [round(6 / 11, 3)]


def test_words_in_a_row_do_not_go_over_the_end_of_a_document() -> None:
    assert of("duplicate-5-gram-ratio", "a b c d", "e a b c d", "a b c d e a b c d e") == [0, 0, round(9 / 19, 3)]


def test_what_was_counted_is_passed_over() -> None:
    assert of("duplicate-5-gram-ratio", "a " * 11) == [round(18 / 22, 3)]
