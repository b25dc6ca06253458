"""auditor, with each page judged by line evidence that never saw its site: stands in for the command when measuring.

`train.py --folds DIR` keeps the weights; then AUDITOR_FOLDS=DIR AUDITOR="python tests/bench/lines/unseen.py" and
whatever runs `check SOURCE.jsonl --format jsonl` or `clean SOURCE.jsonl -o OUT [--unsafe]` gets honest figures.
Texts that are in no labelled set, and other verbs, go to the command as it is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from labelled import fold_of, pages

from auditor.assets import asset_dir

COMMAND = [sys.executable, "-m", "auditor.cli"]


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in ("check", "clean"):
        return subprocess.run([*COMMAND, *arguments]).returncode
    source = Path(arguments[1])
    rows = [line for line in source.read_text(encoding="utf-8").split("\n") if line]
    folds = _folds(Path(os.environ.get("AUDITOR_DATA", "../shared/data")))
    numbers = [folds.get(_key(json.loads(row)["text"]), 0) for row in rows]
    findings: list[tuple[int, str]] = []
    cleaned = [""] * len(rows)
    code = 0
    for fold in sorted(set(numbers)):
        with tempfile.TemporaryDirectory() as folder:
            its = [at for at, number in enumerate(numbers) if number == fold]
            part = Path(folder, source.name)
            part.write_text("".join(rows[at] + "\n" for at in its), encoding="utf-8")
            out = Path(folder, "out")
            more = list(arguments[2:])
            if "-o" in more:
                more[more.index("-o") + 1] = str(out)
            command = [*COMMAND, arguments[0], str(part), *more, *_rules(Path(folder), fold)]
            done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8")
            code = max(code, done.returncode)
            for line in done.stdout.split("\n"):
                if line and arguments[0] == "check":
                    row = json.loads(line)
                    row["record"] = its[row["record"]]
                    findings.append((row["record"], json.dumps(row, ensure_ascii=False)))
            if arguments[0] == "clean":
                made = next(out.rglob(source.name)).read_text(encoding="utf-8").split("\n")
                for at, row in zip(its, made, strict=False):
                    cleaned[at] = row
    for _, line in sorted(findings, key=lambda finding: finding[0]):
        print(line)
    if arguments[0] == "clean":
        target = Path(arguments[arguments.index("-o") + 1], "cleaned")
        target.mkdir(parents=True, exist_ok=True)
        (target / source.name).write_text("".join(row + "\n" for row in cleaned), encoding="utf-8")
    return code


def _folds(data: Path) -> dict[str, int]:
    return {_key("\n".join(text for text, _ in page.lines)): fold_of(page.site) for page in pages(data)}


def _key(text: str) -> str:
    return "".join(text.split())


def _rules(folder: Path, fold: int) -> list[str]:
    """All packs, the one of line evidence with the weights of a fold."""
    pack = (asset_dir("rules") / "core" / "lines.yaml").read_text(encoding="utf-8")
    path = folder / "unseen-lines.yaml"
    path.write_text(pack.replace("pack: core-lines", "pack: unseen-lines"), encoding="utf-8")
    (folder / "lines.npz").write_bytes(Path(os.environ["AUDITOR_FOLDS"], f"{fold}.npz").read_bytes())
    return ["--rules", "default", "--rules=-core-lines", "--rules", str(path)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
