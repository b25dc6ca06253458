"""Phrases: whole lines, starts, ends, anywhere; decoration; extents; folding."""

from __future__ import annotations

import pytest

from kinds.marking import bare, engine, findings, fixed, holds, rule

MORE = rule("lexicon", phrases=["اقرأ أيضا", "شارك"])


def test_a_whole_line_is_the_phrase() -> None:
    holds(MORE, ["<<اقرأ أيضا>>", "نص\n<<شارك>>\nنص", "اقرأ أيضا: خبر", "من اقرأ أيضا"])


@pytest.mark.parametrize(
    "line", ["- شارك", "* شارك:", "1. شارك", "•  شارك …", "| شارك |", ">> شارك", "شارك\u200f", "📷 شارك"]
)
def test_decoration_around_it_is_part_of_the_finding(line: str) -> None:
    made = rule("lexicon", phrases=["شارك", "1. شارك"])
    assert [one.text for one in findings(made, f"نص\n {line} \nنص")] == [line]
    assert fixed(made, f"نص\n {line} \nنص") == "نص\nنص"


@pytest.mark.parametrize("line", ["شارك؟", "شارك?", '"شارك"', "«شارك»", "'شارك'"])
def test_questions_and_quotations_are_no_decoration(line: str) -> None:
    assert findings(MORE, line) == []


def test_phrases_are_folded() -> None:
    holds(MORE, ["<<إقرأ أيضًا>>", "<<اقرا  ايضا>>", "<<شـــارك>>", "<<ﺷﺎﺭﻙ>>"])
    holds(rule("lexicon", phrases=["Read More"]), ["<<READ MORE>>", "<<ＲＥＡＤ more>>", "<<read\u00a0more>>"])


def test_folding_can_be_narrowed() -> None:
    holds(rule("lexicon", phrases=["أ"], fold=[]), ["<<أ>>", "ا", "أَ"])
    holds(rule("lexicon", phrases=["صفحة 12"], fold=["digits", "space"]), ["<<صفحة ١٢>>", "<<صفحة  12>>", "صفحه 12"])
    holds(rule("lexicon", phrases=["مسؤول"], fold=["default", "hamza"]), ["<<مسؤول>>", "<<مسوول>>"])


def test_at_the_start_of_a_line() -> None:
    made = rule("lexicon", phrases=["عاجل"], at="start")
    holds(made, ["<<عاجل>> قال", "- <<عاجل>>: قال", "عاجلا قال", "قال عاجل", "نص\n<<عاجل>>", "وعاجل"])
    assert fixed(made, "عاجل قال الوزير") == "قال الوزير"


def test_at_the_end_of_a_line() -> None:
    made = rule("lexicon", phrases=["يتبع"], at="end")
    holds(made, ["قال <<يتبع>>", "قال <<يتبع>>...", "يتبع قال", "قال يتبعه"])
    assert fixed(made, "قال الوزير يتبع") == "قال الوزير"


def test_anywhere_as_whole_words_without_proclitics() -> None:
    made = rule("lexicon", phrases=["انقر هنا", "انقر"], at="anywhere")
    holds(made, ["قال <<انقر هنا>> الآن", "قال <<انقر>> الآن", "وانقر هنا", "انقره", "(<<انقر>>)"])
    assert fixed(made, "قال انقر هنا ثم") == "قال ثم"


def test_extent_line() -> None:
    made = rule("lexicon", phrases=["انقر هنا"], at="anywhere", extent="line")
    holds(made, ["نص\n<<للمزيد انقر هنا أو هناك>>\nنص"])
    assert fixed(made, "نص\nللمزيد انقر هنا\nنص") == "نص\nنص"


def test_two_phrases_in_a_line_are_one_finding_of_the_line() -> None:
    made = rule("lexicon", phrases=["انقر هنا"], at="anywhere", extent="line")
    assert [one.text for one in findings(made, "انقر هنا أو انقر هنا")] == ["انقر هنا أو انقر هنا"]


def test_extent_to_the_end() -> None:
    made = rule("lexicon", phrases=["اقرأ أيضا"], at="anywhere", extent="to-end")
    holds(made, ["قال الوزير <<اقرأ أيضا: خبر آخر.>>\nنص"])
    assert fixed(made, "قال الوزير. اقرأ أيضا: خبر آخر.  \nنص") == "قال الوزير.\nنص"
    assert fixed(made, "نص\nاقرأ أيضا: خبر\nنص") == "نص\nنص"


def test_replace() -> None:
    made = rule("lexicon", phrases=["عبر الإنترنت"], at="anywhere", replace="على الشبكة")
    assert fixed(made, "نشر عبر الانترنت أمس") == "نشر على الشبكة أمس"


def test_the_longest_phrase_wins_and_phrases_do_not_overlap() -> None:
    holds(rule("lexicon", phrases=["a b", "b c", "a b c"], at="anywhere"), ["x <<a b c>> <<b c>>"])


def test_several_rules_find_each_their_own() -> None:
    both = engine(rule("lexicon", phrases=["x"], id="t/one"), rule("lexicon", phrases=["X", "y"], id="t/two"))
    assert [one.rule for one in findings(both, "x\ny")] == ["t/one", "t/two", "t/two"]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_line_at_the_end_of_the_file_goes_with_its_line_break(end: str) -> None:
    assert fixed(MORE, f"نص\r\nشارك{end}") == "نص" + ("\r\n" if end else "")


def test_a_document_of_one_line_may_become_empty() -> None:
    assert fixed(MORE, "شارك") == ""
    assert fixed(MORE, "شارك\nاقرأ أيضا") == ""


def test_the_reason_tells_the_place() -> None:
    assert findings(MORE, "شارك")[0].why == "the whole line"
    assert findings(rule("lexicon", phrases=["x"], at="start"), "x y")[0].why == "at the line's start"


def test_offsets_count_code_points_beyond_the_basic_plane_too() -> None:
    assert [(one.start, one.end) for one in findings(MORE, "😀😀\nشارك")] == [(3, 7)]


def test_u2028_ends_no_line() -> None:
    assert findings(MORE, "نص\u2028شارك") == []


def test_marks_in_this_file_are_well_formed() -> None:
    assert bare("a<<b>>c") == "abc"
