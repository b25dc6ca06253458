"""Whether an Arabic text reads like a machine translation: a share, 0..1, and the signals that speak for it.

Two logistic models over the figures of `auditor.mtsignals`, one of prose and one of instructions ("select", "you
can"), mixed by how much a text orders its reader about. docs/mt-score.md is their card: what they were trained on,
how well they do on languages and years they never saw, and what they cannot tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from auditor.arrays import np
from auditor.mtreadings import Readings
from auditor.mtsignals import SIGNALS
from auditor.mtstream import Figures

LEAST_CHARS = 300
NAMED = 3  # signals that a row names
_TOGETHER = 1000  # texts read together
LIMIT = 4.0  # standard deviations beyond which a figure says no more

_ORDERS, _LATIN = SIGNALS.index("orders and second person"), SIGNALS.index("Latin words")


class Judgement(NamedTuple):
    """``score`` is None where a text is not judged; ``signals`` are the strongest that speak for the score."""

    score: float | None
    signals: tuple[str, ...] = ()


NOT_JUDGED = Judgement(None)


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A logistic model of some signals: ``mean``, ``scale`` and ``weights`` are parallel to ``signals``."""

    signals: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float


class Models(msgspec.Struct, frozen=True, kw_only=True):
    """What models/mt.json holds. Between the two ``gate`` rates of orders the models are mixed."""

    schema: int
    gate: tuple[float, float]
    prose: Model
    instructions: Model


def judge(text: str) -> Judgement:
    """The score of a text that is mostly Arabic; not judged if short, dialect, code or a list."""
    return judged([text])[0]


def judged(texts: Sequence[str]) -> list[Judgement]:
    """The scores of texts that are mostly Arabic; what stands beside a text makes no difference to it."""
    found = [NOT_JUDGED] * len(texts)
    long = [at for at, text in enumerate(texts) if len(text) >= LEAST_CHARS]
    for some in (long[at : at + _TOGETHER] for at in range(0, len(long), _TOGETHER)):
        readings = Readings([texts[at] for at in some])
        known = np.flatnonzero(~readings.foreign)
        for row, judgement in zip(known.tolist(), weighed(readings.figures[known], models()), strict=True):
            found[some[row]] = judgement
    return found


def weigh(figures: Figures, by: Models) -> Judgement:
    """The score that figures of `SIGNALS` come to, and the signals that speak for it, strongest first."""
    return weighed(figures[None], by)[0]


def weighed(figures: Figures, by: Models) -> list[Judgement]:
    """The same for many rows of figures."""
    mixed = technical(figures, by.gate)
    totals, parts, standing = np.zeros(len(figures)), np.zeros(figures.shape), np.zeros(figures.shape)
    for model, share in ((by.prose, 1 - mixed), (by.instructions, mixed)):
        mean, scale, weights = _arrays(model)
        z = np.clip((figures - mean) / scale, -LIMIT, LIMIT)
        parts += share[:, None] * z * weights
        standing += share[:, None] * z
        # One after the other: a row must come to the same whatever stands beside it.
        totals += share * (np.add.accumulate(z * weights, axis=1)[:, -1] + model.bias)
    scores = [round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 4) for total in totals.tolist()]
    towards = np.where(np.array(scores)[:, None] >= 0.5, -parts, parts)
    strongest = np.argsort(towards, axis=1, kind="stable")[:, :NAMED]
    found = []
    for row, (score, order) in enumerate(zip(scores, strongest.tolist(), strict=True)):
        named = [at for at in order if towards[row, at] < 0]
        told = tuple(f"{'more' if standing[row, at] > 0 else 'less'}: {SIGNALS[at]}" for at in named)
        found.append(Judgement(score, told))
    return found


@lru_cache(maxsize=8)
def _arrays(model: Model) -> tuple[Figures, Figures, Figures]:
    """Mean, scale and weights parallel to all of `SIGNALS`; those that a model does not use weigh nothing."""
    at = [SIGNALS.index(name) for name in model.signals]
    mean, scale, weights = np.zeros(len(SIGNALS)), np.ones(len(SIGNALS)), np.zeros(len(SIGNALS))
    mean[at], scale[at], weights[at] = model.mean, model.scale, model.weights
    return mean, scale, weights


def technical(figures: Figures, gate: tuple[float, float]) -> Figures:
    """How much each text is a manual, 0..1: by its orders to the reader and, less so, its Latin words."""
    orders, latin = figures[:, _ORDERS] ** 2, figures[:, _LATIN] ** 2
    low, high = gate
    found: Figures = np.clip((orders + np.minimum(latin, 0.1) / 4 - low) / (high - low), 0.0, 1.0)
    return found


@cache
def models() -> Models:
    """The weights that ship with the package."""
    return msgspec.json.decode((Path(__file__).parent / "models" / "mt.json").read_bytes(), type=Models)
