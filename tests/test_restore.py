"""Folders of cleaned copies and patches become folders of originals."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from auditor.errors import ConfigError, RestoreError
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
