"""The score of machine translation: what is judged, what drives it, and what the shipped weights are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from auditor import mtscore
from auditor.mtscore import NOT_JUDGED, Model, Models, judge, judged, models, weigh
from auditor.mtsignals import SIGNALS

MACHINE = (
    "لقد تم تنفيذ هذا المشروع من قبل الشركة بشكل سريع، وهو يعد أيضًا واحدًا من المشاريع التي تم الإعلان عنها الآن. "
    "ومع ذلك، هناك العديد من الأشخاص الذين يقولون إن هذا ليس هو الحل. إنه شيء يجب أن نفكر فيه جميعًا عندما نقوم "
    "ببناء مدينة جديدة. هل يمكن أن يكون هذا ممكنًا؟ وفي يوم السبت، قام المدير بزيارة الموقع مع فريقه. "
)
PRESS = (
    "أكدت مصادر في حزب «النهضة» ان اللقاء بين رئيس الحزب والوفد الزائر تناول الاوضاع في الاقليم وسبل دعم الاستقرار "
    "لافتة الى ان الجانبين اتفقا على مواصلة التشاور فيما نفى القيادي في حركة «العدل» علمه بالامر عقب انتهاء الاجتماع "
    "وفق بيان وزع على وسائل الاعلام إثر الجلسة مشيرا الى ان الملف احيل الى لجنة مشتركة"
)


def test_a_translation_and_a_piece_of_the_press() -> None:
    machine, press = judge(MACHINE), judge(PRESS)
    assert machine.score is not None
    assert press.score is not None
    assert machine.score > 0.9 > 0.3 > press.score
    assert len(machine.signals) == mtscore.NAMED
    assert "more: hamzas left out" in press.signals


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("short", MACHINE[:290]),
        ("few words among links", "جاء الولد https://example.org/" + "a" * 300),
        ("dialect", "مش عارف ليش هيك بدي أروح اللي بالبيت كتير منيح بس عشان " * 8),
        ("code", "إذا كان (x == 1) { y = f(); } else { z = g(); } فإن القيمة تعود كما هي \n" * 8),
        ("a list", "الصفحة الأولى\nالأخبار المحلية\nاتصل بنا\n" * 12),
        ("no Arabic", "The minister said that the talks had moved on. " * 10),
    ],
)
def test_what_is_not_judged(what: str, text: str) -> None:
    assert judge(text) == NOT_JUDGED, what


def test_prose_that_speaks_of_states_and_uncles_is_no_dialect() -> None:
    text = "وقال عم الوزير إن دول المنطقة قوي بعضها ببعض وإن ما مضى راح ولن يعود. " * 6
    assert judge(text).score is not None


def tiny(weight: float, bias: float) -> Model:
    return Model(signals=("commas",), mean=(0.0,), scale=(0.1,), weights=(weight,), bias=bias)


def test_the_two_models_are_mixed_by_the_orders_in_a_text() -> None:
    by = Models(schema=1, gate=(0.01, 0.03), prose=tiny(1.0, 0.0), instructions=tiny(0.0, 3.0))
    figures = np.zeros(len(SIGNALS))
    assert weigh(figures, by).score == 0.5
    figures[SIGNALS.index("orders and second person")] = np.sqrt(0.03)
    assert weigh(figures, by).score == 0.9526
    figures[SIGNALS.index("orders and second person")] = np.sqrt(0.02)
    assert weigh(figures, by).score == 0.8176


def test_signals_speak_for_the_score() -> None:
    by = Models(schema=1, gate=(0.01, 0.03), prose=tiny(1.0, 0.0), instructions=tiny(1.0, 0.0))
    figures = np.zeros(len(SIGNALS))
    figures[SIGNALS.index("commas")] = 0.2
    assert weigh(figures, by).signals == ("more: commas",)
    low = Models(schema=1, gate=(0.01, 0.03), prose=tiny(-1.0, 0.0), instructions=tiny(1.0, 0.0))
    assert weigh(figures, low) == (0.1192, ("more: commas",))


def test_a_far_figure_counts_no_more_than_the_limit() -> None:
    by = Models(schema=1, gate=(0.01, 0.03), prose=tiny(1.0, 0.0), instructions=tiny(1.0, 0.0))
    figures = np.full(len(SIGNALS), 1000.0)
    assert weigh(figures, by).score == 0.982


def test_the_shipped_weights_fit_the_signals() -> None:
    assert (Path(mtscore.__file__).parent / "models" / "mt.json").stat().st_size < 1 << 20
    for model in (models().prose, models().instructions):
        assert set(model.signals) <= set(SIGNALS)
        assert len(model.signals) == len(model.mean) == len(model.scale) == len(model.weights)
        assert min(model.scale) > 0


def test_the_same_text_has_the_same_score() -> None:
    assert len({judge(MACHINE) for _ in range(5)}) == 1
    assert len({judge(text) for text in (MACHINE, MACHINE)}) == 1
    assert judged([PRESS, MACHINE, "", MACHINE])[1::2] == [judge(MACHINE)] * 2
