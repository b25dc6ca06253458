"""Names: proclitics and the article around a wrong form, and what the fix makes of them."""

from __future__ import annotations

import pytest

from kinds.marking import findings, fixed, holds, marked, rule

AXIOS = rule("name", wrong=["البديهية", "بديهية"], right="أكسيوس")
GUARDIAN = rule("name", wrong=["الحارس"], right="الغارديان")
BARE_GUARDIAN = rule("name", wrong=["حارس"], right="غارديان")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("البديهية", "أكسيوس"),
        ("والبديهية", "وأكسيوس"),
        ("فالبديهية", "فأكسيوس"),
        ("بالبديهية", "بأكسيوس"),
        ("كالبديهية", "كأكسيوس"),
        ("للبديهية", "لأكسيوس"),
        ("وللبديهية", "ولأكسيوس"),
        ("فللبديهية", "فلأكسيوس"),
        ("وبالبديهية", "وبأكسيوس"),
        ("وكالبديهية", "وكأكسيوس"),
        ("بديهية", "أكسيوس"),
        ("وبديهية", "وأكسيوس"),
        ("لبديهية", "لأكسيوس"),
        ("ولبديهية", "ولأكسيوس"),
        ("فببديهية", "فبأكسيوس"),
    ],
)
def test_the_article_goes_and_proclitics_stay(text: str, expected: str) -> None:
    assert marked(AXIOS, f"قال {text} أمس") == f"قال <<{text}>> أمس"
    assert fixed(AXIOS, f"قال {text} أمس") == f"قال {expected} أمس"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الحارس", "الغارديان"),
        ("والحارس", "والغارديان"),
        ("بالحارس", "بالغارديان"),
        ("كالحارس", "كالغارديان"),
        ("للحارس", "للغارديان"),
        ("وللحارس", "وللغارديان"),
    ],
)
def test_an_article_of_the_right_form_is_written_as_arabic_does(text: str, expected: str) -> None:
    assert fixed(GUARDIAN, text) == expected


def test_for_the_before_a_word_in_lam() -> None:
    assert fixed(rule("name", wrong=["الطريق"], right="اللوموند"), "للطريق") == "للوموند"


def test_a_form_with_the_article_does_not_stand_for_the_bare_one() -> None:
    holds(GUARDIAN, ["حارس", "وحارس", "لحارس", "<<الحارس>>"])
    holds(BARE_GUARDIAN, ["<<حارس>>", "<<لحارس>>", "الحارس", "بالحارس", "للحارس"])


def test_only_whole_tokens_match() -> None:
    holds(AXIOS, ["البديهيةالأولى", "xالبديهية", "استبديهية", "بديهية2", "«<<البديهية>>»", "(<<بديهية>>)،"])


def test_two_proclitics_of_one_sort_are_no_clitic() -> None:
    holds(AXIOS, ["ووبديهية", "بلالبديهية", "لبالبديهية"])


def test_spelling_is_folded() -> None:
    holds(AXIOS, ["<<البديهيه>>", "<<اَلْبَدِيهِيَّةُ>> كبيرة", "<<البـــديهية>>", "<<البديهية\u200f>>,"])


def test_folding_can_be_switched_off() -> None:
    holds(rule("name", wrong=["حماة"], right="Y", fold=[]), ["<<حماة>>", "حماه", "<<وحماة>>"])
    holds(rule("name", wrong=["علي"], right="Y", fold=["tashkeel"]), ["<<علي>>", "على", "<<عَلي>>"])


def test_several_words_with_clitics_on_the_first() -> None:
    times = rule("name", wrong=["الأوقات المالية"], right="فايننشال تايمز")
    holds(times, ["<<الأوقات المالية>>", "<<للأوقات   المالية>>", "الأوقات والمالية", "الأوقات\nالمالية"])
    assert fixed(times, "وفقا للاوقات الماليه أمس") == "وفقا لفايننشال تايمز أمس"


def test_clitics_can_be_switched_off() -> None:
    holds(rule("name", wrong=["بديهية"], right="Y", clitics=False), ["<<بديهية>>", "وبديهية"])


def test_latin_forms_have_no_clitics() -> None:
    holds(rule("name", wrong=["Axiom"], right="Axios"), ["<<axiom>> said", "Axioms", "وAxiom"])


def test_without_a_right_form_there_is_nothing_to_fix() -> None:
    found = findings(rule("name", wrong=["بديهية"], fix="none"), "بديهية")
    assert [one.fix for one in found] == [None]


def test_the_longest_form_wins_and_matches_do_not_overlap() -> None:
    both = rule("name", wrong=["البيت", "البيت الأبيض"], right="Y")
    holds(both, ["<<البيت الأبيض>> <<والبيت>>"])


def test_a_very_long_word_is_passed_quickly() -> None:
    assert findings(AXIOS, "بديهيه" * 50_000) == []
