"""Great Expectations as the gate needs it: without a word of its own, and over a table of the documents."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import msgspec

from auditor.errors import GateError
from auditor.gate_result import Columns
from auditor.model import Metrics
from auditor.reporters.text import visible


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Great Expectations logs, warns and draws progress bars; only the verdict may reach the terminal."""
    level = logging.root.manager.disable
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(warnings.catch_warnings())
        stack.callback(logging.disable, level)
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        yield


def frame_of(columns: Columns) -> Any:
    """A DataFrame with dtypes that do not depend on the values: a column of nulls alone stays numeric or text."""
    try:
        import great_expectations  # noqa: F401  # here, so that a missing extra is named before anything else
        import pandas
    except ImportError as error:
        hint = "the gate needs its extra: pip install 'corpus-auditor[gate]'"
        raise GateError(f"Great Expectations cannot be imported ({error}); {hint}") from error
    types = {field.name: str(field.type) for field in msgspec.structs.fields(Metrics)}
    try:
        return pandas.DataFrame(
            {name: pandas.Series(values, dtype=_dtype(types.get(name))) for name, values in columns.items()}
        )
    except (OverflowError, TypeError, ValueError) as error:
        raise GateError(f"the metrics do not fit a table: {visible(str(error))}") from error


def _dtype(annotation: str | None) -> str | None:
    if annotation is None:
        return None  # a column that is not ours: pandas decides
    return "int64" if "int" in annotation else "float64" if "float" in annotation else "object"


def definition(context: Any) -> Any:
    """A batch definition over a whole frame."""
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("metrics").add_dataframe_asset("documents")
    return asset.add_batch_definition_whole_dataframe("all")
