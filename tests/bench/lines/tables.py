"""What line evidence looks words up in: function words, dates, phrases of the packs, lines seen on several sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from labelled import ALIGNED, POSITIVE, Page

from auditor.kinds.lexicon import LexiconRule
from auditor.packs import Pack
from auditor.wordhash import NUMBER, Table, hashed_lines, pair_hashes, short, table

Tables = dict[str, npt.NDArray[Any]]
SITES = 3  # a line that is boilerplate on fewer sites is not known
_OFTEN = 10  # times as many sites where it is boilerplate as where it is content

_CATEGORIES = {"boilerplate", "caption", "byline"}
# Which rules' phrases (by the last part of their ids) open a list of related texts, belong to comments, to a footer.
_KINDS = {
    "related": ("related", "read-also", "most-read", "latest", "discover", "more-from"),
    "comments": ("comment", "form-label", "form-word"),
    "footer": ("copyright", "legal", "powered", "contact"),
}


def base_tables(packs: Sequence[Pack]) -> Tables:
    """Tables that depend on word lists and packs alone."""
    lists = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    function = hashed_lines(sorted({word for words in lists["function"].values() for word in words.split()}))[0].hashes
    dates = hashed_lines(sorted({word for words in lists["dates"].values() for word in words.split()}))[0].hashes
    rules = [rule for pack in packs for rule in pack.rules if isinstance(rule, LexiconRule)]
    rules = [
        rule for rule in rules if rule.category in ("boilerplate", "caption", "byline") and rule.at in ("line", "start")
    ]
    words, bounds, lines = hashed_lines(sorted({phrase for rule in rules for phrase in rule.phrases}))
    inside = np.ones(max(0, len(words.hashes) - 1), bool)
    inside[bounds[1:-1][bounds[1:-1] < len(words.hashes)] - 1] = False
    known = table(function)
    found = {
        "function": known,
        "dates": table([*dates.tolist(), NUMBER]),
        "phrases": table(lines),
        "pairs": table(pair_hashes(words.hashes)[inside]),
        "words": table(words.hashes[~Table(known).holds(words.hashes)]),
    }
    for kind, parts in _KINDS.items():
        phrases = {phrase for rule in rules if rule.id.split("/")[1].startswith(parts) for phrase in rule.phrases}
        found[kind] = table(hashed_lines(sorted(phrases))[2])
    return found


class Seen:
    """Which lines stand as boilerplate, and which as content, on which sites of the sets that may be learnt from."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._sites: dict[str, tuple[set[int], set[int]]] = {}
        for page in pages:
            if page.source not in ALIGNED or page.variant:
                continue
            bad, good = self._sites.setdefault(page.site, (set(), set()))
            hashes = short(hashed_lines([text for text, _ in page.lines])[2]).tolist()
            for value, (_, label) in zip(hashes, page.lines, strict=True):
                if label in POSITIVE:
                    bad.add(value)
                elif label == "content":
                    good.add(value)

    def tables(self, sites: Iterable[str]) -> Tables:
        """Known lines and on how many of ``sites`` they are boilerplate."""
        bad: Counter[int] = Counter()
        good: Counter[int] = Counter()
        for site in sites:
            if site in self._sites:
                bad.update(self._sites[site][0])
                good.update(self._sites[site][1])
        kept = sorted(
            value for value, times in bad.items() if value and times >= SITES and good[value] * _OFTEN <= times
        )
        known = np.array(kept, np.uint32)
        return {"known": known, "known_sites": np.array([bad[value] for value in kept], np.int64)}

    def without(self, tables: Tables, site: str) -> Tables:
        """The same without one site: what it says itself is no evidence about it."""
        if site not in self._sites:
            return tables
        own = np.array([value in self._sites[site][0] for value in tables["known"].tolist()], np.int64)
        return tables | {"known_sites": np.maximum(0, tables["known_sites"] - own)}
