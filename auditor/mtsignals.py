"""Signals of machine translation into Arabic: figures of a text's spelling, punctuation, openings and small words.

Each has a name for people, because reports say which of them drove a score. None looks at what a text is about:
links, tags, foreign words and numbers are left out, and the words that are counted are particles, pronouns, auxiliary
verbs and stock connectives. Most signals are counts per Arabic word, under the square root, so that one more of a
rare thing weighs more than one more of a frequent one; the rest are shares and lengths.
"""

from __future__ import annotations

from auditor.expressions import expression

READ = 4000  # code points of a text that are read: style does not change, and time does

NOISE = expression(r"(?:https?:\s?//|www\.)\S+|[#@]\w+|`[^`\n]*`|&#?\w+;")
OPENING = 28  # characters within which a comma closes an opening: "ومع ذلك،", "في هذه الحلقة،"
PATTERNS = {
    "full stops": expression(r'(?<=[\w"”»)])\.(?=\s|$)'),
    "prepositions with tatweel": expression(r"(?<!\w)[وف]?[لبك]ـ(?=\s?[\W\dA-Za-z])"),
    "single words in quotes": expression(r'["“«]\w+["”»]'),
    "Latin words": expression("[A-Za-z]{2,}+"),
    "stops inside markup": expression(r"[،.:؛]\*\*"),
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
SAYING = FAMILIES["words of saying"]
AFFIXES = {"-ه": "ه ", "-ة": "ة ", "الا-": " الا"}  # of words of four letters and more; at a hyphen the word goes on
ADVERBS = _set(  # and their like: what ends in tanween, be it written or not
    "أيضا وأيضا تلقائيا حاليا وفقا بدلا وبدلا نهائيا جزءا مثلا أولا يدويا مؤقتا جديدا واحدا شخصا دائما تماما جدا غدا"
)
OPENINGS: dict[str, frozenset[str]] = {
    "sentences opening with إن": _set("إن إنه إنها إننا إنهم إنني"),
    "sentences opening with a pronoun": FAMILIES["pronouns standing alone"] | FAMILIES["demonstratives"],
    "sentences opening with قد or كان": FAMILIES["قد, لقد"] | FAMILIES["كان"],
    "sentences opening with a preposition": _set("في من على بعد قبل مع خلال منذ وفي ومع ومن"),
    "sentences opening with a negation": _set("لا لم لن ليس ليست ولا ولم"),
    "sentences opening with a condition": _set("إذا عندما لكن ولكن بينما كما وإذا هل"),
}
SIGNS = {
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
VOWELS = "\u064c\u064d\u064e\u0650\u0652"  # other vowel signs
CODE = "{};=<>\\"  # and an opening bracket that is closed at once
DIALECT = _set(  # words that standard Arabic does not have
    "مش مو ليش وش ايش إيش اللي عشان علشان بدي بدنا بدك هيك كده كدا إزاي ازاي احنا إحنا دلوقتي ده برضو برضه لسه لسا هلق "
    "هلأ منيح كتير اوي أوي زي وين ليه إيه ايه بس هاد هاي هذول شلون هسه اكو ماكو ديال ديالي بزاف واش دابا خويا علاش "
    "كيفاش هادشي مافي مافيش مفيش مكنش معرفش بتاع بتاعت عايز عاوز"
)
PER_WORD = (
    *FAMILIES,
    *AFFIXES,
    "tanween left out",
    *SIGNS,
    "other vowel signs",
    "vowel signs",
    *PATTERNS,
)
SHARES = (
    "commas with a space before",
    "commas with و after",
    "commas with ف after",
    *OPENINGS,
    "sentences opening with و",
    "sentences opening with a noun",
    "sentences opening with a verb",
    "openings closed by a comma",
    "length of sentences",
    "spread of their lengths",
    "length of words",
    "different words",
)
SIGNALS: tuple[str, ...] = (*PER_WORD, *SHARES)
