"""A large file shared out among processes gives the bytes that one process makes of it."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from conftest import raw
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditor import kept, results, sliced
from auditor.check import Engine
from auditor.formats import ReadOptions
from auditor.formats.sources import Source, size_of
from auditor.model import FileReport
from auditor.packs import Pack, load_packs
from auditor.pipeline import Item, Plan
from auditor.runners import local, pool
from auditor.sliced import pieces, process_piece, shared
from auditor.surveying import surveyed

RULES = ["core-spacing", "core-repeat", "core-encoding", "core-script"]
PIECES = [
    "The bridge is open , and so is the road.",
    "A caption that stands here two times, and that is long enough for it.",
    "شركةNordal أعلنت ، أمس",
    "&nbsp;",
    "Ø§Ù„Ø³Ù„Ø§Ù…",
    "",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("\n".join)
ROWS = st.one_of(
    st.builds(lambda text, ascii_only: json.dumps({"id": 7, "text": text}, ensure_ascii=ascii_only).encode(),
              TEXTS, st.booleans()),
    st.sampled_from([
        b"", b"  \t", b"{", b"[1]", b'{"text": 3}', b'{"no": "text"}', b'{"text": "\xff"}', b"\xef\xbb\xbf",
        b'\xef\xbb\xbf{"text": "one , two"}', b'{"text": "' + b"long , " * 100 + b'"}', b'{"text": "\\ud800 , x"}',
        b'{"text": "old mac , \r text"}',
    ]),
)  # fmt: skip
ENDINGS = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n"])
FILES = st.tuples(st.lists(st.tuples(ROWS, ENDINGS), min_size=1, max_size=14), st.booleans()).map(
    lambda made: b"".join(row + end for row, end in made[0])[: None if made[1] else -1]
)
LIMIT = 400  # bytes of a document


class Here:
    """Workers that do everything at once, in this process."""

    def __init__(self, work: Callable[[Any], Any], count: int, prepare: Callable[[], None], tidy: object) -> None:
        local._prepared.clear()
        prepare()
        self._work = work

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, item: Any) -> Callable[[], Any]:
        done = self._work(item)
        return lambda: done


def large(source: Source, size: int) -> bool:
    return not source.name.endswith(".txt") and size_of(source) > 0


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No processes: what is shared out is done here."""

    monkeypatch.setattr(local, "_follow", lambda: None)
    monkeypatch.setattr(pool, "Workers", Here)
    monkeypatch.setattr(local, "Engine", lambda packs: engine())
    monkeypatch.setattr(kept, "MOST", 0)
    monkeypatch.setattr(sliced, "is_large", large)
    yield
    local._prepared.clear()


@cache
def packs() -> tuple[Pack, ...]:
    return load_packs(RULES)


@cache
def engine() -> Engine:
    return Engine(packs())


def audited(
    sources: dict[str, bytes], jobs: int, size: int, cleans: bool = True, **more: Any
) -> tuple[list[FileReport], dict[str, bytes]]:
    """The reports of some files and all that was written of them, findings and figures put together included."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        (folder / "parts").mkdir()
        for file, data in sources.items():
            (folder / "in" / file).write_bytes(data)
        out = folder / "out"
        choices = {"lines": True, "texts": True, "judged": True, **more}
        if cleans:
            choices |= {"cleaned": out / "cleaned", "patches": out / "patches", "reports": out / "reports"}
        read = ReadOptions(max_document_size=LIMIT)
        plan = Plan(parts=folder / "parts", slice=size, read=read, root=folder, **choices)
        items = [Item(number, Source(folder / "in" / file, file)) for number, file in enumerate(sources)]
        files = list(local.run(packs(), plan, items, jobs))
        for kind in ("findings", "documents", "lines", "texts"):
            results.join(plan.parts, len(items), kind, out / kind)
        assert not list(plan.parts.glob("*.slices")), "nothing is left of slices"
        told = msgspec.json.encode(files).replace(name.encode(), b"")  # the same wherever it lies
        files = msgspec.json.decode(told, type=list[FileReport])
        return files, {file: data.replace(name.encode(), b"") for file, data in (raw(out) | raw(folder / "in")).items()}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(data=b'{"text": "a , b"}\n\n\n{"text": "a , b"}', size=1, suffix="", cleans=True)
@example(data=b"\xef\xbb\xbf\n" * 9, size=2, suffix="", cleans=True)
@given(data=FILES, size=st.integers(1, 300), suffix=st.sampled_from(["", ".gz", ".zst"]), cleans=st.booleans())
def test_slices_give_the_same_bytes(here: None, data: bytes, size: int, suffix: str, cleans: bool) -> None:
    sources = {f"a.jsonl{suffix}": packed(data, suffix), "b.txt": b"in between , a text", f"c.ndjson{suffix}": b""}
    assert audited(sources, 2, size, cleans) == audited(sources, 1, size, cleans)


def packed(data: bytes, suffix: str) -> bytes:
    if suffix == ".gz":
        return gzip.compress(data, mtime=0)
    return zstandard.compress(data) if suffix else data


def rows(count: int, start: int = 0) -> bytes:
    texts = ("\n".join([PIECES[at % 5], f"Row {at}.", PIECES[at % 3]]) for at in range(start, start + count))
    return b"".join(json.dumps({"id": at, "text": text}).encode() + b"\n" for at, text in enumerate(texts))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=FILES, size=st.integers(1, 300), suffix=st.sampled_from([".gz", ".zst"]), cut=st.integers(1, 40))
def test_slices_of_a_truncated_file_give_the_same_bytes(
    here: None, data: bytes, size: int, suffix: str, cut: int
) -> None:
    sources = {f"a.jsonl{suffix}": packed(data, suffix)[:-cut]}
    assert audited(sources, 2, size) == audited(sources, 1, size)


@pytest.mark.parametrize("jobs", [2, 3])
def test_processes_share_a_file(jobs: int) -> None:
    sources = {"a.jsonl": rows(40) + b"{\n\n" + rows(9), "b.jsonl.gz": packed(rows(30, 5), ".gz"), "c.txt": b"a , b"}
    one, many = (audited(sources, jobs, 700) for jobs in (1, jobs))
    assert many == one
    assert sum(file.findings for file in one[0]) > 50


def test_every_slice_reads_the_fields_that_the_first_row_shows(here: None) -> None:
    first = [{"text": PIECES[0], "ts": "now", "u": f"https://a.org/{at}"} for at in range(4)]  # as HPLT has them
    later = [{"text": PIECES[0], "url": "https://b.org", "u": f"https://a.org/{at}"} for at in range(8)]
    sources = {"a.jsonl": b"".join(json.dumps(row).encode() + b"\n" for row in [*first, *later])}
    one, many = (audited(sources, jobs, 200) for jobs in (1, 2))
    assert many == one
    sites = [json.loads(row)["site"] for row in one[1]["documents"].splitlines()]
    assert len(sites) == 12
    assert set(sites) == {"a.org"}


def test_facts_of_the_corpus_reach_every_slice(tmp_path: Path) -> None:
    prose = "This page of the valley says something that no other page of it says, for its number is"
    rows = [{"url": f"https://a.org/{at}", "text": f"Valley gate\n{prose} {at}.\n"} for at in range(12)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    items = [Item(0, Source(tmp_path / "a.jsonl", "a.jsonl"))]
    rules, found = load_packs(["preset-site"]), []
    for jobs in (1, 2):
        plan = Plan(parts=tmp_path / f"parts{jobs}", slice=300)
        plan.parts.mkdir()
        with surveyed(rules, plan, items, jobs) as known:
            found.append(list(local.run(rules, known, items, jobs)))
    assert found[0] == found[1]
    assert found[0][0].by_rule == {"preset-site/furniture": 12}


def test_there_are_slices(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "some"}\n' * 36 + b'{"text": "last"}')
    item = Item(3, Source(tmp_path / "a.jsonl", "a.jsonl"))
    plan = Plan(parts=tmp_path, slice=70)
    assert shared(plan, item)
    found = [(piece.slice.record, piece.slice.stop - piece.slice.start) for piece in pieces(plan, item) if piece.slice]
    assert found[:3] == [(0, 68), (4, 68), (8, 68)]
    assert found[-3:] == [(34, 17), (35, 17), (36, 16)], "the last ones are smaller: no process waits long for another"


def table(texts: Sequence[str | None], group: int) -> bytes:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    columns = {"text": pa.array(texts, pa.string()), "id": list(range(len(texts)))}
    pq.write_table(pa.table(columns), out, row_group_size=group, compression="zstd")
    return out.getvalue()


@pytest.mark.parametrize("cleans", [True, False])
@pytest.mark.parametrize("size", [1, 200, 2000])
def test_row_groups_give_the_same_bytes(here: None, size: int, cleans: bool) -> None:
    texts = [None if at % 7 == 3 else f"{PIECES[at % 5]}\nRow {at}." + "x" * 500 * (at == 20) for at in range(50)]
    sources = {"a.parquet": table(texts, 4), "b.parquet": table(texts, 50), "c.parquet": table([], 4)}
    assert audited(sources, 2, size, cleans) == audited(sources, 1, size, cleans)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl.gz", packed(rows(30), ".gz")[:-20]),
        ("a.jsonl.zst", packed(rows(30), ".zst")[:-20]),
        ("a.jsonl", rows(5).decode().encode("utf-16")),
        ("a.jsonl", "".join(json.dumps({"text": f"قال إن ذلك كان من بعد الحرب على المدينة ، {at}"}, ensure_ascii=False)
                            + "\n" for at in range(9)).encode("cp1256")),
    ],
    ids=["truncated", "truncated", "wide", "code page"],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said_alike(here: None, name: str, data: bytes) -> None:
    sources = {name: data, "b.jsonl": rows(20)}
    assert audited(sources, 2, 150) == audited(sources, 1, 150)


def test_a_damaged_row_group_is_told_alike(here: None) -> None:
    whole, damaged = table([f"Text {at} , {at * 7919 % 1000}" for at in range(40)], 5), {}
    for at in range(40, len(whole), len(whole) // 9):
        data = bytearray(whole)
        data[at] ^= 0xFF
        damaged[f"{at}.parquet"] = bytes(data)
    one, many = (audited(damaged, jobs, 10) for jobs in (1, 2))
    assert many == one
    assert {file.verdict for file in one[0]} == {"clean", "unchecked"}


def test_in_place_only_what_changed(here: None) -> None:
    sources = {"a.jsonl": rows(20), "b.jsonl": b'{"text": "All is well."}\n' * 20}
    one, many = (audited(sources, jobs, 200, in_place=True) for jobs in (1, 2))
    assert many == one
    assert [file.patch_path is not None for file in one[0]] == [True, False]


def test_a_worker_that_dies_takes_its_file_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is named; the others are done again."""

    def fatal(*arguments: Any) -> Any:
        if arguments[2].item.source.name == "a.jsonl" and arguments[2].number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return process_piece(*arguments)

    monkeypatch.setattr(local, "process_piece", fatal)
    (first, second), written = audited({"a.jsonl": rows(20), "b.jsonl": rows(20)}, 2, 700)
    assert "its worker process died" in first.unchecked[0].reason
    assert second.documents == 20
    assert {name for name in written if "a.jsonl" in name} == {"a.jsonl", "reports/a.jsonl.json"}


def test_standard_input_among_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Workers have none: it is read where the command runs."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "a.jsonl").write_bytes(rows(5))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"one , two")))
    items = [Item(0, Source(tmp_path / "a.jsonl", "a.jsonl")), Item(1, Source(None, "stdin.txt"))]
    files = list(local.run(packs(), Plan(parts=tmp_path / "parts"), items, 2))
    assert [file.characters > 0 for file in files] == [True, True]


@pytest.mark.parametrize("jobs", [1, 2])
def test_bytes_read_are_heard_of(here: None, tmp_path: Path, jobs: int) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "a.jsonl").write_bytes(rows(20))
    (tmp_path / "b.jsonl.gz").write_bytes(packed(rows(20), ".gz"))
    items = [Item(number, Source(tmp_path / name, name)) for number, name in enumerate(("a.jsonl", "b.jsonl.gz"))]
    heard: list[int] = []
    list(local.run(packs(), Plan(parts=tmp_path / "parts", slice=300), items, jobs, heard.append))
    assert heard == sorted(heard)
    assert heard[-1] == sum(path.stat().st_size for path in tmp_path.iterdir() if path.is_file())
    assert len(heard) > (8 if jobs == 2 else 1)
