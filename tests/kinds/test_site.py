"""Lines that many pages of one site print, with `across: site`."""

from __future__ import annotations

from typing import Any

import reference
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.check import check
from auditor.kinds.site import asked
from auditor.model import Document, Finding
from auditor.survey import survey
from kinds.marking import engine, rule

PROSE = "هذا سطر طويل من نص الخبر فيه كلمات كثيرة لا تعود في صفحة أخرى رقم"


def site_rule(**fields: Any) -> Any:
    return rule("repeat", **{"across": "site", "min_documents": 3, "min_chars": 2, "also": ["x", "y"], **fields})


def found(made: Any, pages: list[str | Document]) -> list[Finding]:
    documents = [
        page if isinstance(page, Document) else Document(text=page, site="a.org", record=number)
        for number, page in enumerate(pages)
    ]
    informed = engine(made).informed(survey(documents, asked([made])))
    return [finding for checked in check(informed, documents) for finding in checked.findings]


def lines(made: Any, pages: list[str | Document]) -> list[tuple[int, str]]:
    return [(finding.record, finding.text) for finding in found(made, pages)]


def test_a_line_on_enough_pages_of_its_site() -> None:
    assert lines(site_rule(), ["القائمة\nأ ب", "ج د\n القائمة ", "القائمه\nه و"]) == [
        (0, "القائمة"),
        (1, "القائمة"),
        (2, "القائمه"),
    ]
    assert lines(site_rule(), ["القائمة", "القائمة\nالقائمة"]) == []  # two pages, however often


def test_other_sites_do_not_count() -> None:
    wire = [Document(text="نص الوكالة", site=f"{name}.org") for name in "abcde"]
    assert lines(site_rule(), wire) == []
    assert lines(site_rule(), [Document(text="نص الوكالة") for _ in range(9)]) == []  # of no site


def test_the_share_of_pages() -> None:
    pages: list[str | Document] = ["القائمة"] * 3 + [f"نص {number}" for number in range(4)]
    assert lines(site_rule(min_share=0.5), pages) == []
    assert len(lines(site_rule(min_share=0.4), pages)) == 3


def test_why_says_on_how_many_pages_of_which_site() -> None:
    made = site_rule(message="{count} of {pages} at {site}")
    (one, *_) = found(made, ["القائمة"] * 3 + ["نص"])
    assert (one.why, one.message) == ("on 3 of 4 pages of a.org", "3 of 4 at a.org")


def test_digits_masked_or_not() -> None:
    pages: list[str | Document] = ["صفحة 1\n7\nMenu", "صفحة ٢٢\n8\nMenu", "صفحة 333\n9\nMenu"]
    assert {text for _, text in lines(site_rule(), pages)} == {"Menu"}
    assert len(lines(site_rule(mask_digits=True), pages)) == 6  # figures alone are data
    assert [text for _, text in lines(site_rule(mask_digits="only"), pages)] == ["صفحة 1", "صفحة ٢٢", "صفحة 333"]


def test_short_lines_only() -> None:
    pages: list[str | Document] = ["من نحن\nتنشر البوابة كل يوم أخبار الوادي"] * 3
    assert {text for _, text in lines(site_rule(max_words=3), pages)} == {"من نحن"}
    assert {text for _, text in lines(site_rule(min_chars=10), pages)} == {"تنشر البوابة كل يوم أخبار الوادي"}


def test_outside_the_text() -> None:
    page = "القائمة\n{0} 1\nالمقادير\n{0} 2\nتابعونا"
    pages: list[str | Document] = [page.format(f"{PROSE} {number}") for number in "أبج"]
    made = site_rule(outside_text=True)
    assert {text for _, text in lines(made, pages)} == {"القائمة", "تابعونا"}
    assert lines(made, ["القائمة\nتابعونا"] * 3) == []  # no prose: nothing says where the text is


def test_nothing_is_found_without_a_survey() -> None:
    assert check(engine(site_rule()), [Document(text="القائمة", site="a.org")] * 5)[0].findings == []


LINES = st.sampled_from(
    ["القائمة", "القائمه ", " Menu", "menu", "صفحة ١٢", "صفحة 7", "7", "", "\t", "ﷲ", f"{PROSE} أ", f"{PROSE} 7", "a\r"]
)
RULES = st.fixed_dictionaries(
    {
        "min_documents": st.integers(2, 3),
        "min_share": st.sampled_from([0.0, 0.5, 1.0]),
        "min_chars": st.sampled_from([1, 5]),
        "max_words": st.sampled_from([None, 1, 20]),
        "mask_digits": st.sampled_from([False, True, "only"]),
        "outside_text": st.booleans(),
        "fold": st.sampled_from([["default"], ["case"], []]),
    }
)


@settings(deadline=None)
@given(RULES, st.lists(st.lists(LINES, max_size=6).map("\n".join), min_size=1, max_size=5))
def test_as_plain_python_finds_it(fields: dict[str, Any], pages: list[str]) -> None:
    made = site_rule(**fields)
    hits: list[list[reference.Found]] = [[] for _ in pages]
    for one in found(made, list(pages)):
        assert one.fix is not None
        edit = (one.fix.start, one.fix.end, one.fix.replacement)
        hits[one.record].append(reference.Found(one.start, one.end, edit))
    assert hits == reference.find_across(made, pages)
