"""Long runs that try to break auditor: `python tests/bench/endure.py kill|fuzz|soak`; see README.md beside it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    kill = verbs.add_parser("kill", help="disturb runs at random moments, then run again")
    kill.add_argument("--times", type=int, default=200)
    kill.add_argument("--seed", type=int, default=1)
    fuzzed = verbs.add_parser("fuzz", help="bytes of all kinds for whatever reads bytes")
    fuzzed.add_argument("--minutes", type=float, default=30)
    fuzzed.add_argument("--seed", type=int, default=1)
    fuzzed.add_argument("--target", help="one of them only")
    fuzzed.add_argument("--folder", type=Path, default=Path("fuzzed"), help="what broke something is kept here")
    soaked = verbs.add_parser("soak", help="a large corpus through audit and back")
    soaked.add_argument("--megabytes", type=float, default=2000)
    soaked.add_argument("--jobs", type=int, default=2)
    soaked.add_argument("--seed", type=int, default=1)
    soaked.add_argument(
        "--short", action="store_true", help="too short to judge by thirds: only say what memory it took"
    )
    args = parser.parse_args()
    if args.verb == "fuzz":
        from fuzz import fuzz

        return int(fuzz(args.minutes, args.seed, args.folder, args.target) > 0)
    with tempfile.TemporaryDirectory(prefix="endure-") as folder:
        if args.verb == "kill":
            from kills import kills

            return int(kills(args.times, args.seed, Path(folder)) > 0)
        from soak import soak

        return int(soak(args.megabytes, args.jobs, args.seed, Path(folder), args.short) > 0)


if __name__ == "__main__":
    sys.exit(main())
