"""Rules tried on a corpus, and two sets of them compared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import CORPUS, Auditor

PACK = """\
schema: 1
pack: own
rules:
- id: more
  kind: lexicon
  category: boilerplate
  severity: warning
  message: "'{match}' is a link"
  phrases: [Read more]
  fix: safe
  bad: [{text: "<<Read more>>", fixed: ""}]
  good: [They read more than ever]
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
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four files with 1, 2, 30 and no links."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus").mkdir()
    for name, number in (("a", 1), ("b", 2), ("c", 30), ("d", 0)):
        text = "".join(f"Page {at}\nRead more\n" for at in range(number)) or "Nothing\n"
        (tmp_path / f"corpus/{name}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(PACK, encoding="utf-8")
    return tmp_path


def test_what_a_rule_would_find(auditor: Auditor, corpus: Path) -> None:
    done = auditor("rules", "try", "own.yaml", "corpus", "--limit", "5")
    assert done.code == 0
    assert done.out.splitlines() == [
        "own/more: 33 findings in 3 of 4 files",
        "  corpus/a.txt:2:1: ⟦Read more⟧",
        "      why: the whole line; fix (safe): delete",
        "  corpus/b.txt:2:1: ⟦Read more⟧",
        "      why: the whole line; fix (safe): delete",
        "  corpus/b.txt:4:1: ⟦Read more⟧",
        "      why: the whole line; fix (safe): delete",
        "  corpus/c.txt:2:1: ⟦Read more⟧",
        "      why: the whole line; fix (safe): delete",
        "  corpus/c.txt:32:1: ⟦Read more⟧",
        "      why: the whole line; fix (safe): delete",
        "  ... 28 more",
        "nothing found in 4 files by 1 rule: own/shout",
    ]
    assert auditor("rules", "try", "own.yaml", "corpus", "--limit", "5", "--jobs", "2").out == done.out


def test_one_shipped_rule_with_its_context(auditor: Auditor) -> None:
    done = auditor("rules", "try", "ar-names/axios", CORPUS)
    assert re.match(r"ar-names/axios: \d+ findings in \d+ of 15 files\n", done.out)
    assert re.search(r"^  .*press-review\.txt:5:11: ونقل موقع ⟦البديهية⟧ عن مسؤولين", done.out, re.MULTILINE)
    assert "why: near 'موقع'; fix (safe): replace by 'أكسيوس'" in done.out


def test_the_corpus_is_changed_by_nothing(auditor: Auditor, corpus: Path) -> None:
    before = {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()}
    auditor("rules", "try", "own.yaml", "corpus")
    auditor("rules", "diff", "own.yaml", "own.yaml", "corpus")
    assert {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()} == before


def test_what_changes_from_one_pack_to_another(auditor: Auditor, corpus: Path) -> None:
    (corpus / "corpus/d.txt").write_text("Nothing!!\nGo on\n", encoding="utf-8")
    new = PACK.replace("[Read more]", "[Read more, Go on]").replace("severity: warning", "severity: error")
    new = new[: new.index("- id: shout")]
    (corpus / "new.yaml").write_text(
        new.replace('"<<Read more>>", fixed: ""', '"<<Go on>>", fixed: ""'), encoding="utf-8"
    )
    done = auditor("rules", "diff", "own.yaml", "new.yaml", "corpus", "--limit", "1")
    assert done.code == 0
    assert done.out.splitlines() == [
        "34 findings before, 34 after, in 4 files",
        "own/more: 1 new, 33 changed",
        "  + corpus/d.txt:2:1: ⟦Go on⟧",
        "      why: the whole line; fix (safe): delete",
        "  ~ corpus/a.txt:2:1: ⟦Read more⟧",
        "      severity warning -> error",
        "  ... 32 more",
        "own/shout: 1 gone",
        "  - corpus/d.txt:1:8: Nothing⟦!!⟧",
        "      why: the pattern matched; no fix",
    ]


def test_no_difference(auditor: Auditor, corpus: Path) -> None:
    done = auditor("rules", "diff", "own.yaml", "own.yaml", "corpus")
    assert done.out == "33 findings before, 33 after, in 4 files\nno difference\n"


def test_fixes_are_compared(auditor: Auditor, corpus: Path) -> None:
    (corpus / "new.yaml").write_text(
        "schema: 1\npack: new\nextends: [own.yaml]\noverride: {own/more: {fix: none}}\n", encoding="utf-8"
    )
    done = auditor("rules", "diff", "own.yaml", "new.yaml", "corpus", "--limit", "1")
    assert "own/more: 33 changed\n" in done.out
    assert "      fix (safe): delete -> no fix\n" in done.out


def test_what_cannot_be_read_is_named(auditor: Auditor, corpus: Path) -> None:
    (corpus / "corpus/e.txt").write_bytes(b"\xff\xfe caf\xe9\n")
    done = auditor("rules", "try", "own.yaml", "corpus", "--max-document-size", "100")
    assert done.code == 2
    assert "not checked: corpus/c.txt" in done.err


def test_hostile_text_drives_no_terminal(auditor: Auditor, corpus: Path) -> None:
    (corpus / "corpus/e.txt").write_text("\x1b[31mred!!\u202e\n", encoding="utf-8")
    for call in (["try", "own.yaml"], ["diff", "own.yaml/x"]):
        done = auditor("rules", *call, *(["own.yaml"] if call[0] == "diff" else []), "corpus")
        assert not re.search("[\x1b\u202e]", done.out + done.err)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (["try", "ar-names/axos", "corpus"], "the pack has no such rule"),
        (["try", "none.yaml", "corpus"], "no such file, folder or shipped pack"),
        (["try", "own.yaml", "nowhere"], "nowhere: no such file or folder"),
        (["diff", "own.yaml", "corpus"], "required"),
    ],
)
def test_a_wrong_call_is_explained(auditor: Auditor, corpus: Path, call: list[str], message: str) -> None:
    done = auditor("rules", *call)
    assert done.code == 2
    assert message in done.err


def test_standard_input_cannot_be_read_twice(auditor: Auditor, corpus: Path) -> None:
    done = auditor("rules", "diff", "own.yaml", "own.yaml", "-", stdin=b"Read more\n")
    assert (done.code, done.out) == (2, "")
    assert "standard input can be read only once" in done.err
    assert auditor("rules", "try", "own.yaml", "-", stdin=b"Read more\n").code == 0


def test_what_cannot_be_read_is_named_once(auditor: Auditor, corpus: Path) -> None:
    (corpus / "corpus/e.jsonl").write_bytes(b"no JSON\n")
    done = auditor("rules", "diff", "own.yaml", "own.yaml", "corpus")
    assert (done.code, done.err.count("line 1 is not JSON")) == (2, 1)
