"""The engine finds what the rule language means: exactly what reference.py finds, rule by rule, on any text."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
import reference
import regex
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from auditor.assets import asset_dir
from auditor.check import Engine, check
from auditor.examples import unmarked
from auditor.figures import FIGURES
from auditor.folding import STEPS, folding
from auditor.kinds import AnyRule
from auditor.kinds.base import Bad, InText, Near, When
from auditor.kinds.block import BlockRule
from auditor.kinds.density import DensityRule
from auditor.kinds.echo import EchoRule
from auditor.kinds.evidence import EvidenceRule
from auditor.kinds.language import LanguageRule
from auditor.kinds.lexicon import LexiconRule
from auditor.kinds.metric import MetricRule
from auditor.kinds.name import NameRule
from auditor.kinds.pair import PairRule
from auditor.kinds.regex import RegexRule
from auditor.kinds.repeat import RepeatRule
from auditor.kinds.script import ScriptRule
from auditor.kinds.thread import ThreadRule
from auditor.model import Document
from auditor.packcheck import mistakes
from auditor.packs import Pack

Spans = list[tuple[int, str, int, int, Any]]  # document, rule, start, end, edit


def found_by_engine(engine: Engine, texts: Sequence[str]) -> Spans:
    found = []
    for number, checked in enumerate(check(engine, [Document(text=text) for text in texts])):
        assert checked.unchecked is None
        for finding in checked.findings:
            assert finding.text == texts[number][finding.start : finding.end]
            edit = finding.fix and (finding.fix.start, finding.fix.end, finding.fix.replacement)
            found.append((number, finding.rule, finding.start, finding.end, edit))
    return sorted(found, key=repr)


def found_by_reference(rules: Sequence[AnyRule], texts: Sequence[str]) -> Spans:
    return sorted(
        ((number, rule, *hit) for number, text in enumerate(texts) for rule, hit in reference.find_all(rules, text)),
        key=repr,
    )


def assert_same(engine: Engine, texts: Sequence[str]) -> int:
    """0 missing, 0 extra; returns how much was found."""
    got, wanted = found_by_engine(engine, texts), found_by_reference(engine.rules, texts)
    missing, extra = [hit for hit in wanted if hit not in got], [hit for hit in got if hit not in wanted]
    assert (missing, extra) == ([], []), f"missing {missing}, extra {extra} in {list(texts)}"
    assert got == wanted
    return len(got)


# Random text: scripts, marks, ligatures, line edges

TOKENS = [
    *(
        "كتاب",
        "الكتاب",
        "أخبار",
        "إقرأ",
        "أيضًا",
        "ايضا",
        "مؤسسة",
        "على",
        "علي",
        "لله",
        "اللغة",
        "ال",
        "و",
        "ل",
        "ب",
        "ی",
        "ک",
    ),
    *("ﷲ", "ﻻ", "ﷺ", "ﻛﺘﺎﺏ", "ﹰ", "﷼", "book", "Book", "BOOK", "Straße", "STRASSE", "ß", "İ", "ı", "ſ", "ﬁ", "fi", "K"),
    *("новости", "НОВОСТИ", "新闻", "新", "ｆｕｌｌ", "full", "ｶﾞ", "한국", "a", "b", "ab", "aa"),
    *("1", "12", "٣", "٣٤", "۵", "１", "Ⅷ", "²", "𝟎", "𐐀", "Witkoff", "ويتكوف", "Émile", "ايميل"),
]
MARKS = ["\u064b", "\u064e", "\u0651", "\u0670", "\u0640", "\u200c", "\u200f", "\ufeff", "\u0301", "\u034f", "\ufe0f"]
BLANKS = [" ", " ", " ", "  ", "\t", "\u00a0", "\u2028", "\u0085", "\x0b", "\u3000", "\r"]
BREAKS = ["\n", "\n", "\r\n", "\n\n", "\r\n\r\n", "\n \n", "\r"]
SYMBOLS = [*".,!?؟،؛:-–()«»\"'“|•@#/_*…^$+", "😀", "👍🏽", "？", "\ud800", "\udfff", "\U000e0100", "\x00", "☆", "ｰ"]
ANY = [*TOKENS, *MARKS, *BLANKS, *BREAKS, *SYMBOLS]


class Drawn(NamedTuple):
    """A rule with texts it may well match."""

    rule: AnyRule
    examples: list[str]


COMMON: dict[str, Any] = {
    "category": "boilerplate",
    "severity": "info",
    "message": "found",
    "fix": "unsafe",
    "bad": (Bad(text="<<x>>", fixed=""),),
    "good": ("y",),
}
FOLDS = st.one_of(
    st.just(("default",)),
    st.just(("default",)),
    st.just(STEPS),
    st.sets(st.sampled_from(STEPS), min_size=1).map(lambda steps: tuple(sorted(steps))),
    st.sets(st.sampled_from(STEPS), max_size=2).map(lambda steps: tuple(sorted(set(STEPS) - steps))),
)
PHRASES = st.lists(st.sampled_from([*TOKENS, *MARKS, *SYMBOLS, " ", " ", "  "]), min_size=1, max_size=4).map("".join)
EXCEPTIONS = ["كتاب", "كتاب ال", "الأخبار", "ﷺ", "book", "Straße", "1", "-"]
CUES = st.lists(st.sampled_from(["كتاب", "نقل عن", "وفقا ل", "book", "أيضا", "новости", "١٢"]), min_size=1, max_size=2)


@st.composite
def contexts(draw: st.DrawFn) -> dict[str, Any]:
    """What must stand around a match; mostly nothing."""
    if draw(st.booleans()):
        return {}
    field = draw(st.sampled_from(["near", "not_near", "in_text", "except_", "first_lines", "last_lines", "max_words"]))
    if field in ("near", "not_near"):
        cues = tuple(draw(CUES))
        return {field: Near(any=cues, before=draw(st.integers(0, 3)), after=draw(st.integers(0, 3)))}
    if field == "in_text":
        cues = tuple(dict.fromkeys(draw(CUES)))
        return {field: InText(any=cues, at_least=draw(st.integers(1, len(cues))))}
    if field == "except_":
        return {field: tuple(draw(st.lists(st.sampled_from(EXCEPTIONS), min_size=1, max_size=2)))}
    return {field: draw(st.integers(1, 3))}


EXTENTS = st.sampled_from(
    [{}, {}, {"replace": "x"}, {"extent": "line"}, {"extent": "to-end"}, {"extent": "to-end", "replace": "x"}]
)


@st.composite
def lexicons(draw: st.DrawFn) -> Drawn:
    phrases = draw(st.lists(PHRASES, min_size=1, max_size=4))
    at = draw(st.sampled_from(["line", "start", "end", "anywhere", "anywhere"]))
    extent = {} if at == "line" else draw(EXTENTS)
    fields = {"phrases": tuple(phrases), "at": at, "fold": draw(FOLDS), **extent, **draw(contexts())}
    return Drawn(LexiconRule(id="lexicon", **fields, **COMMON), phrases)


@st.composite
def names(draw: st.DrawFn) -> Drawn:
    wrong = draw(st.lists(st.one_of(st.sampled_from(TOKENS), PHRASES), min_size=1, max_size=3))
    right = draw(st.sampled_from(["أكسيوس", "الغارديان", "اللومند", "Axios"]))
    fields = {
        "wrong": tuple(wrong),
        "right": right,
        "clitics": draw(st.booleans()),
        "fold": draw(FOLDS),
        **draw(contexts()),
    }
    prefixes = ["و", "ف", "ب", "ل", "وب", "بال", "لل", "ولل", "ال", "م"]
    return Drawn(
        NameRule(id="name", **fields, **COMMON), wrong + [draw(st.sampled_from(prefixes)) + form for form in wrong]
    )


SCRIPTS = st.lists(st.sampled_from(["Arabic", "Latin", "Cyrillic", "Han"]), min_size=2, max_size=2, unique=True)


@st.composite
def scripts(draw: st.DrawFn) -> Drawn:
    fields = {"scripts": tuple(draw(SCRIPTS)), "clitics": draw(st.booleans()), "split": True}
    allow = draw(st.sampled_from([(), (r"\p{Latin}+\p{N}*\p{Arabic}+",), ("(?i)book.*",)]))
    return Drawn(
        ScriptRule(id="script", allow=allow, **fields, **COMMON), ["بBook", "وبـbook", "bookновости", "新book", "ب1ab"]
    )


@st.composite
def repeats(draw: st.DrawFn) -> Drawn:
    unit, same = draw(st.sampled_from([("line", "all"), ("line", "beginning"), ("line", "run"), ("paragraph", "all")]))
    least = draw(st.integers(1, 6))
    adjacent = draw(st.sampled_from([None, True, False]))
    fields = {"unit": unit, "same": same, "min_chars": least, "adjacent": adjacent, "fold": draw(FOLDS)}
    if same != "all":
        fields["mark"] = draw(st.sampled_from(["later", "both"]))
    if same == "run":
        fields |= {"min_words": draw(st.integers(1, 3)), "first_lines": draw(st.sampled_from([None, 2, 5]))}
    fix = {"fix": "none"} if same != "all" else {}
    blocks = draw(st.lists(st.lists(st.sampled_from(ANY), min_size=1, max_size=4).map("".join), min_size=1, max_size=3))
    blocks += [f"{block}\n{block.replace('1', '٣').replace('a', 'A')}\n{block}" for block in blocks]
    return Drawn(RepeatRule(id="repeat", **fields, **COMMON | fix), [f"\n{block}\n" for block in blocks])


PAIRS = st.builds(
    lambda few: Drawn(PairRule(id="pair", min_consonants=few, **COMMON), ["قال Witkoff ل", " ولويتكوف "]),
    st.integers(1, 3),
)


BLOCK_PHRASES = ["اقرأ أيضا", "كتاب", "book"]
SENTENCES = ["كتاب " * 11 + ".", "a b c d e f g h i j k!\u200f»", "نص " * 26, "كتاب كتاب كتاب", "أيضًا؟", "1 2 3"]
PIECES = [f"\n{text}\n" for text in [*BLOCK_PHRASES, *SENTENCES, *SENTENCES]]


@st.composite
def blocks(draw: st.DrawFn) -> Drawn:
    phrases = st.lists(st.sampled_from(BLOCK_PHRASES), max_size=2, unique=True).map(tuple)
    fields = {
        "min_lines": draw(st.integers(1, 3)),
        "max_lines": draw(st.sampled_from([None, None, 3, 4])),
        "max_words": draw(st.integers(1, 12)),
        "max_ended": draw(st.sampled_from([0, 0.34, 1])),
        "max_bulleted": draw(st.sampled_from([0, 1, 1])),
        "position": draw(st.sampled_from(["any", "any", "before-prose", "after-prose", "between-prose"])),
        "begins_with": draw(phrases),
        "stop_at": draw(phrases),
        "spare": draw(st.integers(0, 2)),
        "others": draw(st.integers(0, 2)),
    }
    if draw(st.booleans()):
        fields |= {"begins_with": (), "made_of": tuple(BLOCK_PHRASES[draw(st.integers(0, 1)) :])}
    return Drawn(BlockRule(id="block", **fields, **COMMON), [*PIECES, "\n- x\n"])


BOUNDS = st.sampled_from([0.0, 0.1, 0.3, 0.5, 1.0, 2.0])
WHEN = st.sampled_from([None, None, When(min_words=3)])


@st.composite
def densities(draw: st.DrawFn) -> Drawn:
    what = draw(st.sampled_from([{"pattern": " ?،"}, {"pattern": r"\p{Lu}"}, {"phrases": ("كتاب", "book")}]))
    per = draw(st.sampled_from([{"per": "words"}, {"per": "lines"}, {"per": "pattern", "per_pattern": "[،.]|b"}]))
    bound = draw(st.sampled_from(["above", "below"]))
    fields = {**what, **per, bound: draw(BOUNDS), "min_count": draw(st.integers(1, 4)), "when": draw(WHEN)}
    examples = ["كتاب ،", " كتاب، ", ". Book\n", "b.", " book"]
    return Drawn(DensityRule(id="density", **fields, **COMMON | {"fix": "none"}), examples)


@st.composite
def metrics(draw: st.DrawFn) -> Drawn:
    metric = draw(st.sampled_from([*FIGURES, "stop-words"]))
    words = ("كتاب", "Book") if metric == "stop-words" else ()
    bound = draw(st.sampled_from(["min", "max"]))
    fields = {"metric": metric, "words": words, bound: draw(BOUNDS), "when": draw(WHEN)}
    examples = ["كتاب كتاب ", "a b a b a b", "#...", "…\n", "\n\n", "x.\n", "«x»\n", *PIECES]
    return Drawn(MetricRule(id="metric", **fields, **COMMON | {"fix": "none"}), examples)


@st.composite
def other_scripts(draw: st.DrawFn) -> Drawn:
    fields = {"expected": ("ar", "fa", "ur"), "min_letters": draw(st.integers(1, 20)), "when": draw(WHEN)}
    return Drawn(LanguageRule(id="language", **fields, **COMMON), ["\nabc ab\n", "\nкнига ك\n", "كتاب " * 9])


WEIGHTS = str(asset_dir("rules") / "core" / "lines.npz")


@st.composite
def evidence(draw: st.DrawFn) -> Drawn:
    fields = {
        "threshold": draw(st.sampled_from([0.0, 0.2, 0.5, 0.9])),
        "max_words": draw(st.sampled_from([None, 2])),
        "outside": draw(st.sampled_from([None, 0.0, 0.3, 0.8])),
        "listed": draw(st.sampled_from([None, None, 1, 30])),
        "when": draw(WHEN),
    }
    text = "\nIt has rained here on every single day of the whole week.\n" * 6
    return Drawn(
        EvidenceRule(id="evidence", model=WEIGHTS, **fields, **COMMON),
        ["\nHome\nNews\n", "\n1\n2\n", "\nMost read\nbook?\n", "book, " * 9, text],
    )


@st.composite
def echoes(draw: st.DrawFn) -> Drawn:
    fields = {
        "shape": draw(st.sampled_from(["suffix", "sorted", "labels"])),
        "first_lines": draw(st.integers(1, 4)),
        "min_words": draw(st.integers(1, 3)),
        "max_words": draw(st.integers(1, 4)),
        "min_lines": draw(st.integers(1, 3)),
    }
    said = ["a b c", "كتاب", "c", "b a c", "a b c | كتاب", "a b c - C", "- a", "a b c d e f g h i كتاب.", "1", "أ ب ج"]
    return Drawn(EchoRule(id="echo", **fields, **COMMON), [f"\n{text}\n" for text in said])


@st.composite
def threads(draw: st.DrawFn) -> Drawn:
    fields = {
        "begins_with": ("Comments", "كتاب"),
        "returns": ("Reply", "أيضا 1"),
        "min_returns": draw(st.integers(1, 3)),
        "within": draw(st.integers(1, 4)),
        "min_words": draw(st.sampled_from([1, 11, 25])),
    }
    said = ["Comments (3)", "1. comments", "كِتاب", "reply", "Reply 2", "«أيضًا»", "نص", "1", SENTENCES[0], SENTENCES[2]]
    return Drawn(ThreadRule(id="thread", **fields, **COMMON), [f"\n{text}\n" for text in said])


DOCUMENTS = st.one_of(blocks(), densities(), metrics(), metrics(), other_scripts(), evidence(), echoes(), threads())


# Random patterns, each with texts it may match

Piece = tuple[str, str]  # pattern, example
LITERALS: list[Piece] = [(regex.escape(token), token) for token in [*TOKENS, *MARKS, *BLANKS[3:], *SYMBOLS]]
CLASSES: list[Piece] = [
    *(
        (r"\d", "٣"),
        (r"\w", "ت"),
        (r"\W", "-"),
        (r"\s", "\u00a0"),
        (r"\S", "新"),
        (r"\D", "ـ"),
        (".", "ß"),
        (r"\p{L}", "И"),
    ),
    *(
        (r"\p{Lu}", "İ"),
        (r"\p{M}", "\u064e"),
        (r"\P{Arabic}", "b"),
        (r"\p{Script=Arabic}", "ﻻ"),
        (r"\p{Nd}", "１"),
        (r"\p{Cf}", "\u200f"),
    ),
    *(
        ("[a-c]", "b"),
        ("[^a-c]", "a"),
        ("[ء-ي]", "ك"),
        ("[اأإ]", "أ"),
        ("[ىی]", "ی"),
        (r"[\d\s.-]", "-"),
        ("[^\n]", "\u2028"),
        ("[٠-٩]", "٣"),
    ),
    *(
        (r"[\p{L}\p{M}]", "ä"),
        ("[[:alpha:]]", "ك"),
        (r"[^\p{Arabic}\s]", "x"),
        ("[]x]", "]"),
        ("[𝟎ß]", "𝟎"),
        (r"[\]\\]", "]"),
        ("[A-Zß]", "ß"),
    ),
    *(
        (r"\u0643", "ك"),
        (r"\x61", "a"),
        (r"\N{ARABIC LETTER KAF}", "ك"),
        (r"\n", "\n"),
        (r"\t", "\t"),
        (r"\X", "b\u0301"),
        (r"\h", " "),
    ),
]
ANCHORS: list[Piece] = [
    ("^", "\n"),
    ("$", "\n"),
    (r"\A", ""),
    (r"\Z", ""),
    (r"\b", " "),
    (r"\B", ""),
    (r"\m", " "),
    (r"\M", " "),
]
ATOMS: st.SearchStrategy[Piece] = st.one_of(*map(st.sampled_from, (LITERALS, LITERALS, CLASSES, ANCHORS)))
COUNTS = [
    ("?", 1),
    ("*", 2),
    ("+", 3),
    ("{2}", 2),
    ("{1,3}", 2),
    ("{,2}", 1),
    ("{3,}", 3),
    ("{5,7}", 6),
    ("{0}", 0),
    ("{x", 1),
]
LOOKS = ["(?=%s)", "(?!%s)", "(?<=%s)", "(?<!%s)"]
GROUPS = [
    "(%s)",
    "(?:%s)",
    "(?>%s)",
    "(?i:%s)",
    "(?s:%s)",
    "(?-i:%s)",
    "(?P<word>%s)",
    "(?P<span>%s)",
    "(?#%.0s c)",
    "((?:%s)|)",
]


@st.composite
def _counted(draw: st.DrawFn, inner: st.SearchStrategy[Piece]) -> Piece:
    pattern, example = draw(inner)
    count, times = draw(st.sampled_from(COUNTS))
    single = len(pattern) == 1 or pattern in dict(CLASSES)
    return (pattern if single else f"(?:{pattern})") + count + draw(
        st.sampled_from(["", "", "?", "+"])
    ), example * times


@st.composite
def _wrapped(draw: st.DrawFn, inner: st.SearchStrategy[Piece]) -> Piece:
    pattern, example = draw(inner)
    return draw(st.sampled_from([*GROUPS, *LOOKS])) % pattern, example


def _grown(inner: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda pieces: ("".join(p for p, _ in pieces), "".join(e for _, e in pieces))),
        several.map(lambda pieces: ("(?:" + "|".join(p for p, _ in pieces) + ")", pieces[-1][1])),
        _counted(inner),
        _wrapped(inner),
    )


PATTERNS = st.lists(st.recursive(ATOMS, _grown, max_leaves=6), min_size=1, max_size=4).map(
    lambda pieces: ("".join(p for p, _ in pieces), "".join(e for _, e in pieces))
)


@st.composite
def patterns(draw: st.DrawFn) -> Drawn:
    pattern, example = draw(PATTERNS)
    flags = draw(st.sampled_from(["", "", "", "(?i)", "(?s)", "(?x)", "(?is)", "(?m)"]))
    fields = {"pattern": flags + pattern} | draw(st.sampled_from([{}, {"replace": "x"}, {"replace": r"<\g<0>>"}]))
    if draw(st.integers(0, 3)) == 0:
        fields |= {"scope": "document"}
    else:
        fields |= {"fold": draw(FOLDS)} if draw(st.booleans()) else {}
        fields |= {} if "replace" in fields else {"extent": draw(st.sampled_from(["match", "line", "to-end"]))}
        fields |= draw(contexts())
    return Drawn(RegexRule(id="regex", **fields, **COMMON), [example])


RULES = st.one_of(
    lexicons(), lexicons(), names(), patterns(), patterns(), patterns(), scripts(), repeats(), PAIRS, DOCUMENTS
)


@st.composite
def cases(draw: st.DrawFn, rules: st.SearchStrategy[Drawn]) -> tuple[list[AnyRule], list[str]]:
    """A few rules, and documents made of what they match and of anything else."""
    drawn = draw(st.lists(rules, min_size=1, max_size=4))
    numbered = [_with_id(rule, number) for number, (rule, _) in enumerate(drawn)]
    examples = st.sampled_from([text for _, texts in drawn for text in texts])
    pieces = st.one_of(examples, examples, st.sampled_from(ANY), st.sampled_from([*BLANKS, *BREAKS]))
    documents = draw(st.lists(st.lists(pieces, min_size=1, max_size=12).map("".join), min_size=1, max_size=4))
    return numbered, documents


def _vanishes(rule: AnyRule) -> bool:
    """Whether the widest folding leaves nothing of a phrase: no scan can look for it."""
    fold = folding(frozenset(STEPS)).fold
    return any(not fold(text).strip() for text in getattr(rule, "phrases", ()) + getattr(rule, "wrong", ()))


def _with_id(rule: AnyRule, number: int) -> AnyRule:
    return type(rule)(**{name: getattr(rule, name) for name in rule.__struct_fields__} | {"id": f"{rule.id}-{number}"})


def engine_of(rules: Sequence[AnyRule]) -> Engine:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDITOR_CACHE", "")  # nobody needs random rules again
        return Engine([Pack(name="p", path="p.yaml", language=None, about="", digest="", rules=tuple(rules))])


def same_on_random_text(case: tuple[list[AnyRule], list[str]]) -> None:
    rules, texts = case
    assume(not any(list(mistakes(rule)) or _vanishes(rule) for rule in rules))
    assert_same(engine_of(rules), texts)


CASES = [  # each was once found by one side only
    (LexiconRule(id="a", phrases=("اقرأ أيضا",), fold=("alef",), **COMMON), "اقرأ أيضا？", 1),
    (LexiconRule(id="a", phrases=("اقرأ أيضا",), fold=("alef",), **COMMON), "﷼ اقرأ أيضا", 1),
    (PairRule(id="a", min_consonants=2, **COMMON), "قال Émile وزميله Šimon: ايميل وسيمون", 2),
    (NameRule(id="a", wrong=("البديهية",), right="أكسيوس", near=Near(any=("وفقا",)), **COMMON), "وفقا.البديهية", 1),
    (RepeatRule(id="a", min_chars=3, **COMMON), "صفحة 1\nصفحة ١\nصفحة ١", 1),
    (RepeatRule(id="a", min_chars=6, fold=("case",), **COMMON), "كِتَابٌ\nكِتَابٌ", 1),
    (RepeatRule(id="a", min_chars=2, unit="paragraph", **COMMON), "أ\nب\n\nأ\nب", 1),
    (RegexRule(id="a", pattern=r"a$\nb", scope="document", **COMMON), "a\nb", 1),
    (RegexRule(id="a", pattern=r"(?i)a\|b", **COMMON), "A|B", 1),
    (RegexRule(id="a", pattern="[𝟎]", fold=("default",), **COMMON), "𝟎", 1),
    (RegexRule(id="a", pattern=r"(a)b", replace=r"\g<1>", **COMMON), "ab", 1),
    (RegexRule(id="a", pattern=r"\s", extent="line", **COMMON), "a\n\u00a0\nb", 1),
    (RegexRule(id="a", pattern="\ud800", **COMMON), "a\ud800b", 1),
    (RegexRule(id="a", pattern=r"(\p{L}+) \1", lines="doubled-word", **COMMON), "وقف وقف\n\u0301وقف وقف", 1),
]


@pytest.mark.parametrize(("rule", "text", "count"), CASES)
def test_rules_find_what_they_mean(rule: AnyRule, text: str, count: int) -> None:
    assert assert_same(engine_of([rule]), [text, "", text]) == 2 * count


QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=100, **QUIET)
@given(cases(RULES))
def test_random_rules_find_in_random_text_what_they_mean(case: tuple[list[AnyRule], list[str]]) -> None:
    same_on_random_text(case)


@settings(max_examples=100, **QUIET)
@given(cases(patterns()))
def test_random_patterns_match_where_regex_matches(case: tuple[list[AnyRule], list[str]]) -> None:
    same_on_random_text(case)


@settings(max_examples=150, **QUIET)
@given(cases(DOCUMENTS))
def test_random_rules_on_figures_judge_as_plain_python_does(case: tuple[list[AnyRule], list[str]]) -> None:
    same_on_random_text(case)


@pytest.mark.slow
@settings(max_examples=4000, **QUIET)
@given(cases(DOCUMENTS))
def test_much_random_text_is_judged_as_plain_python_does(case: tuple[list[AnyRule], list[str]]) -> None:
    same_on_random_text(case)


@pytest.mark.slow
@settings(max_examples=2000, **QUIET)
@given(cases(RULES))
def test_many_random_rules_find_in_random_text_what_they_mean(case: tuple[list[AnyRule], list[str]]) -> None:
    same_on_random_text(case)


# Shipped rules on text made of their own examples


def _worn(text: str, chance: random.Random) -> str:
    """Text as other sites would print it: marks put in, letters in other forms, other blanks."""
    swaps = {
        "أ": "ا",
        "إ": "أ",
        "ي": "ى",
        "ى": "ي",
        "ة": "ه",
        "ك": "ک",
        " ": "\u00a0",
        "لا": "ﻻ",
        "الله": "ﷲ",
        "1": "١",
    }
    for old in chance.sample(sorted(swaps), 2):
        text = text.replace(old, swaps[old], chance.randint(0, 2))
    for _ in range(chance.randint(0, 3)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice([*MARKS, "\u0640", " ", "\u200f", chance.choice(ANY)]) + text[at:]
    return chance.choice([text, text, text, text.upper(), text[: chance.randint(0, len(text))]])


def pages(rules: Sequence[AnyRule], count: int, seed: int) -> list[str]:
    """Documents of a dozen lines: what rules catch and what they leave alone, clean, worn, and run together."""
    chance = random.Random(seed)
    examples = [unmarked(bad.text)[0] for rule in rules for bad in rule.bad] + [
        good for rule in rules for good in rule.good
    ]
    found = []
    for _ in range(count):
        parts = [text if chance.random() < 0.5 else _worn(text, chance) for text in chance.choices(examples, k=12)]
        parts += chance.sample(parts, chance.randint(0, 2))  # some lines come twice
        found.append(
            "".join(part + chance.choice(["\n", "\n", "\n", "\r\n", "\n\n", " ", ". ", "، ", ""]) for part in parts)
        )
    return found


def test_shipped_rules_find_what_they_mean(engine: Engine) -> None:
    assert assert_same(engine, pages(engine.rules, 40, seed=1)) > 200


@pytest.mark.slow
def test_shipped_rules_find_what_they_mean_on_much_text(engine: Engine) -> None:
    for seed in range(2, 22):
        assert_same(engine, pages(engine.rules, 40, seed))
