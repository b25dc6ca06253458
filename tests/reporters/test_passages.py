from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Document, Edit, Finding
from auditor.reporters.passages import shown

from .samples import find

LINES = "\n".join(f"line {number}" for number in range(1, 101))


def at(text: str, start: int, end: int) -> Finding:
    """A finding of ``text[start:end]``."""
    base = find("news/سد.txt", "البديهية", "x/y", "m")
    line = text.count("\n", 0, start) + 1
    fields = {"start": start, "end": end, "line": line, "text": text[start:end]}
    values = {name: getattr(base, name) for name in base.__struct_fields__} | fields
    return Finding(**values)


def test_a_short_text_is_whole() -> None:
    found = shown(Document(text="one\ntwo"), [at("one\ntwo", 4, 7)], [Edit(4, 7, "")], ["f"])
    assert [passage.text for passage in found.passages] == ["one\ntwo"]
    assert (found.whole, found.edits, found.applied) == (True, ((4, 7, ""),), ("f",))


def test_a_long_one_is_cut_to_its_findings_with_two_lines_around() -> None:
    start = LINES.index("line 50")
    found = shown(Document(text=LINES), [at(LINES, start, start + 7)], whole=100)
    [passage] = found.passages
    assert passage.text == "line 48\nline 49\nline 50\nline 51\nline 52\n"
    assert (passage.line, passage.column, LINES[passage.start :][:7]) == (48, 1, "line 48")
    assert not found.whole


def test_neighbours_share_a_passage_and_edits_elsewhere_are_left_out() -> None:
    first, second = LINES.index("line 50"), LINES.index("line 53")
    edits = [Edit(0, 4, ""), Edit(first, first + 8, "")]
    found = shown(Document(text=LINES), [at(LINES, second, second + 4), at(LINES, first, first + 4)], edits, whole=100)
    assert [passage.text.count("\n") for passage in found.passages] == [8]
    assert found.edits == (edits[1],)


def test_a_line_without_end_is_cut_around_the_finding() -> None:
    text = "x" * 5000
    [passage] = shown(Document(text=text), [at(text, 3000, 3005)], whole=100).passages
    assert (passage.start, len(passage.text), passage.column) == (2400, 1205, 2401)


@given(st.text(alphabet="ab\n", min_size=1, max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 30))))
def test_passages_are_what_stands_there_and_hold_every_finding(text: str, places: list[tuple[int, int]]) -> None:
    spans = [(min(start, len(text)), min(start + size, len(text))) for start, size in places]
    listed = [at(text, start, end) for start, end in spans]
    found = shown(Document(text=text), listed, whole=0)
    for passage in found.passages:
        assert text[passage.start :].startswith(passage.text)
        assert passage.line == text.count("\n", 0, passage.start) + 1
        assert passage.column == passage.start - (text.rfind("\n", 0, passage.start) + 1) + 1
    ends = [(passage.start, passage.start + len(passage.text)) for passage in found.passages]
    assert all(any(low <= start and end <= high for low, high in ends) for start, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(ends))
