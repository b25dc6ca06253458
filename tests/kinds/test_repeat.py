"""Lines and paragraphs that a document prints again."""

from __future__ import annotations

from auditor.check import check
from auditor.model import Document
from kinds.marking import engine, findings, fixed, holds, rule

LINE = "هذا سطر طويل بما يكفي ليعد"
OTHER = "وهذا سطر آخر طويل بما يكفي"
LINES = rule("repeat")


def test_later_copies_are_found_and_go() -> None:
    holds(LINES, [f"{LINE}\n{OTHER}\n<<{LINE}>>\n<<{LINE}>>", LINE, f"{LINE}\n{OTHER}"])
    assert fixed(LINES, f"{LINE}\n{OTHER}\n{LINE}\n{LINE}\nنهاية") == f"{LINE}\n{OTHER}\nنهاية"


def test_short_lines_may_repeat() -> None:
    holds(LINES, ["قصير\nقصير", "a" * 19 + "\n" + "a" * 19, "a" * 20 + "\n<<" + "a" * 20 + ">>"])
    holds(rule("repeat", min_chars=3), ["abc\n<<abc>>", "ab\nab"])


def test_min_chars_counts_folded_characters() -> None:
    holds(rule("repeat", min_chars=4), ["كَلِم\nكَلِم", "كلمة\n<<كَلمه>>"])


def test_folding_and_blanks_do_not_tell_lines_apart() -> None:
    holds(rule("repeat", min_chars=5), ["إعلان مهم\n  <<اعلانٌ  مهم>> "])
    holds(rule("repeat", min_chars=5, fold=[]), ["إعلان مهم\nاعلان مهم", "إعلان مهم\n<<إعلان مهم>>"])


def test_only_copies_that_follow_directly() -> None:
    holds(rule("repeat", adjacent=True), [f"{LINE}\n\n<<{LINE}>>\nx\n{LINE}", f"{LINE}\nx\n{LINE}\n<<{LINE}>>"])


def test_paragraphs() -> None:
    made = rule("repeat", unit="paragraph", min_chars=5)
    block = "السطر الأول\nالسطر الثاني"
    holds(made, [f"{block}\n\nنص\n\n<<{block}>>\n\nنص", "سطر واحد\n\nسطر واحد"])
    assert fixed(made, f"{block}\n\nنص\n\n{block}\n\nنهاية") == f"{block}\n\nنص\n\nنهاية"
    assert fixed(made, f"{block}\n\nنص\n\n{block}") == f"{block}\n\nنص"
    assert fixed(made, f"{block}\n\nنص\n\n{block}\n") == f"{block}\n\nنص\n\n"


def test_beginnings_are_reported_and_never_fixed() -> None:
    made = rule("repeat", same="beginning", min_chars=10, fix="none")
    found = findings(made, f"{LINE}\n{LINE} ثم زاد عليه\n{LINE}")
    assert [(one.line, one.fix) for one in found] == [(2, None)]


def test_why_and_message_tell_how_often_and_where_first() -> None:
    made = rule("repeat", message="{count} times, first on line {first}")
    found = findings(made, f"x\n{LINE}\n{LINE}\n{LINE}")
    assert [one.message for one in found] == ["2 times, first on line 2", "3 times, first on line 2"]
    assert found[0].why == "2 times, first on line 2"
    assert [(span.start, span.end) for span in found[1].related] == [(2, 2 + len(LINE))]


def test_windows_line_ends() -> None:
    assert fixed(LINES, f"{LINE}\r\n{LINE}\r\nx\r\n{LINE}") == f"{LINE}\r\nx"


def test_documents_do_not_repeat_each_other() -> None:
    assert [one.findings for one in check(engine(LINES), [Document(text=LINE), Document(text=LINE)])] == [[], []]


def test_beginnings_can_be_marked_at_both_places() -> None:
    made = rule("repeat", same="beginning", mark="both", min_chars=10, fix="none")
    start = "السطر الأول هنا"
    holds(made, [f"<<{start}>> قصير\nx\n<<{start}>> طويل وأطول\n<<{start}>> آخر"])


TITLES = rule("repeat", same="run", mark="both", min_words=4, min_chars=10, first_lines=3, fix="none")


def test_titles_that_share_a_run_of_words() -> None:
    holds(
        TITLES,
        [
            "<<العمدة يفتتح الجسر الجديد>> | الوادي\n\nأخبار.. <<العمدة يفتتح الجسر الجديد>> غدا",
            "العمدة يفتتح الجسر\nالعمدة يفتتح الجسر اليوم",
            "العمدة يفتتح الجسر الجديد\nالعمدة يفتتح الجسر الجديد",
            "العمدة يفتتح الجسر الجديد شرق\nقال إن العمدة يفتتح الجسر الجديد شرق النهر.",
        ],
    )


def test_titles_stand_at_the_top() -> None:
    holds(TITLES, ["x\ny\nz\nالعمدة يفتتح الجسر الجديد غدا\nالعمدة يفتتح الجسر الجديد أمس"])


def test_the_run_is_half_of_the_shorter_title() -> None:
    words = "واحد اثنان ثلاثة أربعة"
    holds(TITLES, [f"{words} {'أ ب ج د ه'}\n{words} و ز ح ط ي ك", f"<<{words}>> أ ب ج د\n<<{words}>> و ز ح ط ي ك"])
