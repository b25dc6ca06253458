"""What speaks for and against a line: figures by name, the same whatever else is in a batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.batch import Batch
from auditor.evidence import GROUPS, TABLES, Evidence
from auditor.model import Document
from auditor.wordhash import Table, hashed_lines, pair_hashes, short

PROSE = "The council said on Monday that the bridge over the river will be open to all traffic again before winter."
PAGE = ["Home", "News", "About us", PROSE, "Read also", "A longer way home", "12 March 2024", PROSE + " Again.", "Home"]


def tables(**known: Sequence[str]) -> dict[str, Table]:
    """Tables of whole lines for most names, of words for `function`, `dates` and `words`, of pairs for `pairs`."""
    found = {}
    for name in TABLES:
        words, _, lines = hashed_lines(list(known.get(name, [""])))
        kept = {"function": words.hashes, "dates": words.hashes, "words": words.hashes}.get(name, lines)
        found[name] = Table(short(pair_hashes(words.hashes) if name == "pairs" else kept))
    return found


KNOWN = tables(
    function=["the on that over will be to again before all of"],
    dates=["March Monday"],
    phrases=["home", "about us"],
    words=["home about read"],
    pairs=["read also"],
    known=["news"],
    related=["read also"],
)


def evidence(*texts: str) -> Evidence:
    return Evidence(Batch([Document(text=text) for text in texts]), KNOWN, np.array([4]))


@pytest.fixture(scope="module")
def page() -> Evidence:
    return evidence("\n".join(PAGE))


def of(page: Evidence, name: str) -> list[float]:
    found: list[float] = np.round(page.features[name].astype(float), 2).tolist()
    return found


def test_every_feature_has_a_group(page: Evidence) -> None:
    assert set(page.groups.values()) == set(GROUPS)
    assert page.features.keys() == page.groups.keys()


def test_wording(page: Evidence) -> None:
    assert of(page, "phrase") == [1, 0, 1, 0, 0, 0, 0, 0, 1]
    assert of(page, "sites") == [0, 4, 0, 0, 0, 0, 0, 0, 0]
    assert of(page, "known-words")[5] == 0.25
    assert of(page, "known-pairs")[4] == 1
    assert of(page, "function")[0] == 0
    assert of(page, "function")[3] > 0.4
    assert of(page, "date")[6] == pytest.approx(1 / 3, abs=0.01)


def test_shape(page: Evidence) -> None:
    assert of(page, "ended") == [0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert of(page, "words")[5] == round(float(np.log1p(4)), 2)
    assert of(page, "capitals")[6] == pytest.approx(1 / 3, abs=0.01)
    assert of(page, "digit-first") == [0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert of(page, "digits")[6] == pytest.approx(6 / 11, abs=0.01)


def test_place_among_the_prose(page: Evidence) -> None:
    assert of(page, "prose") == [0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert of(page, "after-prose") == [0, 0, 0, 0, 1, 1, 1, 1, 1]
    assert of(page, "before-prose") == [1, 1, 1, 1, 1, 1, 1, 0, 0]
    assert of(page, "run-edge") == [1, 1, 1, 1, 0, 0, 0, 2, 2]
    assert of(page, "run-known")[:3] == [1, 1, 1]
    assert of(page, "since-related")[5] == round(float(np.log1p(1)), 2)
    assert of(page, "since-related")[:5] == [6] * 5


def test_neighbours(page: Evidence) -> None:
    assert of(page, "known+1")[:2] == [1, 1]
    assert of(page, "known-1")[0] == -1
    assert of(page, "short~3")[0] == pytest.approx(2 / 3, abs=0.01)


def test_repetition(page: Evidence) -> None:
    assert of(page, "copies") == [2, 1, 1, 1, 1, 1, 1, 1, 2]
    assert of(page, "seen") == [0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert of(page, "topic")[3] == 1
    assert of(page, "topic")[5] == 0


def test_blank_lines_change_nothing(page: Evidence) -> None:
    spaced = evidence("\n\n" + "\n \n".join(PAGE) + "\n")
    for name, values in page.features.items():
        assert values.tolist() == spaced.features[name].tolist(), name


def test_nothing_at_all() -> None:
    assert all(not len(values) for values in evidence("", "\n \n").features.values())


PAGES = st.lists(st.sampled_from([*PAGE, "", "*", "كتاب: جديد،", "٣ مارس"]), max_size=12)


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.sampled_from([*PAGE, "", "*", "كتاب: جديد،", "٣ مارس"]), max_size=12), min_size=1, max_size=4)
)
def test_what_else_a_batch_holds_changes_nothing(pages: list[list[str]]) -> None:
    texts = ["\n".join(lines) for lines in pages]
    together = evidence(*texts).features
    alone = [evidence(text).features for text in texts]
    for name, values in together.items():
        assert values.tolist() == np.concatenate([one[name] for one in alone]).tolist(), name
