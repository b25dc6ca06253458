from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser
from pathlib import Path

import pytest
import regex

from auditor.reporters import html
from auditor.reporters.markup import snippet

from .samples import assert_golden, file_report, find, findings, line_of, report, run_report

VOID = {"meta", "rect"}  # rect is closed by its slash
CHROMIUM = Path("/usr/bin/chromium")


class Page(HTMLParser):
    """Collects what the tests ask of a page and checks that every element is closed in its place."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.marks: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag == "mark":
            self.marks.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "mark" in self.open:
            self.marks[-1] += data


@pytest.fixture(scope="module")
def text() -> str:
    return "".join(html.render(report(), findings(), line_of=line_of))


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_golden(text: str) -> None:
    assert_golden("report.html", text)


def test_every_element_is_closed(page: Page) -> None:
    assert page.open == []


def test_nothing_in_the_page_runs_or_loads(page: Page) -> None:
    assert not {tag for tag, _ in page.seen} & {"script", "link", "img", "iframe", "object", "base", "form"}
    names = {name for _, attributes in page.seen for name in attributes}
    assert not {name for name in names if name.startswith("on")} | (names & {"style", "src"})
    assert all(link.startswith("#") for _, attributes in page.seen if (link := attributes.get("href")))


def test_the_policy_allows_our_style_and_nothing_else(text: str) -> None:
    [style] = regex.findall("<style>(.*?)</style>", text, regex.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = regex.findall('Content-Security-Policy" content="([^"]*)"', text)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_hidden_characters_are_chips(text: str) -> None:
    assert not regex.search(r"[[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]--\n](?V1)", text)
    assert '<mark><span class="chip" title="RIGHT-TO-LEFT OVERRIDE">U+202E</span></mark>' in text


def test_the_match_is_marked_in_its_line(page: Page) -> None:
    assert "البديهية" in page.marks
    assert "MacBookالجديد" in page.marks


def test_links_lead_somewhere(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {str(link)[1:] for _, attributes in page.seen if (link := attributes.get("href"))} <= set(ids)


def test_tables_have_captions_and_snippets_a_direction(page: Page) -> None:
    tags = [tag for tag, _ in page.seen]
    assert tags.count("table") == tags.count("caption") == tags.count("thead")
    snippets = [attributes for _, attributes in page.seen if (attributes.get("class") or "").startswith("snippet")]
    assert {attributes["dir"] for attributes in snippets} == {"auto"}
    assert page.seen[0] == ("html", {"lang": "en", "dir": "ltr"})


def test_marks_are_bare_so_that_letters_keep_joining() -> None:
    assert snippet("وقال ل", "لبديهي", "ة أمس") == (
        '<p class="snippet mark" dir="auto">وقال ل<mark>لبديهي</mark>ة أمس</p>'
    )


@pytest.mark.parametrize(
    ("fix", "shown"),
    [
        ((0, 8, "", "safe"), "<dd>delete</dd>"),
        ((-1, 8, "", "safe"), "<dd>delete</dd>"),
        ((0, 2, "لأ", "unsafe"), "<del>ال</del>بديهية"),
        ((0, 2, "لأ", "unsafe"), "<ins>لأ</ins>بديهية"),
        ((-1, 8, "أكسيوس", "safe"), "<dd><p class=\"snippet ins\" dir=\"auto\"><ins>أكسيوس</ins></p></dd>"),
    ],
)  # fmt: skip
def test_fixes_show_before_and_after(fix: tuple[int, int, str, str], shown: str) -> None:
    finding = find("news/سد.txt", "البديهية", "x/y", "m", fix=fix)
    assert shown in "".join(html.render(run_report([file_report("news/سد.txt", [finding])]), [finding]))


def test_a_cut_page_says_so() -> None:
    rare = find("news/سد.txt", "شارك عبر فيسبوك", "x/rare", "m")
    listed = [find("news/سد.txt", "البديهية", "x/often", "m")] * 50 + [rare]
    text = "".join(html.render(run_report([file_report("news/سد.txt", listed)]), listed, limit=10))
    assert "10 of 51 findings shown: a fair share of every rule" in text
    assert "50 findings, 9 shown" in text
    assert text.count("<li>") == 10


def test_an_empty_run_has_a_page() -> None:
    text = "".join(html.render(run_report([file_report("a.txt", [], verdict="clean")]), []))
    assert Page(text).open == []
    assert "Clean: nothing to repair" in text
    assert "No findings." in text


@pytest.mark.slow
def test_in_a_browser(text: str, tmp_path: Path) -> None:
    """No requests, no policy violations, no sideways scrolling; marking a part of a word moves nothing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    word = '<p id="{}" class="snippet" dir="auto" lang="ar"><span class="w">{}</span></p>'
    joined = word.format("plain", "وللبديهية") + word.format("marked", "ولل<mark>بديه</mark>ية")
    joined += word.format("cut", "ولل<bdi>بديه</bdi>ية")
    file = tmp_path / "report.html"
    file.write_text(text.replace("</main>", f"{joined}</main>"), encoding="utf-8")
    requests: list[str] = []
    messages: list[str] = []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: messages.append(message.text))
        page.goto(file.as_uri())
        width = "id => document.querySelector(`#${id} .w`).getBoundingClientRect().width"
        plain, marked, cut = (page.evaluate(width, name) for name in ("plain", "marked", "cut"))
        assert marked == pytest.approx(plain, abs=0.1)
        assert abs(cut - plain) > 1, "letters that do not join should be wider, else this proves nothing"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        styles = "getComputedStyle(document.querySelector('mark')).backgroundColor"
        assert page.evaluate(styles) == "rgb(255, 224, 138)"
        browser.close()
    assert requests == [file.as_uri()]
    assert messages == []


def test_signs_of_machine_translation_are_shown_with_what_they_are_worth(text: str) -> None:
    assert "May be machine translation" in text
    assert "Signs, no proof" in text
    assert "May be machine" not in "".join(html.render(run_report([file_report("a.txt", [])]), []))
