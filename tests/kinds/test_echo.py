"""Words said again: the site's name behind a title, tags that are the title's words, tags that stand in the text."""

from __future__ import annotations

import time

from kinds.marking import findings, fixed, holds, rule

SUFFIX = rule("echo", shape="suffix")
SORTED = rule("echo", shape="sorted")
LABELS = rule("echo", shape="labels")
TEXT = "The mayor opened the New Bridge over the river on Monday with the ferry men of Old Town."


def test_the_site_behind_the_title_if_the_title_stands_alone_too() -> None:
    holds(
        SUFFIX,
        [f"Mayor opens bridge<< - The Valley>>\nMayor opens bridge\n{TEXT}", f"Mayor opens bridge - now\n{TEXT}"],
    )
    assert fixed(SUFFIX, "Mayor opens bridge | Valley\nMayor opens bridge") == "Mayor opens bridge\nMayor opens bridge"


def test_behind_a_bar_the_name_of_the_site_may_stand_alone_instead() -> None:
    holds(SUFFIX, [f"البلدية تفتح الجسر<< | الوادي>>\n{TEXT}\nالوادي", f"Mayor opens bridge - Valley\n{TEXT}\nValley"])


def test_the_last_bar_counts_and_short_titles_are_left() -> None:
    holds(SUFFIX, ["Live | mayor opens bridge<< | Valley>>\nValley", "Bridge opens | Valley\nValley\nBridge opens"])


def test_titles_stand_at_the_top() -> None:
    holds(rule("echo", shape="suffix", first_lines=1), ["News\nMayor opens bridge | Valley\nValley"])


def test_the_title_s_words_in_order_are_tags() -> None:
    holds(
        SORTED, [f"The mayor opens a new bridge\n{TEXT}\n<<a bridge mayor new opens>>", "The mayor opens a new bridge"]
    )
    holds(SORTED, ["The mayor opens a new bridge\nopens bridge mayor new a", "The mayor opens\na b c d e"])


def test_labels_below_the_text_that_stand_in_it() -> None:
    holds(LABELS, [f"{TEXT}\n<<New Bridge\n# ferry\nOld Town>>", f"{TEXT}\nNew Bridge\nOld Town\nOther news"])
    holds(LABELS, [f"New Bridge\nferry\nOld Town\n{TEXT}", f"{TEXT}\nThe New\nBridge!\nferry\nOld Town"])


def test_a_label_may_begin_another() -> None:
    holds(LABELS, [f"{TEXT}\n<<New\nNew Bridge\nNew Bridge over>>", f"{TEXT}\nNew\nNew Town\nTown.\nTown New"])


def test_many_labels_take_no_longer_each() -> None:
    text = TEXT * 2000 + "\n" + "New Bridge\nelsewhere\n" * 20_000
    start = time.perf_counter()
    assert findings(LABELS, text) == []
    assert time.perf_counter() - start < 10
