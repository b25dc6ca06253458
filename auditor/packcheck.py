"""What a closed schema cannot say about a rule: mistakes of meaning, each with the field it belongs to."""

from __future__ import annotations

import string
from collections.abc import Iterable

import msgspec

from auditor.expressions import expression, regex
from auditor.folding import DEFAULT, STEPS, WORD, folding
from auditor.hints import meant
from auditor.kinds import AnyRule
from auditor.kinds.base import LineRule
from auditor.kinds.block import BlockRule
from auditor.kinds.density import DensityRule, as_lexicon, as_regex
from auditor.kinds.encoding import EncodingRule
from auditor.kinds.language import SCRIPTS, LanguageRule
from auditor.kinds.lexicon import LexiconRule, phrases
from auditor.kinds.metric import MetricRule
from auditor.kinds.name import NameRule, forms
from auditor.kinds.regex import RegexRule, source
from auditor.kinds.repeat import RepeatRule
from auditor.kinds.script import ScriptRule
from auditor.kinds.thread import LONGEST, ThreadRule, numberless
from auditor.packfile import Key
from auditor.page import to_folded
from auditor.runaway import runs_away, swells

_SCRIPT_NAME = expression(r"[\w -]++")
_LONGEST = 500  # code points of a phrase
PLACEHOLDERS = {"match", "replacement", "why"}
_OWN_PLACEHOLDERS: dict[type, set[str]] = {RepeatRule: {"count", "first"}, EncodingRule: {"encoding"}}
_ACROSS_PLACEHOLDERS = {"count", "pages", "site"}
_MARKED = expression(r"(?s)(?:(?:(?!<<|>>).)*+<<(?:(?!<<|>>).)++>>)++(?:(?!<<|>>).)*+")
# Fields that speak of the line a match stands in.
_OF_LINES = ("near", "not_near", "in_text", "except_", "first_lines", "last_lines", "max_words", "fold")


def mistakes(rule: AnyRule) -> Iterable[tuple[str, Key]]:
    """What a closed schema cannot say: messages and the field they belong to."""
    wide = isinstance(rule, RepeatRule) and rule.across is not None and rule.unit == "line"
    allowed = PLACEHOLDERS | (_ACROSS_PLACEHOLDERS if wide else _OWN_PLACEHOLDERS.get(type(rule), set()))
    try:
        fields = [field for field in string.Formatter().parse(rule.message) if field[1] is not None]
    except ValueError as error:
        yield f"message: {error}", ("message",)
        fields = []
    for _, name, style, conversion in fields:
        if name not in allowed:
            yield f"message: unknown placeholder {{{name}}}{meant(str(name), allowed)}", ("message",)
        elif style or conversion:
            yield f"message: write {{{name}}} without : or !", ("message",)
    if "/" in rule.id:
        yield "id: without /; the pack's name is put before it", ("id",)
    if rule.evidence == "predicted" and rule.fix == "safe":
        yield "a rule whose wrong form nobody has seen (evidence: predicted) cannot have fix: safe", ("fix",)
    for at, bad in enumerate(rule.bad):
        yield from _example_mistakes(rule, bad.text, bad.fixed, ("bad", at))
    if isinstance(rule, LineRule | RepeatRule):
        for at, step in enumerate(rule.fold):
            if step not in (*STEPS, "default"):
                yield f"fold: unknown step {step!r}{meant(step, (*STEPS, 'default'))}", ("fold", at)
                return
    if isinstance(rule, LineRule):
        yield from _context_mistakes(rule)
    yield from _kind_mistakes(rule)


def _context_mistakes(rule: LineRule) -> Iterable[tuple[str, Key]]:
    for field, near in (("near", rule.near), ("not-near", rule.not_near), ("in-text", rule.in_text)):
        if near is not None and not near.any:
            yield f"{field}: needs at least one cue", (field, "any")
        for cue in near.any if near is not None else ():
            if not WORD.search(cue):
                yield f"{field}: cue {cue!r} holds no word", (field, "any")
    if rule.in_text is not None and rule.in_text.at_least > len(rule.in_text.any) > 0:
        yield "in-text: at-least is more than there are cues", ("in-text", "at-least")
    for phrase in rule.except_:
        if not folding(DEFAULT).fold(phrase).strip():
            yield f"except: {phrase!r} is empty once folded", ("except",)


def _example_mistakes(rule: AnyRule, text: str, fixed: str | None, key: Key) -> Iterable[tuple[str, Key]]:
    if not _MARKED.fullmatch(text):
        yield "a bad example marks the expected span with << and >>", key
    if rule.fix in ("safe", "unsafe") and fixed is None and not getattr(rule, "repair", None):
        yield f"a rule with fix: {rule.fix} says in each bad example what the `fixed` text is", key
    if rule.fix in ("display", "none") and fixed is not None:
        yield f"`fixed` is given, but fix is {rule.fix}", (*key, "fixed")


def _kind_mistakes(rule: AnyRule) -> Iterable[tuple[str, Key]]:
    match rule:
        case LexiconRule():
            if not rule.phrases:
                yield "a lexicon rule needs phrases (or a phrases-file)", ()
            for phrase in rule.phrases:
                if not all(phrases(msgspec.structs.replace(rule, phrases=(phrase,)))):
                    yield f"phrase {phrase!r} is empty once folded: it can never match", ("phrases",)
                if not to_folded(phrase.strip()):
                    yield (
                        f"phrase {phrase!r} has nothing that lasts in folded text: it cannot be looked for",
                        ("phrases",),
                    )
                if len(phrase) > _LONGEST:
                    yield (
                        f"a phrase of {len(phrase)} characters; {_LONGEST} are the most: use its beginning",
                        ("phrases",),
                    )
                if "\n" in phrase.strip():
                    yield f"phrase {phrase!r} goes over two lines: it can never match", ("phrases",)
            if rule.replace is not None and (rule.at == "line" or rule.extent == "line"):
                yield (
                    "replace puts a text in the place of a phrase; whole lines (at or extent: line) only go",
                    ("replace",),
                )
        case NameRule():
            for wrong in rule.wrong:
                if len(wrong) > _LONGEST:
                    yield f"a form of {len(wrong)} characters; {_LONGEST} are the most", ("wrong",)
                if not all(form.core for form in forms(msgspec.structs.replace(rule, wrong=(wrong,)))):
                    yield f"wrong form {wrong!r} is empty once folded: it can never match", ("wrong",)
            if not rule.wrong:
                yield "a name rule needs at least one wrong form", ("wrong",)
            if rule.right is None and rule.fix != "none":
                yield f"fix: {rule.fix} needs `right`", ("fix",)
        case RegexRule():
            yield from _pattern_mistakes(rule)
            if rule.repair is not None and (rule.replace is not None or rule.extent != "match"):
                yield "repair makes the replacement from the match: leave replace and extent out", ("repair",)
            if rule.replace is not None and rule.extent != "match":
                yield f"replace puts a text in the place of the match, not of an extent: {rule.extent}", ("replace",)
            for name in _OF_LINES if rule.scope == "document" else ():
                if getattr(rule, name):
                    field = name.strip("_").replace("_", "-")
                    yield f"scope: document looks at whole texts, {field} at lines; it cannot have both", (field,)
        case ScriptRule():
            for at, name in enumerate(rule.scripts):
                if not _SCRIPT_NAME.fullmatch(name) or _uncompilable(rf"\p{{Script={name}}}"):
                    yield f"unknown script {name!r}", ("scripts", at)
            for at, pattern in enumerate(rule.allow):
                if problem := _uncompilable(pattern):
                    yield f"allow: {pattern!r} is not a valid pattern: {problem}", ("allow", at)
                elif runs_away(pattern):
                    yield (
                        f"allow: {pattern!r} can run away; let no two of its choices match the same text",
                        ("allow", at),
                    )
            if not rule.split and rule.fix != "none":
                yield f"fix: {rule.fix} needs split: true; there is no other fix", ("fix",)
        case RepeatRule(across="site" | "corpus"):
            yield from _across_mistakes(rule)
        case RepeatRule(unit="document") | RepeatRule(same="near"):
            yield "unit: document and same: near go with across: site or corpus", ("unit",)
        case RepeatRule() if wide := [name for name in _ACROSS if getattr(rule, name)]:
            yield f"{_written(wide[0])} goes with across: site", (_written(wide[0]),)
        case RepeatRule(same="beginning" | "run", unit="paragraph"):
            yield f"same: {rule.same} compares lines; leave out unit: paragraph", ("same",)
        case EncodingRule() if rule.fix != "none":
            yield "an encoding rule has no fix of its own; --to-utf8 writes such files in UTF-8", ("fix",)
        case BlockRule() | DensityRule() | MetricRule() | LanguageRule():
            yield from _document_mistakes(rule)
        case ThreadRule():
            for field, phrases_of in (("begins-with", rule.begins_with), ("returns", rule.returns)):
                if not phrases_of:
                    yield f"{field}: needs at least one phrase", (field,)
                for phrase in phrases_of:
                    if not WORD.search(numberless(phrase)):
                        yield f"{field}: phrase {phrase!r} is empty once folded: it can never match", (field,)
                    if len(phrase) > LONGEST:
                        yield f"{field}: a phrase of {len(phrase)} characters; {LONGEST} are the most", (field,)
        case RepeatRule(same="beginning" | "run") if rule.fix in ("safe", "unsafe"):
            yield f"same: {rule.same} only reports: which of two different lines goes is not known", ("fix",)
        case RepeatRule(same="all", mark="both"):
            yield "mark: both goes with same: beginning or run; of equal lines the later goes", ("mark",)
        case RepeatRule() if rule.first_lines is not None and rule.same != "run":
            yield "first-lines goes with same: run", ("first-lines",)


_ACROSS = ("min_share", "mask_digits", "max_words", "outside_text", "also")
_WITHIN = ("adjacent", "first_lines")


def _written(name: str) -> str:
    return name.replace("_", "-")


def _across_mistakes(rule: RepeatRule) -> Iterable[tuple[str, Key]]:
    """Mistakes in rules that look at all pages of a site, or all documents."""
    if rule.unit == "document":
        if rule.same != "near":
            yield "unit: document goes with same: near", ("unit",)
        if rule.fix in ("safe", "unsafe"):
            yield "same: near only reports: which of two documents goes is not known", ("fix",)
    elif rule.across == "corpus":
        yield "across: corpus goes with unit: document; what other sites print, too, is content", ("across",)
    elif rule.unit != "line" or rule.same != "all" or rule.mark != "later":
        yield "across: site compares whole lines; leave out unit, same and mark", ("across",)
    for name in _WITHIN:
        if getattr(rule, name) is not None:
            yield f"{_written(name)} speaks of one document; leave it out with across: site", (_written(name),)
    if not rule.also:
        yield "also: holds the other pages of the site that the examples are pages of", ()


def _document_mistakes(rule: BlockRule | DensityRule | MetricRule | LanguageRule) -> Iterable[tuple[str, Key]]:
    """Mistakes in the kinds that judge documents by their figures."""
    if rule.fix in ("safe", "unsafe") and (isinstance(rule, MetricRule | DensityRule) or not _of_text(rule)):
        yield f"fix: {rule.fix} would delete what only a figure of the whole document speaks against", ("fix",)
    match rule:
        case BlockRule():
            if rule.max_lines is not None and rule.max_lines < rule.min_lines:
                yield "max-lines is below min-lines: nothing fits", ("max-lines",)
            if rule.made_of and rule.begins_with:
                yield "made-of stands instead of begins-with: give one of them", ("made-of",)
            if rule.others and not rule.made_of:
                yield "others goes with made-of", ("others",)
            lists = (("begins-with", rule.begins_with), ("stop-at", rule.stop_at), ("made-of", rule.made_of))
            for field, phrases in lists:
                for phrase in phrases:
                    if not folding(DEFAULT).fold(phrase).strip() or not WORD.search(phrase):
                        yield f"{field}: phrase {phrase!r} is empty once folded: it can never match", (field,)
        case DensityRule():
            yield from _density_mistakes(rule)
        case MetricRule():
            if rule.min is None and rule.max is None:
                yield "a metric rule needs min or max (or both)", ()
            if rule.min is not None and rule.max is not None and rule.min > rule.max:
                yield "min is above max: every document would be out of bounds", ("min",)
            if (rule.metric == "stop-words") != bool(rule.words):
                yield "words lists what the metric stop-words counts; one does not go without the other", ("words",)
        case LanguageRule():
            for code in rule.expected:
                if code not in SCRIPTS:
                    yield f"expected: unknown language {code!r}{meant(code, SCRIPTS)}", ("expected",)


def _of_text(rule: BlockRule | LanguageRule) -> bool:
    return isinstance(rule, BlockRule) or rule.unit == "line"


def _density_mistakes(rule: DensityRule) -> Iterable[tuple[str, Key]]:
    if (rule.pattern is None) == (not rule.phrases):
        yield "a density rule counts either a pattern or phrases", ()
    if (rule.per == "pattern") != (rule.per_pattern is not None):
        yield "per-pattern goes with per: pattern, and per: pattern with it", ("per",)
    if rule.above is None and rule.below is None:
        yield "a density rule needs above or below (or both)", ()
    for at, step in enumerate(rule.fold or ()):
        if step not in (*STEPS, "default"):
            yield f"fold: unknown step {step!r}{meant(step, (*STEPS, 'default'))}", ("fold", at)
            return
    for field, pattern in (("pattern", rule.pattern), ("per-pattern", rule.per_pattern)):
        if pattern is not None:
            yield from ((message, (field,)) for message, _ in _pattern_mistakes(as_regex(rule, pattern)))
    if rule.phrases:
        yield from _kind_mistakes(as_lexicon(rule))


def _pattern_mistakes(rule: RegexRule) -> Iterable[tuple[str, Key]]:
    if problem := _uncompilable(source(rule)):
        yield f"pattern: {problem}", ("pattern",)
        return
    compiled = regex.compile(source(rule), regex.MULTILINE if rule.scope == "document" else 0)
    if worst := runs_away(compiled.pattern, compiled.flags & regex.MULTILINE):
        yield (
            f"pattern can run away: on {worst} it does not end; let no two of its choices match the same text",
            ("pattern",),
        )
        return
    if compiled.search("", timeout=1.0) is not None and "span" not in compiled.groupindex:
        yield "pattern matches the empty text: it would fire everywhere", ("pattern",)
    table = rule.folding().table if rule.fold else {}
    alone = regex.sub(r"\\.|\[(?:\\.|[^\\\]])*\]", "", rule.pattern)  # in a class there are other choices
    if wide := next((char for char in alone if len(table.get(ord(char), char)) > 1), None):
        yield f"pattern: U+{ord(wide):04X} is several letters in folded text: write these", ("pattern",)
    if lost := next((char for char in alone if table.get(ord(char)) == ""), None):
        yield f"pattern: U+{ord(lost):04X} vanishes from folded text: the pattern waits for it in vain", ("pattern",)
    for match in regex.finditer(r"\\(?:g<(\w+)>|(\d))", rule.replace or ""):
        name = match[1] or match[2]
        if not (name.isdigit() and int(name) <= compiled.groups) and name not in compiled.groupindex:
            yield f"replace: the pattern has no group {name!r}{meant(name, compiled.groupindex)}", ("replace",)


def _uncompilable(pattern: str) -> str | None:
    """Why a pattern cannot be compiled, or must not be."""
    if swells(pattern):
        return "its counts make more than 100,000 parts of it; write a smaller count, or + or *"
    try:
        regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError, MemoryError, ValueError) as error:
        return str(error) or type(error).__name__
    return None
