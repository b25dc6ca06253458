"""Runs of auditor disturbed at random moments: afterwards nothing is half written, and running again ends the same.

A disturbance is one of: the run or a worker killed (SIGKILL) at a random time, or at a random file operation; the disk
(a small tmpfs) full; a read that fails. Killing at an operation and failing reads need strace, the tmpfs needs root;
what cannot be done here is said and left out.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from disturbed import WAYS, Place, Way, children, corpus, gone, waited

OPERATIONS = "rename,fsync,unlink,mkdir,rmdir"


# Disturbances: each takes a place, a way to run, how long that takes undisturbed, and dice.


def kill_run(place: Place, way: Way, seconds: float, dice: random.Random) -> None:
    process = place.start(way.command)
    time.sleep(seconds * dice.uniform(0.2, 1.05))
    process.send_signal(dice.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGTERM]))
    process.wait()
    gone(process)


def kill_worker(place: Place, way: Way, seconds: float, dice: random.Random) -> None:
    process = place.start(way.command)
    time.sleep(seconds * dice.uniform(0.2, 1.05))
    if way.jobs > 1 and (workers := children(process)):
        with suppress(ProcessLookupError):
            os.kill(dice.choice(workers), signal.SIGKILL)
        assert waited(process) == 0, "the run did not outlive a worker"
        return
    process.kill()
    process.wait()
    gone(process)


def kill_at_operation(place: Place, way: Way, seconds: float, dice: random.Random) -> None:
    at = dice.randrange(1, 90)
    inject = f"inject={OPERATIONS}:signal=SIGKILL:when={at}"
    process = place.start(["strace", "-f", "-qq", "-o", "/dev/null", "-e", inject, *way.command])
    waited(process)
    gone(process)


def fail_reads(place: Place, way: Way, seconds: float, dice: random.Random) -> None:
    """Of one file; what it is called for the first times still works."""
    file = dice.choice(sorted(path for path in (place.folder / "in").rglob("*") if path.is_file()))
    inject = f"inject=read,pread64:error=EIO:when={dice.randrange(1, 4)}+"
    waited(place.start(["strace", "-f", "-qq", "-o", "/dev/null", "-P", str(file), "-e", inject, *way.command]))


def fill_disk(place: Place, way: Way, seconds: float, dice: random.Random) -> None:
    """All of the place lies on a file system that is full after some more kilobytes."""
    assert waited(place.start(way.command)) in (0, 2)


Disturbance = Callable[[Place, Way, float, random.Random], None]


@contextmanager
def small_disk(folder: Path, room: int) -> Iterator[Callable[[], None]]:
    """A tmpfs at a folder with room for so many bytes; what is yielded gives it plenty."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", folder], check=True)
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True) and None
    finally:
        subprocess.run(["umount", folder], check=True)


def possible() -> dict[str, Disturbance]:
    """What can be done on this machine, by name."""
    found: dict[str, Disturbance] = {"run killed": kill_run, "worker killed": kill_worker}
    works = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=rename:error=EIO:when=1", "true"]
    if shutil.which("strace") and subprocess.run(works, capture_output=True).returncode == 0:
        found |= {"killed at an operation": kill_at_operation, "read error": fail_reads}
    else:
        print("left out (no strace): killed at an operation, read error")
    if sys.platform == "linux" and os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"]).returncode == 0:
        found["full disk"] = fill_disk
    else:
        print("left out (no root, no tmpfs): full disk")
    return found


class Undisturbed(NamedTuple):
    seconds: float
    before: dict[str, bytes]
    after: dict[str, bytes]


def undisturbed(way: Way, folder: Path, originals: Path) -> Undisturbed:
    place = Place(folder, originals)
    before, started = place.contents(), time.monotonic()
    code = place.run(way)
    assert code == 0, f"{way.name}: exit {code}"
    return Undisturbed(time.monotonic() - started, before, place.contents())


def half_written(place: Place, way: Way, expected: Undisturbed) -> list[str]:
    """Names of what is there and is neither as before nor as after an undisturbed run, or lacks its patch.

    What sums a run up may tell of what went wrong; it has to be whole.
    """
    wrong = []
    now = place.contents()
    for name, data in now.items():
        unfinished = Path(name).name.startswith((".auditor-", ".claimed")) or "/.parts/" in name
        if unfinished or name.startswith("tmp/"):
            continue
        sums = name.startswith("out/") and way.name.startswith("audit") and "/" not in name[4:]
        known = data in (expected.before.get(name), expected.after.get(name))
        if not (known or (is_whole(name, data) if sums or name.startswith(("out/reports/", "found")) else False)):
            wrong.append(name)
        if name.startswith(("out/cleaned/", "in/")) and data != expected.before.get(name):
            patch = f"out/{'patches/' + name[12:] if name.startswith('out/') else name}.patch.jsonl"
            wrong += [patch] if patch in expected.after and patch not in now else []
    return wrong


def is_whole(name: str, data: bytes) -> bool:
    if name.endswith(".html"):
        return data.endswith(b"</html>\n")
    if not data.endswith(b"\n"):
        return not data
    try:
        for row in [data] if name.endswith(".json") else data.split(b"\n")[:-1] if name.endswith(".jsonl") else []:
            json.loads(row)
    except ValueError:
        return False
    return True


def disturbed(
    disturb: Disturbance, way: Way, folder: Path, originals: Path, expected: Undisturbed, dice: random.Random
) -> None:
    """One disturbance and the run after it; AssertionError with what does not hold."""
    folder.mkdir()
    if disturb is fill_disk:
        size = sum(map(len, expected.before.values()))
        with small_disk(
            folder, size + 120_000 + dice.randrange(max(1, len(b"".join(expected.after.values()))))
        ) as grow:
            _disturbed(disturb, way, folder, originals, expected, dice, grow)
    else:
        _disturbed(disturb, way, folder, originals, expected, dice, lambda: None)


def _disturbed(
    disturb: Disturbance,
    way: Way,
    folder: Path,
    originals: Path,
    expected: Undisturbed,
    dice: random.Random,
    repair: Callable[[], None],
) -> None:
    place = Place(folder / "place", originals)
    disturb(place, way, expected.seconds, dice)
    assert not (wrong := half_written(place, way, expected)), f"half written: {wrong}"
    repair()
    code = place.run(way)
    assert code == 0, f"running again: exit {code}"
    now = place.contents()
    different = sorted(name for name in now.keys() | expected.after.keys() if now.get(name) != expected.after.get(name))
    assert not different, f"running again gave other bytes: {different}"
    assert not list((place.folder / "tmp").iterdir()), "temporary files are left"


def kills(times: int, seed: int, folder: Path) -> int:
    """So many disturbed runs in ``folder``; prints a table and returns how many went wrong."""
    corpus(folder / "originals")
    dice, disturbances = random.Random(seed), possible()
    expected = {
        way: undisturbed(way, folder / f"undisturbed-{number}", folder / "originals") for number, way in enumerate(WAYS)
    }
    done: Counter[tuple[str, str]] = Counter()
    failures = []
    for number in range(times):
        name, way = dice.choice(sorted(disturbances)), dice.choice(WAYS)
        own = random.Random(f"{seed} {number}")
        try:
            disturbed(disturbances[name], way, folder / str(number), folder / "originals", expected[way], own)
        except AssertionError as error:
            failures.append(f"{number}: {name}, {way.name}: {error}")
            print(f"FAILED {failures[-1]}", flush=True)
        shutil.rmtree(folder / str(number), ignore_errors=True)
        done[name, way.name] += 1
    print(f"| disturbed | {' | '.join(way.name for way in WAYS)} |\n|---|{'---:|' * len(WAYS)}")
    for name in sorted(disturbances):
        print(f"| {name} | {' | '.join(str(done[name, way.name]) for way in WAYS)} |")
    print(f"{times} disturbed runs, {len(failures)} went wrong")
    return len(failures)
