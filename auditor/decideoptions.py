"""The command line of `auditor decide`."""

from __future__ import annotations

import argparse
from pathlib import Path

from auditor.options import Help, Parsers, choice, configured, decided, reading, verb


def add(verbs: Parsers) -> None:  # type: ignore[valid-type]
    """`auditor decide` and what it can do."""
    decide = verb(
        verbs,
        "decide",
        "Keep what was decided about findings: a baseline of known ones, verdicts of reviewers.",
        "  auditor decide record audit-out -o decisions.yaml\n"
        "  auditor check corpus/ --decisions decisions.yaml\n"
        "  auditor decide import salma.yaml omar.yaml -o decisions.yaml\n"
        "  auditor decide check audit-out             what no finding needs any more\n"
        "  auditor decide examples ar-names/axios corpus/",
    )
    acts = decide.add_subparsers(dest="act", required=True, metavar="record|import|list|check|examples")
    over = "an audit's folder, or files, folders and globs to check now"

    def act(name: str, short: str, about: str) -> argparse.ArgumentParser:
        return acts.add_parser(name, help=short, description=about, formatter_class=Help)

    one = act("record", "write the baseline", "Write all findings of a run as known; verdicts in the file are kept.")
    one.add_argument("sources", nargs="+", metavar="OUT_OR_SRC", help=over)
    _into(one)
    _run_again(one)
    one = act(
        "import", "merge reviewers' verdicts", "Merge verdicts that reports exported; conflicts are named: exit 1."
    )
    one.add_argument("files", nargs="+", type=Path, metavar="FILE", help="what the report exported, one a reviewer")
    _into(one)
    one.add_argument("--prefer", metavar="PERSON", help="whose verdict stands where reviewers disagree")
    configured(one)
    one = act("list", "show decisions", "One line a verdict, and how many findings are known.")
    _listed(one)
    one = act("check", "name unused entries", "Name entries that no finding needs any more: exit 1 if there are any.")
    one.add_argument("sources", nargs="+", metavar="OUT_OR_SRC", help=over)
    one.add_argument("--prune", action="store_true", help="take them out of the file")
    _run_again(one)
    one = act("examples", "false positives as good:", "Print false positives of a rule as its `good:` examples.")
    one.add_argument("rule", metavar="RULE", help="pack/rule")
    one.add_argument("sources", nargs="*", metavar="SRC", help="the corpus: gives the lines the matches stand in")
    _run_again(one)


def _listed(one: argparse.ArgumentParser) -> None:
    one.add_argument("--rule", metavar="RULE", help="of this rule or pack only")
    one.add_argument("--person", metavar="PERSON", help="by this person only")
    decided(one)
    configured(one)


def _into(one: argparse.ArgumentParser) -> None:
    one.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: the configured file or decisions.yaml")


def _run_again(one: argparse.ArgumentParser) -> None:
    group = one.add_argument_group("options for reading the corpus")
    decided(group)
    choice(group)
    reading(group)
    one.set_defaults(fail_on=None, no_worse_than=None)
