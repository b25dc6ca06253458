"""Compressed streams: whole, or an error that names the file."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from auditor.errors import ReadError
from auditor.formats.compression import compression_of, open_read, open_write, reached, torn

DATA = b"".join(b"line %d of some text\n" % number for number in range(2000))
PACKED = {
    ".gz": gzip.compress(DATA),
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress(DATA),
}


def packed(data: bytes, suffix: str, step: int = 1 << 20) -> bytes:
    out = io.BytesIO()
    with open_write(out, suffix) as stream:
        for start in range(0, len(data), step):
            stream.write(data[start : start + step])
    return out.getvalue()


def unpack(path: Path, data: bytes) -> bytes:
    path.write_bytes(data)
    with open_read(path) as stream:
        return stream.read()


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_how_far_a_file_was_read_is_told_in_its_own_bytes(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(packed(DATA, suffix))
    with open_read(path) as stream:
        assert reached(stream) == 0
        assert stream.read() == DATA
        assert reached(stream) == path.stat().st_size


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
@pytest.mark.parametrize("data", [b"", b"\n", DATA])
def test_what_is_written_is_read_back(tmp_path: Path, suffix: str, data: bytes) -> None:
    assert unpack(tmp_path / f"a.txt{suffix}", packed(data, suffix)) == data


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_the_bytes_do_not_depend_on_how_they_were_written(suffix: str) -> None:
    assert packed(DATA, suffix) == packed(DATA, suffix, step=7)
    if suffix == ".gz":
        assert packed(DATA, suffix)[3:8] == b"\0\0\0\0\0"  # no file name, no time


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_several_members_are_one_stream(tmp_path: Path, suffix: str) -> None:
    assert unpack(tmp_path / f"a{suffix}", PACKED[suffix] * 3) == DATA * 3


def test_skippable_frames_and_frames_without_a_size_are_read(tmp_path: Path) -> None:
    skippable = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"abcde"
    assert unpack(tmp_path / "a.zst", skippable + packed(DATA, ".zst") + skippable) == DATA


SAMPLES = [b"WARC/1.1\r\nrecord %d of an archive, %d\r\n" % (number, number * 7919) for number in range(2000)]
DICTIONARY = zstandard.train_dictionary(2000, SAMPLES)


def with_dictionary(kept: bytes) -> bytes:
    """An archive as ArchiveTeam writes them: the dictionary in a frame to be skipped, then a frame a record."""
    compressor = zstandard.ZstdCompressor(dict_data=DICTIONARY)
    frames = b"".join(map(compressor.compress, SAMPLES[:50]))
    return b"\x5d\x2a\x4d\x18" + len(kept).to_bytes(4, "little") + kept + frames


@pytest.mark.parametrize("pack", [bytes, zstandard.compress])
def test_an_archive_may_begin_with_its_dictionary(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    whole = with_dictionary(pack(DICTIONARY.as_bytes()))
    assert unpack(tmp_path / "a.warc.zst", whole) == b"".join(SAMPLES[:50])
    for cut in (6, 200, len(whole) - 5):
        with pytest.raises(ReadError, match="truncated"):
            unpack(tmp_path / "a.warc.zst", whole[:cut])


def test_a_frame_with_the_mark_of_a_dictionary_may_hold_something_else(tmp_path: Path) -> None:
    skipped = b"\x5d\x2a\x4d\x18\x03\0\0\0abc"
    assert unpack(tmp_path / "a.zst", skipped + PACKED[".zst"]) == DATA


@pytest.mark.parametrize(
    ("kept", "reason"),
    [
        (zstandard.compress(bytes(64 << 20)), "its dictionary has more than 33554432 bytes"),
        (DICTIONARY.as_bytes()[:300], "broken archive"),
        (zstandard.compress(b"")[:6], "broken archive|truncated"),
    ],
)
def test_a_broken_or_huge_dictionary_is_an_error(tmp_path: Path, kept: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        unpack(tmp_path / "a.warc.zst", with_dictionary(kept))


def test_a_dictionary_that_claims_gigabytes_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="its dictionary has 4294967295 bytes"):
        unpack(tmp_path / "a.warc.zst", b"\x5d\x2a\x4d\x18\xff\xff\xff\xff" + bytes(100))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("lead", [False, True])
def test_a_truncated_archive_is_an_error_wherever_it_ends(tmp_path: Path, suffix: str, lead: bool) -> None:
    data = PACKED[suffix]
    path = tmp_path / f"a.txt{suffix}"
    for size in [*range(1, 40), *range(40, len(data), 61), *range(len(data) - 12, len(data))]:
        with pytest.raises(ReadError, match=rf"a\.txt{suffix}: (is truncated|broken archive)"):
            unpack(path, (data if lead else b"") + data[:size])


@pytest.mark.parametrize("cut", [1, 8, 9, 100, 1000, 4000])
@pytest.mark.parametrize("lead", [False, True])
def test_a_truncated_archive_can_be_read_up_to_its_last_whole_line(tmp_path: Path, cut: int, lead: bool) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes((PACKED[".gz"] if lead else b"") + PACKED[".gz"][:-cut])
    there = (DATA if lead else b"") + zlib.decompressobj(31).decompress(PACKED[".gz"][:-cut])
    with open_read(path, lenient=True) as stream:
        assert torn(stream) is None
        found = stream.read()
        rest = torn(stream)
    assert found.endswith(b"\n")
    assert rest is not None
    assert b"\n" not in rest
    assert there.startswith(found + rest)
    assert len(there) - len(found + rest) < 9  # zlib has some letters more


def test_of_a_whole_archive_nothing_is_torn(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.zst"
    path.write_bytes(packed(b"one\n" * 9 + b"two", ".zst"))
    with open_read(path, lenient=True) as stream:
        assert stream.read() == b"one\n" * 9 + b"two"
        assert torn(stream) is None


def test_members_with_zeros_between_them_are_one_stream(tmp_path: Path) -> None:
    data = PACKED[".gz"] + b"\0" * 100_000 + PACKED[".gz"] + b"\0" * 700
    assert unpack(tmp_path / "a.gz", data) == DATA * 2
    with pytest.raises(ReadError, match="broken archive"):
        unpack(tmp_path / "a.gz", b"\0" * 20 + PACKED[".gz"])


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_broken_archives_are_errors(tmp_path: Path, suffix: str) -> None:
    data = bytearray(PACKED[suffix])
    data[len(data) // 2] ^= 0xFF
    for broken in (bytes(data), b"plain text, not packed at all", PACKED[suffix] + b"garbage at the end"):
        with pytest.raises(ReadError, match=f"a{suffix}: "):
            unpack(tmp_path / f"a{suffix}", broken)


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(ReadError, match=r"none\.gz: cannot be read: No such file"):
        open_read(Path("none.gz"))


def test_a_stream_is_read_by_the_suffix_given_and_left_open() -> None:
    source = io.BytesIO(PACKED[".zst"])
    with open_read(source, ".zst", "stdin.txt.zst") as stream:
        assert stream.readline() == b"line 0 of some text\n"
    assert not source.closed


def test_a_small_file_that_unpacks_to_much_is_read_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "a.zst"
    path.write_bytes(zstandard.ZstdCompressor(level=19).compress(bytes(200_000_000)))
    assert path.stat().st_size < 20_000
    with open_read(path) as stream:
        assert stream.read(10) == bytes(10)


@pytest.mark.parametrize(("name", "suffix"), [("a.txt", ""), ("a.TXT.GZ", ".gz"), ("a.jsonl.zst", ".zst")])
def test_compression_is_told_by_the_suffix(name: str, suffix: str) -> None:
    assert compression_of(name) == suffix
