"""The command line of `auditor rules`."""

from __future__ import annotations

from pathlib import Path

from auditor.assets import asset_dir
from auditor.options import Help, Parsers, choice, positive, reading, sources, verb


def add(verbs: Parsers) -> None:  # type: ignore[valid-type]
    """`auditor rules` and what it can do."""
    one = verb(
        verbs,
        "rules",
        "List, explain, test and try rules.",
        "  auditor rules list\n  auditor rules show ar-names/axios\n  auditor rules test my-pack.yaml --timing\n"
        "  auditor rules try my-pack.yaml corpus/\n  auditor rules diff ar-names my-names.yaml corpus/\n"
        "  auditor rules eval labelled.jsonl\n"
        "  auditor rules schema > pack.schema.json",
    )
    acts = one.add_subparsers(dest="act", required=True, metavar="list|show|test|try|diff|eval|docs|schema")
    for name, about in (("list", "one line a rule"), ("test", "run the examples in packs")):
        act = acts.add_parser(name, help=about, description=about)
        act.add_argument("selectors", nargs="*", metavar="PACK", help="shipped pack, file or folder (default: all)")
        if name == "test":
            act.add_argument("--timing", action="store_true", help="also show the slowest rules")
            act.add_argument("--limit", type=positive, default=20, metavar="N", help="of them (default: 20)")
    act = acts.add_parser("show", help="what, why and examples", description="what a rule does, why, and its examples")
    act.add_argument("selectors", nargs="+", metavar="RULE", help="pack/rule, a pack, or a file")
    _trials(acts)
    _eval(acts)
    act = acts.add_parser("docs", help="pages by category", description="one Markdown page a category, made from packs")
    act.add_argument("directory", type=Path, metavar="DIR", help="where the pages are written; older ones are replaced")
    act.add_argument("selectors", nargs="*", metavar="PACK", help="shipped pack, file or folder (default: all)")
    acts.add_parser("schema", help="the JSON Schema of packs", description="the JSON Schema of packs, for editors")


def _trials(acts: Parsers) -> None:  # type: ignore[valid-type]
    about = "what rules would find in a corpus: counts, and findings from as many files as can be"
    one = acts.add_parser("try", help="what rules find in a corpus", description=about)  # type: ignore[attr-defined]
    one.add_argument("rule", metavar="RULE", help="pack/rule, a pack, or a file")
    about = "what changes in a corpus from one set of rules to another: findings gone, new and changed, by rule"
    two = acts.add_parser("diff", help="what changes between two", description=about)  # type: ignore[attr-defined]
    two.add_argument("old", metavar="OLD", help="pack/rule, a pack, a file or a folder")
    two.add_argument("new", metavar="NEW", help="the same, as it is to be")
    for act in (one, two):
        sources(act)
        act.add_argument("--limit", type=positive, default=10, metavar="N", help="findings shown a rule (default: 10)")
        act.set_defaults(rules=[], fail_on=None)
        reading(act.add_argument_group("options for reading the corpus"))


def _eval(acts: Parsers) -> None:  # type: ignore[valid-type]
    about = "precision and recall of rules on labelled text, the worst first; or a sample of findings to judge"
    one = acts.add_parser(  # type: ignore[attr-defined]
        "eval",
        help="measure rules on labelled text",
        description=f"{about} (docs/measuring.md)",
        formatter_class=Help,
        epilog="examples:\n  auditor rules eval labelled.jsonl --rules ar-boilerplate\n"
        "  auditor rules eval corpus/ --sample 20 -o sheet.csv\n  auditor rules eval --judged sheet.csv --update",
    )
    one.add_argument("sources", nargs="*", metavar="GOLD", help="labelled .jsonl; with --sample any corpus")
    choice(one)
    one.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="default: text")
    one.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    one.add_argument("--limit", type=positive, default=3, metavar="N", help="wrong findings shown a rule (default: 3)")
    one.add_argument("--all-content", action="store_true", help="rows without labels are content throughout")
    one.add_argument("--sample", type=positive, metavar="N", help="write a sheet with N findings of each rule to judge")
    one.add_argument("--seed", type=int, default=0, metavar="N", help="of the sample (default: 0)")
    one.add_argument(
        "--judged", type=Path, metavar="SHEET", help="read the verdicts of such a sheet (with --sample: keep them)"
    )
    table = asset_dir("rules") / "measured.tsv"
    about = "keep what was measured in a table, for rules list, show and docs (default: that of the shipped rules)"
    one.add_argument("--update", type=Path, nargs="?", const=table, metavar="TABLE", help=about)
    one.set_defaults(fail_on=None)
    reading(one.add_argument_group("options for reading the corpus"))
