"""Results kept of unchanged files: the same bytes without the work, and never those of something else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from auditor import cache, kept, library
from auditor.check import Engine
from auditor.formats import ReadOptions
from auditor.formats.sources import expand
from auditor.kept import Kept
from auditor.model import FileReport
from auditor.notes import part
from auditor.packs import Pack, load_packs
from auditor.pipeline import Item, Plan, process
from auditor.places import PathRule
from auditor.runners import local
from auditor.sliced import pieces

BAD = "قالت المصادر ذلك أمس.\nونقل موقع البديهية عن مسؤول قوله ذلك.\n"
Check = Callable[..., tuple[FileReport, bytes]]


@pytest.fixture(scope="module")
def packs() -> tuple[Pack, ...]:
    return load_packs(["ar-names"])


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were really checked."""
    worked: list[str] = []

    def noted(engine: Engine, plan: Plan, item: Item, *more: Any) -> FileReport:
        worked.append(item.source.name)
        return process(engine, plan, item, *more)

    monkeypatch.setattr(local, "process", noted)
    monkeypatch.setattr(kept, "MOST", 1000)
    return worked


@pytest.fixture
def check(tmp_path: Path, packs: tuple[Pack, ...], work: list[str], monkeypatch: pytest.MonkeyPatch) -> Check:
    """Checks page.txt; gives its report and findings."""
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.txt").write_text(BAD, "utf-8")
    runs = iter(range(100))

    def checked(name: str = "page.txt", rules: tuple[Pack, ...] = packs, **more: object) -> tuple[FileReport, bytes]:
        parts = tmp_path / f"parts{next(runs)}"
        parts.mkdir()
        plan = Plan(parts=parts, root=tmp_path, **more)  # type: ignore[arg-type]
        [report] = library.run(rules, plan, expand([name]))
        return report, b"".join(file.read_bytes() for file in sorted(parts.iterdir()))

    return checked


def test_an_unchanged_file_is_not_checked_again(check: Check, work: list[str]) -> None:
    first = check(lines=True)
    assert first[0].findings == 1
    assert check(lines=True) == first
    assert work == ["page.txt"]


def test_progress_goes_over_what_is_not_checked_again(check: Check, packs: tuple[Pack, ...], tmp_path: Path) -> None:
    check()
    heard: list[int] = []
    [_] = local.run(packs, Plan(parts=tmp_path, root=tmp_path), [Item(0, expand(["page.txt"])[0])], 1, heard.append)
    assert heard == [len(BAD.encode())]


def test_whatever_decides_about_it_makes_it_new(check: Check, work: list[str], tmp_path: Path) -> None:
    check()
    check(unsafe=True)
    check(lines=True)
    check(read=ReadOptions(max_document_size=5000))
    check(paths=(PathRule(match=("*.txt",), off=("ar-names",)),))
    check(rules=load_packs(["ar-names", "-ar-names/axios"]))
    check(rules=load_packs(["ar-idioms"]))
    (tmp_path / "page.txt").write_text(BAD + "ثم", "utf-8")
    check()
    (tmp_path / "page.txt").rename(tmp_path / "other.txt")
    assert check("other.txt")[0].path == "other.txt"
    assert len(work) == 9


def test_a_pack_that_changed_is_a_new_one(check: Check, work: list[str], tmp_path: Path) -> None:
    pack = tmp_path / "mine.yaml"
    text = (
        "schema: 1\npack: mine\nrules:\n- id: one\n  kind: lexicon\n  category: boilerplate\n  severity: {}\n"
        "  message: m\n  at: anywhere\n  phrases: [أمس]\n  bad: [{{text: قال <<أمس>>}}]\n  good: [غدا]\n"
    )
    for severity in ("warning", "error", "warning"):
        pack.write_text(text.format(severity), "utf-8")
        report, _ = check(rules=load_packs([str(pack)]))
        assert report.by_severity[severity] == 1
    assert len(work) == 2


def test_what_was_torn_or_altered_is_made_again(check: Check, work: list[str], tmp_path: Path) -> None:
    first = check()
    [entry] = [path for path in (tmp_path / "cache/results").rglob("*") if path.is_file()]
    whole = entry.read_bytes()
    for data in (b"", whole[:-7], whole[:40] + bytes([whole[40] ^ 1]) + whole[41:], b"x" * 900):
        entry.write_bytes(data)
        assert check() == first
    assert len(work) == 5
    assert entry.read_bytes() == whole


def test_what_could_not_be_checked_is_tried_again(check: Check, work: list[str]) -> None:
    for _ in range(2):
        assert check(read=ReadOptions(max_document_size=5))[0].unchecked
    assert len(work) == 2


def test_no_cache(check: Check, work: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", "")
    assert check() == check()
    assert len(work) == 2


def test_rules_that_no_digest_can_be_made_of(check: Check, work: list[str], packs: tuple[Pack, ...]) -> None:
    """Rules made in Python may hold lone surrogates."""
    odd = msgspec.structs.replace(packs[0], name="half \ud800")
    for _ in range(2):
        assert check(rules=(odd,))[0].findings == 1
    assert len(work) == 2


def test_copies_that_still_lie_there_are_not_made_again(check: Check, work: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    where = {"cleaned": out / "cleaned", "patches": out / "patches", "reports": out / "reports"}
    first = check(**where)
    assert check(**where) == first
    assert len(work) == 1
    check()  # nothing written: another entry
    assert check(**where) == first
    assert len(work) == 2


def test_a_copy_that_is_missing_or_altered_is_made_again(check: Check, work: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    where = {"cleaned": out / "cleaned", "patches": out / "patches", "reports": out / "reports"}
    first, made = check(**where), [path for path in sorted(out.rglob("*")) if path.is_file()]
    whole = {path: path.read_bytes() for path in made}
    assert len(made) == 3
    for times, path in enumerate(made, 2):
        path.write_text("altered", "utf-8") if times % 2 else path.unlink()
        assert check(**where) == first
        assert {path: path.read_bytes() for path in made} == whole
        assert len(work) == times
    check(cleaned=tmp_path / "other/cleaned", patches=tmp_path / "other/patches", reports=tmp_path / "other/reports")
    assert {path.relative_to(tmp_path / "other") for path in (tmp_path / "other").rglob("*") if path.is_file()} == {
        path.relative_to(out) for path in made
    }


def test_an_audit_done_again_says_the_same(check: Check, work: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    library.audit("page.txt", out, packs="ar-names")
    whole = {path: path.read_bytes() for path in out.rglob("*") if path.is_file() and path.name != "timings.json"}
    library.audit("page.txt", out, packs="ar-names")
    assert whole == {path: path.read_bytes() for path in whole}
    assert len(work) == 1


def test_a_file_that_several_processes_share(
    check: Check, packs: tuple[Pack, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its results are kept as a whole, however many processes there were; one line more, and they are others."""
    (tmp_path / "a.jsonl").write_text('{"text": "نقل موقع البديهية"}\n' * 40, "utf-8")
    out, runs, sliced = tmp_path / "out", [], list[int]()
    monkeypatch.setattr(local, "pieces", lambda plan, item: sliced.append(1) or pieces(plan, item))
    for number, jobs in enumerate((2, 2, 1, 2)):
        parts = tmp_path / f"own{number}"
        parts.mkdir()
        where = {"cleaned": out / "cleaned", "patches": out / "patches", "reports": out / "reports"}
        plan = Plan(parts=parts, root=tmp_path, slice=200, texts=True, **where)
        [report] = local.run(packs, plan, [Item(0, expand(["a.jsonl"])[0])], jobs)
        names = ("findings", "documents", "texts")
        runs.append((report, [part(parts, 0, name).read_bytes() for name in names]))
    assert len(sliced) == 1
    assert runs[1:] == runs[:1] * 3
    assert report.findings == 40
    with (tmp_path / "a.jsonl").open("ab") as more:
        more.write(b'{"text": "one more"}\n')
    [report] = local.run(packs, plan, [Item(0, expand(["a.jsonl"])[0])], 2)
    assert (report.documents, len(sliced)) == (41, 2)


def test_nothing_is_kept_of_files_cleaned_in_place(check: Check, work: list[str], tmp_path: Path) -> None:
    for name in ("one", "two"):
        report, _ = check(cleaned=tmp_path, patches=tmp_path / name, in_place=True)
        assert report.fixed == (name == "one")
        assert len(work) == (1 if name == "one" else 2)


def test_a_folder_that_cannot_be_written_costs_only_time(check: Check, work: list[str], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", "utf-8")
    assert check()[0].findings == 1
    assert len(work) == 1


def test_it_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packs: tuple[Pack, ...]) -> None:
    monkeypatch.setattr(kept, "_FOLDER_ENTRIES", 20)
    folder = tmp_path / "results"
    folder.mkdir()
    for number in range(50):
        (folder / f"{number:03}").write_bytes(b"x" * 1000)
        os.utime(folder / f"{number:03}", (number, number))
    kept._prune(folder)
    assert sorted(path.name for path in folder.iterdir()) == [f"{number:03}" for number in range(30, 50)]
    monkeypatch.setattr(kept, "_FOLDER_BYTES", 4500)
    kept._prune(folder)
    assert sorted(path.name for path in folder.iterdir()) == [f"{number:03}" for number in range(46, 50)]


def test_many_write_the_same_at_once(check: Check, packs: tuple[Pack, ...], tmp_path: Path) -> None:
    """As hooks of several commits, or several processes of one, do."""
    failures: list[BaseException] = []

    def one(number: int) -> None:
        parts = tmp_path / f"own{number}"
        parts.mkdir()
        plan = Plan(parts=parts, root=tmp_path)
        [source] = expand(["page.txt"])
        item = Item(0, source)
        try:
            engine = Engine(packs)  # one a thread: an engine is not for several
            for _ in range(20):
                report = Kept(packs, plan, 1).done(item, lambda: process(engine, plan, item))
                assert report.findings == 1
                assert part(parts, 0, "findings").read_bytes().count(b"\n") == 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [path for path in (tmp_path / "cache/results").rglob(".*")] == []


def test_the_surroundings_are_part_of_the_name(check: Check, work: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    check()
    monkeypatch.setattr(cache, "surroundings", lambda: b"another version")
    check()
    assert len(work) == 2


def test_every_setting_of_a_plan_counts() -> None:
    """A field added to `Plan` is either part of an entry's name or says where something is written."""
    named = {"read", "unsafe", "utf8", "judged", "lines", "texts", "paths", "root", "decisions", "survey"}
    written = {"parts", "cleaned", "patches", "reports", "in_place", "slice"}
    assert {field.name for field in msgspec.structs.fields(Plan)} == named | written
