"""The tutorial of plugins/README.md shows the real files of the example, and leaves none out."""

import ast
import re
from pathlib import Path

import pytest

from core.cli import main
from core.settings import ROOT

EXAMPLE = ROOT / "tests" / "example_plugin"
README = (ROOT / "plugins" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
SHOWN = [(path, code) for language, path, code in BLOCKS if language != "console"]
LINES_MOST = 300


@pytest.mark.parametrize(("path", "code"), SHOWN, ids=[path for path, _ in SHOWN])
def test_a_block_is_a_part_of_the_real_file(path: str, code: str) -> None:
    assert code.strip() in (EXAMPLE / path).read_text(encoding="utf-8")


def test_every_file_of_the_example_is_shown_or_named() -> None:
    files = {path.name for path in (EXAMPLE / "toolshed").glob("*.py")} - {"__init__.py"}
    unnamed = {name for name in files if f"toolshed/{name}\n" not in README and f"`{name}`" not in README}
    assert unnamed == set()
    assert len(SHOWN) >= 15


def test_every_command_exists() -> None:
    commands = [line for language, _, code in BLOCKS if language == "console" for line in code.splitlines()]
    named = {line.split()[2] for line in commands if line.startswith("$ yiji ")}
    assert named >= {"plugin", "migration", "up", "verify"}
    assert all(main.get_command(None, name) is not None for name in named)  # type: ignore[attr-defined]


def test_a_whole_plugin_is_small() -> None:
    sizes = {path.name: len(_lines(path)) for path in (EXAMPLE / "toolshed").glob("*.py")}
    assert sum(sizes.values()) < LINES_MOST, sizes


def _lines(path: Path) -> set[int]:
    """The lines of statements: without blank lines, docstrings, comments and imports."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not isinstance(node, ast.stmt) or isinstance(node, ast.Import | ast.ImportFrom) or is_docstring:
            continue
        is_head = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        end = node.body[0].lineno - 1 if is_head else node.end_lineno  # type: ignore[attr-defined]
        lines |= set(range(node.lineno, (end or node.lineno) + 1))
    return lines
