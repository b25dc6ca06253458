"""Every rule that fired on newspapers, with two samples and the verdict, made from a judged sheet.

    auditor rules eval NEWSPAPERS.jsonl.gz --sample 15 --judged docs/newspapers.csv -o sheet.csv
    (write right, wrong or unsure into the column verdict where it is empty)
    python tests/bench/newspapers.py sheet.csv

writes docs/newspapers.md, and docs/newspapers.csv: the verdicts without the texts, which belong to their publishers.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from auditor.measured import percent
from auditor.packs import load_packs
from auditor.reporters.markdown import cell, table
from auditor.sheets import COLUMNS, Verdicts, judged

DOCS = Path(__file__).parents[2] / "docs"
PAGE, KEPT = DOCS / "newspapers.md", DOCS / "newspapers.csv"
WORDS = 8
HEAD = """\
<!-- Made by tests/bench/newspapers.py from a judged sheet; its docstring says how to make it again. -->

# What is found in newspapers

1,084 articles of Saudi newspapers from 2015 (SaudiNewsNet), written and edited by people: hardly anything in them
should be found, so what is found shows what a rule is worth. Every rule that fired is listed, with its findings, the
verdict on a sample of at most 15 of them and what two of them are about: the match alone, cut to eight words, since
the texts belong to their publishers. The verdicts are a first reading that no native reader has checked. `right` says
that what the rule claims is true of the text, not that it must go: of these rules only those with `fix: safe` change
anything unasked.

"""


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    sheet = Path(arguments[0])
    found = judged(sheet)
    if found.bad:
        print("\n".join(found.bad))
        return 1
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8-sig"), newline="")))
    PAGE.write_text("".join(page(found.rules, rows)), encoding="utf-8")
    KEPT.write_text(kept(rows), encoding="utf-8")
    return 0


def page(verdicts: Mapping[str, Verdicts], rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    fixes = {rule.id: rule.fix for pack in load_packs() for rule in pack.rules}
    ranked = sorted(verdicts, key=lambda rule: (verdicts[rule].precision.high, verdicts[rule].precision.low, rule))
    lines = []
    for rule in ranked:
        one = verdicts[rule]
        here = [row for row in rows if row["rule"] == rule]
        note = next((row["note"] for row in here if row["note"]), "")
        samples = list(dict.fromkeys(short(row["match"]) for row in apart(here)))[:2]
        lines.append([f"`{rule}`", fixes[rule], f"{one.findings:,}", told(one), " · ".join(map(cell, samples)), note])
    yield HEAD
    yield table(["rule", "fix", "findings", "verdict", "for example", "remark"], "<<><<<", lines)


def apart(rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The rows of a rule with the first of each verdict before the others, wrong ones foremost."""
    order = ["wrong", "right", "unsure"]
    first = {row["verdict"]: row for row in reversed(rows)}
    return [*sorted(first.values(), key=lambda row: order.index(row["verdict"])), *rows]


def told(one: Verdicts) -> str:
    decided = one.right + one.wrong
    unsure = f", {one.unsure} unsure" if one.unsure else ""
    if not decided:
        return f"unsure ({one.unsure})"
    word = "right" if one.right == decided else "wrong" if not one.right else "mixed"
    share = one.precision
    sure = f"95 %: {percent(share.low)} to {percent(share.high)}" if decided < one.findings else "all judged"
    return f"{word}: {one.right} of {decided} ({sure}){unsure}"


def short(text: str) -> str:
    """At most eight words, without what leads to a person."""
    words = re.sub(r"\d{5,}", "…", re.sub(r"[^\s@]+@", "…@", text)).split(" ")
    return " ".join(words[:WORDS]) + ("…" if len(words) > WORDS else "")


def kept(rows: Sequence[Mapping[str, str]]) -> str:
    """The sheet without its texts: enough to keep the verdicts when the sample is drawn again."""
    out = io.StringIO()
    names = [name for name in COLUMNS if name in ("verdict", "rule", "key", "findings")]
    writer = csv.DictWriter(out, [*names, "note"], extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
