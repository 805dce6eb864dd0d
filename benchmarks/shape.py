#!/usr/bin/env python3
"""Print the shape of the code: how long files and functions are, how deep imports go, and so on.

    shape.py [CHECKOUT]

Comments and docstrings count as lines of a file; a function's lines are those of its body without
the docstring. Depth is the longest chain of imports of ours. A function is typed where every
argument and the result are.
"""

from __future__ import annotations

import ast
import functools
import graphlib
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

RUNS = 9
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(package: Path) -> dict[str, ast.Module]:
    """Return the parsed files by module name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text("utf-8"))
    return found


def imported(tree: ast.AST, known: set[str]) -> Iterator[str]:
    """Yield the modules of ours that are imported when the code runs, functions included."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield from {whole if whole in known else str(node.module)} & known
        yield from imported(node, known)


def functions(trees: dict[str, ast.Module]) -> list[Function]:
    """Return every function and method."""
    nodes = (node for tree in trees.values() for node in ast.walk(tree))
    return [node for node in nodes if isinstance(node, Function)]


def body(function: Function) -> int:
    """Return the lines of a function without its head and docstring."""
    lines = function.body[1:] if ast.get_docstring(function) else function.body
    return (lines[-1].end_lineno or 0) - lines[0].lineno + 1 if lines else 0


def typed(function: Function) -> bool:
    """Return whether every argument, and the result, has a type."""
    given = function.args
    arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    named = [a for a in arguments if a is not None and a.arg not in ("self", "cls")]
    return function.returns is not None and all(a.annotation for a in named)


def documented(trees: dict[str, ast.Module]) -> float:
    """Return the share of modules and public classes and functions with a docstring."""
    things: list[ast.Module | ast.ClassDef | Function] = list(trees.values())
    for tree in trees.values():
        defined = (node for node in tree.body if isinstance(node, ast.ClassDef | Function))
        things.extend(node for node in defined if not node.name.startswith("_"))
    return statistics.fmean(ast.get_docstring(thing) is not None for thing in things)


def depth(graph: dict[str, set[str]]) -> int:
    """Return how many modules the longest chain of imports has."""

    @functools.cache
    def below(name: str) -> int:
        return 1 + max(map(below, graph[name]), default=0)

    return max(map(below, graph))


def start(*command: str) -> float:
    """Return the least time that a command of Python took."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return min(times)


def lines(folder: Path) -> int:
    """Return the lines of the Python files below a folder."""
    return sum(path.read_text("utf-8").count("\n") for path in folder.rglob("*.py"))


def main() -> None:
    """Print the figures of a checkout."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    package = root / "speechcoach"
    trees = modules(package)
    graph = {name: set(imported(tree, set(trees))) for name, tree in trees.items()}
    graphlib.TopologicalSorter(graph).prepare()  # raises where imports go round in a circle
    sizes = sorted(path.read_text("utf-8").count("\n") for path in package.rglob("*.py"))
    all_functions = functions(trees)
    bodies = sorted(map(body, all_functions))
    print(f"files                      {len(sizes)}, median {statistics.median(sizes):g} lines")
    print(f"longest file               {sizes[-1]} lines")
    print(f"functions                  {len(bodies)}, median {statistics.median(bodies):g} lines")
    print(f"functions, 90th percentile {bodies[int(0.9 * len(bodies))]} lines")
    print(f"longest function           {bodies[-1]} lines")
    print(f"import depth               {depth(graph)}, no cycle")
    print(f"typed functions            {statistics.fmean(map(typed, all_functions)):.1%}")
    print(f"documented                 {documented(trees):.1%}")
    print(f"lines of tests a line      {lines(root / 'tests') / lines(package):.2f}")
    click = start("-c", "import click")
    ratio = start("-m", "speechcoach", "--version") / click
    print(f"--version                  {ratio:.2f} times `import click`")


if __name__ == "__main__":
    main()
