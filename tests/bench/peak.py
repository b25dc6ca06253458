"""Runs auditor and writes its peak resident memory, in bytes, to the file named first: `peak.py FILE check PATH`.

Of several processes it is that of the largest. What `wait4` and `getrusage` say on Linux begins with the memory of the
process that forked, so the kernel's own high-water mark of this program is read where there is one.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from auditor.cli import main


def peak() -> int:
    kilobytes = 1 if sys.platform == "darwin" else 1024
    return max(_own(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * kilobytes)  # children: at most


def _own() -> int:
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.argv.pop(0)
    code = main()
    Path(sys.argv[0]).write_text(str(peak()))
    sys.exit(code)
