"""Labelled pages for line evidence: where they lie, how much they count, variants made of them."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

POSITIVE = frozenset({"boilerplate", "tagline", "duplicate", "glued", "glued-mixed-script"})
NEUTRAL = frozenset({"caption", "other"})  # neither is learnt from; a headline is content that must not go

ARABIC = ("ar_gold", "ar_pages", "ar_other", "ar_media")
PERSIAN = ("fa_gold", "fa_ur_pages")
ALIGNED = ("en_scrapinghub", "en_wcxb", "multi_fundus")  # labelled by alignment with a known body, licensed freely
CONTENT = {  # all of it content
    "news": "saudinews_A_human",
    "documentation": "msdocs_mt_ht",
    "posts": "fignews_A_human",
    "translated posts": "news_fignews_mt",
}

# How much a line counts: labelled by hand 1, aligned by machine a tenth; news and documentation only keep it honest.
WEIGHTS = {
    **dict.fromkeys(ARABIC, 1.0),
    **dict.fromkeys(PERSIAN, 1.0),
    **dict.fromkeys(ALIGNED, 0.1),
    "news": 0.3,
    "documentation": 0.1,
    "posts": 0.3,
    "translated posts": 0.3,
}
_MOST = {"documentation": 400, "translated posts": 300}  # texts
CONTENT_WEIGHT, HEADLINE_WEIGHT, VARIANT_WEIGHT = 2.0, 4.0, 0.3

FOLDS = 10

Line = tuple[str, str]  # text, label


class Page(NamedTuple):
    """A labelled document; ``variant`` is empty for a page as it came."""

    source: str  # the set it is from
    site: str
    lines: tuple[Line, ...]
    variant: str = ""


def pages(data: Path) -> list[Page]:
    """All labelled pages under ``data`` (boilerplate/ and mt/), blank lines left out."""
    return [page for page in (*_labelled(data), *_content(data)) if page.lines]


def _labelled(data: Path) -> Iterator[Page]:
    for source in (*ARABIC, *PERSIAN, *ALIGNED):
        for row in rows(data / "boilerplate" / f"{source}.jsonl.gz"):
            lines = tuple(
                (line["text"].replace("\n", " "), line["label"]) for line in row["lines"] if line["text"].strip()
            )
            yield Page(source, site_of(row), lines)


def _content(data: Path) -> Iterator[Page]:
    for source, name in CONTENT.items():
        found = rows(data / "mt" / f"{name}.jsonl.gz")
        for row in random.Random(3).sample(found, min(len(found), _MOST.get(source, len(found)))):
            lines = tuple((line, "content") for line in row["text"].split("\n") if line.strip())
            site = row["domain"] if source == "news" else row["id"]  # newspapers are sites; elsewhere texts are
            yield Page(source, f"{source} {site}", lines)


def site_of(row: dict[str, Any]) -> str:
    """Whose page it is: sites are never on both sides of a split."""
    if row.get("site"):
        return str(row["site"])
    parts = (row.get("url") or "").split("/")
    return parts[2].removeprefix("www.") if len(parts) > 2 else str(row["id"])


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def fold_of(site: str, folds: int = FOLDS) -> int:
    return zlib.crc32(site.encode()) % folds


_SHARE = {
    "en_wcxb": 0.07,
    "en_scrapinghub": 0.3,
    "multi_fundus": 0.3,
    "news": 0.3,
    "documentation": 0.3,
    "posts": 0.3,
    "translated posts": 0.3,
}


def variants(page: Page) -> Iterator[Page]:
    """What else the page could have been: a few lines of it alone; its prose wrapped into short lines, as verse, lists
    and plain-text mail are; its boilerplate gone, wholly or in part, as after a round of cleaning; both.
    """
    chance = random.Random("".join(text for text, _ in page.lines[:5]) + page.source)
    if chance.random() > _SHARE.get(page.source, 1):
        return
    size, at = chance.choice([1, 1, 2, 3, 5, 8]), chance.randrange(len(page.lines))
    yield page._replace(lines=page.lines[at : at + size], variant="part")
    width = chance.choice([3, 4, 5, 6, 7, 8, 10, 12, 15])
    wrapped = tuple(piece for line in page.lines for piece in _wrapped(line, width))
    yield page._replace(lines=wrapped, variant="wrapped")
    if page.source in CONTENT:
        return
    kept = chance.choice([0, 0, 0.2, 0.5])
    for variant, lines in (("cleaned", page.lines), ("cleaned and wrapped", wrapped)):
        left = tuple(line for line in lines if line[1] not in POSITIVE or chance.random() < kept)
        if any(label == "content" for _, label in left):
            yield page._replace(lines=left, variant=variant)


def _wrapped(line: Line, width: int) -> Iterator[Line]:
    text, label = line
    words = text.split()
    if label != "content" or len(words) <= width:
        yield line
        return
    for at in range(0, len(words), width):
        yield " ".join(words[at : at + width]), label
