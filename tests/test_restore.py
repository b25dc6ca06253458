"""Folders of cleaned copies and patches become folders of originals."""

from __future__ import annotations

import base64
import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from conftest import Auditor

from auditor.errors import ConfigError, RestoreError
from auditor.formats import ReadOptions, limits
from auditor.formats.base import ByteEdit
from auditor.formats.compression import open_read, open_write
from auditor.formats.files import atomic_writer
from auditor.patches import PatchWriter, patch_name
from auditor.restore import restore_folder

ORIGINAL = b"Menu\nthe text\n"


def put(path: Path, data: bytes) -> None:
    with atomic_writer(path) as file, open_write(file, path.suffix) as out:
        out.write(data)


def add(folder: Path, name: str, data: bytes = ORIGINAL) -> None:
    patch = io.BytesIO()
    writer = PatchWriter(patch, "../../hostile.txt", "txt")
    put(folder / "cleaned" / name, writer.row(data, 0, [ByteEdit(0, b"Menu\n", b"")]))
    writer.close()
    put(folder / "patches" / patch_name(name), patch.getvalue())


def content(path: Path) -> bytes:
    with open_read(path) as stream:
        return stream.read()


@pytest.fixture
def done(tmp_path: Path) -> Path:
    """An output folder with three files cleaned and one that needed nothing."""
    folder = tmp_path / "audit-out"
    for name in ("a.txt", "sub/b.jsonl.gz", "sub/deep/c.txt.zst"):
        add(folder, name)
    put(folder / "cleaned" / "same.txt", b"nothing to clean\n")
    return folder


def test_originals_come_back(done: Path, tmp_path: Path) -> None:
    out = tmp_path / "originals"
    assert restore_folder(done, out) == ["a.txt", "same.txt", "sub/b.jsonl.gz", "sub/deep/c.txt.zst"]
    for name in ("a.txt", "sub/b.jsonl.gz", "sub/deep/c.txt.zst"):
        assert content(out / name) == ORIGINAL
    assert content(out / "same.txt") == b"nothing to clean\n"
    assert not (tmp_path / "hostile.txt").exists()


def test_a_bad_file_does_not_keep_the_others_back(done: Path, tmp_path: Path) -> None:
    out = tmp_path / "originals"
    (done / "cleaned/a.txt").write_bytes(b"altered")
    (done / "cleaned/sub/b.jsonl.gz").unlink()
    with pytest.raises(RestoreError) as error:
        restore_folder(done, out)
    assert "2 of 4 files could not be restored:\n  a.txt: the cleaned copy was altered" in str(error.value)
    assert "sub/b.jsonl.gz: has a patch, but" in str(error.value)
    assert sorted(path.name for path in out.rglob("*") if path.is_file()) == ["c.txt.zst", "same.txt"]


def test_existing_files_are_kept_unless_forced(done: Path, tmp_path: Path) -> None:
    out = tmp_path / "originals"
    put(out / "a.txt", b"mine")
    put(out / "sub/b.jsonl.gz", ORIGINAL)
    before = (out / "sub/b.jsonl.gz").stat().st_mtime_ns
    with pytest.raises(RestoreError, match=r"1 of 4 .*\n  a\.txt: .* exists and differs"):
        restore_folder(done, out)
    assert content(out / "a.txt") == b"mine"
    assert (out / "sub/b.jsonl.gz").stat().st_mtime_ns == before
    restore_folder(done, out, force=True)
    assert content(out / "a.txt") == ORIGINAL


def test_a_lost_patch_is_noticed_where_there_is_a_report(done: Path, tmp_path: Path) -> None:
    (done / "patches" / patch_name("a.txt")).unlink()
    put(done / "reports/a.txt.json", json.dumps({"digest": "0" * 64}).encode())
    with pytest.raises(RestoreError, match=r"a\.txt: .* is missing, and the copy is not the original"):
        restore_folder(done, tmp_path / "originals")
    assert not (tmp_path / "originals/a.txt").exists()


def test_links_lead_nowhere(done: Path, tmp_path: Path) -> None:
    out, secret = tmp_path / "originals", tmp_path / "secret.txt"
    secret.write_bytes(b"secret")
    (done / "cleaned/link.txt").symlink_to(secret)
    (tmp_path / "elsewhere").mkdir()
    out.mkdir()
    (out / "sub").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RestoreError, match=r"3 of 5 files") as error:
        restore_folder(done, out)
    assert "link.txt is a link" in str(error.value)
    assert "'sub/b.jsonl.gz' leads out of" in str(error.value)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_is_no_output_folder_is_refused(done: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has no folder 'cleaned'"):
        restore_folder(tmp_path, tmp_path / "x")
    with pytest.raises(ConfigError, match="holds what is restored from"):
        restore_folder(done, done / "cleaned", force=True)


BOMBS = {"a.txt.gz": gzip.compress(b"\0" * 3_000_000), "a.txt.zst": zstandard.compress(b"\0" * 3_000_000)}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("patched", [True, False])
def test_a_copy_that_unpacks_to_a_disk_full_is_refused(
    name: str, patched: bool, done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FREE", 100_000)
    put(done / "patches" / patch_name(name), (done / "patches" / patch_name("a.txt")).read_bytes())
    if not patched:
        (done / "patches" / patch_name(name)).unlink()
    (done / "cleaned" / name).write_bytes(BOMBS[name])
    with pytest.raises(RestoreError, match=rf"1 of 5 .*\n  {name}: unpacks to more than 200 times .*--max-file-size"):
        restore_folder(done, tmp_path / "originals")
    assert not list((tmp_path / "originals").glob("*gz")) + list((tmp_path / "originals").glob(".*"))
    if not patched:
        assert name in restore_folder(done, tmp_path / "all", options=ReadOptions(max_file_size=3_000_000))


def test_a_parquet_copy_that_says_one_text_a_million_times_is_refused(tmp_path: Path) -> None:
    done = tmp_path / "audit-out"
    table = pa.table({"text": pa.array(["x" * 5000] * 2000).dictionary_encode()})
    (done / "cleaned").mkdir(parents=True)
    pq.write_table(table, done / "cleaned/a.parquet")
    (done / "patches").mkdir()
    PatchWriter((done / "patches/a.parquet.patch.jsonl").open("wb"), "a.parquet", "parquet").close()
    with pytest.raises(RestoreError, match=r"a\.parquet: is larger than --max-file-size \(1000000 bytes\)"):
        restore_folder(done, tmp_path / "originals", options=ReadOptions(max_file_size=1_000_000))
    assert not list((tmp_path / "originals").glob("*"))


HEADER = b'{"schema":1,"name":"a.txt","format":"txt","compression":""}\n'
END = b'{"end":1,"original_digest":"0","original_length":%d,"cleaned_digest":"0","cleaned_length":9}\n'


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        (
            HEADER + b'{"at":0,"removed":"%s"}\n' % (b"x" * 80_000) + END % 9,
            r"line of over 69536 bytes.*--max-document-size",
        ),
        (
            HEADER + b"{" * 80_000 + b"\n" + END % 9,
            r"line of over 69536 bytes, more than cleaning a document of 1000 bytes writes",
        ),
        (b'{"schema":1,' + b" " * 80_000 + b"\n" + END % 9, r"line of over 69536 bytes"),
        (
            HEADER + b'{"at":1%s}\n' % (b"0" * 30) + END % 9,
            r"its patch is altered or truncated|is not what",
        ),
        (HEADER + b'{"at":99999999999,"removed":"x"}\n' + END % 9, r"byte 99999999999 of the copy is not what"),
        (HEADER + b'{"at":0,"inserted":"%s"}\n' % (b"y" * 60_000) + END % 9, r"byte 0 of the copy is not what"),
        (HEADER + b'{"at":-1,"removed":"x"}\n' + END % 9, r"byte -1 comes too late"),
        (HEADER + b'{"at":0,"removed":"x"}\n' + END % 10**12, r"its original is larger than --max-file-size \(5000 b"),
        (HEADER + b'{"at":0,"removed_base64":"%s"}\n' % base64.b64encode(b"\xff" * 6000) + END % 9, r"was altered"),
    ],
)
def test_patches_made_to_do_harm_are_refused(patch: bytes, said: str, done: Path, tmp_path: Path) -> None:
    (done / "patches" / patch_name("a.txt")).write_bytes(patch)
    with pytest.raises(RestoreError, match=said) as error:
        restore_folder(done, tmp_path / "originals", options=ReadOptions(max_file_size=5000, max_document_size=1000))
    assert "\n  a.txt: " in str(error.value)
    assert not list((tmp_path / "originals").glob("*a.txt"))


def test_the_sizes_can_be_given(auditor: Auditor, done: Path, tmp_path: Path) -> None:
    (done / "cleaned" / "a.txt.gz").write_bytes(BOMBS["a.txt.gz"])
    refused = auditor("restore", done, "-o", tmp_path / "originals", "--max-file-size", "1M")
    assert refused.code == 2
    assert "a.txt.gz: is larger than --max-file-size (1048576 bytes); raise the limit to read it" in refused.err
    sizes = ("--max-file-size", "4M", "--max-document-size", "1K")
    assert auditor("restore", done, "-o", tmp_path / "originals", *sizes).code == 0


def test_a_lost_patch_is_noticed_beside_a_report_of_any_size(done: Path, tmp_path: Path) -> None:
    (done / "patches" / patch_name("a.txt")).unlink()
    put(done / "reports/a.txt.json", b'{"x":' + b"[" * 100_000)
    assert "a.txt" in restore_folder(done, tmp_path / "originals")  # what it promised nobody knows
