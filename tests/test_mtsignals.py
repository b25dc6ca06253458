"""What the signals count, each on a text of its own."""

from __future__ import annotations

import pytest

from auditor.mtreadings import Figures, Readings
from auditor.mtsignals import READ, SIGNALS


def signals(text: str) -> Figures:
    return Readings([text]).figures[0]


def figure(name: str, text: str) -> float:
    return float(signals(text)[SIGNALS.index(name)])


def count(name: str, text: str) -> int:
    """How often a signal that is counted per Arabic word stands in a text."""
    return round(figure(name, text) ** 2 * int(Readings([text]).words[0]))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("تم and a verbal noun", "تم فتح الباب ويتم غلقه", 2),
        ("hamzas left out", "قال انه ذهب الى البيت", 2),
        ("tanween left out", "جاء أيضا وأيضاً وأيضًا", 1),
        ("ًا", "جاء أيضًا وأيضاً", 1),
        ("-ه", "الصفحه ثم المجموعه", 2),
        ("prepositions set apart", "عنوان ل Mac و ب Windows", 3),
        ("prepositions with tatweel", "عنوان لـ Mac وبـ Windows", 2),
        ("single words in quotes", 'حركة "النهضة" وحزب «الأمة» و"كلام طويل"', 2),
        ("full stops", "جاء. ذهب.\nبقي 3.5", 2),
        ("stops inside markup", "اختر **فتح،** ثم", 1),
        ("vowel signs", "يُعَدّ", 3),
    ],
)
def test_counts(name: str, text: str, expected: int) -> None:
    assert count(name, text) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("commas with a space before", "جاء ، وذهب، ثم عاد", 0.5),
        ("commas with ف after", "إذا جاء، فاذهب وإن لم يأت، انتظر", 0.5),
        ("sentences opening with إن", "إن البيت كبير. جاء الولد. إنه هنا الآن!", 2 / 3),
        ("openings closed by a comma", "ومع ذلك، جاء الولد. جاء الولد مع أخيه وأبيه وأمه، وجلس", 0.5),
        ("sentences opening with a noun", "الولد جاء. وجاءت البنت", 0.5),
        ("different words", "جاء جاء ذهب عاد", 0.75),
    ],
)
def test_shares(name: str, text: str, expected: float) -> None:
    assert figure(name, text) == pytest.approx(expected)


def test_links_and_tags_are_not_read() -> None:
    text = "جاء الولد إلى البيت"
    assert (signals(f"{text} https://example.org/a?b=ل #وسم_هنا @someone") == signals(text)).all()


def test_only_the_beginning_is_read() -> None:
    text = "جاء الولد إلى البيت. " * READ
    assert len(Readings([text]).texts[0]) <= READ


def test_names_are_unique() -> None:
    assert len(set(SIGNALS)) == len(SIGNALS)
