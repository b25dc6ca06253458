"""Latin names whose Arabic spelling stands in the same document."""

from __future__ import annotations

import pytest

from kinds.marking import findings, fixed, holds, rule

PAIR = rule("pair")


def test_a_name_left_in_latin_letters() -> None:
    text = "التقى ويتكوف الوفد. وقال Witkoff إن المحادثات تقدمت"
    holds(PAIR, [text.replace("Witkoff", "<<Witkoff>>")])
    assert fixed(PAIR, text) == text.replace("Witkoff", "ويتكوف")
    assert findings(PAIR, text)[0].why == "the text also writes ويتكوف"
    related = findings(PAIR, text)[0].related[0]
    assert text[related.start : related.end] == "ويتكوف"


def test_the_arabic_form_is_taken_without_its_proclitic() -> None:
    assert fixed(PAIR, "اللقاء مع الوفد ولويتكوف رأي آخر وقال Witkoff ذلك").count("ويتكوف") >= 1
    assert "Witkoff" not in fixed(PAIR, "اللقاء مع الوفد وبويتكوف رأي آخر وقال Witkoff ذلك")


@pytest.mark.parametrize(
    "text",
    [
        "شركة Coterra أكثر من غيرها في هذا العام",  # no consonant of أكثر may be missing
        "قال ويتكوف (Witkoff) إن المحادثات تقدمت أمس",  # a gloss
        'قال ويتكوف "Witkoff" إن المحادثات تقدمت أمس',
        "قال ويتكوف WITKOFF إن المحادثات تقدمت أمس",  # not a name's spelling
        "قال ويتكوف witkoff إن المحادثات تقدمت أمس",
        "قال ويتكوف على @Witkoff إن المحادثات تقدمت أمس",
        "قال ويتكوف على witkoff.com/Witkoff إن المحادثات تقدمت أمس في هذا",
        "قال Witkoff إن المحادثات تقدمت أمس",  # no Arabic form
        "يديره ويتكوف Witkoff منذ سنوات طويلة جدا",  # the Arabic form right beside it
        "عرفت ويتكوف (أو Witkoff لمن يبحث عنها) بالهدوء والسكينة",  # a bracket still open
        "صدر عن ويتكوف كتاب اسمه «قصة Witkoff كاملة» في مئة صفحة",
        "درس ويتكوف في Witkoff university في إلينوي مدة طويلة",  # one of several Latin words
        "Witkoff said that ويتكوف would come to the talks again",  # a Latin line
        "قال إن Lee لي في هذا العام",  # too short
        "قال Witkoff إن ـــــ بدأ في هذا العام",  # a word of strokes alone folds to nothing
    ],
)
def test_left_alone(text: str) -> None:
    assert findings(PAIR, text) == []


def test_a_name_of_several_words_is_replaced_only_if_all_are_known() -> None:
    one = "قالت كارلينا إن الروسية Ksenia Karelina عادت إلى بيتها"
    both = "قالت كسينيا كارلينا إن الروسية Ksenia Karelina عادت إلى بيتها"
    assert [found.text for found in findings(PAIR, one)] == ["Ksenia Karelina"]
    assert fixed(PAIR, one) == one
    assert fixed(PAIR, both) == both.replace("Ksenia Karelina", "كسينيا كارلينا")


def test_words_can_be_excepted() -> None:
    assert findings(rule("pair", except_=["Witkoff"]), "قال ويتكوف إن Witkoff عاد أمس") == []


def test_enough_consonants() -> None:
    assert findings(rule("pair", min_consonants=5), "قال ويتكوف إن Witkoff عاد أمس") == []


def test_a_name_made_to_take_for_ever_is_passed_by() -> None:
    endless = "Bcd" + "ae" * 20
    assert findings(PAIR, f"قال {endless} إن بكد{'ا' * 30}س كلام عربي كثير هنا في هذا السطر الطويل") == []


def test_a_directory_of_names_is_passed_by() -> None:
    firsts, vowels, thirds = "BDFGKL", "aeiou", "bdfglmnprstvwzaeiou"
    names = " ".join(f"{one}{two}t{three}kov" for one in firsts for two in vowels for three in thirds)
    assert len(set(names.split())) > 500
    assert findings(PAIR, "كلام عربي كثير ويتكوف " * 1000 + names + " Witkoff") == []
