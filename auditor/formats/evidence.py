"""Whether decoded text is a language at all: by its words, and by where its letters and signs stand."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.expressions import expression, regex


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ARABIC_WORD = expression(r"[\u0621-\u0652\u067E\u0686\u0698\u06A9\u06AF]+")
_MARKS = expression(r"[\u0640\u064B-\u0652]")
_ARABIC_SIGN = expression(r"[\u0621-\u0652\u067E\u0686\u0698\u06A9\u06AF،؛؟\u200C-\u200F\u00A0«»“”‘’–—…•©®°·×÷€£]")
_LATIN_WORD = expression(r"[a-zA-Z]++[àâçèéêëîïôùûüœŒ]++[a-zA-Z]*+|[àâçèéêëîïôùûüœŒ]++[a-zA-Z]++|\bà\b")
_ARABIC_LETTER = expression(r"[\u0621-\u063A\u0641-\u064A\u067E\u0686\u0698\u06A9\u06AF]")
_MISPLACED = expression(r"[ةى](?=[\u0621-\u064A])|(?<![\u0621-\u064A])[ؤئة]")
_DEFINITE = expression(r"[وفبك]?ال[\u0621-\u064A]{2,}|[وف]?لل[\u0621-\u064A]{2,}")
_ARABIC = _set(
    "في من على إلى الى أن ان عن مع هذا هذه ذلك التي الذي كان كانت قد لا ما لم لن ثم أو او بين بعد قبل كل هو هي "
    "حيث عند غير حتى كما وفي ومن وقد وأن إن وهو وهي منذ خلال يوم قال وقال"
)
_PERSIAN = _set("در به از كه که این اين است را با براي برای آن يك یک و تا هم مي می هاي های بر خود شد")

_WORD = expression(r"\p{L}+")
_SIGNS = "’‘“”„–—…•«»€£©®™°·¡¿§\u00a0"
_BETWEEN = "’‘–—·"  # signs that may stand between two letters
_LANGUAGES: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (letters, _set(words))
    for letters, words in (
        ("éèêëàâäçïîôöüñáíóú", "the of and to in is that for it was on with as his are be at by this have from or not"),
        ("éèêëàâçïîôùûüÿœæ", "le la les de des du et un une en est que qui dans pour sur au aux par pas ne il elle ce"),
        ("äöüßé", "der die das und ist in zu den von mit nicht ein eine auf für im dem des sich auch es an als"),
        ("áéíóúüñ", "el la los las de y en que un una es por con para del se no al lo su como más pero"),
        ("éèêëïöüáóâ", "de het een en van in is dat op te zijn met voor niet aan er om ook als bij maar door"),
        ("àèéìòùîó", "il lo la i gli le di e che un una in per con non del della è da al si dei nel sono come"),
        ("áàâãéêíóôõúçü", "o a os as de do da e que em um uma para com não no na por dos das se mais ao como foi"),
        (
            "åäöéüæøèêóòôáà",
            "och att det i en som på är av för med till den har inte om ett og er til ikke de et fra",
        ),
    )
)


def is_arabic_page(text: str) -> bool:
    """Whether text decoded as windows-1256 is Arabic or Persian and nothing else."""
    high = [char for char in _LATIN_WORD.sub("", text) if char > "\x7f"]  # it has the letters of French, too
    letters = sum(1 for char in high if _ARABIC_LETTER.match(char))
    if letters < 20 or sum(1 for char in high if not _ARABIC_SIGN.match(char)) * 50 > len(high):
        return False
    words = [_MARKS.sub("", word) for word in _ARABIC_WORD.findall(text)]
    if len(words) < 5 or sum(1 for word in words if _MISPLACED.search(word)) * 25 > len(words):
        return False
    arabic = [word for word in words if word in _ARABIC or _DEFINITE.fullmatch(word)]
    return _speaks(words, arabic, 5) or _speaks(words, [word for word in words if word in _PERSIAN], 6)


def is_latin_page(text: str) -> bool:
    """Whether text decoded as windows-1252 is a language of western Europe, its accents where that has them."""
    high = [match for match in regex.finditer(r"[^\x00-\x7f]", text)]
    signs = [at.start() for at in high if at[0] in _SIGNS]
    letters = [at.start() for at in high if at[0].isalpha() and at[0] not in "ªº"]
    if len(signs) + len(letters) < len(high) or not all(_sign_fits(text, at) for at in signs):
        return False
    if not all(_letter_fits(text, at) for at in letters):
        return False
    proven = [at for at in letters + signs if _inside_word(text, at)]
    if len(proven) < 2 or len(proven) * 3 < len(high):
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    accents = [text[at].lower() for at in letters]
    return any(
        sum(1 for accent in accents if accent not in own) * 50 <= len(accents)
        and ("ñ" in own or not {"¡", "¿"} & {text[at] for at in signs})
        and _speaks(words, [word for word in words if word in common], 12)
        for own, common in _LANGUAGES
    )


def _speaks(words: Sequence[str], known: Sequence[str], share: int) -> bool:
    """At least one word in ``share`` is a known one, three of them different."""
    return len(known) * share >= len(words) and len(set(known)) >= 3 and len(known) >= 4


def _sign_fits(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if text[at] in "¡¿":  # other code pages have other signs there
        return after.isalpha() and not before.isalpha()
    if text[at] in "€£":
        return before.isdigit() or after.isdigit() or before == " "
    if text[at] in "“„":
        return not before.isalpha() and not after.isspace()
    if text[at] == "”":
        return not after.isalpha() and not before.isspace()
    return not (before.isalpha() and after.isalpha()) or text[at] in _BETWEEN


def _inside_word(text: str, at: int) -> bool:
    """Whether a letter or an apostrophe stands in a word: what other code pages put there would break it."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    inside = before.isascii() and before.isalpha() and after.isascii() and after.isalpha()
    return (inside and (text[at].isalpha() or text[at] == "’")) or (text[at] in "“" and after.isalpha())


def _letter_fits(text: str, at: int) -> bool:
    """Not beside a digit; a capital not after a small letter."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if before.isdigit() or after.isdigit():
        return False
    return not (text[at].isupper() and before.islower())
