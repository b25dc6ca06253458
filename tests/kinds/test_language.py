"""Lines and documents in another language: what letters decide, and what a detector is asked."""

from __future__ import annotations

from typing import Any

import pytest

from auditor import detectors
from auditor.check import Engine
from auditor.detectors import BACKENDS, Backend, Detected, detect, require
from auditor.errors import ConfigError
from kinds.marking import engine, findings, fixed, holds, rule

ARABIC = "قال العمدة إن الجسر الجديد سيفتح أمام السيارات قريبا"
PERSIAN = "شهردار گفت که پل جدید به زودی برای خودروها باز می‌شود"
ENGLISH = "The mayor opened the new bridge over the river on Monday"
GERMAN = "Der Bürgermeister eröffnete am Montag die neue Brücke über den Fluss"


def language(*expected: str, **fields: Any) -> Engine:
    return engine(rule("language", expected=list(expected), **{"min_letters": 20, **fields}))  # type: ignore[arg-type]


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    def detect(text: str, backend: str) -> None:
        raise AssertionError(f"{backend} was asked about {text!r}")

    monkeypatch.setattr("auditor.kinds.language.detect", detect)


@pytest.mark.usefixtures("silent")
def test_another_script_needs_no_detector() -> None:
    holds(language("ar"), [f"{ARABIC}\n<<{ENGLISH}>>\n{ARABIC}", f"<<{'книга и перо ' * 3}>>".replace(" >>", ">> ")])
    assert findings(language("ar"), ENGLISH)[0].why == "46 of 46 letters are Latin"


@pytest.mark.usefixtures("silent")
def test_letters_tell_persian_from_arabic() -> None:
    holds(language("ar"), [f"<<{PERSIAN}>>\n{ARABIC}"])
    holds(language("ar", "fa", "ur"), [f"{PERSIAN}\n{ARABIC}"])
    assert findings(language("ar"), PERSIAN)[0].why == "letters of fa"


@pytest.mark.usefixtures("silent")
def test_short_and_mixed_lines_are_left_alone() -> None:
    holds(language("ar"), ["Northern Bridges", "وقعت العقد شركة Northern Bridges and Roads Limited الجديدة"])


def test_within_a_script_the_detector_is_asked() -> None:
    holds(language("en"), [f"{ENGLISH}\n<<{GERMAN}>>\n<<{ARABIC}>>"])
    assert findings(language("en"), GERMAN)[0].why == "langdetect: de (1.00)"


def test_a_detector_that_is_not_sure_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.kinds.language.detect", lambda text, backend: Detected("de", 0.8))
    holds(language("en"), [ENGLISH])
    holds(language("en", min_probability=0.7), [f"<<{ENGLISH}>>"])


def test_whole_documents() -> None:
    made = language("ar", unit="document", fix="none")
    holds(made, [f"<<{ENGLISH}\nx>>\n", f"{ARABIC}\n{ENGLISH}\n{ARABIC}"])


def test_only_in_documents_of_a_language() -> None:
    made = language("ar", when={"language": ["ar"]})
    holds(made, [f"{ARABIC}\n<<{ENGLISH}>>", f"{ENGLISH}\n{GERMAN}\n{ENGLISH}"])


def test_the_fix_of_a_line_deletes_it() -> None:
    assert fixed(language("ar"), f"{ARABIC}\n{ENGLISH}\n{ARABIC}") == f"{ARABIC}\n{ARABIC}"


def test_a_detector_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detectors, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"'lingua' is not installed; pip install 'corpus-auditor\[lid\]'"):
        language("en", backend="lingua")


@pytest.mark.parametrize("backend", BACKENDS)
def test_all_detectors_agree_on_the_easy_ones(backend: Backend) -> None:
    try:
        require(backend)
    except ConfigError:
        pytest.skip(f"{backend} is not installed")
    found = [detect(text, backend) for text in (ARABIC, ENGLISH, GERMAN)]
    assert [one and one.language for one in found] == ["ar", "en", "de"]
    assert all(one and 0.5 < one.probability <= 1 for one in found)
    assert detect("", backend) is None
    assert found == [detect(text, backend) for text in (ARABIC, ENGLISH, GERMAN)]
