"""Data Docs: Great Expectations' own pages of a gate. They load their styles from the internet."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from auditor.gate_result import Columns
from auditor.gateframe import definition
from auditor.reporters.text import visible


def inert(columns: Columns) -> Columns:
    """Data Docs put values into HTML as they are, and paths and ids come from the corpus."""
    return {
        name: [html.escape(visible(value)) if isinstance(value, str) else value for value in values]
        for name, values in columns.items()
    }


def write(frame: Any, suite: str, expectations: Sequence[Any], folder: Path) -> Path:
    """Write the pages of a suite's run over a frame; returns the index. Raises what Great Expectations raises."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    batches = definition(context)
    for site in list(context.list_data_docs_sites()):
        context.delete_data_docs_site(site)
    name = re.sub(r"[^\w-]+", "-", suite).strip("-") or "suite"  # it becomes file names
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.resolve())}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    site = {"class_name": "SiteBuilder", "show_how_to_buttons": False, "store_backend": store}
    folder.mkdir(parents=True, exist_ok=True)
    context.add_data_docs_site("local", {**site, "site_index_builder": index})
    added = context.suites.add(gx.ExpectationSuite(name=name, expectations=list(expectations)))
    validation = gx.ValidationDefinition(name="gate", data=batches, suite=added)
    checkpoint = gx.Checkpoint(
        name="gate",
        validation_definitions=[context.validation_definitions.add(validation)],
        actions=[gx.checkpoint.UpdateDataDocsAction(name="docs", site_names=["local"])],
        result_format="SUMMARY",
    )
    context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": frame})
    return folder / "index.html"
