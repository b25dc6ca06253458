"""What all rule kinds share: the common fields of a rule, what a matcher is asked for, and what it gives back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Annotated, ClassVar, Literal, NamedTuple, Protocol

import msgspec

from auditor.batch import Batch
from auditor.folding import DEFAULT, MOST, Folding, expand_steps, folding
from auditor.model import Category, Confidence, Edit, Severity

# In packs a list of texts, or "$name" of a list under `define` (which may also be one of the items).
Texts = tuple[str, ...]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Closed(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename=lambda name: name.replace("_", "-")
):
    """A struct of the rule language: closed, hyphenated in YAML."""


class Bad(Closed, frozen=True, kw_only=True):
    """Text a rule must catch: ``<<`` and ``>>`` mark the exact span; ``fixed`` is the text after its fix.

    ``encoding`` says that it is the text of a file in that encoding.
    """

    text: str
    fixed: str | None = None
    encoding: str | None = None


class Near(Closed, frozen=True, kw_only=True):
    """Cues that must (or must not) stand within so many words before or after, in the same sentence."""

    any: Texts
    before: Annotated[int, msgspec.Meta(ge=0)] = 8
    after: Annotated[int, msgspec.Meta(ge=0)] = 4


class InText(Closed, frozen=True, kw_only=True):
    """Cues of which so many different ones must stand anywhere in the document: what a whole text is about."""

    any: Texts
    at_least: Count = 1


class When(Closed, frozen=True, kw_only=True):
    """Documents a rule looks at: those of at least so many words, and in one of these languages (ISO 639-1)."""

    min_words: Count | None = None
    language: Texts = ()


class Rule(Closed, frozen=True, kw_only=True, tag_field="kind"):
    """Fields of every rule, whatever its kind. ``id`` becomes ``pack/id`` when its pack is loaded."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?$")]
    category: Category
    severity: Severity
    confidence: Confidence = "medium"
    message: Annotated[str, msgspec.Meta(min_length=1)]
    about: str = ""
    link: str | None = None
    evidence: Literal["seen", "predicted"] = "seen"
    fix: Literal["safe", "unsafe", "display", "none"] = "none"
    when_language: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] | None = None  # of the whole document
    bad: Annotated[tuple[Bad, ...], msgspec.Meta(min_length=1)]
    good: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    yields: ClassVar[bool] = False  # whether its hits give way to what other rules say of the same text


class LineRule(Rule, frozen=True, kw_only=True):
    """Fields of the kinds that look for something inside lines, with what must stand around it."""

    fold: tuple[str, ...] = ("default",)
    extent: Literal["match", "line", "to-end"] = "match"
    replace: str | None = None
    max_words: Count | None = None
    first_lines: Count | None = None
    last_lines: Count | None = None
    near: Near | None = None
    not_near: Near | None = None
    in_text: InText | None = None
    except_: Texts = msgspec.field(default=(), name="except")

    def folding(self) -> Folding:
        """How this rule sees text."""
        return _folding(self.fold)


@lru_cache(MOST)
def _folding(steps: tuple[str, ...]) -> Folding:
    return folding(expand_steps(steps))


DEFAULT_FOLD = ("default",)
assert expand_steps(DEFAULT_FOLD) == DEFAULT


class Hit(NamedTuple):
    """What a rule found: offsets into the batch text."""

    rule: Rule
    start: int
    end: int
    why: str
    edit: Edit | None = None
    related: tuple[tuple[int, int], ...] = ()
    values: tuple[tuple[str, str], ...] = ()  # further placeholders of the message


class Stuck(NamedTuple):
    """A rule that ran over its time limit on a line; its document counts as unchecked."""

    rule: Rule
    line: int


class Matcher(Protocol):
    """All rules of one kind, prepared. Gets the whole batch; works on candidates only."""

    @property
    def slow(self) -> Sequence[Rule]:
        """Rules that no automaton can look ahead for: they are tried on every line."""

    def hits(self, batch: Batch) -> Iterator[Hit | Stuck]:
        """Everything the rules find, in no particular order."""
