"""What stands around a match: cues, exceptions, the place in the document; and what deleting takes with it."""

from __future__ import annotations

import pytest

from auditor.kinds import AnyRule
from kinds.marking import findings, fixed, holds, marked, rule


def near(*cues: str, before: int = 3, after: int = 2) -> AnyRule:
    return rule("name", wrong=["البديهية"], right="Y", near={"any": cues, "before": before, "after": after})


def test_a_cue_must_stand_within_so_many_words_before() -> None:
    holds(
        near("صحيفة"),
        [
            "صحيفة <<البديهية>>",
            "صحيفة واحد اثنان <<البديهية>>",
            "صحيفة واحد اثنان ثلاثة البديهية",
            "البديهية",
        ],
    )


def test_or_after() -> None:
    holds(
        near("صحيفة"),
        ["<<البديهية>> صحيفة", "<<البديهية>> واحد صحيفة", "البديهية واحد اثنان صحيفة"],
    )


@pytest.mark.parametrize("stop", [".", "!", "?", "؟", "۔", "…", "؛", ";"])
def test_but_in_the_same_sentence(stop: str) -> None:
    holds(near("صحيفة"), [f"صحيفة{stop} البديهية", f"البديهية{stop} صحيفة", f"نص{stop} صحيفة <<البديهية>>{stop}"])


def test_a_comma_or_a_decimal_point_ends_no_sentence() -> None:
    holds(near("صحيفة"), ["صحيفة، <<البديهية>>", "صحيفة 2.5 <<البديهية>>", "صحيفة: <<البديهية>>"])


def test_and_on_the_same_line() -> None:
    holds(near("صحيفة"), ["صحيفة\nالبديهية", "البديهية\nصحيفة"])


def test_cues_are_folded_and_may_carry_proclitics() -> None:
    holds(
        near("صحيفة"),
        [
            "صَحِيفه <<البديهية>>",
            "لصحيفة <<البديهية>>",
            "الصحيفة <<البديهية>>",
            "وللصحيفة <<البديهية>>",
            "مصحيفة البديهية",
        ],
    )


def test_a_cue_of_several_words() -> None:
    holds(near("نقل عن"), ["نقل عن <<البديهية>>", "ونقل عن <<البديهية>>", "نقل وعن البديهية", "عن نقل البديهية"])


def test_a_cue_that_ends_in_a_lone_proclitic_takes_the_beginning_of_the_next_word() -> None:
    holds(
        near("وفقا ل"),
        ["وفقا <<للبديهية>>", "وفقا لموقع <<البديهية>>", "وفقا البديهية", "ووفقا <<للبديهية>>", "وفقا، قال، البديهية"],
    )


def test_the_reason_names_the_cue() -> None:
    assert findings(near("قال", "صحيفة"), "صحيفة البديهية")[0].why == "near 'صحيفة'"
    assert findings(near("قال", "صحيفة"), "صحيفة قال البديهية")[0].why == "near 'قال'"


def test_not_near() -> None:
    made = rule("name", wrong=["البديهية"], right="Y", not_near={"any": ["الحقائق"], "before": 2, "after": 1})
    holds(made, ["الحقائق البديهية", "البديهية الحقائق", "الحقائق. <<البديهية>>", "الحقائق في كل <<البديهية>>"])


def test_a_window_of_no_words_sees_nothing() -> None:
    holds(near("صحيفة", before=0), ["صحيفة البديهية", "<<البديهية>> صحيفة"])


def test_a_match_inside_a_word_is_not_its_own_cue() -> None:
    made = rule("regex", pattern="ابج", near={"any": ["ابجد", "x"], "before": 1, "after": 1})
    holds(made, ["ابجد", "x <<ابج>>د", "<<ابج>>د <<ابج>>د"])


def test_exceptions_cover_the_match() -> None:
    made = rule("name", wrong=["البديهية"], right="Y", except_=["الحقائق البديهية", "البديهية الأولى"])
    holds(made, ["الحقائق البديهية", "البديهية الاولي", "<<البديهية>> الثانية", "<<البديهية>> الحقائق البديهية"])


def test_first_and_last_lines_count_lines_that_are_not_blank() -> None:
    first = rule("regex", pattern="x", first_lines=2)
    last = rule("regex", pattern="x", last_lines=1)
    either = rule("regex", pattern="x", first_lines=1, last_lines=1)
    holds(first, ["\n<<x>>\n \n<<x>>\nx", "<<x>>"])
    holds(last, ["x\nx\n<<x>>\n\n", "<<x>>"])
    holds(either, ["<<x>>\nx\n<<x>>"])
    assert findings(last, "a\nx\n")[0].why == "line 1 from the end of its text"
    assert findings(first, "x\na\nb")[0].why == "line 1 of its text"


def test_max_words_is_of_the_line() -> None:
    holds(rule("regex", pattern="x", max_words=3), ["a b <<x>>", "a b c x", "a b c x\n<<x>>"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال x أمس", "قال أمس"),  # the white space after it goes
        ("قال أمس  x", "قال أمس"),  # at the end the white space before it
        ("قال أمس x  ", "قال أمس"),
        ("x قال", "قال"),
        ("(x) قال", "() قال"),
        ("قال،x أمس", "قال، أمس"),  # glued to what stands before it, the blank after it stays
        ("أ\nx\nب", "أ\nب"),  # alone on its line, the line goes
        ("أ\n  x  \nب", "أ\nب"),
        ("أ\r\nx\r\nب", "أ\r\nب"),
        ("أ\r\nقال x\r\nب", "أ\r\nقال\r\nب"),
        ("أ\nx", "أ"),  # the last line takes the line break before it
        ("أ\r\nx", "أ"),
        ("أ\nx\n", "أ\n"),  # unless it has one of its own
        ("أ\n\nx\n\nب", "أ\n\nب"),  # one blank line between paragraphs stays
        ("أ\n\nx", "أ"),
        ("x\n\nأ", "أ"),
        ("x\nأ", "أ"),
        ("x", ""),
        ("x\n", ""),
        ("  x  ", ""),
        ("\n\nx\n\n", "\n\n"),
    ],
)
def test_what_a_deletion_takes_with_it(text: str, expected: str) -> None:
    assert fixed(rule("lexicon", at="anywhere", phrases=["x"]), text) == expected


def test_documents_do_not_see_each_other() -> None:
    assert marked(near("صحيفة"), "صحيفة") == "صحيفة"


def test_a_long_line_with_many_matches_is_quick() -> None:
    assert len(findings(near("صحيفة"), "صحيفة البديهية كلمة " * 3_000)) == 3_000


def test_in_text_asks_for_what_a_text_is_about() -> None:
    about_sport = rule("name", wrong=["النسور"], right="Y", **{"in-text": {"any": ["بيسبول", "دوري المحترفين"]}})
    holds(
        about_sport,
        [
            "بدأ موسم البيسبول. نص آخر.\nفاز <<النسور>> أمس",
            "فاز <<النسور>> أمس\nهذا دوري المحترفين",
            "فاز النسور أمس\nهذا دوري. المحترفون",
            "فاز النسور أمس",
        ],
    )
    assert findings(about_sport, "لعبة بيسبول\nفاز النسور")[0].why == "in a text with 'بيسبول'"


def test_in_text_counts_different_cues() -> None:
    two = rule("name", wrong=["النسور"], right="Y", **{"in-text": {"any": ["بيسبول", "شوط"], "at-least": 2}})
    holds(two, ["بيسبول\nفي الشوط <<النسور>>", "بيسبول بيسبول\nالنسور", "شوط\nالنسور"])


def test_in_text_adds_to_near() -> None:
    both = rule("name", wrong=["النسور"], right="Y", near={"any": ["فريق"]}, **{"in-text": {"any": ["بيسبول"]}})
    holds(both, ["بيسبول\nفريق <<النسور>>", "بيسبول\nالنسور", "فريق النسور"])
    assert findings(both, "بيسبول\nفريق النسور")[0].why == "near 'فريق', in a text with 'بيسبول'"
