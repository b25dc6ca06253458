"""Large files: memory whatever their size, and two processes against one: `python tests/bench/large.py`.

The files are made here: pages of `news.py`, repeated, with every seventh word another one each time, so that no line
comes twice. README.md says what is measured.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import news

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
BASE = 5.0  # MB of pages that are repeated
GROUP = 4000  # rows of a row group


def texts(megabytes: float, seed: int = 7) -> Iterator[str]:
    """Pages until they make up so much UTF-8; the words put in are as frequent as words are, a few very much so."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(LETTERS, k=chance.randint(2, 9))) for _ in range(200_000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    pages = list(news.pages(min(BASE, megabytes), seed))
    left = megabytes * 1e6
    while left > 0:
        for page in pages:
            parts = page.split(" ")
            at = chance.randrange(7)
            parts[at::7] = chance.choices(words, cum_weights=weights, k=len(parts[at::7]))
            text = " ".join(parts)
            yield text
            left -= len(text.encode())
            if left <= 0:
                return


def write(path: Path, megabytes: float) -> None:
    """A jsonl or parquet file of such texts."""
    if path.suffix == ".jsonl":
        with path.open("wb") as out:
            out.writelines(news.rows(texts(megabytes)))
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("id", pa.int64()), ("text", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        rows: list[dict[str, object]] = []
        for number, text in enumerate(texts(megabytes)):
            rows.append({"id": number, "text": text})
            if len(rows) == GROUP:
                out.write_table(pa.Table.from_pylist(rows, schema))
                rows.clear()
        if rows:
            out.write_table(pa.Table.from_pylist(rows, schema))
