"""Whether an Arabic text reads like a machine translation: a share, 0..1, and the signals that speak for it.

Two logistic models over the figures of `auditor.mtsignals`, one of prose and one of instructions ("select", "you
can"), mixed by how much a text orders its reader about. docs/mt-score.md is their card: what they were trained on,
how well they do on languages and years they never saw, and what they cannot tell.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from auditor.mtsignals import SIGNALS, Reading, signals

Figures = npt.NDArray[np.float64]

LEAST_CHARS = 300
LEAST_WORDS = 18  # Arabic words, links and tags left out
NAMED = 3  # signals that a row names
LIMIT = 4.0  # standard deviations beyond which a figure says no more

_ORDERS, _LATIN = SIGNALS.index("orders and second person"), SIGNALS.index("Latin words")
_CODE = ("{", "}", ";", "=", "<", ">", "\\", "()")
_SPOKEN = (  # words of the dialects that standard Arabic does not have
    "مش مو ليش وش ايش إيش اللي عشان علشان بدي بدنا بدك هيك كده كدا إزاي ازاي احنا إحنا دلوقتي ده برضو برضه لسه لسا هلق "
    "هلأ منيح كتير اوي أوي زي وين ليه إيه ايه بس هاد هاي هذول شلون هسه اكو ماكو ديال ديالي بزاف واش دابا خويا علاش "
    "كيفاش هادشي مافي مافيش مفيش مكنش معرفش بتاع بتاعت عايز عاوز"
)
_DIALECT = frozenset(_SPOKEN.split())


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
    if len(text) < LEAST_CHARS:
        return NOT_JUDGED
    reading = Reading(text)
    return NOT_JUDGED if foreign(reading) else weigh(signals(reading), models())


def foreign(reading: Reading) -> bool:
    """Whether a text is of a kind that the models have not learnt: few words, dialect, code, lists."""
    words = len(reading.words)
    spoken = reading.counts.keys() & _DIALECT
    if words < LEAST_WORDS or (len(spoken) > 1 and sum(reading.counts[word] for word in spoken) * 50 > words):
        return True
    text = reading.text
    if sum(map(text.count, _CODE)) * 40 > len(text):
        return True
    if text.count("\n") < 7:
        return False
    lines = sorted(line.count(" ") + 1 for line in map(str.strip, text.split("\n")) if line)
    return len(lines) >= 8 and lines[len(lines) // 2] < 4


def weigh(figures: Figures, by: Models) -> Judgement:
    """The score that figures of `SIGNALS` come to, and the signals that speak for it, strongest first."""
    mixed = technical(figures, by.gate)
    total, parts, standing = 0.0, np.zeros(len(SIGNALS)), np.zeros(len(SIGNALS))
    for model, share in ((by.prose, 1 - mixed), (by.instructions, mixed)):
        if share:
            mean, scale, weights = _arrays(model)
            z = np.clip((figures - mean) / scale, -LIMIT, LIMIT)
            parts += share * z * weights
            standing += share * z
            total += share * (float(z @ weights) + model.bias)
    score = round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 4)
    towards = -parts if score >= 0.5 else parts
    strongest = [at for at in np.argsort(towards, kind="stable")[:NAMED].tolist() if towards[at] < 0]
    return Judgement(score, tuple(f"{'more' if standing[at] > 0 else 'less'}: {SIGNALS[at]}" for at in strongest))


@lru_cache(maxsize=8)
def _arrays(model: Model) -> tuple[Figures, Figures, Figures]:
    """Mean, scale and weights parallel to all of `SIGNALS`; those that a model does not use weigh nothing."""
    at = [SIGNALS.index(name) for name in model.signals]
    mean, scale, weights = np.zeros(len(SIGNALS)), np.ones(len(SIGNALS)), np.zeros(len(SIGNALS))
    mean[at], scale[at], weights[at] = model.mean, model.scale, model.weights
    return mean, scale, weights


def technical(figures: Figures, gate: tuple[float, float]) -> float:
    """How much a text is a manual, 0..1: by its orders to the reader and, less so, its Latin words."""
    orders, latin = float(figures[_ORDERS]) ** 2, float(figures[_LATIN]) ** 2
    low, high = gate
    return max(0.0, min(1.0, (orders + min(latin, 0.1) / 4 - low) / (high - low)))


@cache
def models() -> Models:
    """The weights that ship with the package."""
    return msgspec.json.decode((Path(__file__).parent / "models" / "mt.json").read_bytes(), type=Models)
