"""Imports go one way, and heavy libraries stay where they are needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "auditor"

# Lowest first; a module may import from its own layer and the layers below. Where modules of one layer import each
# other it is one way, too: see test_no_cycles. Names are modules of `auditor`, or packages of it.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"lazily", "arrays", "expressions", "errors", "assets", "cache", "globs", "hints", "sound"}),
    frozenset({"model"}),
    frozenset({"folding", "marks", "repairs", "detectors", "mtsignals", "mtengine"}),
    frozenset({"page"}),
    frozenset({"patterns", "batch", "mtstream", "mtreadings", "mtscore"}),
    frozenset({"prefilter", "runaway"}),
    frozenset({"automaton", "features", "figures", "wordhash", "trees", "signs", "runs", "facts"}),
    frozenset({"lines", "evidence", "weights", "minhash"}),
    frozenset({"kinds", "metrics", "survey"}),
    frozenset({"packfile", "packcheck", "packerrors", "packset", "packread", "packs"}),
    frozenset({"check", "clean", "decisions", "edits", "examples"}),
    frozenset(
        {
            "chains",
            "config",
            "decisionfile",
            "decideoptions",
            "gatesection",
            "linehash",
            "notes",
            "options",
            "outgoing",
            "ruleoptions",
            "places",
            "restore",
            "settings",
            "writing",
        }
    ),
    frozenset({"tally", "filereports"}),
    frozenset({"pipeline"}),
    frozenset({"sliced"}),
    frozenset({"kept", "shownpage"}),
    frozenset(
        {"intervals", "measured", "results", "runners", "rulebook", "rulepages", "ratchet", "reporting", "surveying"}
    ),
    frozenset({"gate_result", "suites", "counts", "budgets", "gateasked", "gateframe", "datadocs", "gate"}),
    frozenset({"library"}),
    frozenset({"trial", "starter", "timing", "gold", "evaluation", "sheets", "scorecard"}),
    frozenset({"console"}),
    frozenset({"asked", "figurefiles"}),
    frozenset({"evalverb", "merging", "decideverb"}),
    frozenset({"ruleverbs"}),
    frozenset({"cli"}),
)
# Beside the layers above `folding`: they know the values that flow, not how findings are made.
ASIDE: dict[str, frozenset[str]] = {
    "formats": frozenset({"errors", "expressions", "assets", "hints", "model", "folding", "formats"}),
    "patches": frozenset({"errors", "assets", "model", "folding", "formats", "patches"}),
    "reporters": frozenset({"errors", "expressions", "assets", "model", "folding", "sound", "reporters"}),
}
LATE = {"gate.py", "gateframe.py", "datadocs.py", "arrow.py", "htmltree.py", "htmlmain.py"}
HEAVY = {"great_expectations", "lxml", "pandas", "pyarrow", "trafilatura"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path, *, top_level: bool = False) -> Iterator[str]:
    """Dotted names imported by a module; ``top_level`` skips imports inside functions and for type checkers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in _outside_functions(tree) if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        for_checkers = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not for_checkers and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from _outside_functions(child)


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def unit(name: str) -> str | None:
    """``auditor.kinds.lexicon`` -> ``kinds``; None for what is not ours and for the package itself."""
    parts = name.split(".")
    return parts[1] if parts[0] == "auditor" and len(parts) > 1 else None


def layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


def allowed(importer: str, imported: str) -> bool:
    if importer in ASIDE:
        return imported in ASIDE[importer]
    if imported in ASIDE:  # check and clean know nothing of files and reports; pipeline, gate and cli do
        return layer(importer) >= layer("config")
    return layer(imported) <= layer(importer)


def units() -> set[str]:
    return {name for path in modules() if (name := unit(dotted(path)))} - {"__main__"}


def test_every_module_has_its_layer() -> None:
    homeless = units() - set().union(*LAYERS) - set(ASIDE)
    assert homeless == set(), "write down in LAYERS what these modules may import"


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_imports_go_one_way(path: Path) -> None:
    importer = unit(dotted(path))
    if importer not in set().union(*LAYERS, ASIDE):
        return  # auditor/__init__.py offers what lies inside; the test above names the others
    known = units()
    ours = {name for one in imports(path) if (name := unit(one)) in known}
    assert [name for name in sorted(ours) if not allowed(importer, name)] == []


def test_no_cycles() -> None:
    """Counting imports that run when a module is loaded, no module leads back to itself."""
    names = {dotted(path) for path in modules()}
    graph = {dotted(path): set(imports(path, top_level=True)) & names for path in modules()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for other in graph[name] - {name}:
                visit(other, (*trail, name))
            done.add(name)

    for name in sorted(names - {"auditor"}):
        visit(name, ())


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_heavy_libraries_are_imported_where_they_are_needed_and_late(path: Path) -> None:
    late = path.name in LATE
    found = {name.split(".")[0] for name in imports(path, top_level=late)}
    assert found & HEAVY == set()


@pytest.mark.parametrize("module", ["auditor", "auditor.gate", "auditor.cli"])
def test_nothing_heavy_is_loaded_at_start(module: str) -> None:
    if module.count(".") and not (PACKAGE / f"{module.split('.')[1]}.py").exists():
        pytest.skip(f"{module} does not exist")
    code = f"import sys, {module}; print(*sorted(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & (HEAVY | {"hyperscan", "numpy", "regex", "scipy", "ray"}) == set()


def test_the_package_itself_loads_nothing() -> None:
    code = "import sys, auditor; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"numpy", "hyperscan", "msgspec", "regex", "yaml", "auditor.library"} & set(done.stdout.split()) == set()


def test_only_the_command_line_prints_and_exits() -> None:
    for path in modules():
        if path.name in ("cli.py", "console.py", "__main__.py"):  # console is how cli speaks
            continue
        calls = [
            node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
        ]
        names = {ast.unparse(call) for call in calls}
        assert names & {"print", "sys.exit", "exit", "os._exit", "sys.stdout.write"} == set(), path


def test_what_is_in_the_cache_needs_neither_yaml_nor_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of one file is mostly start-up; what it does not need is not loaded."""
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))
    (tmp_path / "page.txt").write_text("نقل عن مصدر أن العمل تم.\n", "utf-8")
    code = "import sys; from auditor.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", code, "check", str(tmp_path / "page.txt"), "--isolated", "--rules", "core-spacing"]
    first, second = (subprocess.run(command, capture_output=True, text=True).stderr.split() for _ in range(2))
    late = {
        "hyperscan",
        "numpy",
        "regex",
        "yaml",
        "zipfile",
        "auditor.packread",
        "concurrent.futures.process",
        "multiprocessing",
        "auditor.reporters.html",
    }
    assert {"hyperscan", "numpy", "regex", "yaml"} <= set(first)
    assert late & set(second) == set()
