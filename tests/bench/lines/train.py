"""Trains line evidence on labelled pages and measures it on sites it never saw: `train.py --out rules/core/lines.npz`.

Needs the extra `train` (CatBoost, scikit-learn) and the labelled sets (see README.md). Prints a Markdown table of what
models that never saw a site make of it; `--folds DIR` keeps those models for `unseen.py`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from catboost import CatBoostClassifier
from labelled import (
    ARABIC,
    CONTENT_WEIGHT,
    FOLDS,
    HEADLINE_WEIGHT,
    NEUTRAL,
    PERSIAN,
    POSITIVE,
    VARIANT_WEIGHT,
    WEIGHTS,
    Page,
    fold_of,
    pages,
    variants,
)
from sklearn.linear_model import LogisticRegression
from tables import Seen, Tables, base_tables

from auditor.batch import Batch
from auditor.evidence import Evidence
from auditor.model import Document
from auditor.packs import load_packs
from auditor.trees import Trees
from auditor.weights import FORMAT
from auditor.wordhash import Table

THRESHOLDS = (0.5, 0.75, 0.9, 0.95, 0.98)
SETS = {
    "Arabic news": ("ar_gold",),
    "Arabic pages": ("ar_pages", "ar_other", "ar_media"),
    "Persian, Urdu": PERSIAN,
    "English": ("en_scrapinghub", "en_wcxb"),
    "many languages": ("multi_fundus",),
    "newspapers": ("news",),
    "documentation": ("documentation",),
    "posts": ("posts", "translated posts"),
}
# Few, shallow, and each blind to most features: what holds on one site is to hold on the next.
SETTINGS: dict[str, Any] = {
    "iterations": 500,
    "depth": 6,
    "learning_rate": 0.08,
    "border_count": 64,
    "rsm": 0.3,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.7,
    "boosting_type": "Plain",
    "random_seed": 0,
    "verbose": False,
    "allow_writing_files": False,
}


class Data(NamedTuple):
    """One row a line."""

    names: list[str]
    groups: list[str]
    features: npt.NDArray[np.float32]
    labels: npt.NDArray[np.str_]
    sources: npt.NDArray[np.str_]
    sites: npt.NDArray[np.str_]
    variant: npt.NDArray[np.bool_]
    length: npt.NDArray[np.int64]  # code points

    @property
    def positive(self) -> npt.NDArray[np.bool_]:
        return np.isin(self.labels, list(POSITIVE))

    def weights(self) -> npt.NDArray[np.float64]:
        weight = np.array([WEIGHTS[source] for source in self.sources])
        weight *= np.where(self.labels == "headline", HEADLINE_WEIGHT, np.where(self.positive, 1, CONTENT_WEIGHT))
        weight *= np.where(self.variant, VARIANT_WEIGHT, 1)
        return np.where(np.isin(self.labels, list(NEUTRAL)), 0, weight)


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    every = pages(args.data)
    seen = Seen(every)
    base = base_tables(load_packs())
    sites = sorted({page.site for page in every})
    tables = base | seen.tables(sites)
    data = data_of([*every, *(made for page in every for made in variants(page))], seen, tables)
    print(
        f"{len(every)} pages of {len(sites)} sites, {len(data.labels)} lines with variants, {len(data.names)} features"
    )
    log_odds = np.zeros(len(data.labels))
    folds = np.array([fold_of(site, FOLDS) for site in data.sites])
    for fold in range(FOLDS):
        arrays = trained(data, folds != fold, args.share)
        rest = folds == fold
        trees = Trees(arrays)
        log_odds[rest] = trees.log_odds(trees.binned(list(data.features[rest].T)))
        if args.folds:
            args.folds.mkdir(parents=True, exist_ok=True)
            known = seen.tables(site for site in sites if fold_of(site, FOLDS) != fold)
            save(args.folds / f"{fold}.npz", arrays, data, base | known)
    slope, offset = calibrated(data, log_odds)
    probability = 1 / (1 + np.exp(-(slope * log_odds + offset)))
    print("\n".join(report(data, probability)))
    for fold in range(FOLDS) if args.folds else ():
        recalibrate(args.folds / f"{fold}.npz", slope, offset)
    if args.out:
        save(args.out, trained(data, folds >= 0, args.share) | scaled(slope, offset), data, tables)
        print(f"{args.out}: {args.out.stat().st_size >> 10} KB")
    return 0


def data_of(found: Sequence[Page], seen: Seen, tables: Tables) -> Data:
    by_site: dict[str, list[Page]] = {}
    for page in found:
        by_site.setdefault(page.site, []).append(page)
    names: list[str] = []
    groups: list[str] = []
    columns: list[npt.NDArray[np.float32]] = []
    kept: list[tuple[str, str, str, bool, int]] = []
    looked_up = {name: Table(entries) for name, entries in tables.items() if name != "known_sites"}
    for site, its in by_site.items():
        batch = Batch([Document(text="\n".join(text for text, _ in page.lines)) for page in its])
        evidence = Evidence(batch, looked_up, seen.without(tables, site)["known_sites"])
        names = list(evidence.features)
        groups = [evidence.groups[name] for name in names]
        count = len(batch.line_starts)
        rows = [(page.source, label, bool(page.variant), len(text)) for page in its for text, label in page.lines]
        assert len(rows) == count
        asked = evidence.lines.count > 0
        columns.append(np.column_stack(list(evidence.features.values()))[asked])
        kept += [(site, *rows[line]) for line in evidence.lines.numbers[asked].tolist()]
    site_of, sources, labels, variant, length = (np.array(column) for column in zip(*kept, strict=True))
    return Data(names, groups, np.concatenate(columns), labels, sources, site_of, variant, length)


def trained(data: Data, rows: npt.NDArray[np.bool_], share: float) -> dict[str, npt.NDArray[Any]]:
    """Trees as arrays, trained on some rows; of the largest set only a share of the pages' lines is taken."""
    weight = data.weights()
    few = np.array([hash_share(site) < share for site in data.sites]) | (data.sources != "en_wcxb")
    rows = rows & few & (weight > 0)
    model = CatBoostClassifier(**SETTINGS)
    model.fit(data.features[rows], data.positive[rows], sample_weight=weight[rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.json")
        model.save_model(str(path), format="json")
        return exported(json.loads(path.read_text())) | scaled(1.0, 0.0)


def hash_share(site: str) -> float:
    return fold_of("share " + site, 1000) / 1000


def exported(model: dict[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """The arrays that `auditor.trees.Trees` takes, of a CatBoost model in JSON."""
    borders = [feature["borders"] or [] for feature in model["features_info"]["float_features"]]
    trees = [tree for tree in model["oblivious_trees"] if len(tree["splits"]) == SETTINGS["depth"]]
    scale, bias = model["scale_and_bias"]
    rest = sum(np.mean(tree["leaf_values"]) for tree in model["oblivious_trees"] if tree not in trees)
    leaves = np.array([tree["leaf_values"] for tree in trees]) * scale
    leaves[0] += bias[0] + rest
    splits = [[(split["float_feature_index"], split["border"]) for split in tree["splits"]] for tree in trees]
    bins = [[int(np.searchsorted(borders[feature], border)) for feature, border in tree] for tree in splits]
    weights = np.array([tree["leaf_weights"] for tree in trees])
    return {
        "borders": np.array([border for found in borders for border in found], np.float32),
        "border_counts": np.array([len(found) for found in borders], np.uint16),
        "features": np.array([[feature for feature, _ in tree] for tree in splits], np.uint8),
        "bins": np.array(bins, np.uint8),
        "leaves": leaves.astype(np.float32),
        "weights": (weights / weights.sum(1, keepdims=True)).astype(np.float16),
    }


def scaled(slope: float, offset: float) -> dict[str, npt.NDArray[Any]]:
    return {"slope": np.float32(slope), "offset": np.float32(offset)}  # type: ignore[dict-item]


def save(path: Path, arrays: dict[str, npt.NDArray[Any]], data: Data, tables: Tables) -> None:
    """One file; the same arrays give the same bytes."""
    named = {f"table-{name}" if name != "known_sites" else name: values for name, values in tables.items()}
    named |= {"names": np.array(data.names), "groups": np.array(data.groups)}
    with path.open("wb") as file:
        np.savez_compressed(file, format=np.int64(FORMAT), **arrays, **named)


def recalibrate(path: Path, slope: float, offset: float) -> None:
    with np.load(path) as file:
        arrays = dict(file)
    with path.open("wb") as out:
        np.savez_compressed(out, **(arrays | scaled(slope, offset)))


def calibrated(data: Data, log_odds: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Slope and offset that make probabilities of sites never seen true (Platt 1999), on lines labelled by hand."""
    rows = np.isin(data.sources, [*ARABIC, *PERSIAN]) & ~data.variant & ~np.isin(data.labels, list(NEUTRAL))
    model = LogisticRegression(C=1e6).fit(log_odds[rows, None], data.positive[rows])
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def report(data: Data, probability: npt.NDArray[np.float64]) -> Iterator[str]:
    """Precision, recall and share of content lost, in per cent, on sites never seen."""
    yield "| sites never seen | " + " | ".join(f"from {threshold:.2f}" for threshold in THRESHOLDS) + " |"
    yield "|---" * (len(THRESHOLDS) + 1) + "|"
    content = data.labels == "content"
    for name, sources in SETS.items():
        rows = np.isin(data.sources, sources) & ~data.variant
        cells = []
        for threshold in THRESHOLDS:
            hit = rows & (probability >= threshold)
            right, wrong = int((hit & data.positive).sum()), int((hit & content).sum())
            lost = data.length[hit & content].sum() / max(1, data.length[rows & content].sum())
            recall = right / max(1, int((rows & data.positive).sum()))
            told = f"{right / max(1, right + wrong):.1%} / {recall:.1%} / " if (rows & data.positive).any() else ""
            cells.append(f"{told}{lost:.3%} lost, {int((hit & (data.labels == 'headline')).sum())} headlines")
        yield f"| {name} | " + " | ".join(cells) + " |"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the labelled sets")
    parser.add_argument("--out", type=Path, help="where the weights trained on all sites go")
    parser.add_argument("--folds", type=Path, help="folder for the weights of each fold")
    parser.add_argument("--share", type=float, default=0.25, help="of the sites of the largest set (default: 0.25)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
