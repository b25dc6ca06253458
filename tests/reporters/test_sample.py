from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Finding
from auditor.reporters.sample import Choice, quotas, sample, spread

from .samples import find

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 40))


def stream(counts: dict[str, int]) -> list[Finding]:
    base = find("news/سد.txt", "البديهية", "x/y", "")
    values = {name: getattr(base, name) for name in base.__struct_fields__}
    return [
        Finding(**(values | {"rule": rule, "line": number + 1}))
        for rule, total in counts.items()
        for number in range(total)
    ]


def test_rare_rules_are_shown_whole() -> None:
    assert quotas({"menu": 1000, "names": 3, "glued": 500}, 103) == {"menu": 50, "names": 3, "glued": 50}


def test_a_sample_is_spread_over_the_findings_of_a_rule() -> None:
    kept = sample(stream({"menu": 100}), {"menu": 100}, 4)
    assert [finding.line for finding in kept.chosen["menu"]] == [1, 26, 51, 76]


@given(COUNTS, st.integers(0, 150))
def test_a_sample_fills_the_room_there_is(counts: dict[str, int], limit: int) -> None:
    kept = sample(stream(counts), counts, limit)
    assert kept.shown == min(limit, sum(counts.values()))
    assert kept.seen == Counter(counts)


@given(COUNTS, st.integers(0, 150))
def test_wrong_counts_never_break_the_limit(counts: dict[str, int], limit: int) -> None:
    assert sample(stream(counts), {"a": 2, "b": 0}, limit).shown <= limit


def test_findings_are_spread_over_files() -> None:
    """Every file before a second finding of one; where there are more files than room, evenly spaced files."""
    counts = {("r", "a"): 1, ("r", "b"): 2, ("r", "c"): 30, ("s", "c"): 1}
    items = [(rule, path, number) for (rule, path), many in counts.items() for number in range(many)]
    chosen = spread(items, counts, lambda item: item[:2], 5)
    assert chosen == {
        "r": [("r", "a", 0), ("r", "b", 0), ("r", "b", 1), ("r", "c", 0), ("r", "c", 15)],
        "s": [("s", "c", 0)],
    }
    many = {("r", f"{number:03}"): 4 for number in range(100)}
    everywhere = [(*place, number) for place in many for number in range(4)]
    chosen = spread(everywhere, many, lambda item: item[:2], 4)
    assert [path for _, path, _ in chosen["r"]] == ["000", "025", "050", "075"]
    assert spread([], {}, lambda item: item, 4) == {}


def test_asked_one_by_one_the_choice_is_the_same() -> None:
    listed = [find("news/سد.txt", "البديهية", f"x/{number % 3}", "m") for number in range(90)]
    counts = Counter(finding.rule for finding in listed)
    choice = Choice(counts, 10)
    one_by_one = [finding for finding in listed if choice.take(finding)]
    kept = sample(listed, counts, 10).chosen
    assert Counter(one.rule for one in one_by_one) == {rule: len(found) for rule, found in kept.items()}
