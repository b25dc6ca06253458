"""What `auditor init` writes: a configuration, a pre-commit hook and a workflow that work as they are."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from auditor import __version__
from auditor.config import FILE
from auditor.errors import ConfigError
from auditor.formats.files import atomic_bytes

WORKFLOW = Path(".github/workflows/auditor.yml")
HOOKS = Path(".pre-commit-config.yaml")

_CONFIG = """\
# Settings of auditor for this folder and those below. Flags outrank them; `auditor check --isolated` ignores them.

# Packs to use: "default" is all that ship. Add files or folders of your own; "-pack/rule" switches one off.
rules = ["default"]

# `auditor check` fails on findings this bad: "error", "warning" or "never".
fail-on = "error"

# Not texts of the corpus. Patterns are those of .gitignore, from this folder.
exclude = ["audit-out", "requirements*.txt", "LICENSE.txt"]

# Also apply fixes that might lose content.
unsafe = false

# Fields of .jsonl records, columns of .parquet files.
text-field = "text"
id-field = "id"
site-field = "url"

# Or by layout: datatrove, dolma, hplt, datasets; auto goes by the first row.
schema = "auto"

# Larger documents are named and left alone.
max-document-size = "64M"

# Larger files, unpacked, are not read (default: no more than 200 times their packed size).
# max-file-size = "100G"

# Processes.
jobs = 1

# `auditor audit` also writes report.sarif, for GitHub code scanning and editors.
sarif = false

# What was decided about findings (`auditor decide record` writes it): known ones no longer fail a check.
# decisions = "decisions.yaml"

# What `auditor gate` asks beside its suite (docs/gate.md):
# [[gate.budgets]]
# characters-deleted = 0.3
# findings-per-1000-words = { error = 5 }

# What holds for some paths only:
# [[paths]]
# match = ["forum/**", "*.draft.txt"]
# off = ["ar-captions"]
# severity = { "core-spacing" = "info" }
"""

_HOOK = """\
repos:
  - repo: local
    hooks:
      - id: auditor-check
        name: auditor check
        entry: auditor check --quiet
        language: system
        files: \\.((txt|jsonl)(\\.gz|\\.zst)?|parquet)$
        types: [file]
        require_serial: true
"""

_ACTIONS = """\
name: auditor

on:
  push:
  pull_request:

permissions:
  contents: read

jobs:
  audit:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    # permissions: # for the upload to code scanning below
    #   contents: read
    #   security-events: write
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - uses: actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0
        with:
          python-version: "3.12"
      - run: pip install "{requirement}"
      - run: auditor audit . --sarif
      - run: cat audit-out/summary.md >> "$GITHUB_STEP_SUMMARY"
        if: ${{{{ !cancelled() }}}}
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        if: ${{{{ !cancelled() }}}}
        with:
          name: auditor-report
          path: audit-out/report.html
      # - uses: github/codeql-action/upload-sarif@f443b600d91635bebf5b0d9ebc620189c0d6fba5 # v4.30.8
      #   if: ${{{{ !cancelled() }}}}
      #   with:
      #     sarif_file: audit-out/report.sarif
      - run: auditor check . --format github
        if: ${{{{ !cancelled() }}}}
"""


def start(folder: Path, force: bool = False) -> str:
    """Write the three files into ``folder``; what was done, told line by line.

    A configuration or workflow that exists stops everything (ConfigError) unless ``force``. Hooks that exist are
    never touched, they may be others' too: what to add to them is told instead.
    """
    texts = {Path(FILE): _CONFIG, WORKFLOW: _ACTIONS.format(requirement=requirement()), HOOKS: _HOOK}
    present = [name for name in texts if (folder / name).exists() and name != HOOKS]
    if present and not force:
        listed = ", ".join(str(folder / name) for name in present)
        raise ConfigError(f"{listed}: exists already; nothing was written. --force replaces it")
    for name in texts:
        for above in (folder / name).parents:
            if above.exists() and not above.is_dir():
                raise ConfigError(f"{above}: is a file; nothing was written. Name a folder, or move the file")
    lines = []
    for name, text in texts.items():
        if name == HOOKS and (folder / name).exists():
            rest = text.partition("\n")[2]
            lines.append(f"{folder / name} exists and stays as it is; add this to its `repos` for a hook:\n\n{rest}")
        else:
            atomic_bytes(folder / name, text.encode())
            lines.append(f"wrote {folder / name}")
    return "\n".join([*lines, "next: auditor check .", ""])


def requirement() -> str:
    """What pip installs this auditor by: the commit or archive it came from, else its version."""
    try:
        origin = json.loads(distribution("corpus-auditor").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    url, commit = str(origin.get("url", "")), origin.get("vcs_info", {}).get("commit_id")
    if url.startswith("https://") and '"' not in url:
        return f"corpus-auditor @ git+{url}@{commit}" if commit else f"corpus-auditor @ {url}"
    return f"corpus-auditor=={__version__}"
