"""YAML as packs use it: plain data with the place of every value, and nothing that could surprise.

No tags, no anchors (a few bytes of them can unfold to gigabytes), no key twice, and of YAML's many spellings of
yes and no only ``true`` and ``false``: in a word list, "no" is a word.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NoReturn

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from auditor.errors import PackError

Key = tuple[str | int, ...]  # where a value stands: ("rules", 3, "near", "any")


_TAG = "tag:yaml.org,2002:"
_BOOL = (f"{_TAG}bool", re.compile(r"^(?:true|false)$"))
_INT = (f"{_TAG}int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"))
_NULL = (f"{_TAG}null", re.compile(r"^(?:null|~|)$"))
_RESOLVERS = {
    **{first: [_BOOL] for first in "tf"},
    **{first: [_INT] for first in "-0123456789"},
    **{first: [_NULL] for first in ["n", "~", ""]},
}


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Resolves only whole numbers, true/false and null; everything else is text."""

    yaml_implicit_resolvers = _RESOLVERS


class PackFile:
    """A pack's text, its data, and where each value stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self._marks: dict[Key, tuple[int, int]] = {}
        self._seen: set[int] = set()
        self.data: Any = self._read()

    def fail(self, message: str, key: Key = ()) -> NoReturn:
        """Raise a PackError that shows file:line:column and the line at ``key`` (or the nearest value around it)."""
        raise PackError(self.describe(message, key))

    def describe(self, message: str, key: Key = ()) -> str:
        """The message with file:line:column, the offending line and a caret under the place."""
        while key and key not in self._marks:
            key = key[:-1]
        return self._show(message, *self._marks.get(key, (0, 0)))

    def _show(self, message: str, line: int, column: int) -> str:
        lines = self.text.split("\n")
        shown = lines[line] if line < len(lines) else ""
        return f"{self.path}:{line + 1}:{column + 1}: {message}\n    {shown[:200]}\n    {' ' * min(column, 200)}^"

    def _read(self) -> Any:
        loader = _Loader(self.text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            return self._data(loader, node, ())
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (mark.line, mark.column) if mark else (0, 0)
            raise PackError(self._show(f"not valid YAML: {error.problem or error.context}", *place)) from None
        except (yaml.YAMLError, ValueError) as error:
            raise PackError(f"{self.path}: not valid YAML: {error}") from None
        except RecursionError:
            raise PackError(f"{self.path}: nested too deeply to be a rule pack") from None
        finally:
            loader.dispose()

    def _data(self, loader: Any, node: Node, key: Key) -> Any:
        self._marks.setdefault(key, (node.start_mark.line, node.start_mark.column))
        if id(node) in self._seen:
            self._refuse(node, "anchors and aliases are not part of the rule language; use `define`")
        self._seen.add(id(node))
        if isinstance(node, ScalarNode):
            if node.tag not in {_TAG + kind for kind in ("str", "int", "bool", "null")}:
                self._refuse(node, f"tag {node.tag!r} is not allowed in a pack; write plain text")
            return loader.construct_object(node)
        if node.tag not in {_TAG + "seq", _TAG + "map"}:
            self._refuse(node, f"tag {node.tag!r} is not allowed in a pack")
        if isinstance(node, SequenceNode):
            return [self._data(loader, child, (*key, at)) for at, child in enumerate(node.value)]
        assert isinstance(node, MappingNode)
        found: dict[str, Any] = {}
        for name_node, value_node in node.value:
            if not isinstance(name_node, ScalarNode):
                self._refuse(name_node, "a key must be plain text")
            name = str(name_node.value)
            if name in found:
                self._refuse(name_node, f"key {name!r} stands here twice; merge the two")
            self._marks[(*key, name)] = (name_node.start_mark.line, name_node.start_mark.column)
            found[name] = self._data(loader, value_node, (*key, name))
        return found

    def _refuse(self, node: Node, message: str) -> NoReturn:
        raise PackError(self._show(message, node.start_mark.line, node.start_mark.column))
