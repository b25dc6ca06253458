"""Bad input gets a clear error, loses nothing, and shows nobody a traceback."""

from __future__ import annotations

import errno
import gzip
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import zstandard
from conftest import CORPUS, Auditor, Done, contents, raw

from auditor.formats import compression, files
from auditor.formats.files import is_temporary

GOOD = "The bridge is open&nbsp;again.\n"
COMMAND = [sys.executable, "-m", "auditor.cli"]
PEAK = Path(__file__).parent / "bench" / "peak.py"
RULES = ("--rules", "core-encoding")
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def run(*arguments: object, **more: object) -> Done:
    """The command in a process of its own."""
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, **more)  # type: ignore[call-overload]
    return Done(done.returncode, done.stdout, done.stderr)


def refused(done: Done, *parts: str) -> None:
    assert done.code == 2
    assert "Traceback" not in done.err + done.out
    assert "a mistake of ours" not in done.err
    for part in parts:
        assert part in done.err


def test_a_missing_path(auditor: Auditor, tmp_path: Path) -> None:
    refused(auditor("audit", tmp_path / "none.txt", "-o", tmp_path / "out"), "none.txt: no such file or folder")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(AS_ROOT, reason="root reads everything")
def test_an_unreadable_file(auditor: Auditor, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(GOOD)
    (tmp_path / "page.txt").chmod(0)
    refused(auditor("check", tmp_path / "page.txt"), "page.txt: cannot be read", "permissions")


def test_an_unreadable_file_among_others(auditor: Auditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system tells it, whoever runs this."""
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text(GOOD)

    def opened(path: object, *rest: object, **more: object) -> object:
        if str(path).endswith("a.txt"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return open(path, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(compression, "open", opened, raising=False)
    done = auditor("audit", tmp_path / "in", "-o", tmp_path / "out", *RULES)
    refused(done, "a.txt: cannot be read: Permission denied; check its path and permissions")
    assert [path.name for path in (tmp_path / "out" / "cleaned").iterdir()] == ["b.txt"]


@pytest.mark.parametrize("name", ["page.txt", "rows.jsonl", "page.txt.gz", "rows.jsonl.zst"])
def test_an_empty_file_is_empty(auditor: Auditor, tmp_path: Path, name: str) -> None:
    packed = {".gz": gzip.compress(b""), ".zst": zstandard.compress(b"")}
    (tmp_path / name).write_bytes(packed.get(Path(name).suffix, b""))
    done = auditor("audit", tmp_path / name, "-o", tmp_path / "out", *RULES)
    assert (done.code, "Traceback" in done.err) == (0, False)
    assert contents(tmp_path / "out" / "cleaned") == {name: b""}


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("damage", ["truncated", "broken", "no archive"])
def test_a_damaged_archive(auditor: Auditor, tmp_path: Path, suffix: str, damage: str) -> None:
    random.seed(7)
    plain = "".join(random.choices("abcdefgh \n", k=40_000)).encode()
    packed = bytearray(
        gzip.compress(plain) if suffix == ".gz" else zstandard.ZstdCompressor(write_checksum=True).compress(plain)
    )
    if damage == "truncated":
        del packed[-20:]
    elif damage == "broken":
        packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xff" * 40
    else:
        packed[:] = b"this is no archive, whatever its name says"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"a.txt{suffix}").write_bytes(packed)
    (tmp_path / "in" / "b.txt").write_text(GOOD)
    done = auditor("audit", tmp_path / "in", "-o", tmp_path / "out", *RULES)
    refused(done, f"a.txt{suffix}", "fetch or compress it again")
    cleaned = contents(tmp_path / "out" / "cleaned")
    assert cleaned.pop("b.txt") == b"The bridge is open again.\n"
    assert list(cleaned) == ([f"a.txt{suffix}"] if damage == "truncated" else [])  # read as far as it goes


def test_bytes_that_are_no_text(auditor: Auditor, tmp_path: Path) -> None:
    data = b"The bridge is open\xff\xc0&nbsp;"
    (tmp_path / "page.txt").write_bytes(data)
    done = auditor("audit", tmp_path / "page.txt", "-o", tmp_path / "out", *RULES)
    refused(done, "page.txt: the file is not valid UTF-8: byte 0xff at offset 18", "iconv")
    assert (tmp_path / "out" / "cleaned" / "page.txt").read_bytes() == data


BAD_ROWS = {
    "not json": (b'{"text": "a&nbsp;b"', "line 2 is not JSON"),
    "no object": (b"[1, 2]", "line 2 is not a JSON object but a list"),
    "no text": (b'{"body": "a&nbsp;b"}', "line 2 has no field 'text' (its fields: body)"),
    "no string": (b'{"text": 7}', "line 2 has no string in field 'text' but a number"),
    "no utf-8": (b'{"text": "a\xff&nbsp;b"}', "line 2 is not valid UTF-8: byte 0xff at offset 11"),
    "too deep": (b"[" * 200_000, "line 2 is nested too deeply"),
}


@pytest.mark.parametrize("kind", BAD_ROWS)
def test_a_bad_row_stands_unchanged_and_the_others_go_on(auditor: Auditor, tmp_path: Path, kind: str) -> None:
    row, reason = BAD_ROWS[kind]
    good = json.dumps({"text": "a&nbsp;b"}).encode()
    (tmp_path / "rows.jsonl").write_bytes(b"\n".join([good, row, good, b""]))
    done = auditor("audit", tmp_path / "rows.jsonl", "-o", tmp_path / "out", *RULES)
    refused(done, f"rows.jsonl[1]: {reason}")
    cleaned = good.replace(b"&nbsp;", b" ")
    assert (tmp_path / "out" / "cleaned" / "rows.jsonl").read_bytes() == b"\n".join([cleaned, row, cleaned, b""])
    assert auditor("restore", tmp_path / "out", "-o", tmp_path / "back").code == 0
    assert (tmp_path / "back" / "rows.jsonl").read_bytes() == (tmp_path / "rows.jsonl").read_bytes()


def test_a_file_in_which_hardly_a_row_can_be_read(
    auditor: Auditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.tally.MOST_UNCHECKED", 100)
    (tmp_path / "rows.jsonl").write_bytes(b"[]\n" * 101)
    done = auditor("clean", tmp_path / "rows.jsonl", "-o", tmp_path / "out", *RULES)
    refused(done, "more than 100 of its documents cannot be read, the first: line 1 is not a JSON object but a list")
    assert raw(tmp_path / "out") == {}


ODD_ROWS = {
    "NUL": (rb'{"text": "a&nbsp;b\u0000c"}', rb'{"text": "a b\u0000c"}'),
    "raw NUL": (b'{"text": "a&nbsp;b\0c"}', b'{"text": "a b\0c"}'),
    "lone surrogate": (rb'{"text": "a&nbsp;b\ud800"}', rb'{"text": "a b\ud800"}'),
    "U+2028": ('{"text": "a&nbsp;b\u2028c"}'.encode(), '{"text": "a b\u2028c"}'.encode()),
    "key twice": (b'{"text": "x&nbsp;y", "text": "a&nbsp;b"}', b'{"text": "x&nbsp;y", "text": "a b"}'),
    "big numbers": (b'{"n": 1e999, "m": ' + b"9" * 9999 + b', "text": "a&nbsp;b"}', None),
    "NaN": (b'{"n": NaN, "text": "a&nbsp;b"}', b'{"n": NaN, "text": "a b"}'),
}


@pytest.mark.parametrize("kind", ODD_ROWS)
def test_an_odd_row_is_read_and_changed_in_its_text_alone(auditor: Auditor, tmp_path: Path, kind: str) -> None:
    row, cleaned = ODD_ROWS[kind]
    (tmp_path / "rows.jsonl").write_bytes(row)
    done = auditor("audit", tmp_path / "rows.jsonl", "-o", tmp_path / "out", *RULES)
    assert done.code == 0, done.err
    expected = cleaned or row.replace(b"&nbsp;", b" ")
    assert (tmp_path / "out" / "cleaned" / "rows.jsonl").read_bytes() == expected
    assert auditor("restore", tmp_path / "out", "-o", tmp_path / "back").code == 0
    assert (tmp_path / "back" / "rows.jsonl").read_bytes() == row


def test_odd_characters_of_a_text_file(auditor: Auditor, tmp_path: Path) -> None:
    data = "one\0&nbsp;two\u2028three\r\nfour\rfive\ufeff".encode()
    (tmp_path / "page.txt").write_bytes(data)
    assert (
        auditor("clean", tmp_path / "page.txt", "-o", tmp_path / "out", "--rules", "core-encoding/html-blank").code == 0
    )
    assert (tmp_path / "out" / "cleaned" / "page.txt").read_bytes() == data.replace(b"&nbsp;", b" ")


@pytest.mark.slow
@pytest.mark.parametrize("limit", [(), ("--max-document-size", "1M")])
def test_a_line_of_100_megabytes(tmp_path: Path, limit: tuple[str, ...]) -> None:
    good = json.dumps({"text": "a&nbsp;b"}).encode() + b"\n"
    with (tmp_path / "rows.jsonl").open("wb") as file:
        file.write(good + b'{"text": "')
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n' + good)
    command = [sys.executable, PEAK, tmp_path / "peak", "audit", tmp_path / "rows.jsonl", "-o", tmp_path / "out"]
    done = subprocess.run([*map(str, command), *RULES, *limit], capture_output=True, text=True)
    refused(Done(done.returncode, done.stdout, done.stderr), "rows.jsonl[1]: line 2 is larger than --max-document-size")
    assert int((tmp_path / "peak").read_text()) < (200 if limit else 500) << 20
    assert (tmp_path / "out" / "cleaned" / "rows.jsonl").stat().st_size == 2 * len(good) - 10 + 13 + (100 << 20)


@pytest.mark.parametrize("format", ["concise", "jsonl", "sarif", "github", "gitlab", "junit", "markdown"])
def test_a_file_name_that_is_no_utf_8(tmp_path: Path, format: str) -> None:
    with open(os.path.join(os.fsencode(tmp_path), b"\xff\xfe.txt"), "w") as file:
        file.write("a&nbsp;b\n")
    command = [*COMMAND, "check", ".", "--format", format, *RULES]
    done = subprocess.run([*map(str, command)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "%FF%FE.txt" in done.stdout if format == "sarif" else ".txt" in done.stdout


def test_an_output_folder_inside_the_source_is_not_read(auditor: Auditor, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(GOOD)
    for _ in range(2):
        assert auditor("audit", tmp_path, "-o", tmp_path / "out", *RULES).code == 0
        assert contents(tmp_path / "out" / "cleaned") == {"page.txt": b"The bridge is open again.\n"}
    in_place = ["clean", "--in-place", tmp_path / "page.txt", "--patches", tmp_path / "patches", *RULES]
    assert auditor(*in_place).code == 0
    assert [path.name for path in (tmp_path / "patches").iterdir()] == ["page.txt.patch.jsonl"]


@pytest.mark.parametrize("verb", ["audit", "clean"])
def test_an_output_over_the_originals(auditor: Auditor, tmp_path: Path, verb: str) -> None:
    (tmp_path / "cleaned").mkdir()
    original = tmp_path / "cleaned" / "page.txt"
    original.write_text(GOOD)
    refused(auditor(verb, tmp_path, "-o", tmp_path, *RULES), "output folder")
    refused(auditor(verb, original, "-o", tmp_path, *RULES), "output folder")
    assert raw(tmp_path) == {"cleaned/page.txt": GOOD.encode()}


@pytest.mark.parametrize("arguments", [("check", "--format", "jsonl={}"), ("score", "-o", "{}")])
def test_a_report_over_an_original(auditor: Auditor, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    original = tmp_path / "rows.jsonl"
    original.write_text(json.dumps({"text": GOOD}))
    (tmp_path / "same.jsonl").hardlink_to(original)
    for target in (original, tmp_path / "same.jsonl"):
        filled = [part.format(target) for part in arguments]
        refused(auditor(*filled, original, *RULES), f"{target}: is one of the sources; write to another file")
    assert json.loads(original.read_text()) == {"text": GOOD}


RULE = """schema: 1
pack: mine
rules:
- id: one
  kind: regex
  category: spacing
  severity: info
  message: m
  pattern: '{}'
  bad: [text: <<x>>]
  good: [y]
"""
BAD_PACKS = {
    "a bad pattern": (RULE.format("(x"), "pattern: missing )"),
    "a runaway pattern": (RULE.format("(?:x|xx)+y"), "pattern can run away: on 48 times 'x'"),
    "a pattern of a million parts": (RULE.format("(?:x{1000}y){1000}"), "its counts make more than 100,000 parts"),
    "a script of its own": (
        RULE.format("x")
        .replace("kind: regex", "kind: script")
        .replace("pattern: 'x'", "scripts: ['Latin}(a+)+', Greek]"),
        "unknown script 'Latin}(a+)+'",
    ),
    "code in a message": (
        RULE.format("x").replace("message: m", "message: '{match.__class__}'"),
        "unknown placeholder",
    ),
    "code in an index": (RULE.format("x").replace("message: m", "message: '{match[0]}'"), "unknown placeholder"),
    "a conversion": (RULE.format("x").replace("message: m", "message: '{match!r:>{why}}'"), "without : or !"),
    "a bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchors and aliases are not part of the rule language"),
    "a tag": (
        "schema: !!python/object/apply:os.system [ls]\n",
        "tag 'tag:yaml.org,2002:python/object/apply:os.system'",
    ),
    "nesting": ("a: " + "[" * 100_000, "nested too deeply"),
    "no yaml": ("a: [", "not valid YAML"),
    "nothing": ("", "a pack is a mapping"),
    "a NUL": ("a: \0", "U+0000 must be escaped"),
}


@pytest.mark.parametrize("kind", BAD_PACKS)
@pytest.mark.parametrize("verb", ["check", "rules"])
def test_a_bad_pack(auditor: Auditor, tmp_path: Path, kind: str, verb: str) -> None:
    text, reason = BAD_PACKS[kind]
    pack = tmp_path / "mine.yaml"
    pack.write_text(text, encoding="utf-8")
    done = auditor("rules", "test", pack) if verb == "rules" else auditor("check", CORPUS, "--rules", pack)
    refused(done, f"{pack}:", reason)


def test_a_full_disk(auditor: Auditor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    (tmp_path / "page.txt").write_text(GOOD)
    done = auditor("audit", tmp_path / "page.txt", "-o", tmp_path / "out", *RULES)
    refused(done, "No space left on device", "free space")
    assert raw(tmp_path / "out") == {}


def test_a_disk_that_fills_up(tmp_path: Path) -> None:
    """Files may grow to 20 kB here: some results fit and some do not; what stands under a final name is whole."""
    (tmp_path / "in").mkdir()
    for name, times in (("a.txt", 10), ("b.txt", 4000)):
        (tmp_path / "in" / name).write_text(GOOD * times)

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    environment = os.environ | {"AUDITOR_CACHE": ""}
    done = run("clean", tmp_path / "in", "-o", tmp_path / "out", *RULES, preexec_fn=small, env=environment)
    refused(done, "b.txt: File too large; nothing of it was kept: free space")
    assert sorted(raw(tmp_path / "out")) == ["cleaned/a.txt", "patches/a.txt.patch.jsonl"]
    assert run("clean", tmp_path / "in", "-o", tmp_path / "out", *RULES).code == 0
    assert contents(tmp_path / "out" / "cleaned")["b.txt"] == GOOD.replace("&nbsp;", " ").encode() * 4000


def corpus(folder: Path) -> None:
    """Large enough that a run takes a moment."""
    folder.mkdir()
    for number in range(8):
        rows = [{"id": row, "text": GOOD * 5 + f"Row {row} of {number}."} for row in range(60)]
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{number:02}.jsonl.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment(tmp_path: Path, jobs: int) -> None:
    """Nothing half written stands under a final name, and running again ends in the same bytes."""
    corpus(tmp_path / "in")
    arguments = ["audit", tmp_path / "in", "--jobs", jobs, *RULES, "-o"]
    started = time.monotonic()
    assert run(*arguments, tmp_path / "undisturbed").code == 0
    whole = time.monotonic() - started
    random.seed(jobs)
    out, cleaned = tmp_path / "out", contents(tmp_path / "undisturbed" / "cleaned")
    for _ in range(3):
        process = subprocess.Popen([*COMMAND, *map(str, arguments), str(out)], stderr=subprocess.DEVNULL)
        time.sleep(whole * random.uniform(0.3, 1.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        for name, data in contents(out / "cleaned").items() if (out / "cleaned").exists() else ():
            assert data == cleaned[name]
            assert (out / "patches" / f"{name}.patch.jsonl").exists()
    (out / "cleaned").mkdir(parents=True, exist_ok=True)
    (out / "cleaned" / ".auditor-0123456789abcdef.tmp").write_bytes(b"half")
    time.sleep(0.2)  # for the workers of the killed run to follow it
    assert run(*arguments, out).code == 0
    again, expected = raw(out), raw(tmp_path / "undisturbed")
    assert {name for name in again.keys() | expected.keys() if again.get(name) != expected.get(name)} <= {
        "timings.json"
    }
    assert not any(is_temporary(path) for path in out.rglob("*"))


def test_workers_do_not_outlive_a_killed_run(tmp_path: Path) -> None:
    corpus(tmp_path / "in")
    arguments = [*COMMAND, "audit", tmp_path / "in", "-o", tmp_path / "out", "--jobs", "2", *RULES]
    process = subprocess.Popen(list(map(str, arguments)), stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 20
    while not list((tmp_path / "out" / "cleaned").glob("*.gz")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    pytest.fail("workers live on")


def mangled(seed: int) -> tuple[str, bytes]:
    """A file name and some bytes: noise, or something sound that was damaged."""
    dice = random.Random(seed)
    name = dice.choice(["a.txt", "a.jsonl", "a.txt.gz", "a.jsonl.zst", "a.jsonl.gz", "a.ndjson"])
    row = json.dumps(
        {"id": 1, "text": "افتتح&nbsp;الجسر الجديد في المدينة اليوم <br> Ø§Ù„Ø³Ù„Ø§Ù…"},
        ensure_ascii=dice.random() < 0.5,
    )
    encoding = dice.choice(["utf-8", "utf-8", "utf-16", "utf-16-be", "cp1256", "cp1252", "utf-32", "utf-7"])
    data = bytearray("\n".join([row] * dice.randrange(4)).encode(encoding, "ignore"))
    for _ in range(dice.randrange(6)):
        at = dice.randrange(len(data) + 1)
        data[at : at + dice.randrange(3)] = dice.randbytes(dice.randrange(9))
    if dice.random() < 0.2:
        data[:] = dice.randbytes(dice.randrange(300))
    if dice.random() < 0.7:
        data[:] = (
            gzip.compress(data) if name.endswith("gz") else zstandard.compress(data) if name.endswith("zst") else data
        )
    if dice.random() < 0.2 and data:
        del data[dice.randrange(len(data)) :]
    return name, bytes(data)


def test_any_bytes_at_all(auditor: Auditor, tmp_path: Path) -> None:
    """Whatever it holds, a file is cleaned and can be restored, or is named."""
    for seed in range(200):
        name, data = mangled(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / name).write_bytes(data)
        done = auditor("clean", folder / name, "-o", folder / "out", *(["--to-utf8"] if seed % 3 == 0 else []))
        assert done.code in (0, 2), (seed, done.err)
        assert "Traceback" not in done.err, (seed, done.err)
        assert "mistake of ours" not in done.err, (seed, done.err)
        assert "please report" not in done.err, (seed, done.err)
        if (folder / "out" / "cleaned" / name).exists():
            assert auditor("restore", folder / "out", "-o", folder / "back").code == 0, seed
            with compression.open_read(folder / name, lenient=True) as stream:
                there = stream.read() + (compression.torn(stream) or b"")
            assert contents(folder / "back") == {name: there}, seed
        else:
            assert done.code == 2, seed
