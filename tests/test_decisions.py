"""Known findings and verdicts: what they hold for, what they leave alone, and that false positives are never fixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.check import Engine
from auditor.clean import Cleaned, clean
from auditor.decisions import Decisions, Known, Place, Ruling, Use
from auditor.marks import marks
from auditor.model import Document
from auditor.packs import load_pack

PACK = """\
schema: 1
pack: t
rules:
- id: more
  kind: lexicon
  category: boilerplate
  severity: error
  message: "{match}"
  phrases: [Read more, Read on]
  fix: safe
  bad: [{text: "<<Read more>>", fixed: ""}]
  good: [a b]
- id: mark
  kind: regex
  category: spacing
  severity: warning
  message: "{match}"
  pattern: ' +(?=[!?])'
  replace: ''
  fix: safe
  bad: [{text: "Stop<< >>!", fixed: Stop!}]
  good: [Stop!]
"""
LONG = "The harbour master said the ferry would run again from Monday.\n"
OTHER = "Rain kept most of the stalls in the old market closed all week.\n"
THIRD = "The museum of clocks opens its doors late on the first Friday.\n"
TEXT = LONG + "Read more\n" + OTHER + "What ?\n" + THIRD


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    path = tmp_path_factory.mktemp("packs") / "t.yaml"
    path.write_text(PACK, encoding="utf-8")
    return Engine([load_pack(path)])


def cleaned(engine: Engine, text: str, decisions: Decisions | None = None, **fields: object) -> Cleaned:
    (done,) = clean(engine, [Document(**{"text": text, "path": "news/a.txt", **fields})], decisions=decisions)  # type: ignore[arg-type]
    return done


def decided(done: Cleaned) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.decision) for finding in done.checked.findings]


def recorded(engine: Engine, text: str = TEXT, **place: object) -> Decisions:
    """The baseline of a text."""
    findings: dict[str, dict[str, str]] = {}
    for one in cleaned(engine, text).checked.findings:
        findings.setdefault(one.rule, {})[one.fingerprint] = one.text
    where = Place(**{"path": "news/a.txt", "marks": tuple(marks(text).split()), **place})  # type: ignore[arg-type]
    return Decisions([Known(place=where, findings=findings)])


def ruling(engine: Engine, rule: str, verdict: str = "false-positive", text: str = TEXT, **fields: object) -> Ruling:
    one = next(one for one in cleaned(engine, text).checked.findings if one.rule == rule)
    return Ruling(rule=rule, fingerprint=one.fingerprint, text=one.text, verdict=verdict, **fields)  # type: ignore[arg-type]


def test_what_was_recorded_is_known_and_what_is_new_is_not(engine: Engine) -> None:
    base = recorded(engine)
    assert decided(cleaned(engine, TEXT, base)) == [("t/more", "known"), ("t/mark", "known")]
    assert decided(cleaned(engine, TEXT + "Really !\n", base))[-1] == ("t/mark", None)


def test_known_findings_are_still_fixed(engine: Engine) -> None:
    assert cleaned(engine, TEXT, recorded(engine)).text == cleaned(engine, TEXT).text


def test_moved_lines_stay_known(engine: Engine) -> None:
    moved = "Spring comes early this year, say the people of the valley.\n\n" + TEXT
    assert ("t/more", None) not in decided(cleaned(engine, moved, recorded(engine)))


@pytest.mark.parametrize("path", ["corpus/news/a.txt", "a.txt", "elsewhere/renamed.txt"])
def test_a_document_is_known_by_any_end_of_its_path_or_by_its_longest_lines(engine: Engine, path: str) -> None:
    assert ("t/more", "known") in decided(cleaned(engine, TEXT, recorded(engine), path=path))


def test_renamed_and_edited_at_once(engine: Engine) -> None:
    edited = TEXT.replace("Friday", "Thursday")
    found = decided(cleaned(engine, edited, recorded(engine), path="elsewhere/renamed.txt"))
    assert ("t/more", "known") in found


def test_the_same_finding_in_another_document_is_new(engine: Engine) -> None:
    """Pages of one site end alike: that one of them is known says nothing of the next."""
    page = "ran.\nRead more\nThe end"
    base = recorded(engine, LONG + page)
    assert decided(cleaned(engine, LONG + page, base)) == [("t/more", "known")]
    assert decided(cleaned(engine, OTHER + page, base, path="news/b.txt")) == [("t/more", None)]


def test_rows_are_told_by_id_or_by_their_text_when_they_move(engine: Engine) -> None:
    base = recorded(engine, path="rows.jsonl", record=7, id="x7")
    assert ("t/more", "known") in decided(cleaned(engine, TEXT, base, path="rows.jsonl", record=9, id="x7"))
    assert ("t/more", "known") in decided(cleaned(engine, TEXT, base, path="rows.jsonl", record=9, id="other"))
    short = "Read more"
    base = recorded(engine, short, path="rows.jsonl", record=7, id="x7")
    assert decided(cleaned(engine, short, base, path="rows.jsonl", record=7, id="x8")) == [("t/more", None)]


def test_false_positives_are_not_fixed_and_say_so(engine: Engine) -> None:
    done = cleaned(engine, TEXT, Decisions(rulings=[ruling(engine, "t/more")]))
    assert "Read more" in done.text
    assert "What?" in done.text
    assert decided(done) == [("t/more", "false-positive"), ("t/mark", None)]
    assert done.checked.findings[0].fix is None


def test_false_positives_are_not_fixed_in_later_rounds_either(engine: Engine) -> None:
    """The words beside it are repaired, so that its fingerprint is another one in the next round."""
    text = LONG + "Stop !\nRead more\nNow ?\n" + OTHER
    done = cleaned(engine, text, Decisions(rulings=[ruling(engine, "t/more", text=text)]))
    assert done.text == text.replace(" !", "!").replace(" ?", "?")
    assert [one.decision for one in done.remaining] == ["false-positive"]
    assert sum(one.rule == "t/more" for one in done.checked.findings) == 1


def test_scopes(engine: Engine) -> None:
    everywhere = Decisions(rulings=[ruling(engine, "t/more", scope="everywhere")])
    elsewhere = "Another page.\nREAD  more\n"
    assert decided(cleaned(engine, elsewhere, everywhere, path="b.txt")) == [("t/more", "false-positive")]
    assert decided(cleaned(engine, "Another page.\nRead on\n", everywhere)) == [("t/more", None)]
    site = Decisions(rulings=[ruling(engine, "t/more", scope="site", site="example.org")])
    assert decided(cleaned(engine, elsewhere, site, site="example.org")) == [("t/more", "false-positive")]
    assert decided(cleaned(engine, elsewhere, site, site="example.com")) == [("t/more", None)]
    assert decided(cleaned(engine, elsewhere, site)) == [("t/more", None)]
    here = Decisions(rulings=[ruling(engine, "t/more", place=Place(path="news/a.txt"))])
    assert decided(cleaned(engine, TEXT, here))[0] == ("t/more", "false-positive")
    assert decided(cleaned(engine, TEXT, here, path="news/b.txt"))[0] == ("t/more", None)


def test_the_narrower_verdict_holds(engine: Engine) -> None:
    wide, narrow = ruling(engine, "t/more", scope="everywhere"), ruling(engine, "t/more", "true")
    assert decided(cleaned(engine, TEXT, Decisions(rulings=[wide, narrow])))[0] == ("t/more", "true")


def test_skipped_is_no_verdict(engine: Engine) -> None:
    assert decided(cleaned(engine, TEXT, Decisions(rulings=[ruling(engine, "t/more", "skip")])))[0][1] is None


def test_a_false_positive_is_never_known(engine: Engine) -> None:
    both = Decisions(recorded(engine).known, [ruling(engine, "t/more")])
    assert decided(cleaned(engine, TEXT, both)) == [("t/more", "false-positive"), ("t/mark", "known")]


def test_unused_entries_are_told(engine: Engine) -> None:
    decisions = Decisions(recorded(engine).known, [ruling(engine, "t/more", scope="everywhere")])
    use = Use()
    judge = decisions.about(Document(text=TEXT, path="news/a.txt"))
    for one in cleaned(engine, TEXT.replace("Read more\n", "")).checked.findings:
        judge.decided(one.rule, one.fingerprint, one.text, use)
    gone, idle = decisions.unused(use)
    assert [(one.place.path, rule) for one, rule, _ in gone] == [("news/a.txt", "t/more")]
    assert [one.rule for one in idle] == ["t/more"]


def test_many_pages_with_one_footer_take_no_longer_each(engine: Engine, tmp_path: Path) -> None:
    """The same fingerprint in thousands of documents is looked up, not searched for."""
    (one,) = recorded(engine, LONG + "Read more").known
    many = [
        Known(place=Place(path=f"{n}/index.html", marks=one.place.marks), findings=one.findings) for n in range(3000)
    ]
    decisions = Decisions(many)
    for number in range(3000):
        decisions.about(Document(text="x", path=f"{number}/index.html"))
    assert decided(cleaned(engine, "Read more", decisions, path="index.html")) == [("t/more", None)]  # which of them?


def test_marks() -> None:
    assert marks("short\nlines") == ""
    long = [letter * 30 for letter in "edcba"]
    assert marks("\n".join(long)) == marks("\n".join(sorted(long))) == marks("\n".join(sorted(long)[:3]))  # by alphabet
    assert marks("\n".join([*long, *long, "x" * 40])) == marks("\n".join(["x" * 40, *sorted(long)[:2]]))  # once each
    assert len(marks(TEXT).split()) == 3
    assert marks(TEXT) == marks("\n".join(reversed(TEXT.split("\n"))))
    assert marks(LONG) == marks(LONG.replace(" ", "  ")) == marks(LONG + LONG)
