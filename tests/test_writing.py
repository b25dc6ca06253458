"""Files in other encodings through the command: audited as text, written back as they came, or in UTF-8."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Auditor

BODY = (
    "افتتح رئيس البلدية صباح اليوم الجسر الجديد على النهر، وقال إن العمل فيه بدأ قبل عامين من الآن.\n"
    "وعبر المارة الجسر في هدوء، ثم عادوا إلى السوق&nbsp;القديم حيث كان الباعة بانتظارهم.\n"
)
CLEAN = BODY.replace("&nbsp;", " ")
RULES = ["--rules", "core-encoding"]
ENCODINGS = ["windows-1256", "utf-16-le", "utf-16-be"]


def encoded(text: str, encoding: str) -> bytes:
    return (("\ufeff" if "16" in encoding else "") + text).encode(encoding)


def findings(out: Path) -> list[str]:
    return [json.loads(row)["rule"] for row in (out / "findings.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["page.txt", "rows.jsonl"])
def test_a_file_is_written_back_in_its_own_encoding(auditor: Auditor, tmp_path: Path, encoding: str, name: str) -> None:
    spell = str if name.endswith("txt") else lambda text: json.dumps({"text": text}, ensure_ascii=False) + "\n"
    original = encoded(spell(BODY), encoding)
    (tmp_path / name).write_bytes(original)
    done = auditor("audit", tmp_path / name, "-o", tmp_path / "out", *RULES)
    assert done.code == 0, done.err
    assert findings(tmp_path / "out") == ["core-encoding/other-encoding", "core-encoding/html-blank"]
    assert (tmp_path / "out" / "cleaned" / name).read_bytes() == encoded(spell(CLEAN), encoding)
    report = json.loads((tmp_path / "out" / "reports" / f"{name}.json").read_bytes())
    assert (report["verdict"], report["fixed"], report["remaining"]) == ("review", 1, 1)
    assert auditor("restore", tmp_path / "out", "-o", tmp_path / "back").code == 0
    assert (tmp_path / "back" / name).read_bytes() == original


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("body", [BODY, CLEAN])
def test_to_utf8(auditor: Auditor, tmp_path: Path, encoding: str, body: str) -> None:
    """Blank lines and rows that are no JSON become UTF-8 like the rest; patches lead back to every byte."""
    rows = json.dumps({"text": body}, ensure_ascii=False) + "\n\nنص ليس JSON\n"
    files = {"page.txt": (body, CLEAN), "rows.jsonl": (rows, rows.replace("&nbsp;", " "))}
    (tmp_path / "in").mkdir()
    for name, (text, _) in files.items():
        (tmp_path / "in" / name).write_bytes(encoded(text, encoding))
    done = auditor("audit", tmp_path / "in", "-o", tmp_path / "out", "--to-utf8", *RULES)
    assert done.code == 2  # for the row that is no JSON
    assert "rows.jsonl[2]: line 3 is not JSON" in done.err
    for name, (_, cleaned) in files.items():
        assert (tmp_path / "out" / "cleaned" / name).read_bytes() == cleaned.encode()
    report = json.loads((tmp_path / "out" / "reports" / "page.txt.json").read_bytes())
    assert (report["verdict"], report["remaining"]) == ("repaired", 0)
    assert auditor("restore", tmp_path / "out", "-o", tmp_path / "back").code == 0
    for name in files:
        assert (tmp_path / "back" / name).read_bytes() == (tmp_path / "in" / name).read_bytes()


def test_in_place_to_utf8_even_where_nothing_else_is_wrong(auditor: Auditor, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(CLEAN.encode("cp1256"))
    patches = ["--patches", tmp_path / "p"]
    for rules in (RULES, ["--rules", "core-spacing"]):  # whether or not the encoding is reported
        page.write_bytes(CLEAN.encode("cp1256"))
        assert auditor("clean", "--in-place", "--to-utf8", page, *patches, *rules).code == 0
        assert page.read_bytes() == CLEAN.encode()


def test_a_fix_that_cannot_be_written_is_not_made(auditor: Auditor, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes((BODY + "&#9731;").encode("cp1256"))
    done = auditor("clean", page, "-o", tmp_path / "out", *RULES)
    assert done.code == 2
    assert "page.txt[0]: a fix needs U+2603 '☃', which windows-1256 does not have: left as it was" in done.err
    assert "--to-utf8" in done.err
    assert (tmp_path / "out" / "cleaned" / "page.txt").read_bytes() == page.read_bytes()
    assert auditor("clean", page, "-o", tmp_path / "out", "--to-utf8", *RULES).code == 0
    assert (tmp_path / "out" / "cleaned" / "page.txt").read_bytes() == (CLEAN + "☃").encode()


def test_a_diff_shows_letters(auditor: Auditor, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(BODY.encode("cp1256"))
    out = auditor("clean", "--diff", tmp_path / "page.txt", *RULES).out
    assert "-وعبر المارة الجسر في هدوء، ثم عادوا إلى السوق&nbsp;القديم" in out
    assert "+وعبر المارة الجسر في هدوء، ثم عادوا إلى السوق القديم" in out


def test_the_notice_can_be_switched_off(auditor: Auditor, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(CLEAN.encode("cp1256"))
    done = auditor("check", tmp_path / "page.txt", "--rules", "core-encoding", "--format", "concise")
    assert "the file is encoded in windows-1256" in done.out
    switched = ["--rules", "core-encoding", "--rules=-core-encoding/other-encoding"]
    assert auditor("check", tmp_path / "page.txt", *switched, "--format", "concise").out == ""


def test_persian_is_left_its_letters(auditor: Auditor, tmp_path: Path) -> None:
    persian = "شهردار صبح امروز پل جدید شهر را گشود و گفت که این پل برای همه مردم است و از آن نگهداری می‌شود."
    (tmp_path / "page.txt").write_text(persian, encoding="utf-8")
    assert auditor("check", tmp_path / "page.txt", *RULES, "--format", "concise").out == ""
