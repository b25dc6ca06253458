"""Expressions are compiled when they are first used, and are what `regex` makes of them then."""

from __future__ import annotations

import subprocess
import sys

import regex
from hypothesis import given
from hypothesis import strategies as st

from auditor.expressions import expression

WORD = r"(?i)(?P<word>\p{L}+)-?"


@given(st.text(alphabet="ab -كت"))
def test_an_expression_does_what_its_compiled_one_does(text: str) -> None:
    ours, theirs = expression(WORD), regex.compile(WORD)
    assert ours.findall(text) == theirs.findall(text)
    assert ours.sub("<\\g<word>>", text) == theirs.sub("<\\g<word>>", text)
    assert ours.split(text) == theirs.split(text)
    assert [match.span("word") for match in ours.finditer(text)] == [
        match.span("word") for match in theirs.finditer(text)
    ]


def test_what_else_it_tells_of_itself() -> None:
    assert expression(WORD).pattern == WORD
    assert expression(WORD).flags == regex.compile(WORD).flags
    assert expression(WORD).groups == 1


def test_bytes() -> None:
    assert expression(rb"[\x80-\xff]+").findall("aت".encode()) == ["ت".encode()]


def test_regex_comes_with_the_first_use() -> None:
    code = (
        "import sys; from auditor.expressions import expression; one = expression('a'); one.pattern; "
        "print('regex' in sys.modules); print(one.search('a') is not None, 'regex' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "True"]
