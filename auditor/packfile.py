"""YAML as packs use it: plain data with the place of every value, and nothing that could surprise.

No tags, no anchors (a few bytes of them can unfold to gigabytes), no key twice, and of YAML's many spellings of
yes and no only ``true`` and ``false``: in a word list, "no" is a word. The parser's events are read one by one
instead of its finished tree, which crashes the interpreter when it is nested some ten thousand deep.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from auditor.errors import AuditorError, PackError

Key = tuple[str | int, ...]  # where a value stands: ("rules", 3, "near", "any")

_INT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")  # longer ones are text: Python refuses to read the longest
_FRACTION = re.compile(r"-?[0-9]+\.[0-9]+")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_DEEPEST = 50
_SHOWN = 200  # code points of the offending line


class PackFile:
    """A pack's text, its data, and where each value stands. Other files of ours are read the same way."""

    error: type[AuditorError] = PackError
    noun = "pack"  # what the file is called in errors
    no_anchors = "anchors and aliases are not part of the rule language; use `define`"

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self._marks: dict[Key, int] = {}  # offset of each value's key (of the value itself in a list)
        self.data: Any = self._read()

    def fail(self, message: str, key: Key = ()) -> NoReturn:
        """Raise an error that shows file:line:column and the line at ``key`` (or the nearest value around it)."""
        raise self.error(self.describe(message, key))

    def describe(self, message: str, key: Key = ()) -> str:
        """The message with file:line:column, the offending line and a caret under the place."""
        while key and key not in self._marks:
            key = key[:-1]
        return self._show(message, self._marks.get(key, 0))

    def _show(self, message: str, at: int) -> str:
        """Lines end at ``\\n`` here as in editors, not at U+2028 as in YAML."""
        start, stop = self.text.rfind("\n", 0, at) + 1, self.text.find("\n", at)
        line = self.text[start : stop if stop >= 0 else len(self.text)].rstrip("\r")
        place = f"{self.path}:{self.text.count(chr(10), 0, at) + 1}:{at - start + 1}"
        return f"{place}: {message}\n    {line[:_SHOWN]}\n    {' ' * min(at - start, _SHOWN)}^"

    def _read(self) -> Any:
        try:
            loader = (yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)(self.text)
            try:
                return self._document(loader)
            finally:
                loader.dispose()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            found = f"not valid YAML: {error.problem or error.context}"
            raise self.error(self._show(found, mark.index if mark else 0)) from None
        except yaml.reader.ReaderError:
            wrong = yaml.reader.Reader.NON_PRINTABLE.search(self.text)
            at = wrong.start() if wrong else 0
            raise self.error(self._show(f"not valid YAML: U+{ord(self.text[at]):04X} must be escaped", at)) from None

    def _document(self, loader: Any) -> Any:
        loader.get_event()  # the stream's start
        if isinstance(loader.get_event(), StreamEndEvent):
            return None
        data = self._data(loader, loader.get_event(), ())
        assert isinstance(loader.get_event(), DocumentEndEvent)
        if not isinstance(after := loader.get_event(), StreamEndEvent):
            self._refuse(after, f"a second document begins here; a file holds one {self.noun}")
        return data

    def _data(self, loader: Any, event: Any, key: Key) -> Any:
        self._marks.setdefault(key, event.start_mark.index)
        if isinstance(event, AliasEvent) or event.anchor is not None:
            self._refuse(event, self.no_anchors)
        if event.tag is not None:
            self._refuse(event, f"tag {event.tag!r} is not allowed in a {self.noun}; write plain text")
        if isinstance(event, ScalarEvent):
            return _scalar(event)
        if len(key) > _DEEPEST:
            self._refuse(event, f"nested too deeply to be a {self.noun}")
        return self._mapping(loader, key) if isinstance(event, MappingStartEvent) else self._sequence(loader, key)

    def _sequence(self, loader: Any, key: Key) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := loader.get_event(), SequenceEndEvent):
            found.append(self._data(loader, event, (*key, len(found))))
        return found

    def _mapping(self, loader: Any, key: Key) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := loader.get_event(), MappingEndEvent):
            at = event.start_mark.index
            if not isinstance(event, ScalarEvent) or event.tag is not None or event.anchor is not None:
                self._refuse(event, "a key must be plain text")
            if event.value in found:
                self._refuse(event, f"key {event.value!r} stands here twice; merge the two")
            self._marks[(*key, event.value)] = at
            found[event.value] = self._data(loader, loader.get_event(), (*key, event.value))
        return found

    def _refuse(self, event: Any, message: str) -> NoReturn:
        raise self.error(self._show(message, event.start_mark.index))


def _scalar(event: ScalarEvent) -> Any:
    """Unquoted whole numbers, true, false and null (or nothing) have their meaning; all else is text."""
    if not event.implicit[0]:
        return event.value
    if event.value in _WORDS:
        return _WORDS[event.value]
    return int(event.value) if _INT.fullmatch(event.value) else event.value


def fraction(value: Any) -> Any:
    """``value`` as a number where it is written as one with a point: for fields of numbers; elsewhere 1.5 is a word."""
    return float(value) if isinstance(value, str) and _FRACTION.fullmatch(value) else value
