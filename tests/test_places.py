"""What holds for some paths only."""

from __future__ import annotations

from pathlib import Path

import pytest
from kinds.marking import rule

from auditor.check import Engine, check
from auditor.errors import ConfigError
from auditor.formats.sources import Source
from auditor.model import Document
from auditor.packs import Pack
from auditor.places import PathRule, Tuned, fits, included, refuse_unknown, relative

PACK = Pack(
    name="t",
    path="t.yaml",
    language=None,
    about="",
    digest="",
    rules=(
        rule("regex", id="t/digit", pattern="[0-9]", severity="error"),
        rule("regex", id="t/mark", pattern="!", severity="warning"),
    ),
)
ROOT = Path("/corpora/texts")


def source(name: str) -> Source:
    return Source(path=ROOT / name, name=name)


def found(rules: list[PathRule], name: str) -> list[tuple[str, str]]:
    [(engine, _)] = Tuned(Engine([PACK]), rules, ROOT, source(name)).groups([Document(text="")])
    (checked,) = check(engine, [Document(text="1 bridge!")])
    return [(finding.rule, finding.severity) for finding in checked.findings]


def test_rules_and_packs_are_off_where_a_pattern_fits() -> None:
    assert found([PathRule(match=("forum/*",), off=("t/mark",))], "forum/a.txt") == [("t/digit", "error")]
    assert found([PathRule(match=("forum/*",), off=("t",))], "forum/a.txt") == []
    assert len(found([PathRule(match=("forum/*",), off=("t",))], "news/a.txt")) == 2


def test_severity_by_path() -> None:
    mild = PathRule(match=("forum",), severity={"t/digit": "warning", "t": "info"})
    assert found([mild], "forum/deep/a.txt") == [("t/digit", "warning"), ("t/mark", "info")]
    assert found([mild], "news/a.txt") == [("t/digit", "error"), ("t/mark", "warning")]


def test_later_entries_outrank_earlier_ones() -> None:
    one = PathRule(match=("*.txt",), severity={"t/mark": "error"})
    two = PathRule(match=("forum",), severity={"t": "info"})
    assert found([one, two], "forum/a.txt") == [("t/digit", "info"), ("t/mark", "info")]
    assert found([two, one], "forum/a.txt") == [("t/digit", "info"), ("t/mark", "error")]


def test_a_tuned_engine_leaves_the_first_as_it_is() -> None:
    engine = Engine([PACK])
    engine.tuned({"t/digit", "t/mark"}, {})
    assert len(check(engine, [Document(text="1!")])[0].findings) == 2


def test_excluded_sources_are_left_out() -> None:
    sources = [source("a.txt"), source("drafts/b.txt"), source("news/c.txt")]
    assert [one.name for one in included(sources, ["drafts", "news/*"], ROOT)] == ["a.txt"]
    assert included(sources, [], ROOT) == sources


def test_paths_start_from_the_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert relative(Source(path=ROOT / "news/a.txt", name="a.txt"), ROOT) == "news/a.txt"
    assert relative(Source(path=Path("/elsewhere/a.txt"), name="a.txt"), ROOT) == "elsewhere/a.txt"
    monkeypatch.chdir(tmp_path)
    assert relative(Source(path=None, name="stdin.txt"), tmp_path) == "stdin.txt"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("t/digt", "auditor.toml:3: no rule 't/digt'; did you mean t/digit?"),
        ("u", "auditor.toml:3: no pack 'u'"),
        ("ar-nams/axios", "auditor.toml:3: no pack 'ar-nams'; did you mean ar-names?"),
        ("ar-names/axos", "auditor.toml:3: no rule 'ar-names/axos'; did you mean ar-names/axios?"),
    ],
)
def test_unknown_names_are_refused(name: str, message: str) -> None:
    for given in (
        PathRule(match=("x",), off=(name,), place="auditor.toml:3"),
        PathRule(match=("x",), severity={name: "info"}, place="auditor.toml:3"),
    ):
        with pytest.raises(ConfigError) as caught:
            refuse_unknown([given], [PACK])
        assert message in str(caught.value)


def test_shipped_rules_may_be_named_where_a_run_leaves_them_out() -> None:
    refuse_unknown([PathRule(match=("x",), off=("t", "t/mark", "ar-names", "ar-names/axios"))], [PACK])


@pytest.mark.parametrize(
    ("pattern", "id", "expected"),
    [
        ("wire-7", "wire-7", True),
        ("wire-*", "wire-7", True),
        ("*-7", "wire-7", True),
        ("w*e*7", "wire-7", True),
        ("wire", "wire-7", False),
        ("a*a", "a", False),
        ("*", "", True),
        ("*" * 9 + "b", "a" * 10**5, False),
        ("a*" * 40 + "b", "a" * 10**5, False),
    ],
)
def test_ids_fit_patterns_in_no_time(pattern: str, id: str, expected: bool) -> None:
    assert fits([pattern], id) is expected
    assert not fits([pattern], None)
