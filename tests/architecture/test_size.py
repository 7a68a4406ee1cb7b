"""Files and functions stay short enough to read in one go."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.sources import ROOT, text_files

FILE_LINES = 400
FUNCTION_LINES = 40

# What may be longer, how long, and why. Shorten the list, never lengthen it without a reason that convinces.
LONGER_FILES: dict[str, tuple[int, str]] = {}
LONGER_FUNCTIONS: dict[str, tuple[int, str]] = {}

DRAWERS = {"utils", "util", "common", "core", "misc", "helpers", "helper"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    """Every Python file but migrations, which Django writes."""
    return [path for path in text_files(".py") if "migrations" not in path.parts]


def length(function: Function) -> int:
    """Lines from `def` to the end, without the docstring: a number's source and units are never too long."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def functions(text: str) -> Iterator[tuple[str, int]]:
    """Name and length of every function in a source text."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            yield node.name, length(node)


def test_files_are_short() -> None:
    """A file of a thousand lines is where things are put that belong nowhere."""
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in sources()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGER_FILES.get(name, (FILE_LINES, ""))[0]} == {}


def test_functions_are_short() -> None:
    """A function that does not fit on a screen is tested only from outside."""
    found = {
        f"{path.relative_to(ROOT)}:{name}": lines
        for path in sources()
        for name, lines in functions(path.read_text("utf-8"))
    }
    assert {
        name: lines for name, lines in found.items() if lines > LONGER_FUNCTIONS.get(name, (FUNCTION_LINES, ""))[0]
    } == {}


def test_a_long_function_is_seen() -> None:
    """The measure counts the lines of code and leaves out the docstring."""
    body = "\n".join(["    x = 1"] * 41)
    assert list(functions(f'def long():\n    """One\n\n    two."""\n{body}\n')) == [("long", 42)]


def test_there_are_no_drawers() -> None:
    """A name that fits everything tells nobody where to look."""
    names = {path for path in sources() for part in path.relative_to(ROOT).with_suffix("").parts if part in DRAWERS}
    assert names == set()


def test_exceptions_are_still_needed() -> None:
    """An exception for a file or function that is gone would cover the next one of that name."""
    present = {str(path.relative_to(ROOT)) for path in sources()}
    assert {name.partition(":")[0] for name in (*LONGER_FILES, *LONGER_FUNCTIONS)} <= present
