"""Several reviewers: what they agree on is merged, where they do not both are named."""

from __future__ import annotations

from auditor.decisions import Ruling
from auditor.merging import merge


def said(person: str, verdict: str, scope: str = "here", *, on: str = "1", text: str = "x", **more: str) -> Ruling:
    fields = {"fingerprint": on * 16, "rule": "t/a", "text": text, "scope": scope, "person": person, **more}
    return Ruling(verdict=verdict, **fields)  # type: ignore[arg-type]


def test_agreement_is_one_verdict() -> None:
    merged, conflicts = merge(
        [said("Salma", "true"), said("Omar", "true"), said("Omar", "false-positive", on="2", text="y")]
    )
    assert [(one.person, one.verdict) for one in merged] == [("Omar", "true"), ("Omar", "false-positive")]
    assert conflicts == []


def test_conflicts_name_both() -> None:
    _, (conflict,) = merge([said("Salma", "true", date="2026-11-01"), said("Omar", "false-positive", note="a title")])
    assert conflict.told() == (
        "t/a 1111111111111111 ('x'): Omar says false-positive (a title), Salma says true on 2026-11-01"
    )


def test_a_skip_contradicts_nobody() -> None:
    merged, conflicts = merge([said("Salma", "skip"), said("Omar", "false-positive")])
    assert [one.person for one in merged] == ["Omar"]
    assert conflicts == []


def test_one_may_change_ones_mind() -> None:
    first, later = said("Salma", "true", date="2026-11-01"), said("Salma", "false-positive", date="2026-11-02")
    for order in ([first, later], [later, first]):
        merged, conflicts = merge(order)
        assert [one.verdict for one in merged] == ["false-positive"]
        assert conflicts == []


def test_everywhere_and_here_contradict_if_two_people_say_so() -> None:
    wide, narrow = said("Salma", "false-positive", "everywhere"), said("Omar", "true", on="2")
    assert len(merge([wide, narrow])[1]) == 1
    merged, conflicts = merge([wide, said("Salma", "true", on="2")])  # an exception she makes herself
    assert len(merged) == 2
    assert conflicts == []
    assert merge([wide, said("Omar", "true", on="2", text="other")])[1] == []


def test_sites_are_told_apart() -> None:
    one = said("Salma", "true", "site", site="example.org")
    assert merge([one, said("Omar", "false-positive", "site", site="example.com")])[1] == []
    assert len(merge([one, said("Omar", "false-positive", "site", site="example.org")])[1]) == 1


def test_preference_settles() -> None:
    both = [said("Salma", "true"), said("Omar", "false-positive")]
    merged, conflicts = merge(both, prefer="Salma")
    assert [one.person for one in merged] == ["Salma"]
    assert conflicts == []
    assert len(merge(both, prefer="Nour")[1]) == 1  # who said nothing of it
