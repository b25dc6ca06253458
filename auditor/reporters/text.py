"""How corpus text is shown to people: nothing hidden, no terminal driven, right-to-left intact."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath

from auditor.expressions import expression
from auditor.model import Finding, Fix

FSI, PDI = "\u2068", "\u2069"  # first strong isolate, pop directional isolate

# Control, format, surrogate, private, unassigned and default-ignorable code points, and every space but
# U+0020. Let through: Arabic number signs (visible though "format"), and the joiners and variation selectors
# that scripts and emoji need, as long as they stand where they do something.
_HIDDEN = expression(
    r"""(?V1x)
    [[\p{C}\p{DI}\p{Z}\N{BRAILLE PATTERN BLANK}]
      --[\ \u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u200C\u200D\uFE0E\uFE0F]]
    | (?<![[\p{L}\p{M}]--\p{Latin}])\u200C | \u200C(?![\p{L}--\p{Latin}])
    | (?<![\p{S}\uFE0F\p{ccc=9}])\u200D | \u200D(?![\p{S}[\p{L}--\p{Arabic}--\p{Latin}]])
    | (?<![\p{S}\p{N}\#*])[\uFE0E\uFE0F]
    """
)
_RTL = r"\p{bc=R}\p{bc=AL}"
# Right-to-left words with the neutral characters between; quotes end a run, since messages quote with them.
_RTL_RUN = expression(rf"[{_RTL}](?:[^\p{{bc=L}}'\"⏎]*[{_RTL}\p{{M}}])?")
_WORD = 16
_PACKED = (".gz", ".zst")
_ROW_FORMATS = (".jsonl", ".ndjson", ".parquet", ".warc", ".wet")
_PAGES = (".html", ".htm")


def segments(text: str) -> Iterator[tuple[bool, str]]:
    """Yield (hidden, part): parts to show as they are, and single code points one would not see."""
    end = 0
    if text.isascii() and text.isprintable():  # most names and messages
        yield from [(False, text)] if text else ()
        return
    for match in _HIDDEN.finditer(text):
        if match.start() > end:
            yield False, text[end : match.start()]
        yield True, match[0]
        end = match.end()
    if end < len(text):
        yield False, text[end:]


def code_point(char: str) -> str:
    """Return the usual name of a code point: ``U+200F``."""
    return f"U+{ord(char):04X}"


def visible(text: str) -> str:
    """Return ``text`` in one line: line feeds as ⏎, other hidden code points as ``<U+200F>``."""
    return "".join(_shown(part) if hidden else part for hidden, part in segments(text))


def _shown(char: str) -> str:
    return "⏎" if char == "\n" else f"<{code_point(char)}>"


def rtl_runs(text: str) -> Iterator[tuple[bool, str]]:
    """Yield (right_to_left, part) of a text that mixes directions, such as a message that quotes Arabic."""
    end = 0
    if text.isascii():
        yield from [(False, text)] if text else ()
        return
    for match in _RTL_RUN.finditer(text):
        if match.start() > end:
            yield False, text[end : match.start()]
        yield True, match[0]
        end = match.end()
    if end < len(text):
        yield False, text[end:]


def prose(text: str, *, isolate: bool) -> str:
    """Return a left-to-right sentence made visible, its right-to-left runs isolated from each other."""
    shown = visible(text)
    if not isolate:
        return shown
    return "".join(f"{FSI}{part}{PDI}" if rtl else part for rtl, part in rtl_runs(shown))


def isolated(text: str, *, isolate: bool) -> str:
    """Return an already visible snippet in its own direction, wrapped only where that matters."""
    return f"{FSI}{text}{PDI}" if isolate and not text.isascii() and _RTL_RUN.search(text) else text


def shorten(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` code points, its middle given as …"""
    if len(text) <= width:
        return text
    head = width // 2
    return f"{text[:head]}…{text[head + 1 - width :]}"


def excerpt(finding: Finding, line: str | None, width: int) -> tuple[str, str, str]:
    """Return (before, match, after) of the finding's first line, about ``width`` code points in all.

    Without ``line``, or where it does not hold the match any more, only the matched text is returned.
    """
    if line is None:
        return "", shorten(finding.text, width), ""
    line = line.split("\n", 1)[0].removesuffix("\r")
    start = finding.column - 1
    one_line = finding.end_line == finding.line
    end = finding.end_column - 1 if one_line else len(line)
    matched = line[start:end]
    if not finding.text.startswith(matched) or (one_line and matched != finding.text):
        return "", shorten(finding.text, width), ""
    match = shorten(matched, width)
    room = max(width - len(match), width // 4)
    before, after = line[:start], line[end:]
    left = max(room // 2, room - len(after))
    right = max(room - min(len(before), left), 0)
    if len(before) > left:
        before = "…" + _trimmed(before[len(before) - left :])
    if len(after) > right:
        after = _trimmed(after[:right][::-1])[::-1] + "…"
    return before, match, after


def _trimmed(text: str) -> str:
    """Drop the word that a cut left in pieces at the beginning of ``text``, unless it is a very long one."""
    head, space, rest = text.partition(" ")
    return space + rest if space and len(head) < _WORD else text


def place(path: str, record: int) -> str:
    """Return ``path``, or ``path[record]`` where a file holds more than one document."""
    return visible(f"{path}[{record}]" if record or in_rows(path) else path)


@lru_cache(1024)
def in_rows(path: str) -> bool:
    """Whether a file's name says that it holds a document a row."""
    name = PurePosixPath(path)
    suffix = PurePosixPath(name.stem).suffix if name.suffix in _PACKED else name.suffix
    return suffix in _ROW_FORMATS


@lru_cache(1024)
def apart(path: str) -> bool:
    """Whether lines of a file's texts are no lines of the file: it holds rows, or is a page."""
    name = PurePosixPath(path)
    return in_rows(path) or (PurePosixPath(name.stem).suffix if name.suffix in _PACKED else name.suffix) in _PAGES


def file_line(finding: Finding) -> int:
    """The line of the file to point at: of a row its own, of a page the one of the element."""
    if finding.origin is not None and not in_rows(finding.path):
        return finding.origin.line or 1
    return finding.record + 1 if apart(finding.path) else finding.line


def within(finding: Finding) -> str:
    """Where in a file whose lines are not those of its texts a finding stands, in words."""
    name = f", id {finding.id}" if finding.id is not None else ""
    row = f"row {finding.record}{name}, " if in_rows(finding.path) else ""
    element = f", from {finding.origin.element}" if finding.origin is not None else ""
    return f"{row}{finding.line}:{finding.column} in its text{element}"


@lru_cache(1024)
def packed(path: str) -> bool:
    """Whether a file's name says that it is compressed."""
    return PurePosixPath(path).suffix in _PACKED


def location(finding: Finding) -> str:
    """Return ``path:line:column`` with the record where it tells something."""
    return f"{place(finding.path, finding.record)}:{finding.line}:{finding.column}"


def ends(finding: Finding) -> tuple[int, int]:
    """Return the line and column a finding ends at, the line break at its end left out.

    GitHub shows in a pull request what lies in changed lines only, and the next line may not be one.
    """
    body = finding.text.removesuffix("\n").removesuffix("\r") if finding.text.endswith("\n") else finding.text
    if not body or body == finding.text:
        return finding.end_line, finding.end_column
    breaks = body.count("\n")
    return finding.line + breaks, len(body) - body.rfind("\n") if breaks else finding.column + len(body)


def fix_label(fix: Fix) -> str:
    """Return how a fix is to be taken: ``fix (safe)``, ``fix (unsafe)`` or ``suggestion``."""
    return "suggestion" if fix.applicability == "display" else f"fix ({fix.applicability})"


def count(number: int, noun: str) -> str:
    """Return ``1 file``, ``2,000 files``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def share(part: int, whole: int) -> str:
    """Return a percentage in words a person trusts: a little is never shown as nothing, nor most as all."""
    if not whole or not part:
        return "0%"
    percent = 100 * part / whole
    if percent < 0.01:
        return "under 0.01%"
    return f"{percent:.2f}%" if percent < 1 else f"{min(percent, 99.9 if part < whole else 100):.1f}%"
