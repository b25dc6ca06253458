"""Repairs that a rule can name: from what was found to what should stand there, or None where that is not certain."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Literal

from auditor.expressions import expression

Repair = Literal["mojibake", "presentation-forms", "unescape", "arabic-letters"]

_DECODED = expression(r"[\p{Arabic}\p{M}،؛؟٪٫٬\u200c-\u200f«»‘’“”…–—•\u00a0\s\x21-\x7e]+")
_ARABIC = expression(r"\p{Arabic}")
_PUNCTUATION = expression(r"[\u2010-\u203f«»·\u00a0\s\x21-\x7e]+")
_JOINS = {"<initial>": (False, True), "<medial>": (True, True), "<final>": (True, False), "<isolated>": (False, False)}
_WORDS = expression(r"[^\s]+")
_MOST_UNESCAPED = 8


def mojibake(text: str) -> str | None:
    """UTF-8 read as windows-1252, Latin-1 or windows-1256, decoded again: exactly, or not at all.

    UTF-8 tells itself: a byte lost or changed on the way makes the whole undecodable.
    """
    for back in (_bytes_1252(), _bytes_1256()):
        try:
            decoded = bytes(back[char] for char in text).decode()
        except (KeyError, UnicodeDecodeError):
            continue
        if (_DECODED.fullmatch(decoded) and _ARABIC.search(decoded)) or _PUNCTUATION.fullmatch(decoded):
            return decoded
    return None


@cache
def _bytes_1252() -> dict[str, int]:
    """Characters to bytes, as windows-1252 and as Latin-1, which browsers mix."""
    known = {bytes([byte]).decode("cp1252", "ignore"): byte for byte in range(256)}
    return {chr(byte): byte for byte in range(256)} | {char: byte for char, byte in known.items() if char}


@cache
def _bytes_1256() -> dict[str, int]:
    return {bytes([byte]).decode("cp1256"): byte for byte in range(256)}


def presentation_forms(text: str) -> str | None:
    """Letters for their presentation forms, if the words are stored in reading order.

    Old software also stored words as displayed, last letter first. The forms tell: a final form does not begin a
    word. Words of isolated forms alone tell nothing, so one word at least must be certain, and none contradict it.
    """
    certain = False
    for word in _WORDS.findall(text):
        forms = [_form(char) for char in word if not _is_mark(char)]
        logical, visual = _connected(forms), _connected(forms[::-1])
        if not logical:
            return None
        certain = certain or not visual
    if not certain:
        return None
    return "".join(_letters(char) for char in text)


def _connected(forms: list[tuple[bool, bool] | None]) -> bool:
    """Whether each letter is joined to the next exactly where the next is joined to it."""
    before = False
    for form in forms:
        if form is None:  # no letter: nothing joins across it
            if before:
                return False
            continue
        if form[0] != before:
            return False
        before = form[1]
    return not before


@cache
def _form(char: str) -> tuple[bool, bool] | None:
    """Whether a presentation form is joined to the letter before and after it; None for anything else."""
    return _JOINS.get(unicodedata.decomposition(char).partition(" ")[0])


@cache
def _is_mark(char: str) -> bool:
    """A mark on a letter, also one drawn alone or on a tatweel."""
    return unicodedata.category(char) == "Mn" or "\ufe70" <= char <= "\ufe7f" or "\ufc5e" <= char <= "\ufc63"


@cache
def _letters(char: str) -> str:
    """What a form stands for. Marks drawn alone decompose to a blank (or tatweel) and the mark: it is not text."""
    if _form(char) is None:
        return char
    found = unicodedata.normalize("NFKC", char)
    return found.lstrip(" \u0640") if _is_mark(char) else found


def unescape(text: str) -> str | None:
    """The character that an HTML entity stands for, however often it was escaped."""
    for _ in range(_MOST_UNESCAPED):
        plain = html.unescape(text)
        if plain == text:
            break
        text = plain
    return text if len(text) == 1 and text not in "\ufffd<>" and unicodedata.category(text) not in _UNWRITTEN else None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNWRITTEN = _words("Cc Cn Co Cs")

# Words known by all but their last letter. Those that exist with either are not here: علي and على, لدي and لدى.
_IN_MAQSURA = _words(
    "إل حت مت مد بل إحد أخر الأخر أعل الأعل مستو المستو مستشف المستشف منتد المنتد كبر الكبر أقص الأقص أدن الأدن "
    "ذكر الذكر موس مصطف يحي عيس"
)
_IN_YA = _words("ف ه الت الذ أ حوال تال التال ماض الماض ثان الثان حال الحال عرب العرب سياس السياس")


def arabic_letters(text: str) -> str | None:
    """A word in the letters Arabic is written with: ك for ک, ي for ی; at the end ى or ي, where the word is known."""
    word = text.replace("ک", "ك")
    body, last = word[:-1].replace("ی", "ي"), word[-1:]
    if last != "ی":
        return body + last
    if body.endswith("ا"):  # ى never follows alef
        return body + "ي"
    for core in (body, body[1:] if body[:1] in "وف" else body):
        if core in _IN_MAQSURA:
            return body + "ى"
        if core in _IN_YA:
            return body + "ي"
    return None


REPAIRS: dict[str, Callable[[str], str | None]] = {
    "mojibake": mojibake,
    "presentation-forms": presentation_forms,
    "unescape": unescape,
    "arabic-letters": arabic_letters,
}
