"""Findings and reports to render: sentences written for these tests, some of them hostile."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

from auditor.model import Example, FileReport, Finding, Fix, Metrics, RunReport, Totals, Translated, Unchecked

NEWS = (
    "أعلنت وزارة الري يوم الأحد بدء صيانة السد القديم.\n"
    "ونقلت الصحيفة عن البديهية أن الوفد وصل إلى المدينة مساء أمس\n"
    "شارك عبر فيسبوك\n"
    "اشترت الشركة جهاز MacBookالجديد وعرضته\u200f على\u00a0الزوار\n"
)
HOSTILE = (
    "</mark></p><script>alert('x')</script> عنوان | موقع `code` \x1b[31mأحمر\x1b[0m\n"
    "\u202eقلب\u202c الاتجاه\u2028ثم سطر\r\n"
    "<!-- --> & &amp; ${HOME} $style @someone #12 [x](javascript:1) \\| \x9b2J\u2066\u2069\n"
)
LONG = " ".join(f"كلمة{number}" for number in range(60))

TEXTS = {
    ("news/سد.txt", 0): NEWS,
    ("news/rows.jsonl.gz", 12): HOSTILE,
    ("news/long.txt", 0): LONG + " وكالة الحارس " + LONG,
}


def line_of(finding: Finding) -> str | None:
    """Return the line a sample finding starts on."""
    text = TEXTS.get((finding.path, finding.record))
    return None if text is None else text.split("\n")[finding.line - 1].removesuffix("\r")


def find(path: str, match: str, rule: str, message: str, *, record: int = 0, why: str = "", **fields: Any) -> Finding:
    """Return a finding of ``match`` in the sample text of ``path``, its place computed from the text."""
    text = TEXTS[path, record]
    start = text.index(match)
    end = start + len(match)
    fix = fields.pop("fix", None)
    values: dict[str, Any] = {
        "path": path,
        "record": record,
        "id": None,
        "rule": rule,
        "category": "boilerplate",
        "severity": "warning",
        "confidence": "high",
        "line": text.count("\n", 0, start) + 1,
        "column": start - (text.rfind("\n", 0, start) + 1) + 1,
        "end_line": text.count("\n", 0, end) + 1,
        "end_column": end - (text.rfind("\n", 0, end) + 1) + 1,
        "start": start,
        "end": end,
        "text": match,
        "message": message,
        "why": why,
        "related": (),
        "fingerprint": f"{rule}-{start}",
        "fix": fix and Fix(start=start + fix[0], end=start + fix[1], replacement=fix[2], applicability=fix[3]),
    }
    return Finding(**(values | fields))


def findings() -> list[Finding]:
    """Return one finding of every sort a reporter has to show."""
    return [
        find(
            "news/long.txt",
            "الحارس",
            "ar-names/guardian",
            "'الحارس' means 'guard'; the newspaper is الغارديان",
            severity="info",
            category="mistranslation",
            confidence="low",
            fix=(0, 6, "الغارديان", "display"),
        ),
        find(
            "news/rows.jsonl.gz",
            "</mark></p><script>alert('x')</script> عنوان | موقع `code` \x1b[31mأحمر\x1b[0m\n",
            "core/markup",
            "Markup left in the text: '</mark></p><script>alert('x')</script> \x1b[31m'",
            record=12,
            id="doc|7\x1b]0;t\x07",
            severity="error",
            category="encoding",
        ),
        find(
            "news/rows.jsonl.gz",
            "\u202e",
            "core/bidi",
            "Direction override U+202E",
            record=12,
            id="doc|7",
            category="encoding",
            fix=(0, 1, "", "safe"),
        ),
        find(
            "news/سد.txt",
            "البديهية",
            "ar-names/axios",
            "'البديهية' means 'axiom'; the outlet Axios is أكسيوس",
            why="near 'ونقلت الصحيفة عن'",
            severity="error",
            category="mistranslation",
            fix=(0, 8, "أكسيوس", "safe"),
        ),
        find(
            "news/سد.txt",
            "شارك عبر فيسبوك\n",
            "ar-boilerplate/share",
            "Share-bar text 'شارك عبر فيسبوك'",
            why="the whole line",
            fix=(0, 16, "", "safe"),
        ),
        find(
            "news/سد.txt",
            "MacBookالجديد",
            "core/glued",
            "Latin and Arabic letters in one word: 'MacBookالجديد'",
            category="mixed-script",
            fix=(7, 7, " ", "unsafe"),
        ),
    ]


def file_report(path: str, listed: list[Finding], **fields: Any) -> FileReport:
    """Return the report of one file with the counts of ``listed``."""
    examples: dict[str, Example] = {}
    for finding in listed:
        example = Example(
            path=path, record=finding.record, line=finding.line, text=finding.text, message=finding.message
        )
        examples.setdefault(finding.rule, example)
    values: dict[str, Any] = {
        "path": path,
        "format": "txt",
        "digest": "0" * 64,
        "documents": 1,
        "characters": 2000,
        "findings": len(listed),
        "by_severity": dict(Counter(finding.severity for finding in listed)),
        "by_category": dict(Counter(finding.category for finding in listed)),
        "by_rule": dict(Counter(finding.rule for finding in listed)),
        "fixed": 0,
        "remaining": 0,
        "characters_deleted": 0,
        "scores": {"boilerplate_ratio": 0.1},
        "quality": 1.0,
        "quality_cleaned": None,
        "verdict": "review",
        "cleaned_path": None,
        "cleaned_digest": None,
        "patch_path": None,
        "unchecked": (),
        "examples": examples,
    }
    return FileReport(**(values | fields))


def run_report(files: list[FileReport], **fields: Any) -> RunReport:
    """Return the report of a run over ``files``, its totals summed up."""

    def summed(name: str) -> dict[str, int]:
        total: Counter[str] = Counter()
        for file in files:
            total.update(getattr(file, name))
        return dict(total)

    unchecked = sum(len(file.unchecked) for file in files)
    values: dict[str, Any] = {
        "files": len(files),
        "documents": sum(file.documents for file in files),
        "characters": sum(file.characters for file in files),
        "findings": sum(file.findings for file in files),
        "fixed": sum(file.fixed for file in files),
        "remaining": sum(file.remaining for file in files),
        "characters_deleted": sum(file.characters_deleted for file in files),
        "unchecked": unchecked,
        "by_severity": summed("by_severity"),
        "by_category": summed("by_category"),
        "by_rule": summed("by_rule"),
        "quality": sum(file.quality for file in files) / max(len(files), 1),
        "quality_cleaned": None,
        "verdict": "unchecked" if unchecked else "review" if summed("by_rule") else "clean",
    }
    return RunReport(
        version="0.1.0",
        packs={"ar-names": "ab" * 32, "core": "cd" * 32},
        options={"unsafe": False, "rules": ["ar", "core"], "text_field": "text</script>"},
        totals=Totals(**(values | fields)),
        files=tuple(files),
    )


def report() -> RunReport:
    """Return a run over the sample texts, with a hostile path and unchecked documents."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings():
        by_path.setdefault(finding.path, []).append(finding)
    slow = Unchecked(path="news/rows.jsonl.gz", record=40, reason="core/markup took longer than 2 s | `stopped`")
    broken = "broken|<b>\u202e\x1b[2J`.txt"
    return run_report(
        [
            file_report("news/clean.txt", [], verdict="clean"),
            file_report("news/long.txt", by_path["news/long.txt"], quality=0.93),
            file_report(
                "news/rows.jsonl.gz",
                by_path["news/rows.jsonl.gz"],
                documents=41,
                quality=0.41,
                quality_cleaned=0.44,
                fixed=1,
                remaining=1,
                characters_deleted=1,
                verdict="unchecked",
                unchecked=(slow,),
                translated=Translated(
                    engines={"spaced-comma": 2}, judged=30, high=12, signals={"more: full stops": 11, "less: و-": 3}
                ),
            ),
            file_report(
                "news/سد.txt",
                by_path["news/سد.txt"],
                quality=0.62,
                quality_cleaned=0.88,
                fixed=2,
                remaining=0,
                characters_deleted=16,
                verdict="repaired",
            ),
            file_report(
                broken,
                [],
                documents=0,
                characters=0,
                quality=0.0,
                verdict="unchecked",
                unchecked=(Unchecked(path=broken, record=None, reason="not UTF-8 at byte 7 <b>"),),
            ),
        ],
        quality_cleaned=0.61,
    )


def metrics() -> Metrics:
    """Return one row of `auditor score`."""
    return Metrics(
        path="news/سد.txt",
        record=0,
        id=None,
        site=None,
        language="ar",
        chars=180,
        words=30,
        lines=4,
        boilerplate_ratio=0.1,
        duplicate_ratio=0.0,
        mixed_script_ratio=0.03,
        spaced_comma_ratio=0.0,
        mt_engine=None,
        mt_score=0.93,
        mt_signals="more: full stops; less: hamzas left out",
        quality=0.62,
    )


def assert_golden(name: str, text: str) -> None:
    """Compare with golden/``name``; AUDITOR_UPDATE_GOLDEN=1 writes it anew instead."""
    path = Path(__file__).parent / "golden" / name
    if os.environ.get("AUDITOR_UPDATE_GOLDEN") == "1":
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text, f"{name} changed; AUDITOR_UPDATE_GOLDEN=1 accepts the new text"
