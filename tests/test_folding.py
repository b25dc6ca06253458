"""Folding agrees with what Unicode and Arabic spelling say, and always knows the way back to the original."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.folding import DEFAULT, MOST, SHAPING, STEPS, WIDEST, Step, expand_steps, folding, is_word

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("كتابأإآٱىیکةؤئءُـَّ \t\r\u00a0\u2028\u200c\u200f\ufeffﷲﻻﷺﹰßİſﬁK٣۵１ｆ新Жa😀\ud800"),
        st.characters(),
    ),
    max_size=25,
)


@cache
def every_character() -> list[str]:
    """All assigned code points that this Python's own tables know."""
    return [chr(at) for at in range(0x110000) if unicodedata.category(chr(at)) not in ("Cn", "Cs", "Co")]


@cache
def changing_characters() -> list[str]:
    """All that some step folds."""
    return [chr(at) for at in sorted(set().union(*(folding(frozenset({step})).table for step in STEPS)))]


def folded(text: str, *steps: Step) -> str:
    return folding(frozenset(steps)).fold(text)


@pytest.mark.parametrize(
    ("step", "written", "seen"),
    [
        ("tashkeel", "كُتِبَ الدَّرسُ", "كتب الدرس"),
        ("tashkeel", "هٰذا رَحِيمٍ ۖ", "هذا رحيم "),
        ("tatweel", "مرحبــــا", "مرحبا"),
        ("alef", "أحمد إلى آخر ٱسم", "احمد الى اخر اسم"),
        ("ya", "على فارسی کتاب", "علي فارسي كتاب"),
        ("ta-marbuta", "مدرسة", "مدرسه"),
        ("hamza", "مؤتمر رئيس", "موتمر رييس"),
        ("case", "STRASSE Straße ΣΑΣ", "strasse strasse σασ"),
        ("width", "ﷲ ﻻ ﷺ", "الله لا صلى الله عليه وسلم"),
        ("width", "ﻛﺘﺎﺏ ｆｕｌｌ！ ﬁx ｶﾞ", "كتاب full! fix カ\u3099"),
        ("invisible", "كتا\u200cب\u200f \ufeffa\u00adb\ufe0f", "كتاب ab"),
        ("space", "a\t \u00a0b\u2028c\r", "a b c "),
        ("digits", "١٢٣ ۴۵۶ １２ ९", "123 456 12 9"),
    ],
)
def test_each_step_folds_its_own_matter(step: Step, written: str, seen: str) -> None:
    assert folded(written, step) == seen


@pytest.mark.parametrize("step", STEPS)
def test_what_no_step_names_stays(step: Step) -> None:
    assert (
        folded("ابتثجحخدذرزسشصضطظعغفقكلمنهوي abc 0,.!?؟،؛\n新", step) == "ابتثجحخدذرزسشصضطظعغفقكلمنهوي abc 0,.!?؟،؛\n新"
    )


@given(TEXTS)
def test_no_steps_change_nothing(text: str) -> None:
    assert folded(text) == text


def test_case_is_that_of_unicode() -> None:
    assert [char for char in every_character() if folded(char, "case") != char.casefold()] == []


def test_width_only_undoes_compatibility_forms() -> None:
    changed = {char for char in every_character() if folded(char, "width") != char}
    assert [char for char in changed if folded(char, "width") != unicodedata.normalize("NFKC", char)] == []
    assert changed >= {chr(at) for at in range(0xFF01, 0xFF5F)}
    assert changed >= {char for char in map(chr, range(0xFE80, 0xFEFD)) if "ARABIC" in unicodedata.name(char, "")}


def test_invisible_characters_are_those_of_unicode() -> None:
    formats = [char for char in every_character() if unicodedata.category(char) == "Cf"]
    assert [char for char in formats if folded(char, "invisible") != ""] == []


def test_tashkeel_are_marks_over_letters() -> None:
    gone = [char for char in every_character() if folded(char, "tashkeel") == ""]
    assert {unicodedata.category(char) for char in gone} == {"Mn"}
    assert {"ARABIC"} == {unicodedata.name(char).split()[0] for char in gone}
    assert {chr(at) for at in range(0x064B, 0x0653)} < set(gone)


def test_digits_keep_their_value() -> None:
    digits = [char for char in every_character() if char.isdecimal()]
    assert [char for char in digits if folded(char, "digits") != str(int(char))] == []


def test_every_white_space_is_one_blank_but_newlines_stay() -> None:
    blanks = [char for char in every_character() if char.isspace() and char != "\n"]
    assert {folded(char, "space") for char in blanks} == {" "}
    assert folded("a" + "".join(blanks) + "\n" + "".join(blanks), "space") == "a \n "


@pytest.mark.parametrize("letter", "أإآؤئ")
def test_letters_with_hamza_fold_to_the_letter_that_carries_it(letter: str) -> None:
    carrier = unicodedata.normalize("NFD", letter)[0]
    assert folded(letter, "alef", "hamza") == carrier


def test_word_characters_are_letters_marks_and_numbers() -> None:
    wrong = [char for char in every_character() if is_word(char) != (unicodedata.category(char)[0] in "LMN")]
    assert wrong == []
    assert is_word("\u0640")


@settings(deadline=None)
@given(TEXTS, st.sets(st.sampled_from(STEPS)))
def test_every_folded_character_knows_where_it_came_from(text: str, steps: set[Step]) -> None:
    by = folding(frozenset(steps))
    seen, origin = by.fold(text), by.positions(text).tolist()
    assert len(seen) == len(origin)
    assert origin == sorted(origin)
    for char, at in zip(seen, origin, strict=True):
        assert char in by.fold(text[at])


@settings(deadline=None)
@given(TEXTS, st.sets(st.sampled_from(STEPS)), st.data())
def test_spans_hold_all_that_was_found_and_whole_characters(text: str, steps: set[Step], data: st.DataObject) -> None:
    line = folding(frozenset(steps)).line(text)
    if not line.text:
        return
    start = data.draw(st.integers(0, len(line.text) - 1))
    end = data.draw(st.integers(start + 1, len(line.text)))
    low, high = line.span(start, end)
    fold = folding(frozenset(steps)).fold
    assert line.text[start:end] in fold(text[low:high])
    # Nothing more than needed: without its first character the span no longer reaches back to what was found, and
    # what follows the found text in it is the rest of a ligature, of a run of blanks, or has vanished.
    assert len(fold(text[:low])) <= start or line.text[:start].endswith(" ")
    assert fold(text[low + 1 : high]) != fold(text[low:high]) or line.text[start] == " "  # of a run of blanks
    assert low == 0 or high == len(text) or fold(text[low:high]).startswith(fold(text[low]))


@pytest.mark.parametrize(
    ("text", "part", "original"),
    [
        ("قال ﷲ ثم", "لل", "ﷲ"),
        ("Straße", "stras", "Straß"),
        ("Straße", "se", "ße"),
        ("İzmir", "i", "İ"),
        ("كتُبٌ جديدة", "كتب", "كتُبٌ"),
        ("سلاـم\u200f عليكم", "سلام", "سلاـم\u200f"),
        ("a \t b", " ", " \t "),
        ("بسم ﷺ", "عليه", "ﷺ"),
    ],
)
def test_spans_snap_outward(text: str, part: str, original: str) -> None:
    line = folding(DEFAULT).line(text)
    at = line.text.index(part)
    start, end = line.span(at, at + len(part))
    assert text[start:end] == original


def test_folding_again_changes_nothing() -> None:
    for steps in (DEFAULT, WIDEST):
        fold = folding(steps).fold
        assert [char for char in changing_characters() if fold(fold(char)) != fold(char)] == []


@pytest.mark.parametrize("step", STEPS)
def test_the_widest_folding_sees_the_same_through_any_other(step: Step) -> None:
    """What a rule sees and what automata scan fit together: both ways lead to the widest folding."""
    widest = folding(WIDEST).fold
    for steps in (frozenset({step}), WIDEST - {step}):
        fold = folding(steps).fold
        assert [char for char in changing_characters() if widest(fold(char)) != widest(char)] == []


@pytest.mark.parametrize("steps", [SHAPING, DEFAULT, WIDEST - {"digits"}])
@given(TEXTS)
def test_foldings_with_all_shaping_steps_are_as_long_as_the_widest(steps: frozenset[Step], text: str) -> None:
    assert len(folding(steps).fold(text)) == len(folding(WIDEST).fold(text))


def test_steps_go_by_name() -> None:
    assert expand_steps([]) == frozenset()
    assert expand_steps(["default"]) == set(STEPS) - {"hamza", "digits"}
    assert expand_steps(["default", "digits"]) == DEFAULT | {"digits"}
    assert get_args(Step) == STEPS
    with pytest.raises(ValueError, match="tashkil"):
        expand_steps(["tashkil"])


def test_tables_of_many_foldings_do_not_pile_up() -> None:
    """Fuzzing asked for all 2,048 sets of steps in one process and ran out of memory at 2.5 GB."""
    for number in range(2 * MOST):
        folding(frozenset(step for at, step in enumerate(STEPS) if number >> at & 1)).positions("نص")
    assert folding.cache_info().currsize == MOST
