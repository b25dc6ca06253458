"""The command line: verbs, their options, their help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from auditor.reporters import REPORTERS

Parsers = "argparse._SubParsersAction[argparse.ArgumentParser]"

_SIZES = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


class Help(argparse.RawDescriptionHelpFormatter):
    """Help as it is written here, a hundred columns wide."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=100)


def parser(version: str) -> argparse.ArgumentParser:
    """The whole command line."""
    from auditor import decideoptions, ruleoptions  # they are made of the options of this module

    root = argparse.ArgumentParser(
        prog="auditor",
        formatter_class=Help,
        description="Find, explain and repair defects in scraped text corpora; every repair can be undone.",
        epilog="""examples:
  auditor audit corpus/                     everything into audit-out/: cleaned copies, patches, reports
  auditor check corpus/ --format concise    findings only
  auditor restore audit-out -o originals    the originals back
  auditor gate audit-out                    pass or fail, for CI
  auditor decide record audit-out           a baseline: what is known no longer counts
  auditor init                              a configuration, a hook and a workflow to begin with
  auditor rules show ar-names/axios         what a rule does and why

exit codes: 0 done or nothing found; 1 findings at or above --fail-on, or a failed gate;
            2 wrong usage, configuration, rules or unreadable input""",
    )
    root.add_argument("--version", action="version", version=f"auditor {version}")
    verbs = root.add_subparsers(dest="verb", required=True, metavar="VERB")
    for add in (_audit, _check, _clean, _restore, _score, _gate, decideoptions.add, _init, ruleoptions.add):
        add(verbs)
    return root


def verb(verbs: Parsers, name: str, about: str, examples: str) -> argparse.ArgumentParser:  # type: ignore[valid-type]
    """A verb with examples in its help."""
    return verbs.add_parser(  # type: ignore[attr-defined,no-any-return]
        name, help=about, description=about, formatter_class=Help, epilog=f"examples:\n{examples}"
    )


def _audit(verbs: Parsers) -> None:  # type: ignore[valid-type]
    one = verb(
        verbs,
        "audit",
        "Check and clean: cleaned copies, patches, findings and reports into one folder.",
        "  auditor audit corpus/\n  auditor audit 'crawl/*.jsonl.zst' -o out --jobs 8\n"
        "  auditor audit page.txt --rules ar-boilerplate --unsafe",
    )
    sources(one)
    one.add_argument("-o", "--output", type=Path, default=Path("audit-out"), metavar="DIR", help="default: audit-out")
    one.add_argument("--sarif", action=argparse.BooleanOptionalAction, help="also write report.sarif, for GitHub")
    _to_utf8(one)
    _shared(one, fail_on=None)


def _check(verbs: Parsers) -> None:  # type: ignore[valid-type]
    one = verb(
        verbs,
        "check",
        "Print findings; change nothing.",
        "  auditor check corpus/\n  auditor check corpus/ --format concise --format jsonl=findings.jsonl\n"
        "  auditor check corpus/ --format github --format sarif=auditor.sarif\n"
        "  cat page.txt | auditor check -",
    )
    sources(one)
    one.add_argument(
        "--format",
        action="append",
        default=[],
        metavar="NAME[=PATH]",
        help=f"{', '.join(REPORTERS)}; repeatable, =PATH writes to a file (default: full)",
    )
    _shared(one, fail_on="error")


def _clean(verbs: Parsers) -> None:  # type: ignore[valid-type]
    one = verb(
        verbs,
        "clean",
        "Write cleaned copies and the patches that undo them.",
        "  auditor clean corpus/ -o out\n  auditor clean page.txt --diff\n"
        "  auditor clean --in-place --patches .auditor-patches corpus/",
    )
    sources(one)
    where = one.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", type=Path, metavar="DIR", help="cleaned/ and patches/ go here")
    where.add_argument("--diff", action="store_true", help="show what would change; write nothing")
    where.add_argument("--in-place", action="store_true", help="replace the originals; needs --patches")
    one.add_argument("--patches", type=Path, metavar="DIR", help="with --in-place: where the way back is kept")
    _to_utf8(one)
    _shared(one, fail_on=None)


def _restore(verbs: Parsers) -> None:  # type: ignore[valid-type]
    one = verb(
        verbs,
        "restore",
        "Originals back from cleaned copies and patches, verified by digest.",
        "  auditor restore audit-out -o originals\n"
        "  auditor restore .auditor-patches --cleaned corpus/ -o originals   (after clean --in-place)",
    )
    one.add_argument("directory", type=Path, metavar="DIR", help="what audit or clean wrote")
    one.add_argument("-o", "--output", type=Path, required=True, metavar="ORIGINALS")
    one.add_argument("--cleaned", type=Path, metavar="FOLDER", help="the cleaned files, where DIR holds patches only")
    one.add_argument("--force", action="store_true", help="overwrite files that differ")
    sizes(one)
    one.add_argument("--quiet", action="store_true")


def _score(verbs: Parsers) -> None:  # type: ignore[valid-type]
    one = verb(
        verbs,
        "score",
        "Print one row of figures a document.",
        "  auditor score corpus/ > figures.jsonl\n  auditor score corpus/ --format csv -o figures.csv\n"
        "  auditor score corpus/ --format parquet=figures.parquet --jobs 4",
    )
    sources(one)
    named = "jsonl (default), csv or parquet; repeatable, =PATH writes to a file, which parquet (an extra) needs"
    one.add_argument("--format", action="append", default=[], metavar="NAME[=PATH]", help=named)
    one.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    _shared(one, fail_on=None)


def _gate(verbs: Parsers) -> None:  # type: ignore[valid-type]
    one = verb(
        verbs,
        "gate",
        "Pass or fail an audited corpus by a Great Expectations suite (needs the extra: gate).",
        "  auditor gate audit-out\n  auditor gate audit-out --suite intake.yaml --data-docs docs/\n"
        "  auditor gate audit-out --decisions decisions.yaml --no-worse-than main/run.json\n\n"
        "The section [gate] of auditor.toml names the suite and budgets by path or site: docs/gate.md.",
    )
    one.add_argument("directory", type=Path, metavar="DIR", help="what audit wrote, or a documents.jsonl")
    one.add_argument("--suite", type=Path, metavar="FILE", help="a suite in Great Expectations' own terms")
    one.add_argument("--data-docs", type=Path, metavar="DIR", help="write Great Expectations' pages here")
    decided(one)
    worse = "fail if a category has more findings per 1,000 words than in that run (an audit's folder or run.json)"
    one.add_argument("--no-worse-than", type=Path, metavar="RUN", help=worse)
    one.add_argument("--format", choices=("text", "json"), default="text", help="of the verdict (default: text)")
    configured(one)
    one.add_argument("--quiet", action="store_true")


def _init(verbs: Parsers) -> None:  # type: ignore[valid-type]
    one = verb(
        verbs,
        "init",
        "Write an auditor.toml, a pre-commit hook and a GitHub workflow that work as they are.",
        "  auditor init\n  auditor init corpora/news",
    )
    one.add_argument("directory", type=Path, nargs="?", default=Path(), metavar="DIR", help="default: this folder")
    one.add_argument("--force", action="store_true", help="replace an auditor.toml or workflow that exists")


def _to_utf8(one: argparse.ArgumentParser) -> None:
    about = "write cleaned copies in UTF-8, whatever the original's encoding (default: in its own)"
    one.add_argument("--to-utf8", action="store_true", help=about)


def sources(one: argparse.ArgumentParser) -> None:
    """SRC..."""
    one.add_argument("sources", nargs="+", metavar="SRC", help="files, folders, globs, or - for standard input")


def _shared(one: argparse.ArgumentParser, fail_on: str | None) -> None:
    group = one.add_argument_group("options shared by audit, check, clean and score")
    choice(group)
    group.add_argument(
        "--fail-on",
        choices=("error", "warning", "never"),
        help=f"exit 1 for findings this bad{' (default: error)' if fail_on else ''}",
    )
    decided(group)
    worse = (
        "exit 1 only if a category has more findings per 1,000 words than in that run (an audit's folder or run.json)"
    )
    group.add_argument("--no-worse-than", type=Path, metavar="RUN", help=worse)
    reading(group)


def decided(group: argparse._ActionsContainer) -> None:
    """--decisions"""
    about = "known findings do not count, false positives are not fixed either; see `auditor decide --help`"
    group.add_argument("--decisions", type=Path, metavar="FILE", help=about)


def choice(group: argparse._ActionsContainer) -> None:
    """--rules"""
    group.add_argument(
        "--rules",
        action="append",
        default=[],
        metavar="SELECTOR",
        help="pack, pack/rule, file or folder; repeatable; --rules=-pack/rule switches off; 'default': all shipped",
    )


def reading(group: argparse._ArgumentGroup) -> None:
    """How a corpus is read."""
    group.add_argument("--jobs", type=positive, metavar="N", help="processes; they share large files, too (default: 1)")
    group.add_argument(
        "--unsafe", action=argparse.BooleanOptionalAction, help="also apply fixes that might lose content"
    )
    group.add_argument(
        "--text-field",
        metavar="NAME",
        help="jsonl field (a.b: in an object) or parquet column that holds the text (default: text)",
    )
    group.add_argument("--id-field", metavar="NAME", help="field or column that names the document (default: id)")
    group.add_argument("--site-field", metavar="NAME", help="field or column that tells the site (default: url)")
    about = "fields by layout: datatrove, dolma, hplt, datasets; none (default: auto, by what the first row has)"
    group.add_argument("--schema", metavar="NAME", help=about)
    sizes(group)
    group.add_argument(
        "--stdin-name", default=None, metavar="NAME", help="what - is called (its suffix tells the format)"
    )
    group.add_argument("--quiet", action="store_true", help="no progress, no closing line")
    group.add_argument("--no-cache", action="store_true", help="prepare all rules, check all files anew; keep nothing")
    configured(group)


def sizes(group: argparse._ActionsContainer) -> None:
    """How much a document and a file may have."""
    group.add_argument(
        "--max-document-size",
        type=size,
        metavar="BYTES",
        help="larger documents are named and left alone (default: 64M)",
    )
    group.add_argument(
        "--max-file-size",
        type=size,
        metavar="BYTES",
        help="larger files, unpacked, are named and not read (default: up to 200 times their packed size)",
    )


def configured(group: argparse._ActionsContainer) -> None:
    """--config and --isolated"""
    which = group.add_mutually_exclusive_group()
    which.add_argument("--config", type=Path, metavar="FILE", help="instead of the closest auditor.toml")
    which.add_argument("--isolated", action="store_true", help="go by no configuration file")


def positive(text: str) -> int:
    """A whole number above 0."""
    return _number(text, lambda value: value > 0)


def size(text: str) -> int:
    """Bytes, with an optional K, M or G."""
    unit = _SIZES.get(text[-1:].lower(), 1)
    return _number(text[:-1] if unit > 1 else text, lambda value: value > 0) * unit


def _number(text: str, holds: Callable[[int], bool]) -> int:
    if not text.isascii() or not text.isdigit() or not holds(int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
