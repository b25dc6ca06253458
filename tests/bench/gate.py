"""How long the gate takes over 100,000 documents: default suite, budgets of findings, ratchet, decisions.

python tests/bench/gate.py [DOCUMENTS]: writes made-up results into a temporary folder and prints seconds.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from auditor.model import Finding, Metrics, RunReport, Totals

SECTION = """\
[gate]
no-worse-than = "run.json"

[[gate.budgets]]
match = "news/**"
characters-deleted = 0.2
findings-per-1000-words = {error = 5, boilerplate = 20}
mostly = 0.9

[[gate.budgets]]
sites = ["site3.example", "site4.example"]
findings-per-1000-words = 40
quality = 0.5
mt-engine = 0.2
"""


def write(folder: Path, number: int) -> None:
    """documents.jsonl, findings.jsonl (five a document), run.json, auditor.toml and decisions.yaml."""
    chance = random.Random(7)
    known = ["known:\n"]
    with (folder / "documents.jsonl").open("wb") as rows, (folder / "findings.jsonl").open("wb") as findings:
        for at in range(number):
            path = f"news/{at % 97}/{at}.txt"
            marks = " ".join(f"{chance.getrandbits(48):012x}" for _ in range(3))
            rows.write(msgspec.json.encode(metrics(path, at, marks, chance)) + b"\n")
            prints = [f"{chance.getrandbits(64):016x}" for _ in range(5)]
            for print_ in prints:
                findings.write(msgspec.json.encode(finding(path, print_, chance)) + b"\n")
            if at % 20 == 0:
                known.append(f'- document: {path}\n  findings:\n    t/menu:\n      "{prints[0]}": Read more\n')
    (folder / "decisions.yaml").write_text("".join(known), encoding="utf-8")
    (folder / "auditor.toml").write_text(SECTION, encoding="utf-8")
    counts = dict.fromkeys(("files", "fixed", "remaining", "characters_deleted", "unchecked"), 0)
    totals = Totals(
        **counts, documents=number, characters=number * 2000, findings=number * 5, words=number * 400, quality=0.9,
        by_severity={}, by_category={"boilerplate": number * 5}, by_rule={}, quality_cleaned=None, verdict="clean",
    )  # fmt: skip
    report = RunReport(version="0", packs={}, options={}, totals=totals, files=())
    (folder / "run.json").write_bytes(msgspec.json.encode(report))


def metrics(path: str, at: int, marks: str, chance: random.Random) -> Metrics:
    """A row of figures as a news site might have them."""
    return Metrics(
        path=path, record=0, id=None, site=f"site{at % 9}.example", language="ar", chars=2000, words=400, lines=30,
        boilerplate_ratio=chance.random() / 5, duplicate_ratio=0.0, mixed_script_ratio=0.0, spaced_comma_ratio=0.0,
        mt_engine=None, mt_score=chance.random(), quality=0.7 + chance.random() / 4, quality_cleaned=0.97,
        findings=5, errors=1, warnings=2, fixed=2, characters_deleted=chance.randrange(500), marks=marks,
    )  # fmt: skip


def finding(path: str, fingerprint: str, chance: random.Random) -> Finding:
    """A line of findings.jsonl."""
    return Finding(
        path=path, record=0, id=None, rule="t/menu", category="boilerplate", confidence="high", line=3, column=1,
        severity=chance.choice(("error", "warning", "info")), end_line=3, end_column=9, start=100, end=109, related=(),
        text="Read more", message="'Read more' is a link, not text", why="", fingerprint=fingerprint, fix=None,
    )  # fmt: skip


def main() -> None:
    """Print the seconds of the whole command, start-up included."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, number)
        for told, extra in (
            ("the default suite", ["--isolated"]),
            ("with budgets and the ratchet", []),
            ("and decisions", ["--decisions", "decisions.yaml"]),
        ):
            started = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "auditor.cli", "gate", ".", *extra], cwd=folder, capture_output=True, text=True
            )
            seconds = time.perf_counter() - started
            print(f"{number:,} documents, {told}: {seconds:.1f} s, exit code {done.returncode}")
            print("   ", (done.stdout or done.stderr).split("\n")[0])


if __name__ == "__main__":
    main()
