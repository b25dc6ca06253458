"""Which documents a rule looks at: `when`, and the language that it and `when-language` ask for."""

from __future__ import annotations

from functools import lru_cache

from auditor.batch import Batch
from auditor.features import Features
from auditor.kinds.base import When
from auditor.metrics import language

ARABIC_SCRIPT = frozenset({"ar", "fa", "ur"})  # what `language` tells apart by letters, without a detector


def wanted(when: When | None, batch: Batch, document: int) -> bool:
    """Whether a document has the words and the language that a rule asks for; cheap questions come first."""
    if when is None:
        return True
    if when.min_words is not None and batch.view(Features).document_words[document] < when.min_words:
        return False
    return not when.language or language_of(batch, document, frozenset(when.language)) in when.language


def language_of(batch: Batch, document: int, among: frozenset[str]) -> str | None:
    """A document's language, or None where it can be none of ``among`` (which spares asking the detector)."""
    of = batch.view(Features)
    if among <= ARABIC_SCRIPT and of.document_arabic[document] == 0:
        return None
    return _language(batch.documents[document].text)


@lru_cache(maxsize=64)
def _language(text: str) -> str | None:
    """Several rules ask about one document in a row."""
    return language(text)
