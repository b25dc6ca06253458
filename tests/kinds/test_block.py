"""Runs of short lines: where they begin and end, where they stand, and what is left to its owner."""

from __future__ import annotations

from kinds.marking import fixed, holds, rule

PROSE = "قالت الوزارة في بيان صدر صباح الأحد إن الطريق الجديد سيفتح أمام السيارات."
MORE = "وأضافت أن العمل في الجسر المجاور له انتهى قبل أسبوعين بعد تأخير طويل."
LINKS = "معرض الزهور\nمباراة القمة\nأسعار الخضار"
MENU = "الرئيسية\nسياسة\nاقتصاد\nرياضة"
RELATED = rule("block", begins_with=["اقرأ أيضا"], min_lines=2)


def test_a_heading_and_what_follows_it() -> None:
    holds(
        RELATED,
        [f"{PROSE}\n<<← إقرأ أيضًا:\n{LINKS}>>", f"{PROSE}\n\n<<اقرأ أيضا\n\n{LINKS}>>\n\n", f"{PROSE}\n{LINKS}"],
    )


def test_prose_ends_it_and_the_line_before_may_be_its_heading() -> None:
    holds(
        RELATED,
        [f"<<اقرأ أيضا\nمعرض الزهور\nمباراة القمة>>\nالموعد\n{MORE}", f"اقرأ أيضا\nمعرض الزهور\nالموعد\n{MORE}"],
    )
    holds(rule("block", begins_with=["اقرأ أيضا"], spare=0), [f"<<اقرأ أيضا\n{LINKS}>>\n{MORE}"])


def test_the_heading_is_not_counted() -> None:
    holds(rule("block", begins_with=["اقرأ أيضا"], min_lines=4), [f"{PROSE}\nاقرأ أيضا\n{LINKS}"])


def test_another_heading_ends_it() -> None:
    made = rule("block", begins_with=["اقرأ أيضا"], stop_at=["المراجع"], min_lines=2)
    holds(made, [f"<<اقرأ أيضا\n{LINKS}>>\nالمراجع\nدليل الطرق\nتاريخ الجسور"])


def test_a_run_that_is_too_long_is_something_else() -> None:
    made = rule("block", begins_with=["اقرأ أيضا"], max_lines=3)
    holds(made, [f"<<اقرأ أيضا\n{LINKS}>>", f"اقرأ أيضا\n{LINKS}\nخط آخر"])


def test_longer_lines_and_sentences_are_no_menu() -> None:
    holds(
        rule("block", max_words=2),
        [f"<<{MENU}>>", "خطوات التسجيل في المدرسة\nملء الاستمارة ثم إرسالها\nانتظار الرد على الطلب"],
    )
    holds(rule("block"), ["كيف حالك؟\nأنا بخير.\nوأنت؟"])
    holds(rule("block", max_ended=1), ["<<كيف حالك؟\nأنا بخير.\nوأنت؟>>"])


def test_lists_with_bullets_can_be_left_alone() -> None:
    holds(rule("block", max_bulleted=0.5), ["- سكر\n- طحين\n• زبدة", f"<<{MENU}>>"])


def test_position() -> None:
    text = f"{MENU}\nالعنوان\n{PROSE}\n{LINKS}\nالموعد\n{MORE}\n{LINKS}"
    before, between, after = text.split(PROSE)[0], text.split(PROSE)[1].split(MORE)[0], text.split(MORE)[1]
    menu = f"<<{MENU}>>\nالعنوان\n"
    links = f"\n<<{LINKS}>>\nالموعد\n"
    tail = f"\n<<{LINKS}>>"
    holds(rule("block", position="before-prose"), [f"{menu}{PROSE}{between}{MORE}{after}"])
    holds(rule("block", position="between-prose"), [f"{before}{PROSE}{links}{MORE}{after}"])
    holds(rule("block", position="after-prose"), [f"{before}{PROSE}{between}{MORE}{tail}"])
    holds(rule("block"), [f"{menu}{PROSE}{links}{MORE}{tail}"])


def test_a_text_without_prose_has_no_position() -> None:
    holds(rule("block", position="after-prose"), [MENU])
    holds(rule("block", position="before-prose"), [MENU])


LABELS = rule("block", made_of=["سياسة", "اقتصاد", "رياضة", "ثقافة"])


def test_made_of_known_labels() -> None:
    holds(LABELS, [f"الجسر الجديد\n<<سياسة\n← اقتصاد\n\nرياضة:>>\nمعرض الزهور\n{PROSE}", "سياسة\nاقتصاد\nمعرض الزهور"])


def test_others_may_stand_between_two_labels_if_they_hold_a_letter() -> None:
    made = rule("block", made_of=["سياسة", "اقتصاد", "رياضة", "ثقافة"], others=1)
    holds(made, ["معرض\n<<سياسة\nمعرض\nاقتصاد\nرياضة>>\nمعرض", "سياسة\n12\nاقتصاد\n30\nرياضة\n8"])
    holds(made, ["سياسة\nمعرض\nحديقة\n<<اقتصاد\nرياضة\nثقافة>>", "سياسة\nمعرض\nاقتصاد"])


def test_the_fix_deletes_the_lines() -> None:
    assert fixed(RELATED, f"{PROSE}\nاقرأ أيضا\n{LINKS}\nالموعد\n{MORE}") == f"{PROSE}\nالموعد\n{MORE}"
    assert fixed(RELATED, f"{PROSE}\r\n\r\nاقرأ أيضا\r\n{LINKS}\r\n") == f"{PROSE}\r\n\r\n"
