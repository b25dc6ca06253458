"""The rule kinds, written down: a kind's rule fields, and the matcher that takes all its rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from auditor.kinds.base import Matcher
from auditor.kinds.encoding import EncodingMatcher, EncodingRule
from auditor.kinds.lexicon import LexiconMatcher, LexiconRule
from auditor.kinds.name import NameMatcher, NameRule
from auditor.kinds.pair import PairMatcher, PairRule
from auditor.kinds.regex import RegexMatcher, RegexRule
from auditor.kinds.repeat import RepeatMatcher, RepeatRule
from auditor.kinds.script import ScriptMatcher, ScriptRule

AnyRule = LexiconRule | RegexRule | NameRule | ScriptRule | RepeatRule | PairRule | EncodingRule

KINDS: dict[type[Any], Callable[[Sequence[Any]], Matcher]] = {
    LexiconRule: LexiconMatcher,
    RegexRule: RegexMatcher,
    NameRule: NameMatcher,
    ScriptRule: ScriptMatcher,
    RepeatRule: RepeatMatcher,
    PairRule: PairMatcher,
    EncodingRule: EncodingMatcher,
}

__all__ = ["KINDS", "AnyRule", "Matcher"]
