"""Gate suites as written: YAML or JSON in Great Expectations' own terms, with positions and closed keys."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from auditor.errors import GateError

SUITE_KEYS = ("name", "expectations", "suite_parameters", "meta", "notes", "id")
ENTRY_KEYS = ("type", "kwargs", "severity", "description", "notes", "meta", "id", "rendered_content")
# How to run, not what to check: ours to set.
RUNTIME_KWARGS = ("result_format", "catch_exceptions", "batch_id")
LARGEST = 4 << 20  # bytes of a suite that are read
COLUMN_KWARGS = ("column", "column_A", "column_B", "column_list")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation of a suite; ``where`` is ``file:line:column`` (``file: expectation N`` in JSON)."""

    where: str
    type: str
    kwargs: dict[str, Any]
    severity: str = "critical"  # what Great Expectations assumes
    description: str | None = None
    notes: str | None = None
    told: str | None = None  # what it asks, where its own terms say it badly
    by_document: tuple[str, dict[str, Any]] | None = None  # for sums: the column and bounds to find documents by


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """A suite that is well formed; whether its expectations exist is for `gate` to find out."""

    name: str
    path: str
    entries: tuple[Entry, ...]


def load(path: Path) -> Suite:
    """Read a suite from YAML or JSON. GateError with the place if it is not one, or has nothing to check."""
    try:
        if path.stat().st_size > LARGEST:
            raise GateError(f"{path}: larger than {LARGEST >> 20} MB is no suite")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise GateError(f"{path}: cannot read the suite: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise GateError(f"{path}: the suite is not UTF-8 (byte {error.start})") from error
    raw, places = _parse_json(path, text) if path.suffix == ".json" else _parse_yaml(path, text)
    if not isinstance(raw, dict):
        raise GateError(f"{path}: a suite is a mapping of name and expectations, not {_kind(raw)}")
    refuse_unknown(raw, SUITE_KEYS, f"{path}: suite key")
    items = raw.get("expectations")
    if not isinstance(items, list):
        raise GateError(f"{path}: expectations must be a list, not {_kind(items)}")
    if not items:
        raise GateError(f"{path}: the suite has no expectations; a gate that checks nothing must not pass")
    if raw.get("suite_parameters"):
        raise GateError(f"{path}: suite_parameters are not supported; write the values where they are used")
    name = raw.get("name") or path.stem
    if not isinstance(name, str):
        raise GateError(f"{path}: name must be text, not {_kind(name)}")
    if len(places) != len(items):  # JSON, or a list that a YAML merge brought in
        places = [f"{path}: expectation {number}" for number in range(1, len(items) + 1)]
    entries = (entry_of(item, place) for item, place in zip(items, places, strict=True))
    return Suite(name=name, path=str(path), entries=tuple(entries))


def columns_of(kwargs: dict[str, Any]) -> Iterator[str]:
    """Names of the columns an expectation reads, those of its row condition included."""
    for key in COLUMN_KWARGS:
        value = kwargs.get(key)
        yield from [value] if isinstance(value, str) else value if isinstance(value, list) else []
    yield from _condition_columns(kwargs.get("row_condition"))


def requirement(entry: Entry) -> str:
    """What an expectation asks, in words: ``words should be at least 50 in 90% of documents where ...``."""
    if entry.told is not None:
        return entry.told
    kwargs = entry.kwargs
    text = _demand(entry.type, kwargs)
    mostly = kwargs.get("mostly", 1)
    if isinstance(mostly, int | float) and mostly < 1:
        text += f" in {100 * mostly:g}% of documents"
    if kwargs.get("row_condition"):
        text += f" where {_condition(kwargs['row_condition'])}"
    return text


def subject(entry: Entry) -> str:
    """What an expectation is about: its columns and row condition."""
    kwargs = entry.kwargs
    if entry.told is not None:
        return entry.told.partition(" should ")[0]
    names = ", ".join(dict.fromkeys(columns_of({**kwargs, "row_condition": None}))) or entry.type
    return names + (f" (where {_condition(kwargs['row_condition'])})" if kwargs.get("row_condition") else "")


def refuse_unknown(words: Collection[str], known: Collection[str], what: str) -> None:
    """GateError at the first of ``words`` that is not ``known``, with the nearest known one."""
    for word in words:
        if word not in known:
            raise GateError(f"{what} {str(word)!r} is unknown{suggest(str(word), known)}")


def suggest(word: str, known: Collection[str], *, listing: bool = True) -> str:
    """``; did you mean 'x'?``, or the known words where none is near and they are few."""
    near = difflib.get_close_matches(word, list(known), n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known are {', '.join(known)}" if listing and len(known) <= 40 else ""


def entry_of(item: Any, where: str) -> Entry:
    """One expectation as written; GateError with its place if it is none."""
    if not isinstance(item, dict):
        raise GateError(f"{where}: an expectation is a mapping with a type and kwargs, not {_kind(item)}")
    refuse_unknown(item, ENTRY_KEYS, f"{where}: key")
    kwargs = item.get("kwargs") or {}
    if not isinstance(item.get("type"), str):
        raise GateError(f"{where}: an expectation needs a type, such as expect_column_values_to_be_between")
    if not isinstance(kwargs, dict):
        raise GateError(f"{where}: kwargs must be a mapping, not {_kind(kwargs)}")
    for key in ("severity", "description", "notes", "meta"):
        if key in kwargs:
            raise GateError(f"{where}: {key} stands beside kwargs, not inside them")
    if kwargs.get("mostly") == 0:
        raise GateError(f"{where}: mostly 0 lets every document pass; the check could never fail")
    _refuse_empty_ranges(kwargs, where)
    notes = item.get("notes")
    return Entry(
        where=where,
        type=item["type"],
        kwargs={key: value for key, value in kwargs.items() if key not in RUNTIME_KWARGS},
        severity=str(item.get("severity") or "critical"),
        description=_text(item.get("description"), f"{where}: description"),
        notes=_text(" ".join(map(str, notes)) if isinstance(notes, list) else notes, f"{where}: notes"),
    )


def _refuse_empty_ranges(kwargs: dict[str, Any], where: str) -> None:
    """Great Expectations accepts min_value above max_value, and then nothing can ever lie between them."""
    quantiles = kwargs.get("quantile_ranges")
    ranges = quantiles.get("value_ranges") if isinstance(quantiles, dict) else None
    pairs = [(kwargs.get("min_value"), kwargs.get("max_value"))]
    pairs += [tuple(pair) for pair in ranges or () if isinstance(pair, list) and len(pair) == 2]
    for low, high in pairs:
        low, high = _number(low), _number(high)
        if low is None or high is None:
            continue
        if low > high:
            raise GateError(f"{where}: min_value {low:g} is above max_value {high:g}")
        if low == high and (kwargs.get("strict_min") or kwargs.get("strict_max")):
            raise GateError(f"{where}: nothing lies strictly between min_value {low:g} and max_value {high:g}")


def _demand(kind: str, kwargs: dict[str, Any]) -> str:
    bounds = _bounds(kwargs)
    if kind == "expect_table_row_count_to_be_between":
        return f"the number of documents should be {bounds}"
    if kind == "expect_column_values_to_be_between":
        return f"{kwargs.get('column')} should be {bounds}"
    if match := re.fullmatch(r"expect_column_(\w+)_to_be_between", kind):
        return f"the {match[1].replace('_', ' ')} of {kwargs.get('column')} should be {bounds or 'as given'}"
    match = re.fullmatch(r"expect_(?:column_values_|column_)?(\w*?)_?to_(\w+)", kind)
    noun, verb = match.groups() if match else ("", kind)
    rest = {key: value for key, value in kwargs.items() if key not in ("column", "mostly", "row_condition")}
    arguments = ", ".join(f"{key} {_words(value)}" for key, value in rest.items() if key != "condition_parser")
    parts = [noun.replace("_", " "), "of" if noun and "column" in kwargs else "", kwargs.get("column", "")]
    what = " ".join(part for part in parts if part)
    return f"{what} should {verb.replace('_', ' ')}" + (f" ({arguments})" if arguments else "")


def _bounds(kwargs: dict[str, Any]) -> str:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    texts = []
    if low is not None:
        texts.append(f"{'above' if kwargs.get('strict_min') else 'at least'} {_words(low)}")
    if high is not None:
        texts.append(f"{'below' if kwargs.get('strict_max') else 'at most'} {_words(high)}")
    return " and ".join(texts)


def _condition(condition: Any) -> str:
    if not isinstance(condition, dict):
        return str(condition)
    if "conditions" in condition:
        return f" {condition.get('type')} ".join(_condition(part) for part in condition["conditions"])
    name = (condition.get("column") or {}).get("name")
    if "is_null" in condition:
        return f"{name} is {'' if condition['is_null'] else 'not '}null"
    return f"{name} {condition.get('operator')} {_words(condition.get('parameter'))}"


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_words, value)) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _condition_columns(condition: Any) -> Iterator[str]:
    if not isinstance(condition, dict):
        return  # text conditions are read by Great Expectations alone
    column = condition.get("column")
    if isinstance(column, dict) and isinstance(column.get("name"), str):
        yield column["name"]
    for part in condition.get("conditions") or ():
        yield from _condition_columns(part)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _text(value: Any, what: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise GateError(f"{what} must be text, not {_kind(value)}")


def _kind(value: Any) -> str:
    names = {dict: "a mapping", list: "a list", str: "text", type(None): "nothing"}
    return names.get(type(value), f"a {type(value).__name__}")


def _parse_json(path: Path, text: str) -> tuple[Any, list[str]]:
    try:
        raw = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise GateError(f"{path}: not valid JSON: {error}") from error
    return raw, []


def _parse_yaml(path: Path, text: str) -> tuple[Any, list[str]]:
    """The value, and ``file:line:column`` of each item of ``expectations``."""
    loader = None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        _refuse_duplicate_keys(path, node, set())
        raw = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise GateError(f"{_place(path, mark)}: not valid YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date such as 2026-13-40
        raise GateError(f"{path}: not valid YAML: {str(error).splitlines()[0]}") from error
    finally:
        if loader is not None:
            loader.dispose()
    return raw, _item_places(path, node)


def _item_places(path: Path, node: Any) -> list[str]:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == "expectations" and isinstance(value, yaml.SequenceNode):
            return [_place(path, item.start_mark) for item in value.value]
    return []


def _refuse_duplicate_keys(path: Path, node: Any, seen: set[int]) -> None:
    """YAML keeps the last of two equal keys without a word, so a bound written twice would hide one."""
    if not isinstance(node, yaml.CollectionNode) or id(node) in seen:
        return
    seen.add(id(node))  # aliases make the node graph cyclic
    keys: set[str] = set()
    for child in node.value:
        for part in child if isinstance(child, tuple) else (child,):
            _refuse_duplicate_keys(path, part, seen)
        if isinstance(child, tuple) and isinstance(child[0], yaml.ScalarNode):
            if child[0].value in keys:
                place = _place(path, child[0].start_mark)
                raise GateError(f"{place}: key {child[0].value!r} is written twice")
            keys.add(child[0].value)


def _place(path: Path, mark: Any) -> str:
    return f"{path}:{mark.line + 1}:{mark.column + 1}" if mark is not None else str(path)
