"""Other tools on the same documents, in an environment of their own: datatrove's filters of C4, Gopher and FineWeb."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import NamedTuple

PACKAGES = ("datatrove[processing]>=0.5", "spacy>=3.7")  # it splits Arabic into words by spaCy
_LONGEST = 3600  # seconds that an installation or a run may take

# Run by the other environment's Python: the processor time of all four filters on every document, loading aside.
SCRIPT = """
import json, sys, time
from importlib.metadata import version
from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter,
)
filters = [make(language="ar") for make in
           (C4QualityFilter, GopherQualityFilter, GopherRepetitionFilter, FineWebQualityFilter)]
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
for one in filters:
    one.filter(Document(text=texts[0], id="0"))
started = time.process_time()
for number, text in enumerate(texts):
    for one in filters:
        one.filter(Document(text=text, id=str(number)))
print(json.dumps([version("datatrove"), time.process_time() - started]))
"""


class Peer(NamedTuple):
    """What became of a peer: its version and processor seconds, or why there are none."""

    version: str = ""
    seconds: float = 0.0
    problem: str = ""


def datatrove(folder: Path, source: Path) -> Peer:
    """The four filters over the ``text`` of a jsonl file; the environment in ``folder`` is made if it is not there."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    try:
        if not python.exists():
            venv.create(folder, with_pip=True)
        if _run(python, "-c", "import datatrove, spacy").returncode:
            done = _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES)
            if done.returncode:
                return Peer(problem=f"cannot be installed: {_last(done)}")
        done = _run(python, "-c", SCRIPT, source)
    except (OSError, subprocess.SubprocessError) as error:
        return Peer(problem=f"cannot be run: {error}")
    if done.returncode:
        return Peer(problem=f"failed: {_last(done)}")
    version, seconds = json.loads(done.stdout.strip().splitlines()[-1])
    return Peer(version, seconds)


def _run(python: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([python, *map(str, arguments)], capture_output=True, text=True, timeout=_LONGEST)


def _last(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[-1][:200] if lines else f"exit code {done.returncode}"
