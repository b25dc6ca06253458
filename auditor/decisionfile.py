"""decisions.yaml: read with the place of every mistake, written sorted, so that the same decisions give the same bytes.

Also what the page of a report exports: a list of verdicts alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from auditor.decisions import OPINIONS, SCOPES, Decisions, Known, Place, Ruling
from auditor.errors import ConfigError
from auditor.expressions import expression
from auditor.hints import meant
from auditor.packfile import Key, PackFile

FILE = "decisions.yaml"
LARGEST = 256 << 20  # bytes of a file that are read
EXCERPT = 60  # code points of a known finding's text that are kept for readers

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_MARK = re.compile(r"[0-9a-f]{12}")
_RULE = re.compile(r"[\w.-]+/[\w.-]+")
_PLAIN = expression(r"\p{L}(?:[\p{L}\p{M}\p{N}_/.-]|(?<! ) (?! |$))*+")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_HEAD = "# Decisions about findings, written by `auditor decide`; docs/decisions.md tells more.\nschema: 1\n"
_PLACE_KEYS = ("document", "record", "id", "marks")
_RULING_KEYS = (
    *("fingerprint", "rule", "text", "verdict", "scope", "document", "record", "id", "marks"),
    *("site", "line", "note", "person", "date"),
)


class _File(PackFile):
    """A file of decisions, from people one may not know."""

    error = ConfigError
    noun = "file of decisions"
    no_anchors = "anchors and aliases are not part of a file of decisions; write the value where it is used"

    def decisions(self) -> Decisions:
        """Everything in it, checked."""
        data = {"verdicts": self.data} if isinstance(self.data, list) else self.data
        base: Key = () if isinstance(self.data, list) else ("verdicts",)
        if data is None:
            return Decisions()
        if not isinstance(data, dict):
            self.fail(f"decisions are a mapping of known and verdicts, or a list of verdicts, not {data!r}")
        self._refuse_unknown(data, ("schema", "known", "verdicts"), ())
        if data.get("schema", 1) != 1:
            self.fail(f"schema {data['schema']!r} is not known here; this auditor reads schema 1", ("schema",))
        known = [self._known(item, ("known", at)) for at, item in enumerate(self._list(data, "known", ("known",)))]
        rulings = [self._ruling(item, (*base, at)) for at, item in enumerate(self._list(data, "verdicts", base))]
        return Decisions(known, rulings)

    def place_of(self, number: int) -> str:
        """``file:line`` of a verdict, for messages."""
        base: Key = () if isinstance(self.data, list) else ("verdicts",)
        at = self._marks.get((*base, number), 0)
        return f"{self.path}:{self.text.count(chr(10), 0, at) + 1}"

    def _list(self, data: dict[str, Any], name: str, key: Key) -> list[Any]:
        found = data.get(name)
        if found is not None and not isinstance(found, list):
            self.fail(f"{name} must be a list", key)
        return found or []

    def _known(self, item: Any, key: Key) -> Known:
        item = self._table(item, (*_PLACE_KEYS, "findings"), key)
        findings = item.get("findings")
        if not isinstance(findings, dict) or not findings:
            self.fail("findings must be a mapping of rules, each with fingerprints and texts", (*key, "findings"))
        for rule, found in findings.items():
            self._matching(_RULE, rule, "a rule is named pack/rule", (*key, "findings", rule))
            if not isinstance(found, dict):
                self.fail("a rule has a mapping of fingerprints to texts", (*key, "findings", rule))
            for fingerprint, text in found.items():
                place = (*key, "findings", rule, fingerprint)
                self._matching(_FINGERPRINT, fingerprint, "a fingerprint has 16 hex digits", place)
                found[fingerprint] = self._text(text, "the text of a finding", place) if text is not None else ""
        place_found = self._place(item, key)
        if place_found is None:
            self.fail("key 'document' is missing", key)
        return Known(place=place_found, findings=findings)

    def _ruling(self, item: Any, key: Key) -> Ruling:
        item = self._table(item, _RULING_KEYS, key)
        for name in ("fingerprint", "rule", "verdict"):
            if name not in item:
                self.fail(f"key {name!r} is missing", key)
        verdict = "true" if item["verdict"] is True else item["verdict"]
        scope = item.get("scope") or "here"
        texts = {
            name: self._text(item[name], name, (*key, name))
            for name in ("text", "site", "line", "note", "person")
            if item.get(name) not in (None, "")  # a page writes the notes that nobody made, too
        }
        if scope == "site" and not texts.get("site"):
            self.fail("a verdict for a site names it: site: example.org", (*key, "scope"))
        if scope in SCOPES and scope != "here" and not texts.get("text"):
            self.fail(f"a verdict of scope {scope} is told again by its text: key 'text' is missing", key)
        fingerprint = self._text(item["fingerprint"], "fingerprint", (*key, "fingerprint"))
        return Ruling(
            fingerprint=self._matching(
                _FINGERPRINT, fingerprint, "a fingerprint has 16 hex digits", (*key, "fingerprint")
            ),
            rule=self._matching(_RULE, item["rule"], "a rule is named pack/rule", (*key, "rule")),
            verdict=self._choice(verdict, OPINIONS, (*key, "verdict")),
            scope=self._choice(scope, SCOPES, (*key, "scope")),
            place=self._place(item, key),
            date=self._date(item.get("date"), (*key, "date")),
            **{"text": "", **texts},
        )

    def _place(self, item: dict[str, Any], key: Key) -> Place | None:
        if item.get("document") is None:
            return None
        record = item.get("record", 0)
        if not isinstance(record, int) or isinstance(record, bool) or record < 0:
            self.fail("record must be a whole number from 0", (*key, "record"))
        marks = item.get("marks") or []
        if not isinstance(marks, list) or len(marks) > 3:
            self.fail("marks must be a list of at most three digests", (*key, "marks"))
        digests = (str(mark) for mark in marks)
        return Place(
            path=self._text(item["document"], "document", (*key, "document")),
            record=record,
            id=self._text(item["id"], "id", (*key, "id")) if item.get("id") is not None else None,
            marks=tuple(self._matching(_MARK, one, "a mark has 12 hex digits", (*key, "marks")) for one in digests),
        )

    def _table(self, item: Any, known: Sequence[str], key: Key) -> dict[str, Any]:
        if not isinstance(item, dict):
            self.fail(f"must be a mapping with the keys {', '.join(known)}", key)
        self._refuse_unknown(item, known, key)
        return item

    def _refuse_unknown(self, item: dict[str, Any], known: Sequence[str], key: Key) -> None:
        for name in item:
            if name not in known:
                self.fail(f"unknown key {name[:80]!r}{meant(name[:80], known)}", (*key, name))

    def _text(self, value: Any, name: str, key: Key) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self.fail(f"{name} must be text", key)
        return value

    def _matching(self, pattern: re.Pattern[str], value: Any, what: str, key: Key) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            self.fail(f"{what}; this is {str(value)[:80]!r}", key)
        return value

    def _choice(self, value: Any, known: Sequence[Any], key: Key) -> Any:
        if value not in known:
            self.fail(f"{str(value)[:80]!r} is not known{meant(str(value)[:80], known)}", key)
        return value

    def _date(self, value: Any, key: Key) -> str | None:
        if value is None or value == "":
            return None
        try:
            return date.fromisoformat(value).isoformat()
        except (TypeError, ValueError):
            self.fail(f"a date is written 2026-01-31; this is {str(value)[:80]!r}", key)


def read(path: Path) -> tuple[Decisions, _File]:
    """The decisions in a file. ConfigError with file, line and column where it is none of ours."""
    try:
        if path.stat().st_size > LARGEST:
            raise ConfigError(f"{path}: larger than {LARGEST >> 20} MB: not read; split it, or record a smaller run")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: cannot read decisions: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 (byte {error.start})") from None
    file = _File(path, text)
    return file.decisions(), file


def load(path: Path) -> Decisions:
    """The decisions in a file, read once in a process; rulings that speak of one thing must agree."""
    try:
        stat = path.stat()
    except OSError as error:
        raise ConfigError(f"{path}: cannot read decisions: {error.strerror}") from None
    return _loaded(path.absolute(), path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _loaded(path: Path, shown: Path, changed: int, size: int) -> Decisions:
    decisions, file = read(shown)
    seen: dict[tuple[str, ...], int] = {}
    for number, ruling in enumerate(decisions.rulings):
        if ruling.verdict == "skip":
            continue
        other = seen.setdefault(ruling.reach, number)
        if decisions.rulings[other].verdict != ruling.verdict:
            raise ConfigError(
                f"{file.place_of(number)}: {ruling.person or 'someone'} says {ruling.verdict}, where "
                f"{decisions.rulings[other].person or 'someone'} says {decisions.rulings[other].verdict} "
                f"({file.place_of(other)}) of the same: keep one of the two"
            )
    return decisions


def dump(known: Sequence[Known], rulings: Sequence[Ruling]) -> str:
    """The text of a file of decisions: sorted, a line a known finding, so that a review reads what changed."""
    return "".join(_lines(known, rulings))


def _lines(known: Sequence[Known], rulings: Sequence[Ruling]) -> Iterator[str]:
    yield _HEAD
    if known:
        yield "known:\n"
    for one in sorted(known, key=lambda one: (one.place.path, one.place.record, one.place.id or "")):
        yield from _fields(_place_fields(one.place), "- ")
        yield "  findings:\n"
        for rule in sorted(one.findings):
            yield f"    {rule}:\n"
            found = one.findings[rule]
            for fingerprint in sorted(found, key=lambda name: (found[name], name)):
                yield f'      "{fingerprint}": {quoted(found[fingerprint])}\n'
    if rulings:
        yield "verdicts:\n"
    for ruling in sorted(rulings, key=_order):
        names = ("fingerprint", "rule", "text", "verdict", "scope")
        later = ("site", "line", "note", "person", "date")
        fields = {name: quoted(getattr(ruling, name)) for name in names}
        fields["fingerprint"] = f'"{ruling.fingerprint}"'
        fields |= _place_fields(ruling.place) if ruling.place else {}
        fields |= {name: quoted(getattr(ruling, name)) for name in later if getattr(ruling, name) is not None}
        yield from _fields(fields, "- ")


def _order(ruling: Ruling) -> tuple[str, ...]:
    place = (ruling.place.path, f"{ruling.place.record:012d}") if ruling.place else ("", "")
    told = (ruling.fingerprint, ruling.scope, ruling.site or "", *place, ruling.person or "", ruling.date or "")
    return (ruling.rule, ruling.text, *told, ruling.verdict)


def _place_fields(place: Place) -> dict[str, str]:
    fields = {"document": quoted(place.path)}
    if place.record:
        fields["record"] = str(place.record)
    if place.id is not None:
        fields["id"] = quoted(place.id)
    if place.marks:
        fields["marks"] = "[" + ", ".join(f'"{mark}"' for mark in place.marks) + "]"
    return fields


def _fields(fields: dict[str, str], bullet: str) -> Iterator[str]:
    for number, (name, value) in enumerate(fields.items()):
        yield f"{'  ' if number else bullet}{name}: {value}\n"


def excerpt(text: str) -> str:
    """What of a finding's text stands in a baseline: its beginning, in one line."""
    line = " ".join(text[: 4 * EXCERPT].split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"


def quoted(text: str) -> str:
    """A text as a YAML scalar; in quotes where it might be read as something else, nothing invisible in it."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    code = ord(char)
    if 0xD800 <= code < 0xE000:
        return "\\uFFFD"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
