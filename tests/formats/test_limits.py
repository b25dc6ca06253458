"""Files that unpack to more than anybody has room for are refused before they do."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
import zstandard
from conftest import Auditor, contents, raw

from auditor.errors import ReadError
from auditor.formats import limits
from auditor.formats.compression import open_read
from auditor.formats.parquetpages import refuse_bombs

RULES = ("--rules", "core-encoding")
GOOD = "The bridge is open again.\n"
ROW = json.dumps({"text": GOOD}).encode() + b"\n"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FREE", 100_000)


def zeros(size: int) -> dict[str, bytes]:
    """So many bytes, packed in every way."""
    plain, table = b"\0" * size, pyarrow.table({"text": ["\0" * size]})
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file, compression="zstd", use_dictionary=False)
    return {
        "rows.jsonl.gz": gzip.compress(plain),
        "page.txt.zst": zstandard.compress(plain),
        "rows.parquet": file.getvalue(),
    }


@pytest.mark.parametrize("name", zeros(0))
def test_a_bomb_is_named_and_the_other_files_go_on(auditor: Auditor, tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(zeros(3_000_000)[name])
    (tmp_path / "in" / "sound.txt").write_text(GOOD)
    done = auditor("audit", tmp_path / "in", "-o", tmp_path / "out", *RULES)
    assert done.code == 2
    assert "unpacks to more than 200 times its size" in done.err
    assert "--max-file-size" in done.err
    assert contents(tmp_path / "out" / "cleaned") == {"sound.txt": GOOD.encode()}


@pytest.mark.parametrize("name", zeros(0))
def test_who_says_how_much_it_may_hold_gets_it_read(auditor: Auditor, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(zeros(3_000_000)[name])
    done = auditor("check", tmp_path / name, *RULES, "--max-file-size", "100M")
    assert "times its size" not in done.err
    assert "--max-file-size" not in done.err


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz", "rows.jsonl.zst", "rows.parquet", "-"])
def test_no_file_may_be_larger_than_the_limit(auditor: Auditor, tmp_path: Path, name: str) -> None:
    plain = ROW * 100
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": [GOOD] * 100}), file)
    packed = {".gz": gzip.compress(plain), ".zst": zstandard.compress(plain), ".parquet": file.getvalue()}
    if name != "-":
        (tmp_path / name).write_bytes(packed.get(Path(name).suffix, plain))
    source = (tmp_path / name,) if name != "-" else ("-", "--stdin-name", "rows.jsonl")
    large = auditor("check", *source, *RULES, "--max-file-size", "2K", stdin=plain)
    assert large.code == 2
    assert "is larger than --max-file-size (2048 bytes); raise the limit to read it" in large.err
    assert auditor("check", *source, *RULES, "--max-file-size", "20K", stdin=plain).code == 0


def test_rows_that_share_a_text_count_one_by_one(auditor: Auditor, tmp_path: Path) -> None:
    """In a dictionary it is on disk once."""
    table = pyarrow.table({"text": [GOOD * 100] * 100_000})
    pyarrow.parquet.write_table(table, tmp_path / "rows.parquet")
    assert (tmp_path / "rows.parquet").stat().st_size < 50_000
    done = auditor("check", tmp_path / "rows.parquet", *RULES)
    assert done.code == 2
    assert "unpacks to more than 200 times its size" in done.err


def test_text_that_says_one_thing_over_and_over_is_no_bomb(auditor: Auditor, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl.gz").write_bytes(
        gzip.compress(b"".join(ROW.replace(b"open", b"open%d" % n) for n in range(9000)))
    )
    assert auditor("check", tmp_path / "rows.jsonl.gz", *RULES).code == 0


def test_what_is_not_bounded_is_read_whatever_it_holds(tmp_path: Path) -> None:
    """Restoring reads what was made here."""
    (tmp_path / "page.txt.gz").write_bytes(zeros(3_000_000)["rows.jsonl.gz"])
    assert len(open_read(tmp_path / "page.txt.gz").read()) == 3_000_000


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"data_page_version": "2.0", "compression": "gzip"},
        {"use_dictionary": False, "data_page_size": 4096, "write_page_index": True},
        {"compression": "none", "row_group_size": 7, "write_page_checksum": True},
    ],
)
def test_sound_parquet_files_are_none(settings: dict[str, object]) -> None:
    rows = [f"{number} {GOOD}" for number in range(1000)]
    table = pyarrow.table({"text": rows, "n": list(range(1000)), "l": [[1], []] * 500, "b": [True, None] * 500})
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file, **settings)
    refuse_bombs(file, "rows.parquet")
    with pytest.raises(ReadError, match="is larger than --max-file-size"):
        refuse_bombs(file, "rows.parquet", 1000)


def test_a_page_that_claims_two_gigabytes(auditor: Auditor, tmp_path: Path) -> None:
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": [GOOD * 10]}), file, use_dictionary=False, compression="zstd")
    data = file.getvalue()
    assert data[4:6] == b"\x15\x00"  # the header of the first page: its type, then what it unpacks to
    unpacked = data[7:9]
    assert data[6] == 0x15
    claimed = b"\xfe\xff\xff\xff\x0f"  # 2 ** 31 - 1, as Thrift writes it
    grown = data[:7] + claimed + data[9:]
    assert unpacked != claimed
    (tmp_path / "rows.parquet").write_bytes(grown)
    done = auditor("check", tmp_path / "rows.parquet", *RULES)
    assert done.code == 2
    assert "a page of it unpacks to more than 200 times its size" in done.err


def test_nothing_is_left_of_a_bomb(auditor: Auditor, tmp_path: Path) -> None:
    (tmp_path / "page.txt.zst").write_bytes(zeros(3_000_000)["page.txt.zst"])
    before = raw(tmp_path)
    assert auditor("clean", tmp_path, "--in-place", "--patches", tmp_path / "patches", *RULES).code == 2
    assert raw(tmp_path) == before
