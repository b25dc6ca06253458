"""Lines that many small signs together show to be boilerplate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import weights

from auditor.errors import PackError
from auditor.kinds import AnyRule
from auditor.packs import load_pack
from auditor.wordhash import hashed_lines, table
from kinds.marking import engine, findings, fixed, holds, rule


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return weights.write(tmp_path_factory.mktemp("weights") / "w.npz")


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same weights, which know a heading of a list."""
    headings = table(hashed_lines(["Most read"])[2])
    return weights.write(tmp_path_factory.mktemp("weights") / "w.npz", **{"table-related": headings})


def evidence(model: str, /, **fields: Any) -> AnyRule:
    return rule("evidence", model=model, **{"threshold": 0.9, **fields})


def test_lines_from_the_threshold_on(model: str) -> None:
    page = "<<Home>>\nHome.\nNews\n  <<Home>> \n***\n"
    holds(engine(evidence(model)), [page])
    holds(engine(evidence(model, threshold=0.5)), ["<<Home>>\nHome.\n<<News>>\n***"])
    holds(engine(evidence(model, threshold=0.99)), ["Home\nNews"])


def test_a_line_goes_to_the_first_rule_that_takes_it(model: str) -> None:
    sure, likely = evidence(model, id="t/sure"), evidence(model, id="t/likely", threshold=0.5)
    found = findings(engine(sure, likely), "Home\nNews\nHome.")
    assert [(one.rule, one.text) for one in found] == [("t/sure", "Home"), ("t/likely", "News")]


SENTENCE = "It has rained here on every single day of the whole week."
TEXT = "\n".join([SENTENCE] * 6)


def test_outside_looks_above_and_below_the_text_alone(model: str) -> None:
    made = engine(evidence(model, threshold=0.5, outside=0.4))
    holds(made, [f"<<News>>\n***\n<<Home>>\n{TEXT}\nNews\n{TEXT}\n<<News>>\n<<News>>"])


def test_outside_spares_what_may_be_the_title(model: str) -> None:
    made = engine(evidence(model, threshold=0.5, outside=0.4))
    holds(made, [f"<<News>>\nRain here every single day\n{TEXT}", f"<<A walk across green hills>>\n{TEXT}"])


def test_outside_asks_for_boilerplate_all_around(model: str) -> None:
    made = engine(evidence(model, threshold=0.5, outside=0.6))
    holds(made, [f"<<Home>>\n<<News>>\n{TEXT}\nNews\nHome.\nHome."])


def test_outside_asks_for_a_text(model: str) -> None:
    made = engine(evidence(model, threshold=0.5, outside=0.4))
    holds(made, ["Home\nNews\nNews", f"News\n{SENTENCE}\nHome"])


def test_listed_looks_below_headings_of_lists_alone(listing: str) -> None:
    made = engine(evidence(listing, threshold=0.5, listed=2))
    holds(made, [f"News\n{TEXT}\nMost read\n<<News>>\n\n<<Home>>\nNews\n{TEXT}", f"{TEXT}\nMost read\nNews.\n<<Home>>"])


def test_a_paragraph_ends_the_list_and_the_line_above_may_be_its_subhead(listing: str) -> None:
    made = engine(evidence(listing, threshold=0.5, listed=20))
    holds(made, [f"{TEXT}\nMost read\n<<News>>\nThe rain\n{TEXT}\nNews"])


def test_listed_spares_what_may_be_the_title(listing: str) -> None:
    made = engine(evidence(listing, threshold=0.5, listed=20))
    holds(made, [f"Most read\n<<News>>\nRain here every single day\n<<Foggy>>\nFog\n{TEXT}"])


def test_lines_go_whole(model: str) -> None:
    assert fixed(evidence(model), "\ufeffIt rains.\n Home \nIt rains again.") == "\ufeffIt rains.\nIt rains again."


def test_long_lines_are_left_alone(model: str) -> None:
    holds(engine(evidence(model, threshold=0.5, max_words=2)), ["<<one two>>\none two three"])


def test_documents_that_are_not_meant(model: str) -> None:
    made = engine(evidence(model, threshold=0.5, when={"min-words": 3}))
    holds(made, ["one two", "<<one>>\n<<two>>\n<<three>>"])


def test_why_tells_the_probability_and_what_is_to_be_seen(model: str) -> None:
    why = findings(evidence(model, threshold=0.5), "Home\nNews\nThe end.")
    assert [one.why for one in why] == [
        "0.98: shape (1 word, no end mark); wording (a known phrase)",
        "0.50: shape (1 word, no end mark)",
    ]


@pytest.mark.parametrize(
    ("other", "left"),
    [
        ({"category": "caption", "fix": "none", "bad": [{"text": "<<x>>"}]}, ["t/other"]),
        ({"fix": "safe"}, ["t/other"]),
        ({"fix": "safe", "at": "start", "replace": "House"}, ["t/other", "t/rule"]),
        ({"fix": "unsafe"}, ["t/other", "t/rule"]),
        ({"fix": "none", "bad": [{"text": "<<x>>"}]}, ["t/other", "t/rule"]),
    ],
)
def test_it_gives_way_where_another_rule_settles_the_line(model: str, other: dict[str, Any], left: list[str]) -> None:
    named = rule("lexicon", **{"id": "t/other", "phrases": ["Home"], "at": "line", **other})
    assert [one.rule for one in findings(engine(named, evidence(model)), "Home")] == left


PACK = """\
schema: 1
pack: mine
rules:
- id: line
  kind: evidence
  model: w.npz
  threshold: 0.9
  category: boilerplate
  severity: warning
  message: "{why}"
  fix: safe
  bad: [{text: <<Home>>, fixed: ""}]
  good: [It rains.]
"""


def test_a_pack_names_the_weights_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(PACK)
    weights.write(tmp_path / "w.npz")
    one = load_pack(tmp_path / "mine.yaml")
    assert [found.text for found in findings(one.rules[0], "Home")] == ["Home"]
    weights.write(tmp_path / "w.npz", slope=weights.ARRAYS["slope"] * 2)
    assert load_pack(tmp_path / "mine.yaml").digest != one.digest


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("w.npz", "none.npz", "6:3: model 'none.npz' cannot be read: "),
        ("w.npz", "../w.npz", "6:3: model '../w.npz' lies outside the pack's folder"),
        ("0.9", "1.5", "threshold: Expected"),
    ],
)
def test_mistakes_in_a_pack(tmp_path: Path, old: str, new: str, told: str) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "mine.yaml").write_text(PACK.replace(old, new))
    weights.write(tmp_path / "pack" / "w.npz")
    weights.write(tmp_path / "w.npz")
    with pytest.raises(PackError) as caught:
        load_pack(tmp_path / "pack" / "mine.yaml")
    assert told in str(caught.value)
