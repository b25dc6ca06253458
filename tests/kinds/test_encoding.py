"""A file that is not UTF-8 is told once, at its first character."""

from __future__ import annotations

from auditor.check import Engine, check
from auditor.model import Document
from auditor.packs import load_packs


def test_documents_with_a_noted_encoding_are_told() -> None:
    engine = Engine(load_packs(["core-encoding/other-encoding"]))
    noted = {"encoding": "utf-16-le"}
    documents = [
        Document(text="The bridge is open.", meta=noted),
        Document(text="The bridge is open."),
        Document(text="", meta=noted),
    ]
    first, second, empty = (checked.findings for checked in check(engine, documents))
    assert [(finding.start, finding.end, finding.why, finding.fix) for finding in first] == [
        (0, 1, "the file is utf-16-le", None)
    ]
    assert first[0].message.startswith("the file is encoded in utf-16-le, not in UTF-8; --to-utf8")
    assert (second, empty) == ([], [])
