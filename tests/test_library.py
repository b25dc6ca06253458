"""auditor from Python: the page of examples, and what it leaves unsaid."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import CORPUS, Auditor, contents, raw

import auditor as package
from auditor.errors import ConfigError, PackError
from auditor.model import Document, Finding
from auditor.packs import load_packs

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/library.md").read_text(encoding="utf-8")

MINE = """\
schema: 1
pack: my-rules
rules:
- id: next-page
  kind: lexicon
  category: boilerplate
  severity: warning
  message: "'{match}' turns the page"
  phrases: [Next page]
  fix: safe
  bad: [{text: "<<Next page>>", fixed: ""}]
  good: [The next page]
"""
RESTLESS = r"""
schema: 1
pack: restless
rules:
- id: longer
  kind: regex
  category: spacing
  severity: info
  message: "{match}"
  pattern: 'ha(?=$)'
  replace: haha
  fix: safe
  bad: [{text: "<<ha>>", fixed: haha}]
  good: [a b]
- id: shout
  kind: regex
  category: quality
  severity: info
  message: "{match}"
  pattern: '!{2,}'
  bad: [{text: "Stop<<!!!>>"}]
  good: [Stop!]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the page's examples find in their folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-rules.yaml").write_text(MINE, encoding="utf-8")
    (tmp_path / "restless.yaml").write_text(RESTLESS, encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/a.txt").write_text("نقل موقع البديهية عن مسؤولين أن الجسر سيفتح غدا.\n", encoding="utf-8")
    rows = '{"text": "The bridge is open."}\n{"text": "Read more"}\n'
    (tmp_path / "corpus/b.jsonl").write_text(rows, encoding="utf-8")
    (tmp_path / "scraped.jsonl").write_text(rows.replace("text", "body"), encoding="utf-8")
    return tmp_path


def test_every_example_of_the_page(folder: Path, auditor: Auditor, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    flags = doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags)
    names: dict[str, Any] = {}
    told: list[str] = []
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, names, "docs/library.md", None, 0)
        runner.run(test, out=told.append, clear_globs=False)
        names |= test.globs
    assert runner.summarize(verbose=False).attempted > 30
    assert not told, "".join(told)


def test_the_page_names_everything_public() -> None:
    for name in package.__all__:
        assert name in PAGE, name
    assert set(package.__all__) <= set(dir(package))
    with pytest.raises(AttributeError, match="no attribute 'chek'"):
        package.chek  # noqa: B018


def test_functions_and_modules_of_one_name_live_together() -> None:
    import auditor.check
    import auditor.clean  # noqa: F401
    from auditor.check import Engine

    assert callable(package.check)
    assert callable(package.clean)
    assert Engine.__module__ == "auditor.check"


def test_the_command_and_the_library_find_the_same(auditor: Auditor, tmp_path: Path) -> None:
    path = CORPUS / "news/ferry.txt"
    done = auditor("check", path, "--format", "jsonl")
    text = path.read_bytes().decode("utf-8")
    told = [json.loads(row) for row in done.out.split("\n") if row]
    found = package.check(Document(text=text, path=told[0]["path"]))
    assert [(one.rule, one.start, one.end, one.fingerprint) for one in found] == [
        (row["rule"], row["start"], row["end"], row["fingerprint"]) for row in told
    ]
    auditor("clean", path, "-o", tmp_path)
    assert package.clean(text).text == (tmp_path / "cleaned/ferry.txt").read_bytes().decode()


def test_the_command_and_the_library_write_the_same(audited: Path, auditor: Auditor, tmp_path: Path) -> None:
    report = package.audit(CORPUS, tmp_path / "out")
    one, two = raw(audited), raw(tmp_path / "out")
    assert {name for name in one.keys() | two.keys() if one.get(name) != two.get(name)} <= {"timings.json"}
    assert json.loads(two["run.json"])["totals"]["findings"] == report.totals.findings
    assert contents(tmp_path / "out/cleaned").keys() == contents(CORPUS).keys()


def test_edits_make_the_cleaned_text() -> None:
    text = (CORPUS / "pages/recipe.txt").read_bytes().decode("utf-8-sig")
    cleaned = package.clean(text, unsafe=True)
    made = text
    for edit in reversed(cleaned.edits):
        made = made[: edit.start] + edit.replacement + made[edit.end :]
    assert made == cleaned.text != text


def test_nothing_gives_nothing() -> None:
    assert package.check([], packs="core-repeat") == []
    assert package.clean([], packs="core-repeat") == []
    assert package.check("", packs="core-repeat") == []
    assert package.clean("", packs="core-repeat").text == ""


def test_texts_that_only_scrapers_write() -> None:
    for text in ("a\ud800b&nbsp;c", "\x00&nbsp;", "\u2028&nbsp;\r"):
        assert package.clean(text, packs="core-encoding/html-blank").text == text.replace("&nbsp;", " ")


def test_generators_larger_than_a_batch() -> None:
    texts = ("x" * 300_000 + f"&nbsp;{number}" for number in range(8))
    assert [finding.record for finding in package.check(texts, packs="core-encoding/html-blank")] == list(range(8))


@pytest.mark.parametrize("wrong", [5, b"bytes", None, [b"bytes"], [None]])
def test_what_is_no_text(wrong: Any) -> None:
    with pytest.raises(TypeError):
        package.check(wrong, packs="core-repeat")


def test_packs_may_be_mixed(folder: Path) -> None:
    (shipped,) = load_packs(["core-encoding"])

    def rules(found: list[Finding]) -> list[str]:
        return [finding.rule for finding in found]

    texts = ["Cafe&nbsp;menu", "Next page"]
    assert rules(package.check(texts, packs=shipped)) == ["core-encoding/html-blank"]
    assert rules(package.check(texts, packs=Path("my-rules.yaml"))) == ["my-rules/next-page"]
    assert len(rules(package.check(texts, packs=[shipped, "my-rules.yaml"]))) == 2
    with pytest.raises(PackError, match="a pack named 'core-encoding' is loaded already"):
        package.check(texts, packs=[shipped, "core-encoding"])


def test_a_pack_that_changed_is_read_again(folder: Path) -> None:
    assert len(package.check("Next page", packs="my-rules.yaml")) == 1
    (folder / "my-rules.yaml").write_text(MINE.replace("Next page", "Last page"), encoding="utf-8")
    assert package.check("Next page", packs="my-rules.yaml") == []


def test_excluding_everything_is_a_mistake(folder: Path) -> None:
    with pytest.raises(ConfigError, match="leaves every source out"):
        package.audit("corpus", exclude=["*"])


def test_the_package_is_typed() -> None:
    assert (ROOT / "auditor/py.typed").is_file()
