"""report.html in a real browser: hostile texts stay texts, verdicts are kept and exported, Arabic letters join."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from auditor.intervals import wilson
from auditor.model import Document, Finding, Span
from auditor.reporters import html
from auditor.reporters.passages import shown
from auditor.reporters.text import visible

from .samples import file_report, find, findings, line_of, metrics, report, run_report
from .test_html import documents

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
]
EVIL = [
    "</script><script>window.harmed = 1</script>",
    "<img src=x onerror='window.harmed=1'>",
    '" onmouseover="window.harmed=1" x="',
    "javascript:window.harmed=1",
    "<a href='javascript:window.harmed=1'>x</a><svg onload=window.harmed=1>",
    "\u202eقلب\u2066 أ\u2028ب\u2029 \ufeff\x00\x1b[31m",
    "${window.harmed=1} {{constructor.constructor('window.harmed=1')()}} <!-- --> ]]>",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield opened
        opened.close()


class Visit:
    """A page opened from a file, and everything it asked the network for or complained of."""

    def __init__(self, browser: Any, file: Path, address: str = "", **options: Any) -> None:
        self.file = file
        self.context = browser.new_context(
            **({"viewport": {"width": 1400, "height": 900}, "locale": "en-US"} | options)
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.trouble: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.go(address)

    def go(self, address: str) -> None:
        self.page.goto("about:blank")
        self.requests.clear()
        self.page.goto(f"{self.file.as_uri()}#{address}")
        self.page.wait_for_selector("html[data-ready]", state="attached")

    def leave(self) -> None:
        assert self.trouble == []
        assert [url for url in self.requests if url != self.file.as_uri() and not url.startswith("blob:")] == []
        self.context.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text("".join(html.render(report(), documents(), [metrics()])), encoding="utf-8")
    return path


def hostile() -> tuple[Any, list[Any]]:
    """A run in which everything is hostile: texts, file names, ids, rules, messages, reasons."""
    made = []
    base = find("news/سد.txt", "البديهية", "x/y", "m")
    files = []
    for number, evil in enumerate(EVIL):
        path = f"{evil}/{number}.txt"
        text = f"قبل {evil}\n{evil} بعد"
        start = text.index(evil)
        fields = {
            "path": path,
            "id": evil,
            "rule": f"x/{evil}",
            "message": evil,
            "why": evil,
            "text": evil,
            "line": 1,
            "start": start,
            "end": start + len(evil),
            "column": start + 1,
            "fingerprint": f"{number:016x}",
        }
        finding = Finding(**({name: getattr(base, name) for name in base.__struct_fields__} | fields))
        made.append((shown(Document(text=text, path=path, id=evil, site=evil), [finding]), [finding]))
        files.append(file_report(path, [finding]))
    return run_report(files), made


def test_hostile_texts_stay_texts(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("".join(html.render(*hostile(), [metrics()])), encoding="utf-8")
    for language in ("en-US", "ar-EG"):
        visit = Visit(browser, path, locale=language)
        for address in (
            "",
            "v=findings",
            "v=files",
            "v=queue",
            *(f"v=text&doc={number}" for number in range(len(EVIL))),
        ):
            visit.go(address)
            visit.page.wait_for_timeout(60)
            assert visit.page.evaluate("window.harmed") is None
            assert visit.page.locator("main img, main iframe, main a[href^='javascript']").count() == 0
            assert not visit.page.evaluate(r"/[\u202e\u2066\u2028\u2029\x1b]/.test(document.body.innerText)")
        visit.go("v=findings")
        assert "</script><script>" in visit.page.inner_text("main")
        visit.leave()


def test_letters_go_on_joining_inside_a_mark(browser: Any, file: Path) -> None:
    visit = Visit(browser, file, "v=findings")
    width = """(parts) => {
      const line = document.createElement('span'); line.className = 'text'; line.lang = 'ar';
      for (const [tag, text] of parts) { const one = tag ? document.createElement(tag) : null;
        if (one) { one.textContent = text; line.append(one); } else line.append(text); }
      const cell = document.createElement('div'); cell.className = 'diff';
      cell.append(line); document.body.append(cell);
      return line.getBoundingClientRect().width; }"""
    plain = visit.page.evaluate(width, [["", "وللبديهية"]])
    for tag in ("mark", "del", "ins"):
        assert visit.page.evaluate(width, [["", "ولل"], [tag, "بديه"], ["", "ية"]]) == pytest.approx(plain, abs=0.1)
    cut = visit.page.evaluate(width, [["", "ولل"], ["bdi", "بديه"], ["", "ية"]])
    assert abs(cut - plain) > 1, "letters that do not join should be wider, else this proves nothing"
    visit.leave()


def test_hidden_characters_are_the_same_as_in_the_terminal(browser: Any, file: Path) -> None:
    """The page's own table of them must not drift from `visible`: one hidden character a chip."""
    texts = [
        "a\u200fb",
        "\u200cكلمة",
        "می‌روند",
        "👩‍🔬 ❤️",
        "क्\u200dष",
        "أ\u00a0ب\u00ad",
        "\ue001",
        "كلمة\u200d",
        "ـ ۝ ١٢",
        "a\tb",
    ]
    base = find("news/سد.txt", "البديهية", "x/y", "m")
    listed = []
    for number, text in enumerate(texts):
        fields = {
            "path": f"{number}.txt",
            "text": text,
            "start": 0,
            "end": len(text),
            "line": 1,
            "column": 1,
            "fingerprint": f"{number:016x}",
        }
        listed.append(Finding(**({name: getattr(base, name) for name in base.__struct_fields__} | fields)))
    path = file.with_name("hidden.html")
    made = [(shown(Document(text=one.text, path=one.path), [one]), [one]) for one in listed]
    path.write_text("".join(html.render(run_report([file_report(one.path, [one]) for one in listed]), made)), "utf-8")
    visit = Visit(browser, path)
    for number, text in enumerate(texts):
        visit.go(f"v=text&doc={number}")
        chips = visit.page.locator(".textbody mark .chip")
        visit.page.wait_for_selector(".textbody mark", state="attached")
        assert chips.count() == visible(text).count("<U+"), visible(text)
    visit.leave()


def test_verdicts_by_keyboard_are_kept_and_exported(browser: Any, file: Path) -> None:
    visit = Visit(browser, file, "v=findings", accept_downloads=True)
    page = visit.page
    for key in ("a", "f", "s", "x", "a", "u", "f"):
        page.keyboard.press(key)
    assert page.inner_text("#kept") == "4"
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.inner_text("#kept") == "4", "verdicts outlive the visit"
    page.click("header button:has-text('Export')")
    page.fill("dialog input", "Salma <b>")
    with page.expect_download() as waiting:
        page.click("dialog button.main")
    listed = yaml.safe_load(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert [set(one) for one in listed] == [
        {"fingerprint", "rule", "text", "verdict", "scope", "note", "person", "date"}
    ] * 4
    assert [one["verdict"] for one in listed] == [True, "false-positive", "skip", "false-positive"]
    by_fingerprint = {one.fingerprint: one for one in findings()}
    assert all(by_fingerprint[one["fingerprint"]].text == one["text"] for one in listed)
    assert {one["person"] for one in listed} == {"Salma <b>"}
    with page.expect_download() as waiting:
        page.click("dialog button:has-text('examples')")
    examples = yaml.safe_load(Path(waiting.value.path()).read_text(encoding="utf-8"))
    wrong = {one["fingerprint"] for one in listed if one["verdict"] == "false-positive"}
    lines = {line for one in wrong if (line := line_of(by_fingerprint[one]))}
    assert {text.split("\n")[0].removesuffix("\r") for one in examples for text in one["good"]} == lines
    visit.leave()


def test_one_verdict_for_the_same_match_everywhere(browser: Any, tmp_path: Path) -> None:
    one = find("news/سد.txt", "البديهية", "x/y", "m")
    fields = {name: getattr(one, name) for name in one.__struct_fields__}
    listed = [Finding(**(fields | {"path": f"{number}.txt", "fingerprint": f"{number:016x}"})) for number in range(5)]
    path = tmp_path / "report.html"
    rows = [(None, [finding]) for finding in listed]
    path.write_text("".join(html.render(run_report([file_report(f.path, [f]) for f in listed]), rows)), "utf-8")
    visit = Visit(browser, path, "v=findings")
    visit.page.keyboard.press("x")
    visit.page.keyboard.press("f")
    assert visit.page.locator(".row .decided").count() == 5
    assert "5 findings" in visit.page.inner_text("#live")
    assert visit.page.inner_text("#kept") == "1"
    visit.page.keyboard.press("u")
    assert visit.page.locator(".row .decided").count() == 0
    visit.leave()


def test_keys_work_on_an_arabic_keyboard(browser: Any, file: Path) -> None:
    visit = Visit(browser, file, "v=findings", locale="ar-EG")
    send = "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"
    visit.page.evaluate(send, ["ش", "KeyA"])
    assert visit.page.inner_text("#kept") == "1"
    visit.leave()


def test_filters_stand_in_the_address_and_findings_have_links(browser: Any, file: Path) -> None:
    visit = Visit(browser, file, "v=findings&severity=error")
    assert visit.page.locator(".row").count() == 2
    assert visit.page.inner_text("#result") == "2 of 6 findings"
    visit.page.click("#facets label:has-text('warning')")
    assert visit.page.locator(".row").count() == 5
    assert "severity=warning" in visit.page.url
    finding = findings()[3]
    visit.go(f"f={finding.fingerprint}")
    assert "means 'axiom'" in visit.page.inner_text("#detail h2")
    assert visit.page.locator('.row[aria-selected="true"]').count() == 1
    visit.leave()


def test_the_queue_tells_how_sure_a_precision_is(browser: Any, tmp_path: Path) -> None:
    one = find("news/سد.txt", "البديهية", "x/y", "m")
    fields = {name: getattr(one, name) for name in one.__struct_fields__}
    listed = [Finding(**(fields | {"path": f"{n % 3}/{n:02}.txt", "fingerprint": f"{n:016x}"})) for n in range(80)]
    listed.sort(key=lambda finding: finding.path)
    path = tmp_path / "report.html"
    rows = [(None, [finding]) for finding in listed]
    path.write_text("".join(html.render(run_report([file_report(f.path, [f]) for f in listed]), rows)), "utf-8")
    visit = Visit(browser, path, "queue=x/y&v=findings")
    places = [visit.page.locator(f"#row-{number} .place").inner_text()[0] for number in range(6)]
    assert {*places[:3]} == {*places[3:]} == {"0", "1", "2"}, "one of each site in turn"
    for key in "a" * 15:
        visit.page.keyboard.press(key)
    assert "judged enough" not in visit.page.inner_text("#banner")
    visit.page.keyboard.press("a")
    expected = wilson(16, 16)
    assert "judged enough" in visit.page.inner_text("#banner")
    assert f"{round(100 * expected.low)}–{round(100 * expected.high)} %" in visit.page.inner_text("#banner")
    visit.leave()


def test_only_rows_in_view_exist_and_the_list_says_where_they_stand(browser: Any, tmp_path: Path) -> None:
    one = find("news/سد.txt", "البديهية", "x/y", "m")
    path = tmp_path / "report.html"
    sums = run_report([file_report("news/سد.txt", [one] * 3000)])
    path.write_text("".join(html.render(sums, [(None, [one] * 3000)])), "utf-8")
    visit = Visit(browser, path, "v=findings")
    assert 5 < visit.page.locator(".row").count() < 40
    visit.page.keyboard.press("k")
    visit.page.focus(".virtual")
    visit.page.keyboard.press("End")
    row = visit.page.locator('.row[aria-selected="true"]')
    assert [row.get_attribute(name) for name in ("role", "aria-setsize", "aria-posinset")] == ["option", "3000", "3000"]
    assert visit.page.get_attribute(".virtual", "aria-activedescendant") == "row-2999"
    visit.leave()


@pytest.mark.parametrize("width", [390, 800, 1400])
@pytest.mark.parametrize("locale", ["en-US", "ar-EG"])
def test_no_view_scrolls_sideways(browser: Any, file: Path, width: int, locale: str) -> None:
    visit = Visit(browser, file, viewport={"width": width, "height": 800}, locale=locale)
    for address in ("", "v=findings", "v=files", "v=text&doc=1", "v=queue"):
        visit.go(address)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert visit.page.evaluate("document.documentElement.dir") == ("rtl" if locale == "ar-EG" else "ltr")
    visit.leave()


def test_shards_are_used_only_as_they_were_written(browser: Any, tmp_path: Path) -> None:
    def write(name: str, content: bytes) -> None:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)

    path = tmp_path / "report.html"
    path.write_text("".join(html.render(report(), documents(), write=write, budget=100)), encoding="utf-8")
    visit = Visit(browser, path, "v=text&doc=2")
    visit.page.wait_for_selector(".textbody mark")
    beside = {url.rsplit("/", 1)[1] for url in visit.requests if "report-data" in url}
    assert beside == {"data-001.js", "data-002.js"}
    visit.context.close()
    for shard in (tmp_path / "report-data").iterdir():
        shard.write_bytes(shard.read_bytes().replace(b'","', b'","AAAA', 1))
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector(".bad")
    assert "is missing, or was changed" in page.inner_text(".bad")
    page.close()


def test_printed_the_list_is_whole(browser: Any, file: Path) -> None:
    visit = Visit(browser, file, "v=findings")
    visit.page.emulate_media(media="print")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert visit.page.locator(".printed .row:visible").count() == 6
    assert visit.page.locator(".bar-top:visible").count() == 0
    visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert visit.page.locator(".printed").count() == 0
    visit.leave()


def test_what_a_fix_changes_stands_beside_what_it_was(browser: Any, file: Path) -> None:
    visit = Visit(browser, file, "v=text&doc=2")
    pair = visit.page.locator(".textbody .pair:has(ins)")
    assert pair.locator("mark.gone").inner_text() == "البديهية"
    assert pair.locator("ins").inner_text() == "أكسيوس"
    assert visit.page.locator(".textbody .removed").count() == 1, "the share line is gone"
    assert visit.page.get_attribute(".textbody .diff", "dir") == "rtl"
    visit.leave()


def test_what_a_finding_points_to_is_shown(browser: Any, tmp_path: Path) -> None:
    text = "قال المدير إن الجسر مفتوح.\n" + "سطر آخر.\n" * 20 + "قال المدير إن الجسر مفتوح.\n"
    again = text.rindex("قال")
    one = find("news/سد.txt", "البديهية", "core-repeat/line", "printed again")
    place = {"start": again, "end": again + 26, "line": 22, "end_line": 22, "column": 1, "end_column": 27}
    finding = msgspec.structs.replace(one, path="a.txt", text=text[again : again + 26], **place, related=(Span(0, 26),))
    page_file = tmp_path / "report.html"
    sums = run_report([file_report("a.txt", [finding])])
    rows = [(shown(Document(text=text, path="a.txt"), [finding]), [finding])]
    page_file.write_text("".join(html.render(sums, rows)), "utf-8")
    visit = Visit(browser, page_file, "v=findings")
    visit.page.wait_for_selector("#detail mark.related")
    assert "line 1: قال المدير إن الجسر مفتوح." in visit.page.inner_text("#detail dl")
    assert visit.page.locator("#detail .gap").count() == 1, "lines between are left out"
    visit.go("v=text&doc=0")
    assert visit.page.locator(".textbody mark.related").inner_text() == "قال المدير إن الجسر مفتوح."
    visit.leave()


def test_the_baseline_is_a_facet_where_there_is_one(browser: Any, file: Path) -> None:
    visit = Visit(browser, file, "v=findings")
    assert visit.page.locator("#facets legend:has-text('Baseline')").count() == 0
    visit.leave()
    listed = [msgspec.structs.replace(one, decision="known" if at < 2 else None) for at, one in enumerate(findings())]
    path = file.with_name("baseline.html")
    path.write_text("".join(html.render(report(), documents(listed))), "utf-8")
    visit = Visit(browser, path, "v=findings")
    assert visit.page.locator(".row .tag:has-text('known')").count() == 2
    visit.page.click("#facets label:has-text('new')")
    assert visit.page.inner_text("#result") == "4 of 6 findings"
    assert "known=new" in visit.page.url
    visit.go("v=findings&known=known")
    assert visit.page.locator(".row").count() == 2
    visit.leave()
