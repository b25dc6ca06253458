"""How many mistranslated names the shipped packs find, and how often they speak up in newspapers.

    python tests/bench/names.py [DATA]  # a folder with lexicon/, mt/ and boilerplate/; default: ../shared/data

It asserts nothing; texts of DATA are not part of the project, and what is absent is said and left out.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from auditor.check import Engine, check
from auditor.model import Document, Finding
from auditor.packs import load_packs

CATEGORIES = ("mistranslation", "untranslated", "translation-style")
SETS = (
    "mt/saudinews_A_human.jsonl.gz",
    "mt/ntrex_human_A.jsonl.gz",
    "mt/fignews_A_human.jsonl.gz",
    "boilerplate/ar_gold.jsonl.gz",
    "boilerplate/ar_media.jsonl.gz",
)
TRANSLATED = ("mt/news_fignews_mt.jsonl.gz", "mt/wmt25_other_mt.jsonl.gz", "mt/msdocs_mt_ht.jsonl.gz")
SAMPLES = 12  # findings shown of a set


class Entry(NamedTuple):
    """One row of a name list: what it is called, the wrong forms, and texts in which they should be found."""

    name: str
    forms: tuple[str, ...]
    quotes: tuple[str, ...]  # met in real text
    probes: tuple[str, ...]  # made of a cue and a form
    group: str


def main(arguments: Sequence[str]) -> None:
    """Print all tables."""
    data = Path(arguments[0]) if arguments else Path(__file__).parents[3] / "shared" / "data"
    engine = Engine(load_packs(()))
    documents = [text for name in TRANSLATED for text in texts(data / name)]
    for title, path, read in (
        ("names_seen", data / "lexicon/names_seen.jsonl", seen),
        ("gazetteer", data / "lexicon/gazetteer.jsonl", gazetteer),
    ):
        if path.exists():
            table(engine, title, [read(row, line) for line, row in rows(path)], documents)
        else:
            print(f"# {title}: {path} is not there")
    for name in SETS:
        if (data / name).exists():
            flagged(engine, name, list(texts(data / name)))
        else:
            print(f"# {name}: not there")


def rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows of a jsonl file, each with its line."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from ((line.strip(), json.loads(line)) for line in lines if line.strip())


def texts(path: Path) -> Iterator[str]:
    """The texts of a set; of labelled pages only the content lines."""
    if not path.exists():
        return
    for _, row in rows(path):
        lines = [line["text"] for line in row.get("lines", ()) if line["label"] == "content"]
        yield "\n".join(lines) if "lines" in row else row["text"]


def seen(row: dict[str, Any], line: str) -> Entry:
    """A row of names_seen; a third of them, by the digest of the row, is the part not looked at while tuning."""
    part = "held out" if int(sha256(line.encode()).hexdigest(), 16) % 3 == 0 else "looked at"
    forms = tuple(form.strip(' "#') for form in row["wrong"].split(" / "))
    return Entry(row["entity"], forms, (row["context"],), (), part)


def gazetteer(row: dict[str, Any], line: str) -> Entry:
    """An entry of the gazetteer: its quote if it was seen, and each form after each of its cues."""
    forms = tuple(form["form"] for form in row["wrong_ar"])
    kind = row["evidence"]["kind"]
    quotes = tuple(row["evidence"].get("quote", "").split(" / ")) if kind == "seen" else ()
    cues = ["", *row["cues_any"]]
    probes = tuple(f"{cue}{'' if cue.endswith(' ل') else ' '}{form}".strip() for cue in cues for form in forms)
    return Entry(f"{row['id']} {row['entity']}", forms, quotes, probes, kind)


def table(engine: Engine, title: str, entries: Sequence[Entry], documents: Sequence[str]) -> None:
    """One line an entry: in what it was found and by which rules; then the sums."""
    print(f"# {title}\n| entry | group | found | rules |\n|---|---|---|---|")
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        where, found = search(engine, entry, documents)
        sums[entry.group][where] += 1
        print(f"| {entry.name} | {entry.group} | {where} | {', '.join(sorted(found))} |")
    for group, counts in sorted(sums.items()):
        hit = counts.total() - counts["no"]
        parts = ", ".join(f"{count} {where}" for where, count in counts.most_common())
        print(f"{title}, {group}: {hit} of {counts.total()} found ({parts})")


def search(engine: Engine, entry: Entry, documents: Sequence[str]) -> tuple[str, set[str]]:
    """Where an entry is found: its quote alone, the document the quote stands in, or a made-up probe."""
    around = [text for quote in entry.quotes for text in documents if len(quote) > 8 and quote in text]
    for where, tried in (("quote", entry.quotes), ("document", around), ("probe", entry.probes)):
        found = {one.rule for one in named(engine, tried) if any(shares_word(one, form) for form in entry.forms)}
        if found:
            return where, found
    return "no", set()


def shares_word(finding: Finding, form: str) -> bool:
    """Whether a finding covers a word of a form, articles and proclitics aside."""
    return any(word.removeprefix("ال") in finding.text for word in form.split() if len(word) > 2)


def named(engine: Engine, tried: Iterable[str]) -> Iterator[Finding]:
    """Findings about names and translation in some texts."""
    for result in check(engine, [Document(text=text) for text in tried]):
        yield from (one for one in result.findings if one.category in CATEGORIES)


def flagged(engine: Engine, name: str, documents: Sequence[str]) -> None:
    """Share of documents with findings by category, warnings and errors apart from infos, and samples."""
    by: dict[tuple[str, str], set[int]] = defaultdict(set)
    samples: list[str] = []
    for number, text in enumerate(documents):
        for one in named(engine, [text]):
            loud = "info" if one.severity == "info" else "warning or error"
            by[one.category, loud].add(number)
            by["any", loud].add(number)
            around = text[max(0, one.start - 40) : one.start] + f"⟦{one.text}⟧" + text[one.end : one.end + 40]
            samples.append(f"  {one.severity} {one.rule}: {' '.join(around.split())}")
    print(f"# {name}: {len(documents)} documents")
    for (category, loud), found in sorted(by.items()):
        print(f"{category}, {loud}: {len(found)} documents, {100 * len(found) / max(1, len(documents)):.2f} %")
    samples.sort(key=lambda sample: (sample.startswith("  info"), sample))
    print("\n".join(samples[:SAMPLES]))


if __name__ == "__main__":
    main(sys.argv[1:])
