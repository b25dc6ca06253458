"""Web archives: html responses and WET records become documents, damage is told and passed over."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from auditor.cli import main
from auditor.formats import ReadOptions, Row, copy_name
from auditor.formats.httpbody import BodyError, unpacked
from auditor.formats.warc import rows

LINES = [
    "سوق الكتب القديمة في وادي السرو",
    "افتتح صباح اليوم سوق الكتب القديمة في وادي السرو بحضور عدد كبير من الباعة والقراء والطلاب.",
    "ويقول صاحب المكتبة عادل الرفاعي إن السوق يستمر عشرة أيام، وإن ثلث ثمن كل كتاب يذهب إلى المدرسة.",
    "ويضم السوق نحو عشرين ألف كتاب جمعها الأهالي من بيوتهم طوال العام الماضي بلا مقابل من أحد.",
]
PAGE = (
    f"<html><head><title>{LINES[0]}</title></head><body><nav><a href=/>الرئيسية</a></nav><h1>{LINES[0]}</h1>\n"
    + "\n".join(f"<p>{line}</p>" for line in LINES[1:])
)


def record(kind: str, address: str, block: bytes, content: str) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2026-03-01T08:00:00Z\r\n"
        f"Content-Type: {content}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(
    address: str, body: bytes = PAGE.encode(), kind: str = "text/html", status: str = "200 OK", more: str = ""
) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n"
    return record("response", address, head.encode() + body, "application/http; msgtype=response")


INFO = record("warcinfo", "", b"software: none", "application/warc-fields")
ONE, TWO = response("http://www.wadi.example/1"), response("https://wadi.example/2")
WET = record("conversion", "http://nahr.example/a", "سطر أول\nسطر ثان\n".encode(), "text/plain")


def read(data: bytes, limit: int = 1 << 20) -> list[Row]:
    return list(rows(io.BytesIO(data), "a.warc", ReadOptions(max_document_size=limit)))


def texts(found: list[Row]) -> list[str]:
    return [row.document.text for row in found if row.document is not None]


def reasons(found: list[Row]) -> list[str]:
    return [row.unchecked.reason for row in found if row.unchecked is not None]


def test_pages_and_conversions_are_documents_the_rest_is_passed_over() -> None:
    other = [
        response("http://a.example/gone", status="404 Not Found"),
        response("http://a.example/i.png", b"\x89PNG", "image/png"),
        record("request", "http://a.example/", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
    ]
    found = read(
        b"".join([INFO, ONE, *other, WET, record("resource", "http://c.example/", PAGE.encode(), "text/html")])
    )
    assert texts(found) == ["\n".join(LINES) + "\n", "سطر أول\nسطر ثان\n", "\n".join(LINES) + "\n"]
    documents = [row.document for row in found if row.document]
    assert [(one.record, one.id, one.site) for one in documents] == [
        (0, "http://www.wadi.example/1", "wadi.example"),
        (1, "http://nahr.example/a", "nahr.example"),
        (2, "http://c.example/", "c.example"),
    ]
    assert documents[0].meta["origins"][0].element == "html > body > h1[1]"


def test_a_row_has_the_address_the_date_and_the_text() -> None:
    (row,) = read(WET)
    assert json.loads(row.raw) == {
        "id": "http://nahr.example/a",
        "url": "http://nahr.example/a",
        "date": "2026-03-01T08:00:00Z",
        "text": "سطر أول\nسطر ثان\n",
    }


def test_the_charset_of_the_header_is_heeded() -> None:
    data = response("http://a.example/", PAGE.encode("cp1256"), "text/html; charset=windows-1256")
    assert texts(read(data)) == ["\n".join(LINES) + "\n"]


def chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


BODY = PAGE.encode()
RAW_DEFLATE = zlib.compressobj(wbits=-15)
PACKED = {
    "gzip": ("", "gzip", gzip.compress(BODY)),
    "deflate": ("", "deflate", zlib.compress(BODY)),
    "raw deflate": ("", "deflate", RAW_DEFLATE.compress(BODY) + RAW_DEFLATE.flush()),
    "zstd": ("", "zstd", zstandard.compress(BODY)),
    "chunks": ("chunked", "", chunked(BODY)),
    "packed, in chunks": ("chunked", "gzip", chunked(gzip.compress(BODY))),
    "unpacked by the crawler": ("chunked", "gzip", BODY),
    "unpacked by the crawler, another way": ("", "br", BODY),
}


@pytest.mark.parametrize(("transfer", "content", "body"), PACKED.values(), ids=PACKED.keys())
def test_bodies_are_unpacked(transfer: str, content: str, body: bytes) -> None:
    assert unpacked(body, transfer, content, 1 << 20) == BODY


def test_a_packed_body_is_unpacked_no_further_than_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    assert len(unpacked(bomb, "", "gzip", 1000)) == 1001
    found = read(response("http://a.example/", bomb, more="Content-Encoding: gzip\r\n"))
    assert reasons(found) == [
        "row 0 (http://a.example/): the page is larger than --max-document-size (1048576 bytes); "
        "raise the limit to check it"
    ]


def test_what_cannot_be_unpacked_is_told() -> None:
    with pytest.raises(BodyError, match="packed by 'br'"):
        unpacked(b"\x1b\x00\x01", "", "br", 100)
    with pytest.raises(BodyError, match="cannot be unpacked"):
        unpacked(b"\x1b\x00\x01", "", "gzip", 100)


@given(
    st.binary(max_size=200), st.sampled_from(["", "chunked"]), st.sampled_from(["", "gzip", "deflate", "zstd", "br"])
)
def test_no_body_breaks_the_reader(body: bytes, transfer: str, content: str) -> None:
    with suppress(BodyError):
        assert len(unpacked(body, transfer, content, 1000)) <= 1001


def test_a_page_that_cannot_be_read_keeps_its_row() -> None:
    found = read(ONE + response("http://a.example/", BODY * 100) + TWO, limit=10_000)
    assert [json.loads(row.raw)["text"] is None for row in found] == [False, True, False]
    assert [row.document.record for row in found if row.document] == [0, 2]


DAMAGED = {
    "cut off in a record": (ONE + TWO[:-40], 1, "it ends within record 2"),
    "cut off in headers": (ONE + TWO[:60], 1, "the headers of record 2 are damaged or cut off"),
    "cut off in what is passed over": (ONE + INFO[:-8], 1, "it ends within record 2"),
    "rubbish between records": (ONE + b"rubbish\r\nmore of it\r\n" + TWO, 2, "after record 1 comes what is no record"),
    "no length": (ONE + TWO.replace(b"Content-Length", b"Content-Width", 1) + WET, 2, "the headers of record 2 are"),
    "empty": (b"", 0, "it has no records"),
    "something else": (b"hello\n" * 10, 0, "what is no record"),
    "endless header": (b"WARC/1.0\r\nX: " + b"y" * 1_000_000, 0, "the headers of record 1 are damaged"),
}


@pytest.mark.parametrize(("data", "documents", "reason"), DAMAGED.values(), ids=DAMAGED.keys())
def test_damage_is_told_and_the_rest_is_read(data: bytes, documents: int, reason: str) -> None:
    found = read(data)
    assert len(texts(found)) == documents
    assert reason in reasons(found)[0]


def test_an_archive_that_is_nothing_but_damage_is_given_up() -> None:
    assert len(reasons(read((WET + b"rubbish\n") * 500))) == 100


@given(st.binary(max_size=300), st.integers(0, len(ONE)))
def test_no_archive_breaks_the_reader(rubbish: bytes, at: int) -> None:
    read(WET[:at] + rubbish + WET[at:])


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    spoilt = PAGE.replace("طوال العام", "طوال &amp;nbsp; العام").encode()
    packed = b"".join(gzip.compress(one) for one in (INFO, ONE, response("http://c.example/s", spoilt)))
    Path("crawl.warc.gz").write_bytes(packed)
    return tmp_path / "crawl.warc.gz"


def test_an_audit_writes_lines_of_json(crawl: Path) -> None:
    assert main(["audit", crawl.name, "-o", "out", "--quiet"]) == 0
    assert copy_name("crawl.warc.gz") == "crawl.warc.jsonl.gz"
    cleaned = gzip.decompress(Path("out/cleaned/crawl.warc.jsonl.gz").read_bytes()).decode().splitlines()
    assert [json.loads(line)["url"] for line in cleaned] == ["http://www.wadi.example/1", "http://c.example/s"]
    findings = [json.loads(line) for line in Path("out/findings.jsonl").read_text().splitlines()]
    assert {(one["record"], one["id"], one["origin"]["element"]) for one in findings if one["fix"]} == {
        (1, "http://c.example/s", "html > body > p[3]")
    }
    assert main(["restore", "out", "-o", "back"]) == 0
    restored = gzip.decompress(Path("back/crawl.warc.jsonl.gz").read_bytes())
    assert restored == b"".join(row.raw for row in read(gzip.decompress(crawl.read_bytes())))


def test_a_truncated_archive_is_audited_as_far_as_it_goes(crawl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("long.wet.gz").write_bytes(gzip.compress(WET) * 3000 + gzip.compress(WET)[:-20])
    assert main(["clean", "long.wet.gz", "-o", "out", "--quiet"]) == 2
    assert re.search(r"the archive is damaged after document 3000: .*is truncated", capsys.readouterr().err)
    cleaned = gzip.decompress(Path("out/cleaned/long.wet.jsonl.gz").read_bytes())
    assert cleaned.count(b"\n") == 3000


def test_zst_and_wet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.warc.zst").write_bytes(zstandard.compress(ONE))
    Path("b.wet").write_bytes(WET)
    assert main(["clean", "a.warc.zst", "b.wet", "-o", "out", "--quiet"]) == 0
    assert sorted(path.name for path in Path("out/cleaned").iterdir()) == ["a.warc.jsonl.zst", "b.wet.jsonl"]
