"""Signals of machine translation into Arabic: figures of a text's spelling, punctuation, openings and small words.

Each has a name for people, because reports say which of them drove a score. None looks at what a text is about:
links, tags, foreign words and numbers are left out, and the words that are counted are particles, pronouns, auxiliary
verbs and stock connectives. Most signals are counts per Arabic word, under the square root, so that one more of a
rare thing weighs more than one more of a frequent one; the rest are shares and lengths.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import regex

READ = 4000  # code points of a text that are read: style does not change, and time does

_NOISE = regex.compile(r"(?:https?:\s?//|www\.)\S+|[#@]\w+|`[^`\n]*`|&#?\w+;")
_MARKS = regex.compile("[\u064b-\u0652\u0670\u0640]+")  # tashkeel and tatweel
_WORD = re.compile("[\u0621-\u064a]+")  # re is the faster one here, regex below
_SENTENCE = regex.compile(r"""(?:[.!?؟…]++["'”»)\]]*+(?=\s)|\n)\s*+""")
_OPENING = 28  # characters within which a comma closes an opening: "ومع ذلك،", "في هذه الحلقة،"
_PATTERNS = {
    "full stops": regex.compile(r'(?<=[\w"”»)])\.(?=\s|$)'),
    "prepositions with tatweel": regex.compile(r"(?<!\w)[وف]?[لبك]ـ(?=\s?[\W\dA-Za-z])"),
    "single words in quotes": regex.compile(r'["“«]\w+["”»]'),
    "Latin words": regex.compile("[A-Za-z]{2,}+"),
    "stops inside markup": regex.compile(r"[،.:؛]\*\*"),
}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FAMILIES: dict[str, frozenset[str]] = {
    name: _set(words)
    for name, words in {
        "تم and a verbal noun": "تم يتم وتم ويتم ستتم تتم وتتم سيتم وسيتم فسيتم تمت",
        "قام and a verbal noun": "قام قامت يقوم تقوم قاموا يقومون وقام وقامت قمت قم وقم أقوم نقوم القيام بقيام",
        "بشكل and an adjective": "بشكل وبشكل بطريقة وبطريقة",
        "هناك, هنا": "هناك وهناك هنا",
        "pronouns standing alone": "هو هي هم هما أنت أنا نحن أنتم وهو وهي وهم ونحن وأنا",
        "demonstratives": "هذا هذه ذلك هؤلاء تلك وهذا وهذه بهذا لهذا بهذه لهذه",
        "relative pronouns": "التي الذي الذين والتي والذي والذين اللذين",
        "كان": "كان كانت يكون تكون كانوا وكان وكانت يكونون سيكون ستكون كنت",
        "قد, لقد": "قد وقد لقد ولقد فقد",
        "يمكن, يجب": "يمكن يمكنك يمكنه يمكننا ويمكن الممكن يمكنهم ويمكنك يجب ويجب",
        "أيضا": "أيضا ايضا وأيضا",
        "لكن": "لكن ولكن",
        "عندما, بينما": "عندما وعندما بينما وبينما حيث",
        "أن": "أن وأن بأن",
        "عن": "عن وعن",
        "مع": "مع ومع",
        "لا": "لا ولا",
        "لم": "لم ولم",
        "ليس": "ليس ليست وليس وليست",
        "أي": "أي لأي بأي",
        "كل, بعض": "كل جميع بعض العديد",
        "إذا, هل": "إذا وإذا هل",
        "لديه": "لديه لديها لديك لدينا لديهم لدي",
        "بين, ضد": "بين ضد",
        "بعد, خلال": "بعد خلال وبعد",
        "الآن": "الآن والآن",
        "شيء, مرة": "شيء شيئا مرة أشياء",
        "connectives of the press": "إذ فيما وفق وفقا عقب إثر جراء لافتا مشيرا مؤكدا موضحا مضيفا وفيما "
        "بحسب وبحسب حسب لدى",
        "words of saying": "قال وقال قالت وقالت أكد وأكد أضاف وأضاف أوضح وأوضح أشار وأشار ذكر وذكر "
        "ذكرت أعلن وأعلن أعلنت",
        "hamzas left out": "ان الى او اي انه انها اذا ايضا اكثر امام اول احد الان الامن اكد اعلن اضاف وان "
        "بان لان الامر",
        "prepositions set apart": "ل ب ك و ف",
        "علي for على": "علي",
        "orders and second person": "حدد وحدد انقر وانقر اختر واختر راجع فراجع انظر استخدم افتح أدخل وأدخل انتقل "
        "اتبع تأكد اضغط حاول تحقق قم وقم يمكنك لديك كنت تريد أردت تحتاج بك",
    }.items()
}
_AFFIXES = {"-ه": "ه ", "-ة": "ة ", "الا-": " الا"}  # of words of four letters and more; at a hyphen the word goes on
_ADVERBS = _set(  # and their like: what ends in tanween, be it written or not
    "أيضا وأيضا تلقائيا حاليا وفقا بدلا وبدلا نهائيا جزءا مثلا أولا يدويا مؤقتا جديدا واحدا شخصا دائما تماما جدا غدا"
)
_OPENINGS: dict[str, frozenset[str]] = {
    "sentences opening with إن": _set("إن إنه إنها إننا إنهم إنني"),
    "sentences opening with a pronoun": FAMILIES["pronouns standing alone"] | FAMILIES["demonstratives"],
    "sentences opening with قد or كان": FAMILIES["قد, لقد"] | FAMILIES["كان"],
    "sentences opening with a preposition": _set("في من على بعد قبل مع خلال منذ وفي ومع ومن"),
    "sentences opening with a negation": _set("لا لم لن ليس ليست ولا ولم"),
    "sentences opening with a condition": _set("إذا عندما لكن ولكن بينما كما وإذا هل"),
}
_SIGNS = {
    "ًا": "ًا",
    "اً": "اً",
    "damma": "\u064f",
    "shadda": "\u0651",
    "commas": "،",
    "question marks": "؟",
    "exclamation marks": "!",
    "colons": ":",
    "angle quotes": "«",
    "straight quotes": '"',
    "curly quotes": "“",
    "brackets": "(",
}
_PER_WORD = (
    *FAMILIES,
    *_AFFIXES,
    "tanween left out",
    *_SIGNS,
    "other vowel signs",
    "vowel signs",
    *_PATTERNS,
)
_SHARES = (
    "commas with a space before",
    "commas with و after",
    "commas with ف after",
    *_OPENINGS,
    "sentences opening with و",
    "sentences opening with a noun",
    "sentences opening with a verb",
    "openings closed by a comma",
    "length of sentences",
    "spread of their lengths",
    "length of words",
    "different words",
)
SIGNALS: tuple[str, ...] = (*_PER_WORD, *_SHARES)


def _numbers(families: dict[str, frozenset[str]]) -> dict[str, tuple[int, ...]]:
    """For each word the numbers of the families that it is in."""
    words = frozenset().union(*families.values())
    return {word: tuple(at for at, family in enumerate(families.values()) if word in family) for word in words}


_FAMILIES_OF, _OPENINGS_OF = _numbers(FAMILIES), _numbers(_OPENINGS)


class Reading:
    """A text with what is foreign to its style taken out; its Arabic words, vowel signs stripped, are ``words``."""

    def __init__(self, text: str) -> None:
        self.text = _NOISE.sub(" ", text[:READ])
        self.plain = _MARKS.sub("", self.text)
        self.words: list[str] = _WORD.findall(self.plain)
        self.counts = Counter(self.words)


def signals(reading: Reading) -> npt.NDArray[np.float64]:
    """The figures of `SIGNALS`, in their order."""
    per_word = np.array([*_of_words(reading), *_of_signs(reading)], np.float64)
    return np.concatenate((np.sqrt(per_word / max(1, len(reading.words))), _shares(reading)))


def _of_words(reading: Reading) -> Iterable[int]:
    counts, text = reading.counts, reading.text
    families = [0] * len(FAMILIES)
    for word in counts.keys() & _FAMILIES_OF.keys():
        for family in _FAMILIES_OF[word]:
            families[family] += counts[word]
    yield from families
    long = f" {'  '.join([word for word in reading.words if len(word) > 3])} "
    yield from map(long.count, _AFFIXES.values())
    yield sum(
        max(0, min(counts[word], text.count(word) - text.count(word + "\u064b"))) for word in counts.keys() & _ADVERBS
    )


def _of_signs(reading: Reading) -> Iterable[int]:
    text = reading.text
    yield from (text.count(sign) for sign in _SIGNS.values())
    yield sum(map(text.count, "\u064c\u064d\u064e\u0650\u0652"))
    yield len(text) - len(reading.plain)
    yield from (len(pattern.findall(text)) for pattern in _PATTERNS.values())


def _shares(reading: Reading) -> list[float]:
    text, commas = reading.plain, max(1, reading.text.count("،"))
    sentences = [part for part in _SENTENCE.split(text) if len(part) > 8]
    lengths = sorted(len(part.split()) for part in sentences) or [0]
    mean = sum(lengths) / len(lengths)
    spread = math.sqrt(sum((length - mean) ** 2 for length in lengths) / len(lengths))
    first = [found[0] for part in sentences if (found := _WORD.search(part))]
    opened, early = max(1, len(first)), reading.words[:60]
    families = [0] * len(_OPENINGS)
    for word in first:
        for family in _OPENINGS_OF.get(word, ()):
            families[family] += 1
    counts = [
        *families,
        sum(word[0] == "و" for word in first),
        sum(word[:2] == "ال" for word in first),
        sum(word[0] in "يت" or word in FAMILIES["words of saying"] for word in first),
        sum("،" in part[:_OPENING] for part in sentences),
    ]
    return [
        *(text.count(mark) / commas for mark in (" ،", "، و", "، ف")),
        *(count / opened for count in counts),
        math.log1p(lengths[len(lengths) // 2]),
        spread / (1 + mean),
        sum(map(len, reading.words)) / max(1, len(reading.words)),
        len(set(early)) / max(1, len(early)),
    ]
