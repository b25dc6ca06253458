"""Facts about a corpus: on how many pages of its site each line stands, as a plain Counter counts them."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.batch import Batch
from auditor.folding import DEFAULT, expand_steps, folding
from auditor.model import Document
from auditor.survey import Asked, View, compared, line_keys, page_key, site_of_page, survey, told_site

PLAIN = View(tuple(sorted(DEFAULT)), False)
MASKED = View(tuple(sorted(DEFAULT)), True)
CASE = View(("case",), False)

LINES = st.sampled_from(["قائمة", "قائمه", " Menu", "menu ", "صفحة ١٢", "صفحة 7", "", "\t", "ﷲ", "a  b", "A b\r"])
PAGES = st.lists(
    st.tuples(st.sampled_from(["a.org", "b.org", None]), st.lists(LINES, max_size=5).map("\n".join)), max_size=20
)


def folded(line: str, view: View) -> str:
    text = folding(expand_steps(view.steps)).fold(line).strip()
    return re.sub(r"\d+", "0", text) if view.mask_digits else text


@settings(deadline=None)
@given(PAGES, st.sampled_from([PLAIN, MASKED, CASE]), st.integers(1, 3))
def test_counts_are_those_of_a_counter(pages: list[tuple[str | None, str]], view: View, least: int) -> None:
    sites, wanted = Counter[str](), Counter[tuple[str, str]]()
    for site, text in pages:
        if site is not None:
            sites[site] += 1
            wanted.update({(site, folded(line, view)) for line in re.split(r"\r?\n", text)} - {(site, "")})
    table = survey([Document(text=text, site=site) for site, text in pages], Asked((view,), least)).lines
    for site, count in sites.items():
        assert table.values(page_key(site, view)).tolist() == [count if count >= least else 0]
    for (site, line), count in wanted.items():
        assert table.values(line_keys(site, view, [line])[0]).tolist() == [count if count >= least else 0]
    assert table.values(line_keys("a.org", view, ["no such line"])[0]).tolist() == [0]


@pytest.mark.parametrize("view", [PLAIN, CASE, View((), False)])
def test_lines_are_folded_together_as_one_by_one(view: View) -> None:
    texts = ["أَهلاً  بكم\r\nﷲ أكبر\n\n Straße\u2028x\n" + "﷽" * 3, "", "x\ry\n", "إعلان"]
    batch = Batch([Document(text=text) for text in texts])
    by = folding(expand_steps(view.steps))
    lines = [batch.folded_line(number, by).text.strip() for number in range(len(batch.line_starts))]
    assert batch.view(compared(view)) == lines


@pytest.mark.parametrize(
    ("path", "site", "found"),
    [
        ("news.jsonl", "example.org", "example.org"),
        ("news.jsonl", None, None),
        ("news.jsonl", "", None),
        ("crawl/www.Example.org/7/rows.jsonl.gz", None, "example.org"),
        ("crawl/example.org.jsonl.zst", None, "example.org"),
        ("pages/one.txt", None, "pages"),
        ("pages/deep/one.txt.gz", None, "pages/deep"),
        ("one.txt", None, "."),
        ("example.org/a/one.txt", None, "example.org"),
        ("", None, None),
    ],
)
def test_the_site_of_a_page(path: str, site: str | None, found: str | None) -> None:
    assert site_of_page(Document(text="", path=path, site=site)) == found


def test_names_of_strangers_are_told_in_one_short_line() -> None:
    assert told_site("a\u202e\n\x1b[31mb" + "x" * 500).startswith("a [31mbxx")
    assert len(told_site("x" * 500)) == 60
    assert (told_site("."), told_site("\n")) == ("this folder", "its site")


def test_sites_do_not_see_each_other() -> None:
    pages = [Document(text="Menu", site=f"{name}.org") for name in "aab"]
    table = survey(pages, Asked((PLAIN,), 1)).lines
    counts = [table.values(line_keys(site, PLAIN, ["menu"])[0]).tolist() for site in ("a.org", "b.org", "c.org")]
    assert counts == [[2], [1], [0]]
