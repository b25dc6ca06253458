"""auditor stays where it is put: no network, nothing of a pack is run, nothing is touched outside its folders."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Auditor, contents, raw

RULES = ("--rules", "core-encoding")
GOOD = "The bridge is open&nbsp;again, شركةNordal.\n"

# Runs a command with a hook that ends the process where it opens a connection, looks up a name or starts a program.
HOOKED = """
import sys
def hook(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.", "os.system", "os.exec")):
        if event not in ("socket.__new__",) or arguments[1] != 1:  # AF_UNIX may be between processes of ours
            print("FORBIDDEN", event, arguments, file=sys.stderr, flush=True)
            import os
            os._exit(77)
sys.addaudithook(hook)
from auditor.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "page.txt").write_text(GOOD, encoding="utf-8")
    rows = [{"id": 1, "text": GOOD * 3, "url": "https://example.com/a"}, {"id": 2, "text": "<a href=http://a.b>x</a>"}]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


VERBS = {
    "audit": ["audit", "in", "-o", "out", "--jobs", "2", "--sarif"],
    "check": ["check", "in", "--format", "full", "--fail-on", "never"],
    "clean": ["clean", "in", "-o", "cleaned"],
    "score": ["score", "in"],
    "in place": ["clean", "in", "--in-place", "--patches", "patches"],
    "rules": ["rules", "list"],
    "init": ["init", "new"],
}


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_opens_a_connection_or_starts_a_program(sources: Path, verb: str) -> None:
    command = [sys.executable, "-c", HOOKED, *VERBS[verb]]
    done = subprocess.run(command, cwd=sources.parent, capture_output=True, text=True)
    assert "FORBIDDEN" not in done.stderr
    assert done.returncode == 0, done.stderr


def test_restore_and_the_report_do_not_either(auditor: Auditor, sources: Path) -> None:
    out = sources.parent / "out"
    assert auditor("audit", sources, "-o", out, *RULES).code == 0
    command = [sys.executable, "-c", HOOKED, "restore", out, "-o", sources.parent / "back"]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page


def test_the_hook_sees_connections(sources: Path) -> None:
    code = HOOKED.replace("from auditor.cli import main", "import socket; socket.create_connection(('127.0.0.1', 9))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, "FORBIDDEN" in done.stderr) == (77, True)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_kernel_is_asked_for_no_connection_either(sources: Path) -> None:
    """What libraries do behind Python's back shows here."""
    traced = ["strace", "-f", "-qq", "-o", "trace", "-e", "trace=socket,connect,sendto,bind"]
    command = [*traced, sys.executable, "-m", "auditor.cli", *VERBS["audit"]]
    done = subprocess.run(command, cwd=sources.parent, capture_output=True, text=True)
    if "ptrace" in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    calls = (sources.parent / "trace").read_text().splitlines()
    assert [call for call in calls if "AF_INET" in call or "AF_NETLINK" in call] == []


def test_links_that_lead_out_of_a_folder_are_not_followed(auditor: Auditor, sources: Path) -> None:
    outside = sources.parent / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "secret.txt").write_text(GOOD, encoding="utf-8")
    (outside / "deep" / "more.txt").write_text(GOOD, encoding="utf-8")
    (sources / "link.txt").symlink_to(outside / "secret.txt")
    (sources / "folder").symlink_to(outside)
    (sources / "round").symlink_to(sources)
    (sources / "gone.txt").symlink_to(outside / "gone.txt")
    before = raw(outside)
    for source in (sources, sources / "*", sources / "**" / "*.txt"):
        shutil.rmtree(sources.parent / "out", ignore_errors=True)
        assert auditor("audit", source, "-o", sources.parent / "out", *RULES).code == 0
        cleaned = set(contents(sources.parent / "out" / "cleaned"))
        assert cleaned <= {"page.txt", "rows.jsonl"}
    assert auditor("clean", sources, "--in-place", "--patches", sources.parent / "p", *RULES).code == 0
    assert raw(outside) == before


def test_a_link_that_is_named_is_read_and_cleaned_where_it_points(auditor: Auditor, sources: Path) -> None:
    """Who names it means it; it stays a link."""
    link = sources.parent / "link.txt"
    link.symlink_to(sources / "page.txt")
    assert auditor("clean", link, "--in-place", "--patches", sources.parent / "p", *RULES).code == 0
    assert link.is_symlink()
    assert "&nbsp;" not in (sources / "page.txt").read_text(encoding="utf-8")


def test_nothing_is_written_through_a_link_in_the_output(auditor: Auditor, sources: Path) -> None:
    outside, out = sources.parent / "outside", sources.parent / "out"
    outside.mkdir()
    (out / "cleaned").mkdir(parents=True)
    (outside / "kept.txt").write_text("kept")
    (out / "cleaned" / "page.txt").symlink_to(outside / "kept.txt")
    (out / "reports").symlink_to(outside)
    auditor("audit", sources, "-o", out, *RULES)
    assert (outside / "kept.txt").read_text() == "kept"
    assert not (out / "cleaned" / "page.txt").is_symlink()


def test_a_pipe_or_a_device_in_a_folder_is_passed_by(auditor: Auditor, sources: Path) -> None:
    os.mkfifo(sources / "pipe.txt")
    assert auditor("audit", sources, "-o", sources.parent / "out", *RULES).code == 0
    assert set(contents(sources.parent / "out" / "cleaned")) == {"page.txt", "rows.jsonl"}


@pytest.mark.parametrize("name", ["../outside.txt", "/tmp/outside.txt", "a/../../outside.txt"])
def test_a_pack_reads_no_file_outside_its_folder(auditor: Auditor, sources: Path, name: str) -> None:
    (sources.parent / "packs").mkdir()
    (sources.parent / "outside.txt").write_text("secret words\n")
    pack = sources.parent / "packs" / "mine.yaml"
    pack.write_text(
        "schema: 1\npack: mine\nrules:\n- id: one\n  kind: lexicon\n  category: spacing\n  severity: info\n"
        f"  confidence: low\n  message: m\n  phrases: [x]\n  phrases-file: {name}\n  bad: [text: <<x>>]\n  good: [y]\n"
    )
    done = auditor("check", sources, "--rules", pack)
    assert done.code == 2
    assert "secret" not in done.err
    assert "lies outside the pack's folder" in done.err


def test_names_in_results_lead_nowhere_else(auditor: Auditor, sources: Path) -> None:
    """A run.json that somebody altered must not make the next run delete what it names."""
    out, victim = sources.parent / "out", sources.parent / "victim.txt"
    assert auditor("audit", sources, "-o", out, *RULES).code == 0
    victim.write_text("kept")
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    run["files"].append(run["files"][0] | {"path": "x", "cleaned_path": "../victim.txt", "patch_path": str(victim)})
    (out / "run.json").write_text(json.dumps(run), encoding="utf-8")
    assert auditor("audit", sources, "-o", out, *RULES).code == 0
    assert victim.read_text() == "kept"
