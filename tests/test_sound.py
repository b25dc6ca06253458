"""JSON of any text."""

from __future__ import annotations

import msgspec
import pytest

from auditor.model import Span
from auditor.sound import encode, sound


@pytest.mark.parametrize("text", ["a\ud800b", "\udfff", "\ufffd\ufffd\ufffd\ud834", "👩‍🔬"])
def test_a_text_keeps_its_code_points_in_number_and_place(text: str) -> None:
    kept = msgspec.json.decode(encode({"text": text, text: [text]}))
    assert kept == {"text": sound(text), sound(text): [sound(text)]}
    assert len(sound(text)) == len(text)
    assert all(new == old or new == "\ufffd" for new, old in zip(sound(text), text, strict=True))


def test_other_values_are_as_msgspec_has_them() -> None:
    assert encode((Span(1, 2), None, 0.5)) == b'[{"start":1,"end":2},null,0.5]'
