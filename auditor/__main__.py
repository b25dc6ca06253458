"""``python -m auditor``: the command, where its script is on no path."""

import sys

from auditor.cli import main

if __name__ == "__main__":  # worker processes import this module, too
    sys.exit(main())
