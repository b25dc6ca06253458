"""Pages: their text comes out, furniture stays behind, every line knows its element, hostile pages do no harm."""

from __future__ import annotations

import builtins
import io
import json
import re
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from auditor.cli import main
from auditor.errors import ReadError
from auditor.formats import ReadOptions, copy_name, page_name
from auditor.formats.base import apply_edits
from auditor.formats.html import rewrite, rows, text_of
from auditor.formats.htmltree import decoded
from auditor.model import Edit, Origin

PARAGRAPHS = (
    "أعلنت بلدية المرسى الأخضر أمس أنها ستفتح جسرها القديم أمام المشاة بعد ترميم دام ثلاث سنوات كاملة.",
    "وقالت رئيسة البلدية لمى الحجار إن كلفة الأعمال بلغت أربعة ملايين، دفع السكان ربعها من تبرعاتهم.",
    "ويعبر الجسر كل يوم نحو ألفي شخص، معظمهم من طلاب المدرستين القائمتين على الضفة الأخرى من النهر.",
)
HEADLINE = "جسر المرسى الأخضر يفتح أمام المشاة"
PAGE = """<!DOCTYPE html>
<html lang="ar"><head><meta charset="utf-8"><title>{headline} | صحيفة المرسى</title>
<style>p {{ color: red }}</style><script>if (a < b) document.write("<p>لا يقرأ هذا أحد</p>")</script></head>
<body><nav class="menu"><ul><li><a href="/">الرئيسية</a></li><li><a href="/s">رياضة</a></li></ul></nav>
<main><article class="post">
<h1>{headline}</h1>
<div class="post-meta">الثلاثاء 3 آذار 2026 - كتبته <a href="/a">رنا العلي</a></div>
<p class="intro">{lead}</p>
<figure><img src="b.jpg"><figcaption>الجسر صباح أمس، تصوير سامر العلي، وكالة أنباء المرسى الأخضر</figcaption></figure>
<div class="body">
<p>{second}</p>
<ul class="related-posts"><li><a href="/1">اقرأ أيضا: بلدية الضفة تؤجل موعد ترميم سوقها القديم</a></li></ul>
<p>{third}</p>
</div>
<div class="post-tags"><a href="/t/1">جسور</a> <a href="/t/2">المرسى</a></div>
<div><p>نرحب بمشاركاتكم في التعليق على هذا الخبر، ونرجو منكم أن تلتزموا بآداب الحوار وشروط النشر.</p></div>
<div id="comments"><p>خبر جميل جدا وكنا ننتظره منذ سنوات طويلة فشكرا لكل من عمل في هذا المشروع الكبير</p></div>
</article></main>
<footer>جميع الحقوق محفوظة لصحيفة المرسى</footer></body></html>
"""


def page(**changes: str) -> bytes:
    values = dict(zip(("lead", "second", "third"), PARAGRAPHS, strict=True)) | {"headline": HEADLINE} | changes
    return PAGE.format(**values).encode()


def test_a_page_gives_its_headline_and_paragraphs() -> None:
    text, _ = text_of(page())
    assert text.splitlines() == [HEADLINE, *PARAGRAPHS]


def test_every_line_knows_its_element_and_the_line_of_the_source() -> None:
    text, origins = text_of(page())
    assert len(origins) == text.count("\n")
    assert origins[0] == Origin(element="body > main[1] > article.post > h1[1]", line=6)
    assert origins[2] == Origin(element="main[1] > article.post > div.body > p[1]", line=11)


def test_a_document_has_the_text_and_where_it_came_from() -> None:
    (row,) = rows(io.BytesIO(page()), "a.html", ReadOptions())
    assert row.document is not None
    assert row.raw == row.document.text.encode()
    assert row.document.meta["origins"][0].line == 6


def test_joiners_within_words_stay() -> None:
    persian = "او می‌گوید که خانه‌های کهنه‌ی این کوچه را تا پایان سال آینده با کمک مردم بازسازی می‌کنند."
    assert persian in text_of(page(second=persian))[0]


def test_lines_broken_in_a_paragraph_are_lines() -> None:
    broken = page(second=PARAGRAPHS[1] + "<br>" + PARAGRAPHS[2], third="وهذه فقرة أخيرة تقول إن العمل انتهى قبل موعده.")
    assert text_of(broken)[0].splitlines()[2:4] == list(PARAGRAPHS[1:])


def test_a_text_is_kept_whatever_its_box_is_called() -> None:
    odd = page().replace(b'<article class="post">', b'<article class="related share sidebar">')
    assert text_of(odd)[0].splitlines() == [HEADLINE, *PARAGRAPHS]


def test_short_lines_are_kept_where_they_are_the_text() -> None:
    verses = ["يا نهر أين تمضي", "والليل في الضفاف", "تركت خلفك أرضي", "وسرت لا تخاف", "عد بي إلى الحقول"] * 6
    poem = "<br>".join(f"{verse} {number}" for number, verse in enumerate(verses))
    source = (
        f"<body><div class=menu><a href=/>أخبار</a></div><h1>أغنية النهر البعيد</h1><div><p>{poem}</p></div></body>"
    )
    assert text_of(source.encode())[0].splitlines() == ["أغنية النهر البعيد", *poem.split("<br>")]


@pytest.mark.parametrize(
    ("headline", "paragraphs"),
    [
        (
            "青石镇老桥修复后向行人开放",
            [
                "青石镇昨天宣布，经过三年的修复，镇上的老桥将于下周一向行人开放，桥头还将举办一场小型音乐会。",
                "镇长林秀兰表示，工程共花费四百万元，其中四分之一来自居民捐款。",
                "每天约有两千人走过这座桥，他们大多是河对岸两所学校的学生。",
                "设计者是 A B C D 四家 E F G 事务所。",
            ],
        ),
        (
            "青石町の古い橋が歩行者に開放される",
            [
                "青石町は昨日、三年にわたる修復を終えた古い橋を来週の月曜日から歩行者に開放すると発表した。",
                "町長によると、工事には四百万円がかかり、その四分の一は住民の寄付によるものだという。",
                "毎日およそ二千人がこの橋を渡り、その多くは対岸の二つの学校に通う生徒である。",
                "設計は A B C D の四社と E F G の各社による。",
            ],
        ),
        (
            "สะพานเก่าเมืองหินเขียวเปิดให้คนเดินข้าม",
            [
                "เทศบาลเมืองหินเขียวประกาศเมื่อวานนี้ว่าสะพานเก่าจะเปิดให้คนเดินข้ามในวันจันทร์หน้าหลังจากซ่อมแซมมานานสามปี",
                "นายกเทศมนตรีกล่าวว่างานนี้ใช้เงินสี่ล้านบาทและหนึ่งในสี่มาจากเงินบริจาคของชาวเมือง",
                "ทุกวันมีคนประมาณสองพันคนข้ามสะพานนี้ส่วนใหญ่เป็นนักเรียนของโรงเรียนสองแห่งบนอีกฝั่ง",
                "ผู้ออกแบบคือ A B C D และ E F G จากต่างเมือง",
            ],
        ),
    ],
)
def test_a_text_need_not_space_its_words(headline: str, paragraphs: list[str]) -> None:
    """One line with blanks was the only prose of a Chinese page, and so all that was kept of it."""
    menu = "".join(f"<li><a href=/{word}>{word}</a></li>" for word in headline[:9])
    text = "".join(f"<div><p>{paragraph}</p></div>" for paragraph in paragraphs)
    related = "".join(f"<li><a href=/{at}>{headline}</a></li>" for at in range(3))
    source = f"<title>{headline} - ABC</title><body><ul>{menu}</ul><h2>{headline}</h2>{text}<ul>{related}</ul></body>"
    assert text_of(source.encode())[0].splitlines() == [headline, *paragraphs]


def test_a_headline_may_be_a_link_and_stand_before_the_article() -> None:
    moved = page().replace(f"<h1>{HEADLINE}</h1>".encode(), b"")
    moved = moved.replace(b"<main>", f'<div class="top"><h2><a href="">{HEADLINE}</a></h2></div><main>'.encode())
    assert text_of(moved)[0].splitlines()[0] == HEADLINE


@pytest.mark.parametrize(
    "head", [b'<meta charset="windows-1256">', b"<META http-equiv=x content='text/html; charset=cp1256'>"]
)
def test_the_encoding_a_page_names_is_heeded(head: bytes) -> None:
    text = page().decode().replace('<meta charset="utf-8">', head.decode())
    assert text_of(text.encode("cp1256"))[0].splitlines() == [HEADLINE, *PARAGRAPHS]


def test_bytes_outweigh_what_a_page_says_of_them() -> None:
    assert decoded("<meta charset=windows-1256>سلام".encode()).endswith("سلام")
    assert decoded("\ufeff<meta charset=utf-8>سلام".encode("utf-16-le")).endswith("سلام")
    assert decoded(b"<meta charset=rot13><p>caf\xe9", "latin-1").endswith("caf\xe9")
    assert decoded(b"<meta charset=utf-8><p>a\xffb").endswith("a\ufffdb")


HOSTILE: dict[str, str] = {
    "nothing": "",
    "no body": "words alone",
    "frames": "<html><frameset><frame src=x></frameset></html>",
    "not closed": "<div><p>one<p>two<table><tr><td>three",
    "entities": "<!DOCTYPE html [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><p>&b;&b;</p>",
    "zero bytes": "<p>a\0b</p>",
    "comments": "<!-- " * 50_000,
    "scripts": "<script>" * 50_000,
    "quotes": "<a '\"" * 50_000,
    "equals": "<a ='\"" * 50_000,
    "a large attribute": f'<p title="{"x" * 5_000_000}">hello</p>',
    "many attributes": f"<p {' '.join(f'a{n}=1' for n in range(50_000))}>hello",
    "attributes with brackets": "<p " + " ".join(f"a{n}='>'" for n in range(50_000)) + ">hello",
    "nested": "<div class=comments>" * 1_500 + "hello" + "</div>" * 1_500,
    "a long text": f"<p>{'word ' * 200_000}</p>",
    "a long title": f"<title>{'word ' * 400_000}</title>" + "<h1>one of many headings</h1>" * 20_000,
    "long class": f"<p class='{'a-' * 3_000}'>hello",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages_are_read_in_no_time(source: str) -> None:
    began = time.monotonic()
    text_of(source.encode())
    assert time.monotonic() - began < 20  # on a busy machine; seconds where work is quadratic


@pytest.mark.parametrize(
    ("source", "reason"),
    [("<div>" * 100_000, "nested more than 2000 deep"), ("<p>x" * 300_000, "more than 250000 tags")],
)
def test_a_page_that_costs_too_much_is_an_error(source: str, reason: str) -> None:
    with pytest.raises(ReadError, match=rf"a\.html: the page has .*{reason}"):
        list(rows(io.BytesIO(source.encode()), "a.html", ReadOptions()))


def test_so_is_one_whose_text_is_large_in_utf_8() -> None:
    raw = b"<meta charset=windows-1256><p>" + "كلمة ".encode("cp1256") * 100
    with pytest.raises(ReadError, match=r"a\.html: the page has a text that is larger than --max-document-size"):
        list(rows(io.BytesIO(raw), "a.html", ReadOptions(max_document_size=600)))
    assert len(list(rows(io.BytesIO(raw), "a.html", ReadOptions(max_document_size=901)))) == 1


def test_a_page_of_one_paragraph_takes_a_few_times_its_size() -> None:
    """It may be of some sixty megabytes."""
    paragraph = "كلمة و\tكلمة \n\n" * 300_000
    raw = f"<p>{paragraph}</p>".encode()
    tracemalloc.start()
    text, _ = text_of(raw)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert text == " ".join(paragraph.split()) + "\n"
    assert most < 5 * len(raw)


def test_a_large_page_is_an_error() -> None:
    with pytest.raises(ReadError, match=r"a\.html: the page is larger than --max-document-size \(100 bytes\)"):
        list(rows(io.BytesIO(page()), "a.html", ReadOptions(max_document_size=100)))


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **rest: Any) -> Any:
        if name.split(".")[0] in ("lxml", "trafilatura"):
            raise ImportError(name)
        return real(name, *args, **rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ReadError, match=r"pip install 'corpus-auditor\[html\]'"):
        list(rows(io.BytesIO(page()), "a.html", ReadOptions()))


def test_names_of_copies() -> None:
    assert copy_name("a/page.html") == "a/page.html.txt"
    assert copy_name("page.HTM.gz") == "page.HTM.txt.gz"
    assert copy_name("notes.txt") == "notes.txt"
    assert page_name("a/page.html.txt") == "a/page.html"
    assert page_name("page.htm.txt.gz") == "page.htm.gz"
    assert page_name("notes.txt") is None


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "page.html").write_bytes(
        page(
            second=PARAGRAPHS[1] + " ", third="قال &amp;nbsp; البائع إن السوق سيفتح أبوابه كل صباح ما عدا أيام الجمعة."
        )
    )
    return folder


def test_an_audit_writes_text_and_says_where_it_came_from(site: Path) -> None:
    before = (site / "page.html").read_bytes()
    assert main(["audit", "site", "-o", "out", "--quiet"]) == 0
    assert (site / "page.html").read_bytes() == before
    report = json.loads(Path("out/reports/page.html.json").read_bytes())
    assert report["format"] == "html"
    assert report["cleaned_path"] == "cleaned/page.html.txt"
    assert [one["line"] for one in report["origins"]] == [6, 8, 11, 13]
    findings = [json.loads(line) for line in Path("out/findings.jsonl").read_text().splitlines()]
    assert findings
    assert {one["path"] for one in findings} == {"page.html"}
    assert all(one["origin"] == report["origins"][one["line"] - 1] for one in findings)
    assert HEADLINE in Path("out/cleaned/page.html.txt").read_text()


def test_a_text_may_begin_with_a_byte_order_mark() -> None:
    """It came from the page, and is no mark of the copy's encoding."""
    (row,) = rows(io.BytesIO("<h1>\ufeffThe bridge is open</h1>".encode()), "a.html", ReadOptions())
    edits = rewrite(row, [Edit(0, 1, ""), Edit(4, 5, "")], ReadOptions())
    assert apply_edits(row.raw, edits) == b"Thebridge is open\n"


def test_restoring_gives_the_text_as_it_was_extracted(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["audit", "site", "-o", "out", "--quiet"])
    assert main(["restore", "out", "-o", "back"]) == 0
    assert Path("back/page.html.txt").read_text() == text_of((site / "page.html").read_bytes())[0]
    assert "of pages the text as extracted" in capsys.readouterr().err
    Path("out/patches/page.html.txt.patch.jsonl").unlink()
    assert main(["restore", "out", "-o", "again"]) == 2  # the report tells that something was changed


def test_a_page_is_not_replaced_by_its_text(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (site / "page.html").read_bytes()
    assert main(["clean", "site", "--in-place", "--patches", "patches"]) == 2
    assert (site / "page.html").read_bytes() == before
    assert "cannot take its place; use -o DIR" in capsys.readouterr().err


def test_a_diff_is_one_of_the_text(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["clean", "site", "--diff"])
    shown = capsys.readouterr().out
    assert "<p>" not in shown
    assert "+++ b/page.html" in shown


def test_annotations_point_at_the_line_of_the_page(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "site", "--format", "github"])
    assert "file=site/page.html,line=13" in capsys.readouterr().out
    main(["check", "site", "--format", "sarif"])
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    found = next(one for one in results if "From main[1] > article.post > div.body > p[2]" in one["message"]["text"])
    assert found["locations"][0]["physicalLocation"]["region"]["startLine"] == 13
    assert "fixes" not in found  # they are of the text, not of the page


def test_copies_that_would_meet_are_refused(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "page.html.txt").write_text("نص")
    assert main(["audit", "site", "-o", "out", "--quiet"]) == 2
    assert re.search(r"kept under one name \(\S*page.html, \S*page.html.txt\)", capsys.readouterr().err)
