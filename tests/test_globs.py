"""Path patterns as in .gitignore."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.globs import matches


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("a.txt", "a.txt", True),
        ("a.txt", "deep/down/a.txt", True),  # without a slash: at any depth
        ("a.txt", "xa.txt", False),
        ("*.txt", "deep/a.txt", True),
        ("*.txt", "a.txt.gz", False),
        ("news/*.txt", "news/a.txt", True),
        ("news/*.txt", "news/deep/a.txt", False),  # a star stays within a folder
        ("news/*.txt", "old/news/a.txt", False),  # with a slash: from the beginning
        ("news/**/*.txt", "news/a.txt", True),
        ("news/**/*.txt", "news/deep/down/a.txt", True),
        ("news/**", "news/deep/a.txt", True),
        ("news/**", "newsletter/a.txt", False),
        ("**/news/*.txt", "old/news/a.txt", True),
        ("**/news/*.txt", "news/a.txt", True),
        ("drafts", "drafts/deep/a.txt", True),  # a folder takes what lies in it along
        ("drafts/", "old/drafts/a.txt", True),
        ("/drafts", "drafts/a.txt", True),
        ("/drafts", "old/drafts/a.txt", False),
        ("./drafts/*", "drafts/a.txt", True),
        ("a?.txt", "ab.txt", True),
        ("a?.txt", "a/.txt", False),
        ("a[0-9].txt", "a7.txt", True),
        ("a[!0-9].txt", "a7.txt", False),
        ("a[!0-9].txt", "ab.txt", True),
        ("a[.txt", "a[.txt", True),  # not closed: stands for itself
        ("[z-a].txt", "[z-a].txt", True),
        ("a+(b).txt", "a+(b).txt", True),
        ("أخبار/*", "أخبار/صفحة.txt", True),
        ("line*.txt", "line\nbreak.txt", True),
    ],
)
def test_patterns(pattern: str, path: str, fits: bool) -> None:
    assert matches([pattern], path) == fits


def test_one_of_several_is_enough() -> None:
    assert matches(["x", "*.txt"], "a.txt")
    assert not matches([], "a.txt")


@given(st.text("ab*?[]!-^\\/.|&~(", max_size=12), st.text("ab/.", max_size=12))
def test_anything_is_a_pattern(pattern: str, path: str) -> None:
    matches([pattern], path)


@given(st.text(st.characters(exclude_characters="*?[/.", exclude_categories=["Cs"]), min_size=1))
def test_plain_text_stands_for_itself(name: str) -> None:
    assert matches([name], name)
