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
    sizes = {path.name: _lines(path) for path in (EXAMPLE / "toolshed").glob("*.py")}
    assert sum(sizes.values()) < LINES_MOST, sizes


def _lines(path: Path) -> int:
    """Everything but blank lines and docstrings: imports and comments count."""
    text = path.read_text(encoding="utf-8")
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            docstrings |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return sum(1 for n, line in enumerate(text.splitlines(), 1) if line.strip() and n not in docstrings)


def test_the_lines_that_count_are_all_but_blank_ones_and_docstrings(tmp_path: Path) -> None:
    head = '"""Says\n\nwhat."""\n\nimport os  # 1\n\n\n# 2\n'
    body = 'def f():\n    """Does."""\n    return (\n        os\n    )\n'
    (tmp_path / "module.py").write_text(head + body, encoding="utf-8")
    assert _lines(tmp_path / "module.py") == 6
