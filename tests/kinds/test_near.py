"""Documents that share most of their wording with an earlier one, with `same: near`."""

from __future__ import annotations

import random
from typing import Any

from auditor.check import check
from auditor.kinds.site import asked
from auditor.model import Document, Finding
from auditor.survey import survey
from kinds.marking import engine, rule


def text(seed: int, number: int = 200, line: int = 10) -> str:
    made = random.Random(seed)
    words = ["".join(made.choices("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", k=5)) for _ in range(number)]
    return "\n".join(" ".join(words[at : at + line]) for at in range(0, number, line))


def near_rule(**fields: Any) -> Any:
    plain = {"unit": "document", "same": "near", "across": "corpus", "fix": "none", "also": ["x"]}
    return rule("repeat", **{**plain, "bad": [{"text": "<<x>>"}], **fields})


def found(made: Any, documents: list[Document]) -> list[Finding]:
    informed = engine(made).informed(survey(documents, asked([made])))
    return [finding for checked in check(informed, documents) for finding in checked.findings]


def documents(*texts: str, site: str = "a.org") -> list[Document]:
    return [Document(text=one, path="news.jsonl", record=number, site=site) for number, one in enumerate(texts)]


def test_later_documents_are_reported_on_their_first_line() -> None:
    changed = text(1).replace("\n", " جديد\n", 2)
    one, two = found(near_rule(message="as in {first}"), documents(text(1), text(2), f"\n\n{text(1)}", changed))
    assert (one.record, one.line, one.message, one.fix) == (2, 3, "as in news.jsonl[0]", None)
    assert one.why == "14 of 14 bands of hashes as in news.jsonl[0]"
    assert (two.record, two.line) == (3, 1)
    assert two.why.endswith("bands of hashes as in news.jsonl[0]")


def test_a_text_and_a_part_of_it_are_two() -> None:
    assert found(near_rule(), documents(text(1, 400), text(1, 150))) == []


def test_within_the_site_or_across_all() -> None:
    wire = [*documents(text(1)), Document(text=text(1), path="news.jsonl", record=1, site="b.org")]
    assert len(found(near_rule(), wire)) == 1
    assert found(near_rule(across="site"), wire) == []
    assert len(found(near_rule(across="site"), documents(text(1), text(1)))) == 1
    no_site = [Document(text=text(1), record=number) for number in range(2)]
    assert (len(found(near_rule(), no_site)), found(near_rule(across="site"), no_site)) == (1, [])


def test_short_texts_may_be_alike() -> None:
    assert found(near_rule(min_words=50), documents(text(1, 40), text(1, 40))) == []
    assert len(found(near_rule(min_words=40), documents(text(1, 40), text(1, 40)))) == 1
