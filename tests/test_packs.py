"""Packs: what is refused, where and with which suggestion; and which packs and rules a run takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from auditor.assets import asset_dir
from auditor.check import Engine
from auditor.clean import clean
from auditor.errors import ConfigError, PackError
from auditor.examples import failures
from auditor.folding import STEPS
from auditor.model import Document
from auditor.packread import schema
from auditor.packs import Pack, load_pack, load_packs, shipped_files
from auditor.rulebook import schema_text

PACK = """\
schema: 1
pack: mine
define:
  cues: [ذكر, صحيفة]
rules:
- id: more
  kind: lexicon
  category: boilerplate
  severity: error
  message: "found {match}"
  phrases: [شارك]
  bad: [{text: <<شارك>>}]
  good: [أخرى]
"""
REGEX = PACK.replace("lexicon", "regex").replace("phrases: [شارك]", "pattern: شارك")
NAME = PACK.replace("lexicon", "name").replace("phrases: [شارك]", "wrong: [شارك]")
SCRIPT = PACK.replace("lexicon", "script").replace("phrases: [شارك]", "scripts: [Arabic, Latin]")
REPEAT = PACK.replace("lexicon", "repeat").replace("phrases: [شارك]", "unit: line")
BLOCK = PACK.replace("lexicon", "block").replace("phrases: [شارك]", "begins-with: [شارك]")
DENSITY = PACK.replace("lexicon", "density").replace("phrases:", "per: words\n  above: 0.5\n  phrases:")
METRIC = PACK.replace("lexicon", "metric").replace("phrases: [شارك]", "metric: words\n  max: 0.5")
LANGUAGE = PACK.replace("lexicon", "language").replace("phrases: [شارك]", "expected: [ar]")

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(text: str, name: str = "mine.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return made


def error(path: Path) -> str:
    with pytest.raises(PackError) as caught:
        load_pack(path)
    return str(caught.value)


MISTAKES = [
    # What a closed schema refuses
    (PACK, "phrases:", "phrase:", "11:3", "unknown key 'phrase'; did you mean phrases?"),
    (PACK, "pack: mine", "pack: mine\nlanguag: ar", "3:1", "unknown key 'languag'; did you mean language?"),
    (PACK, "rules:", "rule:", "5:1", "unknown key 'rule'; did you mean rules?"),
    (PACK, "kind: lexicon", "kind: lexikon", "7:3", "kind: 'lexikon' is not known; did you mean lexicon?"),
    (
        PACK,
        "  kind: lexicon\n",
        "",
        "6:3",
        "key 'kind' is missing (one of: block, density, echo, encoding, evidence, language, lexicon, metric, name, ",
    ),
    (PACK, "boilerplate", "boilerplat", "8:3", "category: 'boilerplat' is not known; did you mean boilerplate?"),
    (PACK, "error", "fatal", "9:3", "severity: 'fatal' is not known; known: error, info, warning"),
    (PACK, "  severity: error\n", "", "6:3", "key 'severity' is missing"),
    (PACK, "  good: [أخرى]\n", "", "6:3", "key 'good' is missing"),
    (PACK, "good: [أخرى]", "good: []", "13:3", "good: Expected a list of length >= 1"),
    (PACK, "pack: mine\n", "", "1:1", "key 'pack' is missing"),
    (PACK, "pack: mine", "pack: Mine", "2:1", "pack: Expected text matching regex"),
    (PACK, "schema: 1", "schema: 2", "1:1", "schema: '2' is not known; known: 1"),
    (PACK, "phrases: [شارك]", "phrases: 5", "11:3", "phrases: Expected a list, got a whole number"),
    (PACK, "phrases: [شارك]", "phrases: [x, 5]", "11:16", "phrases.1: Expected text, got a whole number"),
    (PACK, "phrases: [شارك]", "phrases: شارك", "11:3", "phrases: Expected a list, got text"),
    (PACK, "{text: <<شارك>>}", "{txt: <<شارك>>}", "12:10", "unknown key 'txt'; did you mean text?"),
    (PACK, "{text: <<شارك>>}", "<<شارك>>", "12:9", "bad.0: Expected a mapping, got text"),
    (PACK, "phrases:", "fix: no\n  phrases:", "11:3", "fix: 'no' is not known; did you mean none?"),
    (PACK, "phrases:", "near: {an: [x]}\n  phrases:", "11:10", "unknown key 'an'; did you mean any?"),
    (PACK, "phrases:", "near: {any: [x], befor: 1}\n  phrases:", "11:20", "unknown key 'befor'; did you mean before?"),
    (PACK, "phrases:", "near: {any: [x], after: -1}\n  phrases:", "11:20", "near.after: Expected a whole number >= 0"),
    (PACK, "phrases:", "first-lines: 0\n  phrases:", "11:3", "first-lines: Expected a whole number >= 1"),
    (PACK, "id: more", "id: More", "6:3", "id: Expected text matching regex"),
    # Lists
    (PACK, "[شارك]", "$cue", "11:3", "unknown list '$cue'; did you mean $cues?"),
    (PACK, "[شارك]", "[x, $nothing]", "11:16", "unknown list '$nothing'; known: $cues"),
    (PACK, "cues: [ذكر, صحيفة]", "cues: ذكر", "4:3", "define: cues must be a list of texts"),
    (PACK, "[ذكر, صحيفة]", "[$later]", "4:10", "unknown list '$later'"),
    # What a schema cannot say
    (PACK, "{match}", "{mach}", "10:3", "message: unknown placeholder {mach}; did you mean match?"),
    (PACK, "{match}", "{count}", "10:3", "message: unknown placeholder {count}; known: match, replacement, why"),
    (PACK, "{match}", "{}", "10:3", "message: unknown placeholder {}"),
    (PACK, "{match}", "{match:d}", "10:3", "message: write {match} without : or !"),
    (PACK, "{match}", "{match!r}", "10:3", "message: write {match} without : or !"),
    (PACK, "{match}", "{match", "10:3", "message: expected '}' before end of string"),
    (PACK, "id: more", "id: a/b", "6:3", "id: without /"),
    (
        PACK,
        "phrases:",
        "fold: [default, tashkil]\n  phrases:",
        "11:19",
        "fold: unknown step 'tashkil'; did you mean tashkeel?",
    ),
    (
        PACK,
        "phrases:",
        "fix: safe\n  evidence: predicted\n  phrases:",
        "11:3",
        "(evidence: predicted) cannot have fix: safe",
    ),
    (PACK, "phrases:", "fix: safe\n  phrases:", "13:9", "says in each bad example what the `fixed` text is"),
    (PACK, "<<شارك>>}", "<<شارك>>, fixed: x}", "12:26", "`fixed` is given, but fix is none"),
    (PACK, "<<شارك>>", "شارك", "12:9", "a bad example marks the expected span with << and >>"),
    (PACK, "<<شارك>>", "'>>شارك<<'", "12:9", "marks the expected span"),
    (PACK, "<<شارك>>", "<<شا<<رك>>>>", "12:9", "marks the expected span"),
    (PACK, "<<شارك>>", "<<>>شارك", "12:9", "marks the expected span"),
    (PACK, "phrases: [شارك]", "phrases: []", "6:3", "a lexicon rule needs phrases (or a phrases-file)"),
    (PACK, "phrases: [شارك]", "phrases: [x, '،،']", "11:3", "phrase '،،' is empty once folded: it can never match"),
    (PACK, "phrases: [شارك]", 'phrases: ["x\\ny"]', "11:3", "goes over two lines: it can never match"),
    (PACK, "phrases:", "replace: x\n  phrases:", "11:3", "whole lines (at or extent: line) only go"),
    (PACK, "phrases:", "near: {any: []}\n  phrases:", "11:10", "near: needs at least one cue"),
    (PACK, "phrases:", "not-near: {any: ['،']}\n  phrases:", "11:14", "not-near: cue '،' holds no word"),
    (PACK, "phrases:", "in-text: {any: []}\n  phrases:", "11:13", "in-text: needs at least one cue"),
    (
        PACK,
        "phrases:",
        "in-text: {any: [x], at-least: 2}\n  phrases:",
        "11:23",
        "in-text: at-least is more than there are",
    ),
    (
        PACK,
        "phrases:",
        "in-text: {any: [x], at-lest: 2}\n  phrases:",
        "11:23",
        "unknown key 'at-lest'; did you mean at-least?",
    ),
    (PACK, "phrases:", "except: ['ـ']\n  phrases:", "11:3", "except: 'ـ' is empty once folded"),
    (PACK, "phrases:", "phrases-file: ../x.txt\n  phrases:", "11:3", "lies outside the pack's folder"),
    (PACK, "phrases:", "phrases-file: /etc/passwd\n  phrases:", "11:3", "lies outside the pack's folder"),
    (PACK, "phrases:", "phrases-file: none.txt\n  phrases:", "11:3", "phrases-file 'none.txt' cannot be read"),
    (NAME, "wrong: [شارك]", "wrong: ['ـ']", "11:3", "wrong form 'ـ' is empty once folded"),
    (NAME, "wrong: [شارك]", "wrong: []", "11:3", "needs at least one wrong form"),
    (NAME, "wrong:", "fix: display\n  wrong:", "11:3", "fix: display needs `right`"),
    (REGEX, "pattern: شارك", "pattern: '('", "11:3", "pattern: missing )"),
    (REGEX, "pattern: شارك", "pattern: 'x*'", "11:3", "pattern matches the empty text: it would fire everywhere"),
    (REGEX, "pattern: شارك", "pattern: 'a{99999999999}'", "11:3", "pattern: "),
    (REGEX, "pattern: شارك", "pattern: 'أيضًا'\n  fold: [default]", "11:3", "U+064B vanishes from folded text"),
    (REGEX, "pattern: شارك", "pattern: '(x)'\n  replace: '\\2'", "12:3", "replace: the pattern has no group '2'"),
    (
        REGEX,
        "pattern: شارك",
        "pattern: '(?P<year>x)'\n  replace: '\\g<yaer>'",
        "12:3",
        "no group 'yaer'; did you mean year?",
    ),
    (REGEX, "pattern:", "replace: x\n  extent: line\n  pattern:", "11:3", "not of an extent: line"),
    (REGEX, "pattern:", "scope: document\n  first-lines: 3\n  pattern:", "12:3", "it cannot have both"),
    (SCRIPT, "Latin", "Latn1", "11:21", "unknown script 'Latn1'"),
    (SCRIPT, "scripts:", "allow: ['(']\n  scripts:", "11:11", "allow: '(' is not a valid pattern"),
    (SCRIPT, "scripts: [Arabic, Latin]", "scripts: [Arabic]", "11:3", "scripts: Expected a list of length"),
    (SCRIPT, "scripts:", "split: false\n  fix: display\n  scripts:", "12:3", "needs split: true"),
    (REPEAT, "unit: line", "max-words: 5", "11:3", "max-words goes with across: site"),
    (REPEAT, "unit: line", "across: site", "6:3", "also: holds the other pages"),
    (REPEAT, "unit: line", "across: site\n  adjacent: true\n  also: [a]", "12:3", "speaks of one document"),
    (REPEAT, "unit: line", "across: site\n  same: run\n  also: [a]", "11:3", "compares whole lines"),
    (REPEAT, "unit: line", "across: corpus\n  also: [a]", "11:3", "what other sites print, too, is content"),
    (REPEAT, "unit: line", "unit: document", "11:3", "go with across: site or corpus"),
    (REPEAT, "unit: line", "across: corpus\n  unit: document\n  also: [a]", "12:3", "goes with same: near"),
    (REPEAT.replace("{match}", "{first}"), "unit: line", "across: site\n  also: [a]", "10:3", "unknown placeholder"),
    (REPEAT.replace(">}", ">, fixed: ''}"), "unit:", "same: beginning\n  fix: unsafe\n  unit:", "12:3", "only reports"),
    (BLOCK, "begins-with: [شارك]", "begins-with: ['،']", "11:3", "begins-with: phrase '،' is empty once folded"),
    (BLOCK, "begins-with:", "made-of: [كتاب]\n  begins-with:", "11:3", "made-of stands instead of begins-with"),
    (BLOCK, "begins-with:", "others: 1\n  begins-with:", "11:3", "others goes with made-of"),
    (BLOCK, "begins-with:", "max-lines: 2\n  begins-with:", "11:3", "max-lines is below min-lines"),
    (BLOCK, "begins-with:", "max-ended: 1.5\n  begins-with:", "11:3", "max-ended: Expected a number <= 1.0"),
    (BLOCK, "begins-with:", "position: top\n  begins-with:", "11:3", "position: 'top' is not known"),
    (DENSITY, "  phrases: [شارك]\n", "", "6:3", "a density rule counts either a pattern or phrases"),
    (DENSITY, "phrases:", "pattern: x\n  phrases:", "6:3", "a density rule counts either a pattern or phrases"),
    (DENSITY, "per: words", "per: pattern", "11:3", "per-pattern goes with per: pattern"),
    (DENSITY, "  above: 0.5\n", "", "6:3", "a density rule needs above or below"),
    (DENSITY, "phrases: [شارك]", "pattern: '('", "13:3", "pattern: missing )"),
    (DENSITY, "phrases: [شارك]", "phrases: ['ـ']", "13:3", "phrase 'ـ' is empty once folded"),
    (DENSITY, "phrases:", "fold: [tashkil]\n  phrases:", "13:10", "unknown step 'tashkil'; did you mean tashkeel?"),
    (
        DENSITY,
        "phrases:",
        "when: {min-word: 1}\n  phrases:",
        "13:10",
        "unknown key 'min-word'; did you mean min-words?",
    ),
    (METRIC, "  max: 0.5\n", "", "6:3", "a metric rule needs min or max"),
    (METRIC, "max: 0.5", "max: 0.5\n  min: 1", "13:3", "min is above max"),
    (METRIC, "metric: words", "metric: wrods", "11:3", "metric: 'wrods' is not known; did you mean words?"),
    (METRIC, "metric: words", "metric: stop-words", "6:3", "words lists what the metric stop-words counts"),
    (METRIC, "max: 0.5", "max: 0.5\n  words: [x]", "13:3", "words lists what the metric stop-words counts"),
    (METRIC.replace(">}", ">, fixed: ''}"), "max:", "fix: unsafe\n  max:", "12:3", "fix: unsafe would delete"),
    (LANGUAGE, "[ar]", "[arb]", "11:3", "expected: unknown language 'arb'; did you mean ar?"),
    (
        LANGUAGE,
        "expected:",
        "backend: lingo\n  expected:",
        "11:3",
        "backend: 'lingo' is not known; did you mean lingua?",
    ),
]


@pytest.mark.parametrize(("pack", "old", "new", "place", "message"), MISTAKES, ids=[each[4][:60] for each in MISTAKES])
def test_a_mistake_is_shown_where_it_is(write: Write, pack: str, old: str, new: str, place: str, message: str) -> None:
    assert pack.count(old) >= 1
    path = write(pack.replace(old, new, 1))
    found = error(path)
    assert message in found
    shown = [one for one in found.split("\n") if one.startswith(f"{path}:{place}: ")]
    assert shown, found
    line, _column = map(int, place.split(":"))
    assert path.read_text(encoding="utf-8").split("\n")[line - 1][:100].strip() in found


def test_all_packs_of_these_tests_are_sound(write: Write) -> None:
    for text in (PACK, REGEX, NAME, SCRIPT, REPEAT, BLOCK, DENSITY, METRIC, LANGUAGE):
        assert load_pack(write(text)).rules[0].id == "mine/more"


def test_every_mistake_is_told_at_once_but_ten_at_most(write: Write) -> None:
    rule = PACK[PACK.index("- id") :].replace("error", "fatal")
    found = error(write(PACK + rule * 12))
    assert found.count("severity: 'fatal'") == 10
    assert found.endswith("... and 2 more")


def test_an_id_may_stand_once(write: Write) -> None:
    assert "mine.yaml:14:3: rule id 'more' stands in this pack twice" in error(write(PACK + PACK[PACK.index("- id") :]))


@pytest.mark.parametrize("text", ["", "- a\n", "text\n"])
def test_a_pack_is_a_mapping(write: Write, text: str) -> None:
    assert "mine.yaml:1:1: a pack is a mapping of schema, pack and rules" in error(write(text))


def test_files_that_cannot_be_read(write: Write, tmp_path: Path) -> None:
    assert "none.yaml: cannot be read: No such file" in error(tmp_path / "none.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(b"schema: 1\npack: \xff\n")
    assert "broken.yaml: is not UTF-8 (byte 16)" in error(broken)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + PACK.replace("\n", "\r\n").encode())
    assert load_pack(path).name == "mine"


def test_lists_are_spliced_wherever_texts_stand(write: Write) -> None:
    text = PACK.replace("[ذكر, صحيفة]", "[ذكر]\n  all: [$cues, موقع]").replace(
        "phrases: [شارك]", "phrases: [شارك, $all]\n  near: {any: $all}\n  except: [$cues]"
    )
    rule = load_pack(write(text)).rules[0]
    assert rule.phrases == ("شارك", "ذكر", "موقع")  # type: ignore[union-attr]
    assert rule.near.any == ("ذكر", "موقع")  # type: ignore[union-attr]
    assert rule.except_ == ("ذكر",)  # type: ignore[union-attr]


def test_a_word_list_beside_the_pack(write: Write) -> None:
    write("# menus\n\nالرئيسية\n  اتصل بنا  \r\n#x\n", "lists/menus.txt")
    path = write(PACK.replace("phrases:", "phrases-file: lists/menus.txt\n  phrases:"))
    before = load_pack(path)
    assert before.rules[0].phrases == ("شارك", "الرئيسية", "اتصل بنا")  # type: ignore[union-attr]
    write("أخبار\n", "lists/menus.txt")
    after = load_pack(path)
    assert after.rules[0].phrases == ("شارك", "أخبار")  # type: ignore[union-attr]
    assert before.digest != after.digest
    (path.parent / "lists/menus.txt").unlink()
    with pytest.raises(PackError, match=r"phrases-file 'lists/menus\.txt' cannot be read"):
        load_pack(path)


def test_lists_that_unfold_to_gigabytes_are_refused(write: Write) -> None:
    lists = "".join(f"  l{n}: [{', '.join([f'$l{n - 1}'] * 10)}]\n" for n in range(1, 12))
    bomb = PACK.replace("define:\n", f"define:\n  l0: [a, b, c, d, e, f, g, h, i, j]\n{lists}")
    with pytest.raises(PackError, match=r"mine\.yaml:9:.*more than 200,000 texts"):
        load_pack(write(bomb))


def test_words_that_yaml_takes_for_yes_and_no_are_words(write: Write) -> None:
    rule = load_pack(write(PACK.replace("[شارك]", "[no, yes, on, شارك]"))).rules[0]
    assert rule.phrases == ("no", "yes", "on", "شارك")  # type: ignore[union-attr]


AXIOS = """\
schema: 1
pack: ar-names
language: ar
define:
  outlet-cues: [وفقا ل, بحسب, نقل عن, ذكر, موقع, صحيفة, تقرير]
rules:
  - id: axios
    kind: name
    category: mistranslation
    severity: error
    confidence: high
    message: "'{match}' means 'axiom'; the outlet Axios is {replacement}"
    wrong: [البديهية, بديهية]
    right: أكسيوس
    near: {any: $outlet-cues, before: 8, after: 4}
    not-near: {any: [العبارات, المبادئ, الحقائق], before: 3, after: 1}
    fix: safe
    bad:
      - text: نقل عن <<البديهية>> أن المحادثات تقدمت
        fixed: نقل عن أكسيوس أن المحادثات تقدمت
    good:
      - هذه من الحقائق البديهية في الرياضيات
"""


def test_the_example_of_the_rule_language_loads_and_works(write: Write) -> None:
    pack = load_pack(write(AXIOS))
    assert failures([pack]) == []
    done = clean(Engine([pack]), [Document(text="وذكر تقرير للبديهية أن الحقائق تغيرت. البديهية")])[0]
    assert done.text == "وذكر تقرير لأكسيوس أن الحقائق تغيرت. البديهية"
    (found,) = done.checked.findings
    assert found.message == "'للبديهية' means 'axiom'; the outlet Axios is لأكسيوس"
    assert found.why == "near 'ذكر'"


# --- which packs and rules a run takes ---------------------------------------------------------------------------


def ids(packs: tuple[Pack, ...]) -> list[str]:
    return [rule.id for pack in packs for rule in pack.rules]


@pytest.fixture
def two(write: Write) -> Path:
    second = PACK[PACK.index("- id") :].replace("id: more", "id: other")
    write(PACK + second, "packs/mine.yaml")
    write(PACK.replace("pack: mine", "pack: yours"), "packs/deep/yours.yml")
    return write("no pack", "packs/readme.txt").parent


def test_a_file_and_a_folder(two: Path) -> None:
    assert ids(load_packs([str(two / "mine.yaml")])) == ["mine/more", "mine/other"]
    assert ids(load_packs([str(two)])) == ["mine/more", "mine/other", "yours/more"]


def test_rules_and_packs_are_switched_off(two: Path) -> None:
    assert ids(load_packs([str(two), "-mine/more"])) == ["mine/other", "yours/more"]
    assert ids(load_packs([str(two), "-mine"])) == ["yours/more"]
    with pytest.raises(ConfigError, match="every rule is switched off"):
        load_packs([str(two), "-mine", "-yours"])


def test_shipped_packs_by_name_and_single_rules() -> None:
    names = {pack.name for pack in load_packs()}
    assert {"ar-names", "ar-boilerplate", "core-repeat"} <= names
    assert load_packs(["default"]) == load_packs()
    assert [pack.name for pack in load_packs(["core-repeat"])] == ["core-repeat"]
    first, second = ids(load_packs(["core-repeat"]))[:2]
    assert ids(load_packs([first])) == [first]
    assert sorted(ids(load_packs([first, second]))) == sorted([first, second])
    assert ids(load_packs([first, "core-repeat"])) == ids(load_packs(["core-repeat"]))
    assert first not in ids(load_packs([f"-{first}"]))


def test_shipped_packs_together_with_ones_own(two: Path) -> None:
    both = load_packs(["core-repeat", str(two / "mine.yaml")])
    assert [pack.name for pack in both] == ["core-repeat", "mine"]


def test_the_same_file_twice_is_one_pack(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(two)
    assert ids(load_packs(["mine.yaml", str(two / "mine.yaml"), "./mine.yaml"])) == ["mine/more", "mine/other"]


def test_two_packs_of_one_name_are_refused(two: Path, write: Write) -> None:
    other = write(PACK, "other.yaml")
    with pytest.raises(PackError, match=r"a pack named 'mine' is loaded already from .*mine\.yaml"):
        load_packs([str(two / "mine.yaml"), str(other)])


def folding_in(ways: int) -> str:
    """A pack of as many rules, each with a set of steps of its own."""
    head, rule = PACK.split("- id: more\n")
    sets = [[step for at, step in enumerate(STEPS) if number >> at & 1] for number in range(ways)]
    return head + "".join(f"- id: r{at}\n  fold: {steps}\n{rule}" for at, steps in enumerate(sets))


def test_rules_fold_text_in_no_more_ways_than_fit_in_memory(write: Write) -> None:
    assert len(load_packs([str(write(folding_in(64)))])[0].rules) == 64
    with pytest.raises(PackError, match=r"mine\.yaml: mine/r64: folds text in yet another way; 64 sets of steps are"):
        load_packs([str(write(folding_in(65)))])


@pytest.mark.parametrize(
    ("selectors", "message"),
    [
        (["core-repat"], "--rules core-repat: no such file, folder or shipped pack; did you mean core-repeat"),
        (["none.yaml"], "--rules none.yaml: no such file"),
        (["core-repeat/nothing"], "--rules core-repeat/nothing: the pack has no such rule"),
        (["core-repeat", "-core-script"], "--rules=-core-script: no such pack or rule is selected"),
        (["-core-repeat/nothing"], "--rules=-core-repeat/nothing: no such pack or rule is selected"),
    ],
)
def test_selectors_that_name_nothing(selectors: list[str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_packs(selectors)
    assert message in str(caught.value)


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the folder holds no \.yaml pack"):
        load_packs([str(tmp_path)])


def test_presets_are_loaded_by_name_only() -> None:
    presets = shipped_files(presets=True)
    assert [path.stem for path in presets] == ["c4", "fineweb2-arabic", "gopher", "site"]
    assert not {pack.name for pack in load_packs()} & {f"preset-{path.stem}" for path in presets}
    assert [pack.name for pack in load_packs(["default", "preset-gopher"])][-1] == "preset-gopher"
    for path in presets:
        assert load_pack(path).name == f"preset-{path.stem}"
        assert failures([load_pack(path)]) == []


def test_shipped_packs_are_kept_as_one_for_as_long_as_none_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    rules = tmp_path / "rules"
    for name in ("ar/idioms.yaml", "core/spacing.yaml"):
        (rules / name).parent.mkdir(parents=True)
        (rules / name).write_bytes((asset_dir("rules") / name).read_bytes())
    monkeypatch.setattr("auditor.packs.asset_dir", lambda name: tmp_path / name)
    monkeypatch.setattr("auditor.packset.asset_dir", lambda name: tmp_path / name)
    first = load_packs()
    assert [pack.name for pack in first] == ["ar-idioms", "core-spacing"]
    assert first == load_packs() == load_packs(["default"])
    assert len(list((tmp_path / "cache").glob("packs-*"))) == 1
    (rules / "core/spacing.yaml").unlink()
    assert [pack.name for pack in load_packs()] == ["ar-idioms"]


def test_shipped_names_are_those_of_their_files() -> None:
    for path in shipped_files():
        parts = path.relative_to(asset_dir("rules")).with_suffix("").parts
        assert load_pack(path).name == "-".join(parts)


# --- the schema for editors --------------------------------------------------------------------------------------


def test_the_schema_kept_beside_the_packs_is_current() -> None:
    kept = asset_dir("rules") / "pack.schema.json"
    assert kept.read_text(encoding="utf-8") == schema_text(), "run: auditor rules schema > rules/pack.schema.json"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


@pytest.mark.parametrize("path", shipped_files() + shipped_files(presets=True), ids=lambda path: path.name)
def test_shipped_packs_fit_the_schema(validator: Draft202012Validator, path: Path) -> None:
    """As an editor sees it: by the schema that the first line names, rule by rule (together it is slow)."""
    first, *_ = (text := path.read_text(encoding="utf-8")).split("\n")
    named = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert json.loads(named.read_text(encoding="utf-8")) == json.loads(schema_text())
    pack = yaml.load(text, Loader=yaml.CSafeLoader)
    kinds = {each["properties"]["kind"]["enum"][0]: each for each in rule_definitions()}
    assert [one.message for one in validator.iter_errors(pack | {"rules": pack["rules"][:1]})] == []
    for rule in pack["rules"]:
        whole = kinds[rule["kind"]] | {"$defs": schema()["$defs"]}
        assert [one.message for one in Draft202012Validator(whole).iter_errors(rule)] == [], rule["id"]


@cache
def rule_definitions() -> list[dict[str, Any]]:
    return [each for name, each in schema()["$defs"].items() if name.endswith("Rule")]


def test_the_schema_takes_lists_by_name(validator: Draft202012Validator) -> None:
    validator.validate(yaml.safe_load(AXIOS))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wrong:", "wrnog:"),
        ("kind: name", "kind: nmae"),
        ("severity: error", "severity: bad"),
        ("before: 8", "befor: 8"),
        ("schema: 1", "schema: 2"),
        ("language: ar", "langauge: ar"),
        ("    good:\n      - هذه من الحقائق البديهية في الرياضيات\n", ""),
    ],
)
def test_the_schema_refuses(validator: Draft202012Validator, old: str, new: str) -> None:
    assert not validator.is_valid(yaml.safe_load(AXIOS.replace(old, new)))
