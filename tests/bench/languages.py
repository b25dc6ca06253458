"""Language detectors compared on lines of labelled pages: accuracy, confident mistakes, speed, agreement.

    python tests/bench/languages.py DATA... [--lines 300]

DATA are labelled sets (jsonl or jsonl.gz) with `lang` in each row. Detectors that are not installed are named.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import regex

from auditor.detectors import BACKENDS, Backend, Detected, detect, require
from auditor.errors import ConfigError
from auditor.intervals import wilson
from auditor.kinds.language import SCRIPTS, LanguageRule
from auditor.metrics import language

LANGUAGES = ("ar", "fa", "ur", "en", "fr")
LENGTHS = {"short": (12, 40), "middle": (41, 79), "long": (80, 400)}  # letters
PACKAGES = {"lingua": "lingua-language-detector"}
CUTS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
LEAST = (12, 20, 30, 40, 50, 80)  # letters
OURS = "letters (auditor)"  # what decides between Arabic, Persian and Urdu before any detector is asked

_LETTER = regex.compile(r"\p{L}")


class Line(NamedTuple):
    language: str
    length: str
    letters: int
    text: str


Answers = Mapping[str, Sequence[Detected | None]]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--lines", type=int, default=300, help="of each language and length at most (default: 300)")
    args = parser.parse_args(argv)
    lines = chosen(candidates(args.data), args.lines)
    installed, missing = backends()
    for backend in missing:
        print(f"not installed, left out: {backend} (pip install 'corpus-auditor[lid]')", file=sys.stderr)
    answers, seconds = asked(installed, lines)
    for piece in report(lines, answers, seconds):
        print(piece)
    return 0


def candidates(paths: Sequence[Path]) -> Iterator[Line]:
    """Lines of content of each language, most of whose letters are in its script; those of no clear length are left.

    A row's language is that of its page: other scripts on it (names, menus) are no lines of that language.
    """
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                if row.get("lang") not in LANGUAGES:
                    continue
                script = regex.compile("|".join(rf"\p{{Script={name}}}" for name in SCRIPTS[row["lang"]]))
                for line in row["lines"]:
                    letters = len(_LETTER.findall(line["text"]))
                    length = next((name for name, (low, high) in LENGTHS.items() if low <= letters <= high), None)
                    if length and len(script.findall(line["text"])) >= 0.9 * letters and wordy(line):
                        yield Line(row["lang"], length, letters, " ".join(line["text"].split()))


def wordy(line: Mapping[str, str]) -> bool:
    """Whether a line is likely to be in its page's language: content, or at least three words of it."""
    return line["label"] in ("content", "headline") or len(line["text"].split()) >= 3


def chosen(lines: Iterator[Line], most: int) -> list[Line]:
    """At most so many different lines of each language and length, the same ones each time."""
    found: dict[tuple[str, str], dict[str, Line]] = defaultdict(dict)
    for line in lines:
        found[line.language, line.length].setdefault(line.text, line)
    picked = []
    for key in sorted(found, key=lambda key: (LANGUAGES.index(key[0]), list(LENGTHS).index(key[1]))):
        some = sorted(found[key].values())
        picked += random.Random(0).sample(some, min(most, len(some)))
    return picked


def backends() -> tuple[list[Backend], list[Backend]]:
    """Detectors that can be asked, and those that are not installed."""
    installed: list[Backend] = []
    missing: list[Backend] = []
    for name in BACKENDS:
        backend: Backend = name  # type: ignore[assignment]
        try:
            require(backend)
        except ConfigError:
            missing.append(backend)
        else:
            installed.append(backend)
    return installed, missing


def asked(names: Sequence[Backend], lines: Sequence[Line]) -> tuple[Answers, dict[tuple[str, str], float]]:
    """Every detector's answers, and the seconds it took for lines of each length (loading its model under "load")."""
    answers: dict[str, list[Detected | None]] = {}
    seconds: dict[tuple[str, str], float] = defaultdict(float)
    for name in names:
        started = time.perf_counter()
        detect("The first call loads the model.", name)
        seconds[name, "load"] = time.perf_counter() - started
        answers[name] = []
        for line in lines:
            started = time.perf_counter()
            answers[name].append(detect(line.text, name))
            seconds[name, line.length] += time.perf_counter() - started
    return answers, seconds


def report(lines: Sequence[Line], answers: Answers, seconds: Mapping[tuple[str, str], float]) -> Iterator[str]:
    yield f"Rules ask for {defaults()} unless they say otherwise."
    yield from accuracy(lines, answers)
    yield from thresholds(lines, answers)
    yield from speed(lines, answers, seconds)
    yield from agreement(lines, answers)


def accuracy(lines: Sequence[Line], answers: Answers) -> Iterator[str]:
    yield "\n## Right answers, % (95 %)\n"
    given = {**answers, OURS: [Detected(language(line.text) or "", 1.0) for line in lines]}
    yield _row(["lines", "number", *given])
    yield _row(["---"] + ["---:"] * (len(given) + 1))
    for code, length in ((code, length) for code in LANGUAGES for length in LENGTHS):
        here = [at for at, line in enumerate(lines) if line[:2] == (code, length)]
        if not here:
            continue
        cells = []
        for name, some in given.items():
            share = wilson(sum((one := some[at]) is not None and one.language == code for at in here), len(here))
            shown = f"{100 * share.value:.1f} ({100 * share.low:.0f}-{100 * share.high:.0f})"
            cells.append("" if name == OURS and "Arabic" not in SCRIPTS[code] else shown)
        yield _row([f"{code}, {length}", str(len(here)), *cells])


def thresholds(lines: Sequence[Line], answers: Answers) -> Iterator[str]:
    """What `min-letters` and `min-probability` do to lines that a rule asks a detector about: those in Latin letters.

    A rule that expects the line's language is wrong if the detector is sure of another one; a rule that expects the
    other of English and French finds the line if the detector is sure of any language but that.
    """
    other = {"en": "fr", "fr": "en"}
    yield "\n## Sure of another language than the line's (false alarms, %) / of another than expected (found, %)\n"
    yield "Lines in Latin letters, by `min-letters` and `min-probability`.\n"
    yield _row(["detector", "letters", *(f"p ≥ {cut}" for cut in CUTS)])
    yield _row(["---", "---:"] + ["---:"] * len(CUTS))
    for name, given in answers.items():
        for least, below in zip(LEAST, (*LEAST[1:], 10_000), strict=True):
            some = [
                (line, one)
                for line, one in zip(lines, given, strict=True)
                if line.language in ("en", "fr") and least <= line.letters < below
            ]
            cells = []
            for cut in CUTS:
                sure = [(line.language, one.language) for line, one in some if one and one.probability >= cut]
                false = sum(true != told for true, told in sure)
                found = sum(told != other[true] for true, told in sure)
                cells.append(f"{_percent(false, len(some))} / {_percent(found, len(some))}")
            yield _row([name, f"{least}-{below - 1 if below < 10_000 else ''} ({len(some)})", *cells])


def speed(lines: Sequence[Line], answers: Answers, seconds: Mapping[tuple[str, str], float]) -> Iterator[str]:
    yield "\n## Speed\n"
    yield _row(["detector", "version", "first call, s", *(f"{length} lines a second" for length in LENGTHS)])
    yield _row(["---", "---", "---:"] + ["---:"] * len(LENGTHS))
    for name in answers:
        rates = []
        for length in LENGTHS:
            number = sum(line.length == length for line in lines)
            rates.append(f"{number / max(1e-9, seconds[name, length]):,.0f}")
        yield _row([name, _version(name), f"{seconds[name, 'load']:.2f}", *rates])


def agreement(lines: Sequence[Line], answers: Answers) -> Iterator[str]:
    yield "\n## Agreement, % of lines\n"
    yield _row(["", *(f"{length}" for length in LENGTHS)])
    yield _row(["---"] + ["---:"] * len(LENGTHS))
    for one, two in combinations(answers, 2):
        cells = []
        for length in LENGTHS:
            pairs = [
                (first and first.language, second and second.language)
                for line, first, second in zip(lines, answers[one], answers[two], strict=True)
                if line.length == length
            ]
            cells.append(_percent(sum(first == second for first, second in pairs), len(pairs)))
        yield _row([f"{one} and {two}", *cells])


def defaults() -> str:
    """What a rule asks for unless it says otherwise."""
    fields = dict(zip(LanguageRule.__struct_fields__[::-1], LanguageRule.__struct_defaults__[::-1], strict=False))
    return ", ".join(f"{name} {fields[name]}" for name in ("backend", "min_letters", "min_probability"))


def _version(name: str) -> str:
    try:
        return version(PACKAGES.get(name, name))
    except PackageNotFoundError:
        return "?"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
