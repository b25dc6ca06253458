"""Files made to do harm, small and made here: `hostile.make(folder)` writes them."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pyarrow
import pyarrow.parquet
import zstandard

GOOD = json.dumps({"id": 1, "text": "The bridge is open&nbsp;again."}).encode() + b"\n"


def make(folder: Path) -> list[str]:
    """Write all of them; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    return [name for name, data in _files() if (folder / name).write_bytes(data) >= 0]


def _files() -> Iterator[tuple[str, bytes]]:
    yield from _texts()
    yield from _rows()
    yield from _archives()
    yield from _tables()


def _texts() -> Iterator[tuple[str, bytes]]:
    yield "nothing.txt", b""
    yield "nul.txt", b"\0" * 5000
    yield "half-a-character.txt", "نص".encode()[:-1]
    yield "half-utf-16.txt", b"\xff\xfea\0b\0\xd8"
    yield "lone-surrogate-utf-16.txt", b"\xff\xfe" + b"\x00\xd8" * 50
    yield "marks-only.txt", b"\xef\xbb\xbf" * 400
    yield "marks-of-all-kinds.txt", b"\xff\xfe\xef\xbb\xbf\x00\x00\xfe\xff"
    yield "combining.txt", ("a" + "\u0301" * 20_000).encode()
    yield "right-to-left.txt", ("\u202e\u2066\u2067" * 3000).encode()
    yield "ligatures.txt", ("\ufdfa\ufdf2\ufefb" * 3000).encode()
    yield "one-line.txt", b"a " * 100_000
    yield "line-breaks.txt", b"\n\r\r\n\x0b\x0c\xc2\x85\xe2\x80\xa8" * 5000
    yield "entities.txt", b"&" * 20_000 + b"&#x" * 5000 + b"&#99999999999;&amp;amp;amp;" * 500
    yield "tags.txt", b"<" * 20_000 + b"<a href='" * 3000 + b"</script><!--" * 500
    yield "equal-lines.txt", b"The same line as before and after.\n" * 5000
    yield "words.txt", ("وب" * 30_000 + " " + "x-" * 20_000).encode()
    yield "mojibake.txt", "Ø§Ù„Ø".encode() * 3000


def _rows() -> Iterator[tuple[str, bytes]]:
    yield "no-break.jsonl", GOOD.rstrip()
    yield "deep.jsonl", b"[" * 100_000 + b"\n" + b'{"a":' * 50_000 + b"\n" + GOOD
    yield "long-number.jsonl", b'{"text": "a", "n": ' + b"9" * 50_000 + b"}\n" + GOOD
    yield "many-keys.jsonl", b"{" + b",".join(b'"text": "%d"' % n for n in range(5000)) + b"}\n" + GOOD
    yield "keys-alike.jsonl", b'{"text": "a", "\\u0074ext": "b&nbsp;c", "te\\u0078t": "d&nbsp;e"}\n'
    yield "surrogates.jsonl", b'{"text": "\\ud800\\udc00\\udc00\\ud800 &nbsp;"}\n' + GOOD
    yield "escapes.jsonl", b'{"text": "' + b"\\\\" * 9999 + b'&nbsp;\\""}\n' + GOOD
    yield "no-end.jsonl", b'{"text": "' + b"x" * 100_000
    yield "bad-rows.jsonl", b"[]\n" * 3000 + GOOD
    yield "blank-rows.jsonl", b"\n \n\t\r\n" * 3000 + GOOD
    yield "marks.jsonl", b"\xef\xbb\xbf" + GOOD + b"\xef\xbb\xbf" + GOOD
    yield (
        "names.jsonl",
        json.dumps({"text": "a&nbsp;b", "id": "../../../etc/passwd\0\x1b[2J", "url": "//" * 9999}).encode(),
    )
    yield "mixed.jsonl", GOOD + GOOD.decode().encode("utf-16") + GOOD


def _archives() -> Iterator[tuple[str, bytes]]:
    packed = gzip.compress(GOOD * 50, mtime=0)
    frame = zstandard.ZstdCompressor(write_checksum=True).compress(GOOD * 50)
    yield "no-archive.jsonl.gz", GOOD
    yield "other-archive.jsonl.gz", frame
    yield "other-archive.jsonl.zst", packed
    yield "cut.jsonl.gz", packed[:-5]
    yield "cut.jsonl.zst", frame[:-5]
    yield "more-behind.jsonl.gz", packed + b"more"
    yield "two.jsonl.gz", packed * 2
    yield "two.jsonl.zst", frame * 2
    yield "empty-members.txt.gz", gzip.compress(b"", mtime=0) * 3000
    yield "large-window.txt.zst", b"\x28\xb5\x2f\xfd\x00\xa8" + b"\x03\x00\x00" * 20
    yield "claims-much.txt.zst", b"\x28\xb5\x2f\xfd\xe0" + b"\xff" * 8 + b"\x01\x00\x00"
    yield "flipped.jsonl.gz", packed[:40] + bytes([packed[40] ^ 255]) + packed[41:]
    yield "zeros.txt.gz", gzip.compress(b"\0" * 2_000_000, mtime=0)


def _tables() -> Iterator[tuple[str, bytes]]:
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": ["a&nbsp;b"] * 40, "id": range(40)}), file)
    data = file.getvalue()
    yield "cut.parquet", data[:-30]
    yield "only-ends.parquet", b"PAR1\0\0\0\0PAR1"
    yield "claims-metadata.parquet", data[:-8] + b"\xff\xff\xff\x7fPAR1"
    yield "text.parquet", GOOD
    dice = random.Random(5)
    for number in range(12):
        damaged = bytearray(data)
        for _ in range(3):
            damaged[dice.randrange(4, len(data) - 8)] = dice.randrange(256)
        yield f"damaged-{number:02}.parquet", bytes(damaged)
