"""How clean the texts of pages come out: `python tests/bench/pages.py PAGES GOLD...`

PAGES is jsonl (or .gz) with `id` and `html`; GOLD the same with `id` and `lines`, each with a `text` and a `label`. A
page's true text is its lines labelled content and headline. Printed for each page is the F1 of its words, as a bag,
times 100: of trafilatura alone, of our extraction, and of its cleaned copy (safe fixes of all shipped rules).
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import trafilatura

import auditor
from auditor.formats.html import text_of

TRUE = {"content", "headline"}
WAYS = ("trafilatura", "extracted", "cleaned")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", "utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def f1(found: str, true: str) -> float:
    """Of the words, as a bag, times 100."""
    ours, theirs = Counter(re.findall(r"\w+", found)), Counter(re.findall(r"\w+", true))
    return 200 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


def true_texts(paths: Sequence[Path]) -> dict[str, str]:
    return {
        row["id"]: "\n".join(line["text"] for line in row["lines"] if line["label"] in TRUE)
        for path in paths
        for row in rows(path)
    }


def main(pages: Path, *gold: Path) -> None:
    true = true_texts(gold)
    scores: list[tuple[float, ...]] = []
    print(f"{'page':40}" + "".join(f"{way:>14}" for way in WAYS))
    for row in rows(pages):
        if row["id"] not in true:
            continue
        ours, _ = text_of(row["html"].encode())
        texts = (trafilatura.extract(row["html"], include_comments=False) or "", ours, auditor.clean(ours).text)
        scores.append(tuple(f1(text, true[row["id"]]) for text in texts))
        print(f"{row['id'][:39]:40}" + "".join(f"{score:14.1f}" for score in scores[-1]))
    for name, of in (("mean", lambda column: sum(column) / len(column)), ("worst", min)):
        print(f"{name:40}" + "".join(f"{of(column):14.1f}" for column in zip(*scores, strict=True)))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
