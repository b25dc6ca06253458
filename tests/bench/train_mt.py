"""Trains the two models behind `mt_score`, and prints how they do on languages, years and systems they never saw.

    pip install 'corpus-auditor[train]'
    python tests/bench/train_mt.py FOLDER            # the table of docs/mt-score.md
    python tests/bench/train_mt.py FOLDER --write    # and auditor/models/mt.json anew

FOLDER holds jsonl.gz sets with `text`, `label` (mt, human), `src_lang` or `date`; docs/mt-score.md says which they
are, their licences, and what each is used for.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from auditor import mtscore
from auditor.mtreadings import Readings
from auditor.mtscore import LIMIT, Model, Models, weighed
from auditor.mtsignals import SIGNALS

Array = npt.NDArray[Any]

GATE = (0.015, 0.028)  # orders per Arabic word: posts and news have none, nineteen of twenty manuals more than 0.024
INSTRUCTIONS = (  # manuals by hand and by machine are told apart by their spelling; small words are the same in both
    "hamzas left out",
    "prepositions set apart",
    "علي for على",
    "-ه",
    "-ة",
    "tanween left out",
    "ًا",
    "اً",
    "damma",
    "shadda",
    "other vowel signs",
    "vowel signs",
    "prepositions with tatweel",
    "stops inside markup",
    "commas with a space before",
    "commas with ف after",
)
NOT_PROSE = {  # habits of one engine, of one keyboard or of manuals: they would say where a text is from
    "علي for على",
    "prepositions set apart",
    "orders and second person",
    "Latin words",
    "stops inside markup",
    "commas with a space before",
    "curly quotes",
    "brackets",
    "-ه",
    "other vowel signs",
    "prepositions with tatweel",
}
PROSE = tuple(name for name in SIGNALS if name not in NOT_PROSE)
STRENGTH = {PROSE: 0.03, INSTRUCTIONS: 0.3}  # inverse of the penalty: few parameters, or many and weak
FOLDS = 4
LEAST = 250  # characters of a text to learn from; shorter posts are joined until they have 450
PERIODS = ("2020-10", "2021-02", "2021-04")


class Text(NamedTuple):
    """``part`` is what is left out together: a source language, or a period; ``fold`` is by the document's name."""

    genre: str
    part: str
    machine: bool
    fold: int
    text: str
    whole: bool = True  # False for posts joined to learn from


def load(folder: Path) -> list[Text]:
    """The sets by genre; human texts have the part ``human``."""
    found: list[Text] = []
    for genre, name in (
        ("posts", "news_fignews_mt"),
        ("posts", "fignews_A_human"),
        ("manuals", "msdocs_mt_ht"),
        ("techdocs", "techdocs_A"),
        ("wmt", "wmt25_other_mt"),
        ("wmt", "ntrex_human_A"),
        ("newspapers", "saudinews_A_human"),
    ):
        for row in rows(folder / f"{name}.jsonl.gz"):
            machine = row["label"] == "mt"
            part = (row.get("src_lang") or period(row) or row["system"]) if machine else "human"
            found.append(Text(genre, part, machine, zlib.crc32(row["id"].encode()) % FOLDS, row["text"]))
    return found


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def period(row: dict[str, Any]) -> str | None:
    date = re.fullmatch(r"(\d+)/\d+/(\d{4})", row.get("date") or "")
    if "date" not in row:
        return None
    month = f"{date[2]}-{int(date[1]):02}" if date else "2020-01"
    return f"period {1 + sum(month >= bound for bound in PERIODS)}"


def pieces(texts: list[Text]) -> list[Text]:
    """What is learnt from: texts long enough, and the short posts of one part and fold joined."""
    found, short = [], defaultdict(list)
    for text in texts:
        if len(text.text) >= LEAST:
            found.append(text)
        elif text.genre == "posts":
            short[text._replace(text="")].append(text.text)
    for kind, parts in sorted(short.items()):
        joined = ""
        for part in parts:
            joined += part + "\n"
            if len(joined) >= 450:
                found.append(kind._replace(text=joined, whole=False))
                joined = ""
    return found


class Table:
    """Texts with their figures, one row each."""

    def __init__(self, texts: list[Text]) -> None:
        self.texts = texts
        readings = Readings([text.text for text in texts])
        self.figures = readings.figures
        long = np.array([len(text.text) >= mtscore.LEAST_CHARS for text in texts])
        self.judged = long & ~readings.foreign
        self.machine = np.array([text.machine for text in texts])
        self.part, self.genre = np.array([text.part for text in texts]), np.array([text.genre for text in texts])
        self.fold = np.array([text.fold for text in texts])
        self.tested = np.array([text.whole and len(text.text) >= 400 for text in texts])


def fit(table: Table, rows: Array, names: tuple[str, ...]) -> Model:
    """A model of some rows, both labels weighing the same."""
    figures, machine = table.figures[rows][:, [SIGNALS.index(name) for name in names]], table.machine[rows]
    mean, scale = figures.mean(0), np.maximum(figures.std(0), 0.01)
    z = np.clip((figures - mean) / scale, -LIMIT, LIMIT)
    found = LogisticRegression(C=STRENGTH[names], class_weight="balanced", max_iter=5000).fit(z, machine)
    short = [tuple(float(f"{number:.4g}") for number in numbers) for numbers in (mean, scale, found.coef_[0])]
    return Model(signals=names, mean=short[0], scale=short[1], weights=short[2], bias=float(found.intercept_[0]))


def logits(table: Table, rows: Array, models: Models) -> Array:
    scores = np.array([found.score for found in weighed(table.figures[rows], models)], float)
    clipped = np.clip(scores, 0.0001, 0.9999)
    return np.asarray(np.log(clipped / (1 - clipped)))


def left_out(table: Table, genre: str, make: Callable[[Model], Models], names: tuple[str, ...]) -> Array:
    """For each text of a genre its logit by models that saw neither its part nor the human texts of its fold.

    One row a part (in the order of `parts`): a machine's texts by the mean of the folds, people's by that of theirs.
    """
    here, found = table.genre == genre, []
    for part in parts(table, genre):
        row = np.full(len(here), np.nan)
        machine, sums = here & (table.part == part), np.zeros(int((here & (table.part == part)).sum()))
        for fold in range(FOLDS):
            human = here & ~table.machine & (table.fold == fold)
            models = make(fit(table, here & ~machine & ~human, names))
            row[human] = logits(table, human, models)
            sums += logits(table, machine, models)
        row[machine] = sums / FOLDS
        found.append(row)
    return np.array(found)


def parts(table: Table, genre: str) -> list[str]:
    return sorted(set(table.part[(table.genre == genre) & table.machine].tolist()))


def calibrated(model: Model, out: Array, table: Table, genre: str, others: Array) -> Model:
    """The model with its logits stretched and moved so that they are odds, were half of all texts translations.

    Scores of texts left out decide, and (half of people's weight) those of ``others``, texts of people elsewhere.
    """
    here = (table.genre == genre) & table.tested
    machine, human = here & table.machine, here & ~table.machine
    x = np.concatenate((np.nanmean(out[:, machine], 0), np.nanmean(out[:, human], 0), others))
    y = np.repeat([1, 0, 0], [machine.sum(), human.sum(), len(others)])
    share = 0.5 if len(others) else 1
    weights = np.repeat(
        [1 / machine.sum(), share / human.sum(), (1 - share) / max(1, len(others))],
        [machine.sum(), human.sum(), len(others)],
    )
    found = LogisticRegression(C=1e6).fit(x[:, None], y, sample_weight=weights * len(x))
    slope, shift = float(found.coef_[0][0]), float(found.intercept_[0])
    scaled = tuple(float(f"{slope * weight:.4g}") for weight in model.weights)
    return msgspec.structs.replace(model, weights=scaled, bias=round(slope * model.bias + shift, 4))


def auc(machine: Array, human: Array) -> float:
    both = np.concatenate((machine, human))
    ranks = (np.searchsorted(np.sort(both), machine) + np.searchsorted(np.sort(both), machine, side="right") + 1) / 2
    return float((ranks.sum() - len(machine) * (len(machine) + 1) / 2) / (len(machine) * len(human)))


def line(title: str, scores: Array, table: Table, rows: Array) -> str:
    """One row of the table. Texts that are not judged count half right in the AUC and as missed in the recall."""
    judged = table.judged & np.isfinite(scores)
    filled = np.where(judged, scores, np.median(scores[rows & judged]))
    one, two = filled[rows & table.machine], filled[rows & ~table.machine]
    draw = np.random.default_rng(0)
    many = [auc(draw.choice(one, len(one)), draw.choice(two, len(two))) for _ in range(1000)]
    low, high = np.quantile(many, [0.025, 0.975])
    cut = np.sort(two)[min(len(two) - 1, int(0.99 * len(two)))]
    recall = np.mean((scores > cut)[rows & table.machine] & judged[rows & table.machine])
    figures = f"{auc(one, two):.3f} ({low:.3f} to {high:.3f}) | {100 * recall:.0f} | {100 * judged[rows].mean():.1f}"
    return f"| {title} | {len(one)} / {len(two)} | {figures} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    table = Table(pieces(load(args.folder)))
    posts, manuals = (fit(table, table.genre == g, n) for g, n in (("posts", PROSE), ("manuals", INSTRUCTIONS)))
    raw = Models(schema=1, gate=GATE, prose=posts, instructions=manuals)
    out = {
        "posts": left_out(table, "posts", lambda model: msgspec.structs.replace(raw, prose=model), PROSE),
        "manuals": left_out(
            table, "manuals", lambda model: msgspec.structs.replace(raw, instructions=model), INSTRUCTIONS
        ),
    }
    papers = logits(table, table.genre == "newspapers", raw)
    shipped = Models(
        schema=1,
        gate=GATE,
        prose=calibrated(posts, out["posts"], table, "posts", papers),
        instructions=calibrated(manuals, out["manuals"], table, "manuals", np.array([])),
    )
    report(table, out, shipped)
    if args.write:
        text = json.dumps(msgspec.to_builtins(shipped), ensure_ascii=False, indent=1)
        Path(mtscore.__file__).with_name("models").joinpath("mt.json").write_text(text + "\n", encoding="utf-8")


def report(table: Table, out: dict[str, Array], shipped: Models) -> None:
    print(
        "| left out | translated / by people | AUC (95 %) | recall at 1 % false alarms | judged % |\n"
        "|---|---|---|---|---|"
    )
    for genre, scores in out.items():
        here = (table.genre == genre) & table.tested
        for part, row in zip(parts(table, genre), scores, strict=True):
            print(line(f"{genre}: {part}", row, table, here & (~table.machine | (table.part == part))))
        print(line(f"{genre}: all, each by models that did not see it", np.nanmean(scores, 0), table, here))
    final = logits(table, np.ones(len(table.texts), bool), shipped)
    for genre, title in (
        ("posts", "posts, seen in training"),
        ("manuals", "manuals, seen in training"),
        ("techdocs", "techdocs (no genre of training)"),
        ("wmt", "WMT25 systems against NTREX (different genres)"),
    ):
        print(line(title, final, table, (table.genre == genre) & table.tested))
    print("\n| texts by people | judged % | 0.5 and more | 0.8 | 0.9 | 0.95 |\n|---|---|---|---|---|---|")
    for title, human in (
        ("newspapers", table.genre == "newspapers"),
        ("NTREX, translated by people", (table.genre == "wmt") & ~table.machine),
        ("native posts", (table.genre == "posts") & ~table.machine & table.tested),
    ):
        scores = final[human & table.judged]
        shares = [f"{100 * np.mean(scores >= np.log(c / (1 - c))):.1f}" for c in (0.5, 0.8, 0.9, 0.95)]
        print(f"| {title} | {100 * table.judged[human].mean():.1f} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
