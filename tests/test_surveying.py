"""Rules that look at whole sites, through the command: sources are read twice, what was counted goes."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from auditor import library, surveying
from auditor.cli import main
from auditor.errors import AuditorError
from auditor.formats import ReadOptions
from auditor.formats.sources import Source
from auditor.kinds.site import asked
from auditor.model import Document
from auditor.packs import load_packs
from auditor.pipeline import Item, Plan
from auditor.surveying import count_unit, surveyed, units

PROSE = "هذا سطر طويل من نص الخبر فيه كلمات كثيرة لا تعود في صفحة أخرى رقم"


def page(name: str) -> str:
    return f"بوابة الوادي\n{PROSE} {name}\nتابعونا\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two sites in rows of two files, and one in a folder."""
    folder = tmp_path / "corpus"
    (folder / "pages").mkdir(parents=True)
    for name in ("one", "two"):
        rows = [
            {"url": f"https://www.{site}.org/{name}/{number}", "text": page(f"{name} {number}")}
            for number, site in enumerate(["a"] * 4 + ["few"] * 2)
        ]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    for number in range(6):
        (folder / "pages" / f"{number}.txt").write_text(page(str(number)), "utf-8")
    return folder


def checked(capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, object]]:
    capsys.readouterr()
    main(["check", *more, "--rules", "preset-site", "--format", "jsonl", "--isolated", "--no-cache", "--quiet"])
    done = capsys.readouterr()
    assert done.err == ""
    return [json.loads(line) for line in done.out.splitlines()]


def test_check_counts_over_all_files_of_a_run(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = checked(capsys, str(corpus))
    assert {one["why"] for one in found} == {"on 8 of 8 pages of a.org", "on 6 of 6 pages of pages"}
    assert len(found) == 2 * (8 + 6)
    assert checked(capsys, str(corpus / "one.jsonl")) == []  # four pages of a.org


def test_the_site_field(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"host": "b.org", "text": page(str(number))} for number in range(5)]
    (corpus / "one.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert checked(capsys, str(corpus / "one.jsonl")) == []
    found = checked(capsys, str(corpus / "one.jsonl"), "--site-field", "host")
    assert {one["why"] for one in found} == {"on 5 of 5 pages of b.org"}


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_the_same_bytes_whatever_the_number_of_workers(
    corpus: Path, tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveying, "_BYTES", size)  # each file a unit of its own, or all in one
    made = []
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        common = ["--rules", "preset-site", "--isolated", "--no-cache", "--quiet", "--jobs", jobs]
        assert main(["audit", str(corpus), "-o", str(out), *common]) == 0
        assert not (out / ".parts").exists()
        names = sorted(path for path in out.rglob("*") if path.is_file() and path.name != "timings.json")
        made.append({str(path.relative_to(out)): path.read_bytes() for path in names})
    assert made[0] == made[1]
    assert (tmp_path / "1/cleaned/pages/3.txt").read_text("utf-8") == f"{PROSE} 3\n"


def test_score_and_clean(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = [str(corpus / "pages"), "--rules", "preset-site", "--isolated", "--quiet"]
    assert main(["score", *common]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["findings"] for row in rows] == [2] * 6
    assert main(["clean", *common, "-o", str(tmp_path / "out")]) == 0
    assert main(["restore", str(tmp_path / "out"), "-o", str(tmp_path / "back"), "--quiet"]) == 0
    assert (tmp_path / "back/3.txt").read_text("utf-8") == page("3")


def test_results_are_kept_only_while_the_rest_of_the_site_is_as_it_was(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    command = ["check", str(corpus / "pages"), "--rules", "preset-site", "--format", "jsonl", "--isolated", "--quiet"]
    for files, wanted in ((6, 12), (6, 12), (5, 10), (4, 0)):
        for number in range(files, 6):
            (corpus / "pages" / f"{number}.txt").unlink(missing_ok=True)
        capsys.readouterr()
        main(command)
        found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert len(found) == wanted
        assert {one["why"] for one in found} <= {f"on {files} of {files} pages of this folder"}


def test_standard_input_cannot_be_read_twice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-", "--rules", "preset-site", "--isolated"]) == 2
    assert "preset-site/furniture looks beyond single documents" in capsys.readouterr().err


def test_copies_are_reported_in_the_order_of_the_sources(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join(f"{PROSE} {word}" for word in ("أول", "ثان", "ثالث", "رابع"))
    rows = [{"text": "خبر آخر قصير"}, {"text": text}, {"text": text}]
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "a.txt").write_text(text, "utf-8")
    for jobs in ("1", "2"):
        found = checked(capsys, str(tmp_path), "--jobs", jobs)
        told = [(one["path"], one["record"], one["message"]) for one in found]
        assert told == [("b.jsonl", record, "most of this text stands in a.txt[0], too") for record in (1, 2)]


def test_what_cannot_be_read_is_named_once(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "bad.jsonl.gz").write_bytes(b"\x1f\x8b\x08nothing")
    (corpus / "rows.jsonl").write_text('{"no": 1}\nnot json\n', "utf-8")
    assert main(["check", str(corpus), "--rules", "preset-site", "--isolated", "--no-cache"]) == 2
    told = capsys.readouterr().err
    assert told.count("not checked: bad.jsonl.gz") == 1
    assert told.count("line 1 has no field 'text'") == 1


def items(corpus: Path) -> list[Item]:
    files = sorted(corpus.rglob("*.txt"))
    return [Item(number, Source(path, f"pages/{path.name}")) for number, path in enumerate(files)]


def test_nothing_stays_behind_when_a_run_ends_in_an_error(corpus: Path, tmp_path: Path) -> None:
    packs, plan = load_packs(["preset-site"]), Plan(parts=tmp_path / "parts")
    context = surveyed(packs, plan, items(corpus), 1)
    known = context.__enter__()
    assert known.survey is not None
    assert known.survey.folder.is_dir()
    context.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert list(plan.parts.iterdir()) == []


def table(rows: list[dict[str, str]], group: int) -> bytes:
    pa, pq, out = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet"), io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out, row_group_size=group)
    return out.getvalue()


@pytest.mark.parametrize("damage", [0, 1, 3000, 9000])
def test_processes_share_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: int) -> None:
    """They find out the same, however a file is cut, and be it up to where it cannot be read."""
    rows = [{"url": f"https://{at % 3}.org/{at}", "text": page(str(at * 7919 % 1000))} for at in range(90)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "{\n", "utf-8")
    data = bytearray(table(rows, 10))
    data[damage] ^= 0xFF
    (tmp_path / "b.parquet").write_bytes(data)
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes())[:-30])
    names = sorted(path.name for path in tmp_path.iterdir())
    sources = [Item(number, Source(tmp_path / name, name)) for number, name in enumerate(names)]
    whole = sum(path.stat().st_size for path in tmp_path.iterdir())
    found, told = [], list[list[int]]()
    for jobs in (1, 2):
        plan, heard = Plan(parts=tmp_path / f"parts{jobs}", slice=200), list[int]()
        with surveyed(load_packs(["preset-site"]), plan, sources, jobs, heard.append) as known:
            assert known.survey is not None
            found.append(known.survey.digest)
        told.append(heard)
    assert found[0] == found[1]
    assert all(one == sorted(one) and one[-1] == whole for one in told)
    assert len(told[1]) > 20


def test_a_plan_stays_as_it_is_without_such_rules(corpus: Path, tmp_path: Path) -> None:
    plan = Plan(parts=tmp_path / "parts")
    with surveyed(load_packs(["core-spacing"]), plan, items(corpus), 1) as known:
        assert known is plan
    assert not plan.parts.exists()


def test_a_worker_that_dies_is_said(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Future:
        def result(self) -> None:
            raise BrokenProcessPool

    class Pool:
        def __init__(self, *_: object, **__: object) -> None: ...
        def __enter__(self) -> Pool:
            return self

        def __exit__(self, *_: object) -> None: ...
        def submit(self, *_: object) -> Future:
            return Future()

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Pool)
    monkeypatch.setattr(surveying, "_FILES", 2)
    with (
        pytest.raises(AuditorError, match=r"pages/0.txt to pages/1.txt: the process that counted their lines died"),
        surveyed(load_packs(["preset-site"]), Plan(parts=tmp_path), items(corpus), 2),
    ):
        raise AssertionError


def test_a_disk_without_room_is_said(corpus: Path, tmp_path: Path) -> None:
    wanted = asked([rule for pack in load_packs(["preset-site"]) for rule in pack.rules])
    (unit,) = units(items(corpus))
    with pytest.raises(AuditorError, match="No such file or directory; it must be a folder"):
        count_unit(wanted, ReadOptions(), tmp_path / "gone", unit)


@pytest.mark.parametrize("sites", [["a.org"], [f"{number}.org" for number in range(200)]])
def test_one_giant_site_and_very_many(tmp_path: Path, sites: Sequence[str]) -> None:
    documents = [Document(text=page(str(number)), site=sites[number % len(sites)]) for number in range(1000)]
    found = library.check(documents, ["preset-site"])
    assert len(found) == 2000
    assert {one.why for one in found} == {
        f"on {1000 // len(sites)} of {1000 // len(sites)} pages of {s}" for s in sites
    }


def test_texts_given_together_to_the_library_are_the_corpus() -> None:
    documents = [Document(text=page(str(number)), site="a.org") for number in range(5)]
    assert [done.text for done in library.clean(documents, "preset-site")] == [f"{PROSE} {n}\n" for n in range(5)]
    assert library.check(documents[0], "preset-site") == []
