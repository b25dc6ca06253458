"""What fuzzing begins with, and how it is changed."""

from __future__ import annotations

import gzip
import io
import json
import random
from pathlib import Path

import zstandard


def seeds(target: str) -> list[bytes]:
    """What is mutated."""
    root = Path(__file__).resolve().parents[2]
    texts = [path.read_bytes()[:3000] for path in sorted((root / "tests/corpus").rglob("*.txt"))[:12]]
    if target == "packs":
        shipped = [path.read_text(encoding="utf-8") for path in sorted((root / "rules").rglob("*.yaml"))]
        return [_small_pack(text) for text in shipped]
    if target == "foldings":
        return [bytes([255, 255]) + text[:400] for text in texts] + [bytes([255, 255]) + "ﷲ ﻻ ß İ ﷺ\u0640ۭ".encode()]
    if target == "pages":
        return [*map(_page, texts), *(bytes([1]) + _archive(texts[at : at + 3]) for at in range(0, 12, 3))]
    if target != "readers":
        return texts
    rows = b"".join(
        json.dumps({"id": n, "text": text.decode(), "u": "\ud800"}, ensure_ascii=n % 2 == 0).encode("utf-8", "replace")
        + b"\n"
        for n, text in enumerate(texts[:3])
    )
    found = [bytes([0]) + texts[0], bytes([1]) + gzip.compress(texts[0]), bytes([2]) + zstandard.compress(texts[0])]
    found += [bytes([3]) + rows, bytes([4]) + gzip.compress(rows), bytes([5]) + zstandard.compress(rows)]
    found += [bytes([0]) + "\ufeffنص عربي قصير".encode(name) for name in ("utf-16", "utf-16-be", "utf-8-sig")]
    found += [bytes([0]) + "نص عربي قصير في الملف".encode("cp1256"), bytes([3]) + rows.decode().encode("utf-16")]
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table({"text": ["one", None, "ثلاثة"] * 9, "id": list(range(27)), "url": ["http://a.b/c"] * 27})
    for settings in ({}, {"compression": "zstd", "use_dictionary": False}, {"data_page_version": "2.0"}):
        file = io.BytesIO()
        pyarrow.parquet.write_table(table, file, row_group_size=10, **settings)
        found.append(bytes([6]) + file.getvalue())
    return found


def _page(text: bytes) -> bytes:
    """A page with what stands around an article."""
    head, *lines = text.decode().split("\n")[:12]
    menu = "<nav class=menu><a href='/'>" + head[:9] + "</a></nav>"
    body = "".join(f"<p class='post-{number}'>{line}<br>{line[:5]}</p>" for number, line in enumerate(lines))
    page = f"<html><head><title>{head}</title><meta charset=utf-8></head><body>{menu}<h1>{head}</h1><div id=a>{body}"
    return b"\0" + page.encode()


def _archive(texts: list[bytes]) -> bytes:
    """A web archive of pages, one of them packed, and of a text."""
    made = b""
    for number, text in enumerate(texts):
        page = _page(text)[1:]
        packed = gzip.compress(page) if number else page
        coding = b"Content-Encoding: gzip\r\n" if number else b""
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + coding + b"\r\n" + packed
        made += _record(b"response", b"application/http", block)
    return made + _record(b"conversion", b"text/plain", texts[0])


def _record(kind: bytes, content: bytes, block: bytes) -> bytes:
    head = b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: %s\r\n" % (kind, content)
    return head + b"Content-Length: %d\r\n\r\n" % len(block) + block + b"\r\n\r\n"


def _small_pack(text: str) -> bytes:
    """A pack with its first two rules."""
    head, *rules = text.split("\n- id:") if "\n- id:" in text else text.split("\n  - id:")
    return "\n- id:".join([head, *rules[:2]]).encode()


def mutated(dice: random.Random, found: list[bytes]) -> bytes:
    data = bytearray(dice.choice(found))
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(5):
            case 0:
                data[at : at + dice.randrange(4)] = dice.randbytes(dice.randrange(5))
            case 1:
                other = dice.choice(found)
                start = dice.randrange(len(other) + 1)
                data[at : at + dice.randrange(20)] = other[start : start + dice.randrange(60)]
            case 2:
                del data[at : at + dice.randrange(40)]
            case 3:
                data[at:at] = data[at : at + dice.randrange(30)] * dice.randrange(1, 5)
            case 4 if data:
                data[at % len(data)] ^= 1 << dice.randrange(8)
    return bytes(data[:20_000])
