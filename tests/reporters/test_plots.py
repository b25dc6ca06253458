from __future__ import annotations

import msgspec

from auditor.reporters.plots import BINS, figures

from .samples import metrics


def test_every_document_falls_into_one_bar() -> None:
    rows = [msgspec.structs.replace(metrics(), quality=value, mt_score=None) for value in (0.0, 0.5, 1.0)]
    found = figures(rows)
    assert found["quality"]["bins"] == [1, *[0] * (BINS // 2 - 1), 1, *[0] * (BINS // 2 - 2), 1]
    assert (found["quality"]["count"], found["quality"]["mean"]) == (3, 0.5)
    assert "translation" not in found, "no document was judged"


def test_what_lies_beyond_goes_into_the_last_bar() -> None:
    row = msgspec.structs.replace(metrics(), findings=50, words=10)
    assert figures([row])["density"]["bins"][-1] == 1
