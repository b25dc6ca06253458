"""One target of `fuzz.py` under atheris, which sees which lines of ours an input reaches: `guided.py TARGET ...`."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["auditor"]):
    import fuzz

if __name__ == "__main__":
    target = fuzz.TARGETS[sys.argv.pop(1)]
    target(b"prepared")  # reading rules is not to count as the first input's time
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
