"""How clean the texts of pages come out: `python tests/bench/pages.py PAGES GOLD...`, or `... FOLDER FOLDER`

PAGES is jsonl (or .gz) with `id` and `html`; GOLD the same with `id` and `lines`, each with a `text` and a `label`. A
page's true text is its lines labelled content and headline. Or both are folders, of `NAME.html` and of `NAME.txt` with
the true text, as newspaper4k brings them. Printed for each page is the F1 of its words, as a bag, times 100: of
trafilatura alone, of our extraction, and of its cleaned copy (safe fixes of all shipped rules).
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


def pages_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """Their ids and bytes."""
    if path.is_dir():
        yield from ((page.stem, page.read_bytes()) for page in sorted(path.glob("*.html")))
    else:
        yield from ((row["id"], row["html"].encode()) for row in rows(path))


def true_texts(paths: Sequence[Path]) -> dict[str, str]:
    if paths[0].is_dir():
        return {page.stem: page.read_text("utf-8") for page in paths[0].glob("*.txt")}
    return {
        row["id"]: "\n".join(line["text"] for line in row["lines"] if line["label"] in TRUE)
        for path in paths
        for row in rows(path)
    }


def main(pages: Path, *gold: Path) -> None:
    true = true_texts(gold)
    scores: list[tuple[float, ...]] = []
    print(f"{'page':40}" + "".join(f"{way:>14}" for way in WAYS))
    for name, data in pages_of(pages):
        if name not in true:
            continue
        ours, _ = text_of(data)
        texts = (trafilatura.extract(data, include_comments=False) or "", ours, auditor.clean(ours).text)
        scores.append(tuple(f1(text, true[name]) for text in texts))
        print(f"{name[:39]:40}" + "".join(f"{score:14.1f}" for score in scores[-1]))
    for title, of in (("mean", lambda column: sum(column) / len(column)), ("worst", min)):
        print(f"{title:40}" + "".join(f"{of(column):14.1f}" for column in zip(*scores, strict=True)))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
