"""report.html as a file: its policy, its data, its colours. test_browser.py opens it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest

from auditor.assets import asset_dir
from auditor.model import Document, Edit, Finding
from auditor.reporters import html
from auditor.reporters.pagedata import DocumentFindings, Limits, by_document, run_key
from auditor.reporters.passages import shown

from .samples import TEXTS, assert_golden, file_report, find, findings, metrics, report, run_report


def documents(listed: Iterable[Finding] | None = None) -> list[DocumentFindings]:
    """The sample findings by document, each with its text and its safe fixes made."""
    made: list[DocumentFindings] = []
    for _, found in by_document(listed if listed is not None else findings()):
        first = found[0]
        text = TEXTS[first.path, first.record]
        fixed = [one for one in found if one.fix is not None and one.fix.applicability == "safe"]
        edits = [Edit(one.fix.start, one.fix.end, one.fix.replacement) for one in fixed if one.fix is not None]
        document = Document(text=text, path=first.path, record=first.record, id=first.id)
        made.append((shown(document, found, edits, [one.fingerprint for one in fixed]), found))
    return made


def unpacked(data: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(data)))


def blocks(text: str) -> dict[str, Any]:
    """The data of a page by the name of their block."""
    return {name: unpacked(data) for name, data in re.findall(r'id="data-(.*?)">(.*?)</script>', text)}


class Page(HTMLParser):
    """Tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def text() -> str:
    return "".join(html.render(report(), documents(), [metrics()]))


def test_golden(text: str) -> None:
    """The data, unpacked: how they are compressed is up to a library."""
    assert_golden("report.json", json.dumps(blocks(text), ensure_ascii=False, indent=1) + "\n")


def test_the_same_run_gives_the_same_page(text: str) -> None:
    assert "".join(html.render(report(), documents(), [metrics()])) == text


def test_only_our_script_and_style_may_run(text: str) -> None:
    def digest(content: str) -> str:
        return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()

    [style] = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    [script] = re.findall("<script>(.*?)</script>", text, re.DOTALL)
    [policy] = re.findall('Content-Security-Policy" content="([^"]*)"', text)
    assert policy == (
        f"default-src 'none'; script-src '{digest(script)}'; style-src '{digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_no_markup_comes_out_of_the_corpus(text: str) -> None:
    """What is not the template is base64: no text of the corpus stands in the page as it is."""
    page = Page(text)
    assert not {tag for tag, _ in page.seen} & {"link", "img", "iframe", "object", "base", "form"}
    names = {name for _, attributes in page.seen for name in attributes}
    assert not {name for name in names if name.startswith("on")} | (names & {"style", "src", "href"})
    assert "alert('x')" not in text
    for data in re.findall(r'id="data-.*?">(.*?)</script>', text):
        assert re.fullmatch(r"[A-Za-z0-9+/=]+", data)


def test_the_script_never_parses_markup_or_runs_text() -> None:
    program = html.program(asset_dir("reports/templates"))
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch("):
        assert word not in program, word
    assert "</script" not in program.lower()
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", program)


def test_every_word_is_there_in_both_languages() -> None:
    words = (asset_dir("reports/templates") / "words.js").read_text(encoding="utf-8")
    english, arabic = words.split("\n  ar: {")
    key = re.compile(r'(?:^|[,{]\s*)"?([\w.\[\]-]+)"?:\s(?=["{])', re.MULTILINE)
    plurals = {"zero", "one", "two", "few", "many", "other"}
    missing = set(key.findall(english.split("en: {")[1])) - set(key.findall(arabic.split("let LANG")[0])) - plurals
    assert missing == set()


def colours(style: str) -> list[dict[str, str]]:
    """The light and the dark set of colours."""
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#\w{6})", part)) for part in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    )
    return [light, light | dark]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT_ON = [
    *(
        (ink, ground)
        for ink in ("text", "muted", "link", "error", "warning", "info", "good")
        for ground in ("page", "card", "raised", "chosen", "hover")
    ),
    *(("mark-text", f"mark-{name}") for name in ("error", "warning", "info")),
    *(("mark-text", "del"), ("text", "del"), ("text", "near"), ("text", "ins"), ("chip-text", "chip")),
    *(("accent-text", "accent"), ("notice-text", "notice")),
]
SHAPES_ON = [(shape, ground) for shape in ("low", "middle", "high", "bars", "accent") for ground in ("card",)]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_is_that_of_wcag_aa(scheme: int) -> None:
    found = colours((asset_dir("reports/templates") / "report.css").read_text(encoding="utf-8"))[scheme]
    weak = {
        pair: contrast(found[pair[0]], found[pair[1]])
        for pair in TEXT_ON
        if contrast(found[pair[0]], found[pair[1]]) < 4.5
    }
    faint = {
        pair: contrast(found[pair[0]], found[pair[1]])
        for pair in SHAPES_ON
        if contrast(found[pair[0]], found[pair[1]]) < 3
    }
    assert weak | faint == {}


def test_the_page_heeds_what_a_reader_asked_the_system_for() -> None:
    style = (asset_dir("reports/templates") / "report.css").read_text(encoding="utf-8")
    for wish in ("prefers-color-scheme: dark", "prefers-reduced-motion: reduce", "forced-colors: active", "print"):
        assert re.search(rf"@media \(?{wish}", style), wish


def test_marks_stay_bare_so_that_letters_keep_joining() -> None:
    style = (asset_dir("reports/templates") / "report.css").read_text(encoding="utf-8")
    for names, body in re.findall(r"^([^{}\n]*)\{([^{}]*)\}", style, re.MULTILINE):
        if re.search(r"(?<![\w-])(?:mark|ins|del)(?![\w-])|\.near", names) and "mark-of" not in names:
            assert not re.search(r"(?<![\w-])(padding|border|margin|display|unicode-bidi|letter-spacing)", body), names


def test_equal_texts_are_kept_once() -> None:
    twice = [find("news/سد.txt", "البديهية", "x/y", "m")] * 3
    data = blocks("".join(html.render(run_report([file_report("news/سد.txt", twice)]), by_document(twice))))["f-0"]
    assert data["text"] == [1, 1, 1]
    assert data["strings"] == ["", "البديهية", "m"]


def test_a_page_that_cannot_show_all_shows_a_fair_share_and_says_so() -> None:
    rare = find("news/سد.txt", "شارك عبر فيسبوك", "x/rare", "m")
    listed = [find("news/سد.txt", "البديهية", "x/often", "m")] * 50 + [rare]
    made = html.render(run_report([file_report("news/سد.txt", listed)]), by_document(listed), limits=Limits(10))
    data = blocks("".join(made))
    assert (data["meta"]["seen"], data["meta"]["shown"]) == (51, 10)
    assert data["f-0"]["rule"].count(1) == 1, "the rare rule is there"


def test_past_the_budget_the_data_lie_in_shards_beside_the_page() -> None:
    files: dict[str, bytes] = {}
    text = "".join(html.render(report(), documents(), write=files.__setitem__, budget=100))
    about = blocks(text)
    assert set(about) == {"meta"}
    shards = about["meta"]["shards"]
    assert [shard["name"] for shard in shards] == list(files) == ["report-data/data-001.js", "report-data/data-002.js"]
    for number, shard in enumerate(shards, start=1):
        content = files[shard["name"]].decode()
        [data] = re.findall(rf'auditorShard\("{number}","([A-Za-z0-9+/=.]+)"\);\n', content)
        assert hashlib.sha256(data.encode()).hexdigest() == shard["sha256"]
        assert len(data.split(".")) == shard["chunks"]
    assert "script-src 'sha256-" in text
    assert "' 'self' file:;" in text


def test_texts_past_their_room_are_cut_down_and_counted() -> None:
    text = "".join(html.render(report(), documents(), limits=Limits(texts=-1)))
    assert blocks(text)["meta"]["narrowed"] == 0, "short texts have nothing to leave out"


def test_verdicts_are_kept_under_what_was_checked() -> None:
    assert run_key(report()) == run_key(report())
    assert run_key(report()) != run_key(run_report([file_report("a.txt", [])]))
    imported = msgspec.structs.replace(report(), options={**report().options, "decisions": "0" * 64, "sarif": True})
    assert run_key(imported) == run_key(report()), "verdicts are still there after some were imported"


def test_an_empty_run_has_a_page() -> None:
    text = "".join(html.render(run_report([file_report("a.txt", [], verdict="clean")]), []))
    assert "Clean: nothing to repair" in text
    assert blocks(text)["meta"]["shown"] == 0


def test_lone_surrogates_do_no_harm() -> None:
    odd = Document(text="a\ud800b", path="news/سد.txt")
    finding = find("news/سد.txt", "البديهية", "x/y", "m\udfff")
    text = "".join(html.render(run_report([file_report(odd.path, [finding])]), [(shown(odd, [finding]), [finding])]))
    assert blocks(text)["t-0" if "t-0" in blocks(text) else "t-1"][0]["parts"] == [[0, 1, 1, "a\ufffdb"]]


def test_decisions_are_shown_and_false_positives_left_out() -> None:
    one = find("news/سد.txt", "البديهية", "x/y", "m")
    listed = [msgspec.structs.replace(one, decision=said) for said in (None, "known", "true", "false-positive")]
    data = blocks("".join(html.render(run_report([file_report("news/سد.txt", listed[:3])]), by_document(listed))))
    assert (data["f-0"]["decision"], data["meta"]["decided"], data["meta"]["seen"]) == ([0, 1, 2], True, 3)
    assert not blocks("".join(html.render(report(), documents())))["meta"]["decided"]
