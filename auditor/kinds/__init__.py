"""The rule kinds, written down: a kind's rule fields, and the matcher that takes all its rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from auditor.kinds.base import Matcher
from auditor.kinds.block import BlockMatcher, BlockRule
from auditor.kinds.density import DensityMatcher, DensityRule
from auditor.kinds.echo import EchoMatcher, EchoRule
from auditor.kinds.encoding import EncodingMatcher, EncodingRule
from auditor.kinds.evidence import EvidenceMatcher, EvidenceRule
from auditor.kinds.language import LanguageMatcher, LanguageRule
from auditor.kinds.lexicon import LexiconMatcher, LexiconRule
from auditor.kinds.metric import MetricMatcher, MetricRule
from auditor.kinds.name import NameMatcher, NameRule
from auditor.kinds.pair import PairMatcher, PairRule
from auditor.kinds.regex import RegexMatcher, RegexRule
from auditor.kinds.repeat import RepeatMatcher, RepeatRule
from auditor.kinds.script import ScriptMatcher, ScriptRule
from auditor.kinds.thread import ThreadMatcher, ThreadRule

AnyRule = (
    LexiconRule
    | RegexRule
    | NameRule
    | ScriptRule
    | RepeatRule
    | PairRule
    | EncodingRule
    | BlockRule
    | DensityRule
    | MetricRule
    | LanguageRule
    | EvidenceRule
    | EchoRule
    | ThreadRule
)

KINDS: dict[type[Any], Callable[[Sequence[Any]], Matcher]] = {
    LexiconRule: LexiconMatcher,
    RegexRule: RegexMatcher,
    NameRule: NameMatcher,
    ScriptRule: ScriptMatcher,
    RepeatRule: RepeatMatcher,
    PairRule: PairMatcher,
    EncodingRule: EncodingMatcher,
    BlockRule: BlockMatcher,
    DensityRule: DensityMatcher,
    MetricRule: MetricMatcher,
    LanguageRule: LanguageMatcher,
    EvidenceRule: EvidenceMatcher,
    EchoRule: EchoMatcher,
    ThreadRule: ThreadMatcher,
}

__all__ = ["KINDS", "AnyRule", "Matcher"]
