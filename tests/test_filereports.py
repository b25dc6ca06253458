"""Reports of many files take little memory, and come back as they were."""

from __future__ import annotations

import tracemalloc

import msgspec
import pytest
from reporters.samples import file_report, findings, run_report

from auditor import results
from auditor.filereports import FileReports
from auditor.model import FileReport
from auditor.sound import encode


def report(number: int) -> FileReport:
    name = f"news/{number:06}.txt"
    return file_report(name, findings()[: number % 3])


def kept(count: int) -> FileReports:
    found = FileReports()
    for number in range(count):
        found.append(report(number))
    return found


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 200])
def test_they_come_back_as_they_were(count: int) -> None:
    found, given = kept(count), [report(number) for number in range(count)]
    assert len(found) == count
    assert list(found) == given
    assert [found[at] for at in range(count)] == given
    assert found[-3:] == given[-3:]
    with pytest.raises(IndexError):
        found[count]


def test_lone_surrogates_stay() -> None:
    odd = msgspec.structs.replace(report(0), path="a\ud800.txt")
    found = FileReports()
    for _ in range(64):
        found.append(odd)
    assert list(found) == [odd] * 64


def test_a_report_takes_a_few_hundred_bytes() -> None:
    tracemalloc.start()
    found = kept(6400)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 6400
    assert size < 6400 * 300


def test_few_are_handed_out_as_a_tuple_and_many_are_not_unpacked() -> None:
    assert isinstance(kept(100).plain(), tuple)
    assert isinstance(kept(5000).plain(), FileReports)


@pytest.mark.parametrize("count", [0, 1, 5, 5000])
def test_the_json_of_a_run_does_not_depend_on_how_its_files_are_kept(count: int) -> None:
    given = [report(number) for number in range(count)]
    whole = run_report(given)
    expected = msgspec.json.format(encode(whole), indent=2) + b"\n"
    assert b"".join(results.json_of(msgspec.structs.replace(whole, files=kept(count).plain()))) == expected


def test_sums_do_not_depend_on_it_either() -> None:
    one, other = (results.run_report("1", [], {}, files) for files in (list(kept(5000)), kept(5000)))
    assert one.totals == other.totals
    assert one.totals.findings == sum(file.findings for file in one.files) > 0
