"""What speaks for and against each line of a document being boilerplate: a row of numbers for every line with text.

No number decides. They tell the line's wording (known phrases, function words), its shape, the lines around it, its
place among the prose, what repeats, and what kind of page it stands on; trained trees (see `auditor.trees`) weigh
them together. Everything is computed for all lines of a batch at once, each document by itself: what else a batch
holds changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditor.arrays import np
from auditor.batch import Batch
from auditor.features import Flags, Ints
from auditor.lines import Floats, Lines, Sums, between
from auditor.signs import SIGNS, bit, sign_bits
from auditor.wordhash import Table, mixed, pair_hashes, short

if TYPE_CHECKING:
    import numpy.typing as npt

TABLES = ("function", "dates", "phrases", "pairs", "words", "known", "related", "comments", "footer")
GROUPS = ("wording", "shape", "neighbours", "place", "repetition", "page")

_AROUND = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
_NEAR = (-2, -1, 1, 2)
_WINDOWED = ("words", "ended", "lexical", "known", "function", "short", "prose", "digits", "capitals", "commas")
_REACHES = (3, 8, 20)  # lines on each side
_FAR = 150  # lines; farther is all the same
_SHORT = 8  # words


class Evidence:
    """The lines of a batch that hold text (``lines``), and their features by name.

    ``tables`` hold what words and lines are looked up in (see `TABLES`), ``sites`` on how many sites each entry of
    the table ``known`` was boilerplate.
    """

    def __init__(self, batch: Batch, tables: Mapping[str, Table], sites: Ints) -> None:
        self.lines = Lines(batch)
        self._tables, self._sites = tables, sites
        self._codes = sign_bits().take(batch.codes)
        self.features: dict[str, npt.NDArray[np.float32]] = {}
        self.groups: dict[str, str] = {}  # of the features
        for group, make in (
            ("wording", self._wording),
            ("shape", self._shape),
            ("page", self._page),
            ("place", self._place),
            ("place", self._phrases),
            ("neighbours", self._around),
            ("repetition", self._repeats),
            ("repetition", self._subjects),
            ("repetition", self._rhythm),
        ):
            make()
            self.groups |= dict.fromkeys(self.features.keys() - self.groups.keys(), group)

    def _add(self, name: str, values: npt.NDArray[Any]) -> None:
        self.features[name] = values.astype(np.float32)

    def _wording(self) -> None:
        lines = self.lines
        words, tables = lines.words, self._tables
        hashes = short(words.hashes)
        self._function = tables["function"].holds(hashes)
        self._date = lines.share(tables["dates"].holds(hashes))
        self._filler = lines.share(self._function)
        self._add("function", self._filler)
        self._add("date", self._date)
        self._add("known-words", lines.share(tables["words"].holds(hashes)))
        pairs = np.zeros(len(words.hashes))
        if len(pairs) > 1:
            same = lines.word_lines[:-1] == lines.word_lines[1:]
            pairs[:-1] = tables["pairs"].holds(pair_hashes(words.hashes)) & same
        known_pairs = lines.sum(pairs) / np.maximum(1, lines.count - 1)
        self._add("known-pairs", known_pairs)
        self._add("known-pair", lines.sum(pairs) > 0)
        phrase = tables["phrases"].holds(lines.hashes) & (lines.count > 0)
        self._add("phrase", phrase)
        at = tables["known"].places(lines.hashes)
        sites = np.where((at >= 0) & (lines.count > 0), np.append(self._sites, 0)[at], 0)
        self._add("sites", np.minimum(sites, 5))
        self._hit = (phrase | (sites > 0)).astype(np.float64)
        self._lexical = np.maximum(self._hit, known_pairs)

    def _shape(self) -> None:
        lines = self.lines
        of, numbers = lines.of, lines.numbers
        length = (lines.ends - lines.starts).astype(np.float64)
        letters = of.letters[numbers].astype(np.float64)
        self._length, self._log = length, np.log1p(lines.count)
        self._ended, self._prose = of.ended[numbers], of.prose[numbers]
        self._add("length", np.log1p(length))
        self._add("words", self._log)
        counts = self._counts((*SIGNS, "digit", "mark")) | {
            name: lines.hold(self._class(name)) for name in ("latin", "space")
        }
        solid = np.maximum(1, length - counts["space"])
        self._digits, self._marks = counts["digit"] / solid, counts["mark"] / solid
        self._add("letters", letters / solid)
        self._add("latin", counts["latin"] / np.maximum(1, letters))
        self._add("digits", self._digits)
        self._add("marks", self._marks)
        self._add("word-length", np.minimum(30, letters / np.maximum(1, lines.count)))
        self._commas = np.minimum(6, counts["comma"])
        for name in SIGNS:
            self._add(name, np.minimum(6, counts[name]))
        self._add("commas", counts["comma"] / np.maximum(1, lines.count))
        self._capitals = lines.share(self._class("upper")[lines.words.starts])
        self._add("capitals", self._capitals)
        for name, flags in (
            ("ended", of.ended),
            ("quoted", of.quoted),
            ("elliptic", of.elliptic),
            ("bullet", of.bulleted),
        ):
            self._add(name, flags[numbers])
        first, last = lines.edges
        self._colon = self._class("colon")[last]
        self._add("colon-last", self._colon)
        self._add("question-last", self._class("question")[last])
        self._add("digit-last", self._class("digit")[last])
        self._add("digit-first", self._class("digit")[first])
        self._add("mark-first", self._class("mark")[first])

    def _counts(self, names: Sequence[str]) -> dict[str, Floats]:
        """How many code points of some rare classes each line has: what is in none of them is passed over once."""
        places = np.flatnonzero(self._codes & sum(map(bit, names)) != 0)
        codes = self._codes[places]
        return {name: self.lines.within(places[codes & bit(name) != 0]) for name in names}

    def _class(self, name: str) -> Flags:
        """Which code points of the batch belong to a class."""
        found: Flags = self._codes & bit(name) != 0
        return found

    def _page(self) -> None:
        lines = self.lines
        self._short = ((lines.count <= _SHORT) & ~self._ended).astype(np.float64)
        words = np.maximum(1, lines.whole(lines.count))
        self._add("page-lines", np.log1p(lines.size))
        self._add("page-words", np.log1p(words))
        self._add("page-prose", lines.whole(self._prose) / lines.size)
        self._add("page-prose-text", lines.whole(self._length * self._prose) / np.maximum(1, lines.whole(self._length)))
        self._add("page-function", lines.whole(self._filler * lines.count) / words)
        for name, values in (
            ("known", self._lexical),
            ("ended", self._ended),
            ("length", self._log),
            ("short", self._short),
        ):
            self._add(f"page-{name}", lines.whole(values) / lines.size)

    def _place(self) -> None:
        lines = self.lines
        here, low, high, prose = lines.here, lines.low, lines.high, self._prose
        self._add("from-start", np.log1p(here - low))
        self._add("from-end", np.log1p(high - 1 - here))
        self._add("place", (here - low) / np.maximum(1, lines.size - 1))
        self._add("prose", prose)
        before, after = between(prose, low, here), between(prose, here + 1, high)
        self._add("prose-before", before / np.maximum(1, before + after + prose))
        self._add("after-prose", before > 0)
        self._add("before-prose", after > 0)
        self._add("text-before", np.log1p(between(self._length * prose, low, here)))
        self._add("text-after", np.log1p(between(self._length * prose, here + 1, high)))
        above, below = lines.last_before(prose), lines.first_after(prose)
        self._add("to-prose-above", np.where(above >= low, np.log1p(np.minimum(here - above, _FAR)), 7))
        self._add("to-prose-below", np.where(below < high, np.log1p(np.minimum(below - here, _FAR)), 7))
        first, stop = np.maximum(above + 1, low), np.minimum(below, high)  # the run between two lines of prose
        size = np.maximum(1, stop - first)
        words = between(lines.count, first, stop)
        self._add("run", np.log1p(stop - first))
        self._add("run-words", np.log1p(words / size))
        self._add("run-edge", (first == low) * 1 + (stop == high) * 2)
        self._add("run-function", between(self._filler * lines.count, first, stop) / np.maximum(1, words))
        self._add("run-known", between(self._hit, first, stop) / size)
        self._add("run-known-above", np.log1p(between(self._hit, first, here)))
        self._add("run-known-below", np.log1p(between(self._hit, np.minimum(here + 1, stop), stop)))
        self._add("known-above", between(self._hit, low, here) / np.maximum(1, here - low))
        self._add("known-below", between(self._hit, here + 1, high) / np.maximum(1, high - here - 1))

    def _phrases(self) -> None:
        """How far the last related heading, comment form and footer line above are, and the next below."""
        lines = self.lines
        here = lines.here
        for name in ("related", "comments", "footer"):
            marks = self._tables[name].holds(lines.hashes) & (lines.count > 0)
            above, below = lines.last_before(marks), lines.first_after(marks)
            seen = above >= lines.low
            self._add(f"since-{name}", np.where(seen, np.log1p(np.minimum(here - above, _FAR)), 6))
            passed = between(self._prose, np.maximum(above, 0), here)
            self._add(f"prose-since-{name}", np.where(seen, np.log1p(passed), -1))
            self._add(f"until-{name}", np.where(below < lines.high, np.log1p(np.minimum(below - here, _FAR)), 6))

    def _around(self) -> None:
        lines = self.lines
        values = [self._log, self._ended, self._lexical, self._hit, self._filler, self._short, self._prose]
        values += [self._digits, self._capitals, self._commas, self._log**2, self._date, self._colon, self._marks]
        rows = {name: row for row, name in enumerate((*_WINDOWED, "squares", "date", "colon", "marks"))}
        table = np.stack(values, dtype=np.float64)
        self._shifts(table, rows)
        sums = Sums(table[:-1])
        for reach in _REACHES:
            around = lines.window(sums, reach, reach)
            for name in _WINDOWED:
                self._add(f"{name}~{reach}", around[rows[name]])
            spread = around[rows["squares"]] - around[rows["words"]] ** 2
            self._add(f"spread~{reach}", np.sqrt(np.maximum(0, spread)))
        self._add("date~5", lines.window(sums, 5, 5)[rows["date"]])
        for reach in (6, 15):
            above, below = lines.window(sums, reach, 0), lines.window(sums, 0, reach)
            for name in ("lexical", "prose", "words"):
                self._add(f"{name}^{reach}", above[rows[name]])
                self._add(f"{name}_{reach}", below[rows[name]])
            if reach == 6:
                self._add("colon^6", above[rows["colon"]])

    def _shifts(self, table: Floats, rows: Mapping[str, int]) -> None:
        """What the lines above and below have."""
        lines, step = self.lines, np.zeros(len(self.lines.here))
        for by in _AROUND:
            there = lines.shifted(table, by)
            for name, row in (("words", "words"), ("ended", "ended"), ("known", "lexical")):
                self._add(f"{name}{by:+d}", there[rows[row]])
            for name in ("function", "digits", "marks", "date") if by in _NEAR else ():
                self._add(f"{name}{by:+d}", there[rows[name]])
            if by in (-1, 1):
                step += np.abs(self._log - there[rows["words"]])
            if by == -1:
                self._add("colon-1", there[rows["colon"]] > 0)
        self._add("step", step)

    def _repeats(self) -> None:
        """Lines met again, first and last words met in the lines around, and words shared with the prose."""
        lines = self.lines
        here, full = lines.here, lines.count > 0
        keys = mixed(lines.hashes ^ mixed(lines.documents.astype(np.uint64)))
        _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        order = np.argsort(inverse, kind="stable")
        first = np.zeros(len(keys), bool)
        first[order[np.cumsum(counts) - counts]] = True
        self._add("copies", np.where(full, np.minimum(6, counts[inverse]), 0))
        self._add("seen", ~first & full)
        edges = np.append(lines.words.hashes, np.uint64(0))
        words = np.stack([edges[lines.bounds[:-1]], edges[lines.bounds[1:] - 1]])  # first and last
        again = np.zeros(words.shape)
        for by in (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6):
            there = np.clip(here + by, lines.low, lines.high - 1)
            again += (words == words[:, there]) & ((there == here + by) & full & full[there])
        self._add("first-again", again[0])
        self._add("last-again", again[1])

    def _subjects(self) -> None:
        """How many of a line's telling words the prose has, and how often they stand outside of prose."""
        lines = self.lines
        telling = ~self._function & (lines.words.lengths > 2)
        weight = lines.sum(telling)
        in_prose = self._prose[lines.word_lines]
        keys = mixed(lines.words.hashes ^ mixed(lines.documents.astype(np.uint64))[lines.word_lines])
        outside = np.flatnonzero(telling & ~in_prose)
        asked, at, times = np.unique(keys[outside], return_inverse=True, return_counts=True)
        there = np.zeros(len(asked), bool)  # in prose, too
        inside = keys[telling & in_prose]
        inside = inside[Table(short(asked)).holds(inside)]
        if len(asked):
            place = np.minimum(np.searchsorted(asked, inside), len(asked) - 1)
            there[place[asked[place] == inside]] = True
        topic, shared = (telling & in_prose).astype(np.float64), np.zeros(len(keys))
        topic[outside], shared[outside] = there[at], np.minimum(4, times[at])
        self._add("topic", lines.sum(topic) / np.maximum(1, weight))
        self._add("shared", lines.sum(shared) / np.maximum(1, weight))

    def _rhythm(self) -> None:
        """How much a line is like those two to six lines away in step: title, date, title, date; name, text, vote."""
        lines = self.lines
        lines = self.lines
        shapes = np.stack([self._log, self._ended, self._digits, self._date], dtype=np.float64)
        weights = np.array([[2.0], [1.0], [3.0], [2.0]])
        alike = []
        for step in range(1, 7):
            total = np.zeros(len(lines.here))
            for by in (-2 * step, -step, step, 2 * step):
                there = np.clip(lines.here + by, lines.low, lines.high - 1)
                parts = weights * np.abs(shapes - shapes[:, there])
                apart = parts[0] + parts[1] + parts[2] + parts[3]
                total += np.where(there == lines.here + by, 1 / (1 + apart), 0)
            alike.append(total / 4)
        self._add("alike", alike[0])
        self._add("rhythm", np.max(alike[1:], axis=0))
        self._add("rhythm-more", np.max(alike[1:], axis=0) - alike[0])
