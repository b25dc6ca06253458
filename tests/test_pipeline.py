"""The promises, kept on the corpus and on documents made of its lines and of anything else."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import CORPUS, Auditor, contents, raw
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditor.check import Engine, check
from auditor.clean import Cleaned, clean
from auditor.formats import Row
from auditor.formats.compression import compression_of, open_write
from auditor.formats.files import atomic_writer
from auditor.formats.sources import expand
from auditor.model import Document, FileReport, Finding
from auditor.pipeline import Item, Plan, batches, process
from auditor.restore import restore_folder
from auditor.tally import figures

CLEAN = ["news/market-en.txt", "news/opinion.txt", "news/wells.txt"]
CLEAN += ["pages/checklist.txt", "pages/library-fa.txt", "pages/poem.txt"]


def texts() -> list[str]:
    """Every text of the corpus."""
    found = []
    for name, data in contents(CORPUS).items():
        if ".jsonl" not in name:
            found.append(data.decode("utf-8-sig"))
            continue
        found += [json.loads(row)["text"] for row in data.decode().split("\n") if row]
    return found


LINES = sorted({line for text in texts() for line in text.splitlines()})
CHARACTERS = st.characters(exclude_categories=["Cs"])
ARABIC = st.text('ابةتكلموني ،.؟:«»"()|-0٣\u0640\u064b\u0651\u200c\u200f\u00a0 \t&;<>/Aaنز', max_size=40)
PIECES = st.one_of(st.sampled_from(LINES), st.sampled_from(LINES), ARABIC, st.text(CHARACTERS, max_size=20))
BREAKS = st.sampled_from(["\n", "\n", "\n\n", "\r\n", "\n\n\n", " ", "", "\u2028", "\r", " \n"])
TEXTS = st.lists(st.tuples(PIECES, BREAKS), max_size=9).map(lambda parts: "".join(a + b for a, b in parts))
DOCUMENTS = st.lists(TEXTS.map(lambda text: Document(text=text)), min_size=1, max_size=4)

# Rules are prepared once for all examples, so what an example costs is its text alone.
promise = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])


def announced(text: str, findings: Sequence[dict[str, Any]], unsafe: bool = False) -> str:
    """The text after the fixes that findings announce: deletions unite, a deletion wins, else the first does."""
    wanted = {"safe", "unsafe"} if unsafe else {"safe"}
    fixes = [finding["fix"] for finding in findings if finding["fix"] and finding["fix"]["applicability"] in wanted]
    kept: list[dict[str, Any]] = []
    for fix in sorted(fixes, key=lambda fix: (fix["start"], -fix["end"])):
        last = kept[-1] if kept else None
        if last is None or fix["start"] >= last["end"]:
            kept.append(dict(fix))
        elif not fix["replacement"] and not last["replacement"]:
            last["end"] = max(last["end"], fix["end"])
        elif not fix["replacement"]:
            kept[-1] = dict(fix)
    for fix in reversed(kept):
        text = text[: fix["start"]] + fix["replacement"] + text[fix["end"] :]
    return text


def plain(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(finding) for finding in findings]


def cleaned(engine: Engine, documents: Sequence[Document], unsafe: bool = False) -> list[Cleaned]:
    return clean(engine, documents, unsafe)


@promise
@given(documents=DOCUMENTS, unsafe=st.booleans())
def test_clean_twice_equals_once(engine: Engine, documents: list[Document], unsafe: bool) -> None:
    once = cleaned(engine, documents, unsafe)
    twice = cleaned(engine, [Document(text=done.text) for done in once], unsafe)
    assert [done.text for done in twice] == [done.text for done in once]
    assert all(not done.edits for done in twice)


@promise
@given(documents=DOCUMENTS, unsafe=st.booleans())
def test_fixes_are_made_as_announced(engine: Engine, documents: list[Document], unsafe: bool) -> None:
    for document, done in zip(documents, cleaned(engine, documents, unsafe), strict=True):
        assert announced(document.text, plain(done.checked.findings), unsafe) == done.text


@promise
@given(documents=DOCUMENTS)
def test_what_unsafe_fixes_would_come_to_is_announced_without_them(engine: Engine, documents: list[Document]) -> None:
    bold = cleaned(engine, documents, unsafe=True)
    for document, done, wanted in zip(documents, cleaned(engine, documents), bold, strict=True):
        assert announced(document.text, plain(done.checked.findings), unsafe=True) == wanted.text


@promise
@example(documents=[Document(text="قال\u200b إن شركةNordal هنا")], unsafe=False)
@example(documents=[Document(text="0\xa0\n\x1f\x1b\n")], unsafe=False)
@example(
    documents=[Document(text=2 * "الرحلة الأولى صباح الأحد من الميناء والتذاكر بالسعر القديم\n" + "0\u200f")],
    unsafe=True,
)
@given(documents=DOCUMENTS, unsafe=st.booleans())
def test_cleaning_never_lowers_quality(engine: Engine, documents: list[Document], unsafe: bool) -> None:
    for done in cleaned(engine, documents, unsafe):
        [row] = figures([done])
        assert 0 <= row.quality <= 1
        assert row.quality_cleaned is None or row.quality_cleaned >= row.quality


@promise
@example(documents=[Document(text=""), Document(text="©A")])
@given(documents=DOCUMENTS)
def test_a_document_is_checked_the_same_in_any_company(engine: Engine, documents: list[Document]) -> None:
    together = check(engine, documents)
    assert together == [check(engine, [document])[0] for document in documents]


@promise
@given(documents=DOCUMENTS)
def test_findings_are_where_they_say(engine: Engine, documents: list[Document]) -> None:
    for document, done in zip(documents, cleaned(engine, documents), strict=True):
        for finding in done.checked.findings:
            assert document.text[finding.start : finding.end] == finding.text
            assert (finding.line, finding.column) == place(document.text, finding.start)
            assert (finding.end_line, finding.end_column) == place(document.text, finding.end)
        order = [(finding.start, finding.end, finding.rule) for finding in done.checked.findings]
        assert order == sorted(order)


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1; a line ends at a line feed only."""
    before = text[:offset].split("\n")
    return len(before), len(before[-1]) + 1


def row(text: str, ascii_only: bool) -> str:
    """A jsonl row in one of two spellings, with members that must stay as they are."""
    return '{"n": 1.50e+02, "text": ' + json.dumps(text, ensure_ascii=ascii_only) + ', "n": 12345678901234567890123}'


OTHER_ROWS = st.sampled_from(["", "not JSON", "[1, 2]", '{"title": "no text"}', '{"text": null}', '{"text": "x"', "\r"])
ROWS = st.lists(st.one_of(st.builds(row, TEXTS, st.booleans()), OTHER_ROWS), max_size=4)


@settings(promise, max_examples=60)
@given(text=TEXTS, rows=ROWS, mark=st.booleans(), suffix=st.sampled_from(["", ".gz", ".zst"]))
def test_restore_gives_the_original_bytes(engine: Engine, text: str, rows: list[str], mark: bool, suffix: str) -> None:
    start = b"\xef\xbb\xbf" if mark else b""
    with tempfile.TemporaryDirectory() as folder:
        sources, out = Path(folder, "in"), Path(folder, "out")
        for name, data in (("page.txt", text), ("rows.jsonl", "\n".join(rows))):
            put(sources / f"{name}{suffix}", start + data.encode())
        before = contents(sources)
        for report in audit(engine, sources, out):
            assert report.fixed or contents(out / "cleaned")[report.path] == before[report.path]
        restore_folder(out, Path(folder, "back"))
        assert contents(Path(folder, "back")) == before == contents(sources)


def put(path: Path, data: bytes) -> None:
    with atomic_writer(path) as file, open_write(file, compression_of(path)) as out:
        out.write(data)


def audit(engine: Engine, folder: Path, out: Path) -> list[FileReport]:
    """All files of a folder through the pipeline, one by one."""
    plan = Plan(parts=out / "parts", cleaned=out / "cleaned", patches=out / "patches", reports=out / "reports")
    return [process(engine, plan, Item(number, source)) for number, source in enumerate(expand([str(folder)]))]


def test_rows_without_text_are_not_all_held_at_once() -> None:
    rows = (Row(b"{}\n", document=Document(text="", record=number)) for number in range(50_000))
    sizes = [len(group) for group in batches(rows)]
    assert sum(sizes) == 50_000
    assert max(sizes) < 20_000


def test_originals_are_not_touched(audited: Path) -> None:
    reports = {path: json.loads(data) for path, data in contents(audited / "reports").items()}
    assert sorted(reports) == [f"{name}.json" for name in sorted(contents(CORPUS))]
    for name, data in contents(CORPUS).items():
        assert reports[f"{name}.json"]["digest"] == hashlib.sha256(data).hexdigest()


def test_restore_gives_the_corpus_back(auditor: Auditor, audited: Path, tmp_path: Path) -> None:
    done = auditor("restore", audited, "-o", tmp_path / "back")
    assert (done.code, done.out) == (0, "")
    assert contents(tmp_path / "back") == contents(CORPUS)


def test_the_corpus_has_something_of_everything(audited: Path) -> None:
    found = {finding["category"] for finding in findings(audited)}
    assert found >= {
        "boilerplate",
        "mistranslation",
        "untranslated",
        "mixed-script",
        "duplicate",
        "encoding",
        "spacing",
    }


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_wrong_with_human_text(audited: Path, name: str) -> None:
    assert [finding for finding in findings(audited) if finding["path"] == name and finding["severity"] != "info"] == []
    assert contents(audited / "cleaned")[name] == contents(CORPUS)[name]


def test_no_findings_same_bytes(audited: Path) -> None:
    before, after = raw(CORPUS), raw(audited / "cleaned")
    with_findings = {finding["path"] for finding in findings(audited)}
    untouched = [name for name in after if name not in with_findings]
    assert untouched
    assert all(before[name] == after[name] for name in untouched)


def test_what_stays_of_a_page(audited: Path) -> None:
    """The subheadings and paragraphs, without what the site printed around them."""
    page = contents(audited / "cleaned")["news/envoy.txt"].decode()
    assert "البديهية" not in page
    assert "وفقًا لتقرير عن أكسيوس، بينما" in page
    assert not re.search("مقالات ذات صلة|اترك تعليق|بريدك|الأعلى|أخبار المرفأ| ،", page)
    assert page.strip().count("\n\n") == 4
    ferry = contents(audited / "cleaned")["news/ferry.txt"].decode()
    assert ferry.count("ركاب ينتظرون على رصيف ميناء السدرة") == 1
    assert not re.search("دقائق القراءة|اقرأ أيضا|المنارة$|تابعنا", ferry, re.MULTILINE)
    assert ferry.count("\r\n") == ferry.count("\n")


def test_what_a_deletion_takes_along_is_not_left_to_review(audited: Path) -> None:
    """The icon's text is glued to a word, but the line it stands in goes as a whole."""
    mine = [finding["rule"] for finding in findings(audited) if finding["path"] == "news/ferry.txt"]
    assert "core-script/arabic-latin" in mine
    report = json.loads((audited / "reports/news/ferry.txt.json").read_bytes())
    assert report["verdict"] == "repaired"


def test_only_the_text_of_a_row_changes(audited: Path) -> None:
    before = contents(CORPUS)["news/bulletin.jsonl"].decode().split("\n")
    after = contents(audited / "cleaned")["news/bulletin.jsonl"].decode().split("\n")
    assert len(before) == len(after)
    assert '"views": 12345678901234567890123, "score": 1.50e+02, "tags": ["زراعة", "موسم"]}' in after[0]
    assert '"url":"https:\\/\\/almanara.example\\/news\\/2","seen":true,"seen":false}' in after[1]
    assert after[1].isascii()
    assert r'"meta": {"text": "اترك تعليقاً", "depth": [1, 2.0, -0.0, 1E400]}, "text": "لم يصل الوفد بعد."' in after[3]
    assert after[4] == before[4]


def test_running_again_gives_the_same_bytes(auditor: Auditor, audited: Path, tmp_path: Path) -> None:
    """Whatever the number of processes, in every file but timings.json."""
    auditor("audit", CORPUS, "-o", tmp_path / "again", "--jobs", 2)
    one, two = raw(audited), raw(tmp_path / "again")
    assert {name for name in one.keys() | two.keys() if one.get(name) != two.get(name)} <= {"timings.json"}


def test_a_cleaned_corpus_stays_as_it_is(auditor: Auditor, audited: Path, tmp_path: Path) -> None:
    auditor("clean", audited / "cleaned", "-o", tmp_path)
    assert contents(tmp_path / "cleaned") == contents(audited / "cleaned")


@pytest.mark.parametrize(("unsafe", "told"), [(False, False), (True, True), (True, False)])
def test_check_announces_what_clean_does(auditor: Auditor, tmp_path: Path, unsafe: bool, told: bool) -> None:
    """By its output alone, as a tool that reads it would do it."""
    source = tmp_path / "all.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts()), encoding="utf-8")
    options = ["--unsafe"] if unsafe else []
    done = auditor("check", source, "--format", "jsonl", "--fail-on", "never", *options[:told])
    assert done.code == 0
    auditor("clean", source, "-o", tmp_path / "out", *options)
    found = [json.loads(row) for row in done.out.split("\n") if row]
    rows = (tmp_path / "out/cleaned/all.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    for number, (text, line) in enumerate(zip(texts(), rows, strict=True)):
        mine = [finding for finding in found if finding["record"] == number]
        assert announced(text, mine, unsafe) == json.loads(line)["text"]


def findings(audited: Path) -> list[dict[str, Any]]:
    return [json.loads(row) for row in (audited / "findings.jsonl").read_text(encoding="utf-8").split("\n") if row]
