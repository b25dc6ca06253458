"""Pages about the rules, one a category, made from the packs: what is found, why, and by which examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from auditor.kinds import AnyRule
from auditor.measured import Measure, measures, together, told
from auditor.model import Category
from auditor.packs import Pack
from auditor.reporters.markdown import code, table
from auditor.reporters.text import count, visible
from auditor.rulebook import kind

_WIDTH = 300
_MADE = "<!-- Made from the packs by `auditor rules docs DIR`; change a rule and make it again. -->\n"
_MEASURED = (
    "Measured are findings that labelled text speaks of; [how](../measuring.md). What is not measured stands on its "
    "examples alone. On [newspapers](../newspapers.md) hardly anything should be found: the page lists what is.\n"
)

MEANING: dict[Category, str] = {
    "boilerplate": "What a page prints around its text: menus, related links, forms, footers, tags, share bars.",
    "byline": "Authors, agencies and datelines.",
    "caption": "Picture captions and credits.",
    "duplicate": "Lines and paragraphs printed again.",
    "encoding": "HTML residue, broken encodings, and characters that no reader sees.",
    "language": "Text in a language it should not be in.",
    "mistranslation": "Names and terms rendered by their dictionary meaning.",
    "mixed-script": "Words glued from two scripts, and look-alike letters.",
    "quality": "Figures of a document that are out of bounds.",
    "spacing": "White space and the spacing of punctuation.",
    "translation-style": "Idioms, word order and agreement that machine translation leaves behind.",
    "untranslated": "Names left in, or spelt both in, another script.",
}

WHY: dict[Category, str] = {
    "boilerplate": "It can be more than half of a scraped page and comes back on every page of a site; models trained "
    "on it learn menus. Cut out of a sentence it leaves a hole, so only what is safe is removed unasked.",
    "byline": "Who wrote it and when is no part of the text, but it is true and often wanted: not removed unasked.",
    "caption": "A caption in the middle of a text breaks its thread; it may also be all that is told of a picture: "
    "not removed unasked.",
    "duplicate": "What stands twice counts twice in training and in statistics. A refrain stands twice on purpose.",
    "encoding": "Broken and invisible characters make two words of one for every index, search and tokenizer.",
    "language": "A page in another language spoils counts and models of the one that was wanted.",
    "mistranslation": "A name rendered by its meaning is a false statement that reads well: who but the axiom said so?",
    "mixed-script": "Glued words are unknown to every dictionary, and look-alike letters hide a word from search.",
    "quality": "Texts out of all proportion are lists, code, menus or broken, and are judged better as a whole.",
    "spacing": "Spacing tells an engine's or an editor's hand, and glues punctuation to words for tokenizers.",
    "translation-style": "Models trained on translationese write it. Taste differs: reported, not changed unasked.",
    "untranslated": "One name in two scripts is two names to whoever counts or links names.",
}


def pages(packs: Sequence[Pack]) -> dict[str, str]:
    """The pages by file name: one a category that has rules, and a README that leads to them."""
    found = {}
    rows = []
    known = measures(packs)
    for category in sorted(get_args(Category)):
        chosen = [(pack, [rule for rule in pack.rules if rule.category == category]) for pack in packs]
        chosen = [(pack, rules) for pack, rules in chosen if rules]
        if not chosen:
            continue
        found[f"{category}.md"] = "".join(_page(category, chosen, known))
        total = sum(len(rules) for _, rules in chosen)
        names = ", ".join(f"`{pack.name}`" for pack, _ in chosen)
        number = sum(rule.id in known for _, rules in chosen for rule in rules)
        rows.append([f"[{category}]({category}.md)", MEANING[category], str(total), str(number), names])
    listed = table(["category", "what", "rules", "measured", "packs"], "<<>><", rows)
    return {"README.md": f"{_MADE}\n# Rules by category\n\n{listed}\n{_MEASURED}", **found}


def _page(
    category: Category, chosen: Sequence[tuple[Pack, Sequence[AnyRule]]], known: Mapping[str, Measure]
) -> Iterator[str]:
    total = sum(len(rules) for _, rules in chosen)
    yield f"{_MADE}\n# {category}\n\n{MEANING[category]} {count(total, 'rule')} in {count(len(chosen), 'pack')}.\n"
    yield f"{WHY[category]}\n\n"
    measured = [known[rule.id] for _, rules in chosen for rule in rules if rule.id in known]
    what = told(together(measured)) if measured else "none of them was measured yet"
    yield f"Measured: {what}.\n"
    yield "The match stands between ⟦ and ⟧. `auditor rules show RULE` has all examples of a rule and its words.\n"
    for pack, rules in chosen:
        yield f"\n## {pack.name}\n\n{pack.about}\n"
        for rule in rules:
            yield from _rule(rule, told(known.get(rule.id)))


def _rule(rule: AnyRule, measured: str) -> Iterator[str]:
    yield f"\n### {rule.id}\n\n{code(rule.message, _WIDTH)}\n\n"
    if rule.about:
        yield f"{' '.join(rule.about.split())}\n\n" if _plain(rule.about) else f"{code(rule.about, _WIDTH)}\n\n"
    if rule.link is not None:
        yield f"See <{rule.link}>.\n\n"
    yield f"- {rule.severity}, kind `{kind(rule)}`, "
    yield f"confidence {rule.confidence}, fix: {rule.fix}\n"
    yield f"- measured: {measured}\n"
    bad = rule.bad[0]
    caught = bad.text.replace("<<", "⟦").replace(">>", "⟧")
    yield (
        f"- catches {code(caught, _WIDTH)}" + (f" → {code(bad.fixed, _WIDTH)}" if bad.fixed is not None else "") + "\n"
    )
    yield f"- leaves {code(rule.good[0], _WIDTH)}\n"


def _plain(text: str) -> bool:
    """Whether nothing in a text has a meaning to Markdown."""
    return visible(text) == text and not set(text) & set("<>*_`[]#&\\|")
