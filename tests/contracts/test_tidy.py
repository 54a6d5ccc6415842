"""What keeps the code small and its doors few: sizes, names, and the one module for each dangerous thing."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import ROOT

PRODUCT = ("core", "plugins", "web", "workers", "migrations")
LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 400, 50
GENERATED = re.compile(r"(.+/)?migrations/(\w+/)?\w+_\d{4}_\d\d_\w+\.py")
VAGUE = re.compile(r"(utils?|helpers?|common|managers?|misc)\.py")
FOLDERS_WITH_README = sorted(
    path.parent.relative_to(ROOT).as_posix()
    for top in (*PRODUCT, "tests")
    for path in (ROOT / top).rglob("README.md")
)


def python_files(*tops: str) -> Iterator[tuple[str, str]]:
    """(path from the root, text) of every file that is written by hand."""
    for top in tops:
        for path in sorted((ROOT / top).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not GENERATED.fullmatch(name):
                yield name, path.read_text(encoding="utf-8")


@functools.cache
def tree(text: str) -> ast.Module:
    """Parsed once, for all tests of this file."""
    return ast.parse(text)


@pytest.fixture(autouse=True, scope="module")
def forget_trees() -> Iterator[None]:
    """They are large."""
    yield
    tree.cache_clear()


def uses(text: str) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every attribute and `from` import; what a docstring says does not count."""
    for node in ast.walk(tree(text)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)


def places(pattern: str, *, allowed: dict[str, str]) -> list[str]:
    """Where the product uses a name that matches, outside `allowed` (path -> reason)."""
    return [
        f"{name}:{line} {dotted}"
        for name, text in python_files(*PRODUCT)
        if name not in allowed
        for line, dotted in uses(text)
        if re.fullmatch(pattern, dotted)
    ]


def test_the_files_are_found() -> None:
    names = [name for name, _ in python_files(*PRODUCT, "tests")]
    assert {"core/database.py", "migrations/runner.py", "tests/contracts/test_tidy.py"} <= set(names)
    assert not any("core_2026" in name for name in names)


def test_no_file_is_long() -> None:
    long = {
        name: n for name, text in python_files(*PRODUCT, "tests") if (n := text.count("\n")) > LINES_OF_A_FILE
    }
    assert long == {}


def test_no_function_is_long() -> None:
    long = {
        f"{name}:{node.name}": n
        for name, text in python_files(*PRODUCT, "tests")
        for node in ast.walk(tree(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (n := (node.end_lineno or 0) - node.lineno + 1) > LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_no_file_has_a_name_that_takes_anything() -> None:
    assert [name for name, _ in python_files(*PRODUCT, "tests") if VAGUE.fullmatch(Path(name).name)] == []


def test_transactions_are_opened_in_one_place() -> None:
    allowed = {"core/database.py": "the unit of work"}
    assert places(r"(DB|.*engine.*)\.(transaction|atomic)|.*\.batch", allowed=allowed) == []
    assert places(r".*\.transaction", allowed=allowed) == []


def test_the_time_is_asked_in_one_place() -> None:
    allowed = {"core/clock.py": "the clock"}
    clocks = r"(.*\.)?(datetime|date)\.(now|utcnow|today)|(.*\.)?time\.time(_ns)?"
    assert places(clocks, allowed=allowed) == []


def test_the_environment_is_read_in_one_place() -> None:
    allowed = {
        "core/settings.py": "reads it into an object, once",
        "core/cli/up.py": "hands it on to its child processes, with more in it",
        "migrations/__init__.py": "names Piccolo's configuration, which only the environment can",
    }
    assert places(r"os\.(environb?|getenv|putenv)", allowed=allowed) == []


def test_what_the_searches_look_for_is_found_where_it_is_allowed() -> None:
    """So that a search that has gone blind does not pass."""
    found = {
        "DB.pool": "core/database.py",
        "datetime.now": "core/clock.py",
        "os.environ": "core/settings.py",
    }
    texts = dict(python_files("core"))
    for dotted, name in found.items():
        assert dotted in {attribute for _, attribute in uses(texts[name])}


@pytest.mark.parametrize("folder", FOLDERS_WITH_README)
def test_a_readme_mentions_every_file_beside_it(folder: str) -> None:
    words = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in (ROOT / folder).glob("*.py")} - {"__init__.py", "__main__.py"}
    assert {name for name in files if f"`{name}`" not in words} == set()


@pytest.mark.parametrize("top", ["core", "plugins", "web", "workers"])
def test_a_top_readme_names_every_folder_below_it(top: str) -> None:
    words = (ROOT / top / "README.md").read_text(encoding="utf-8")
    folders = {path.parent.name for path in (ROOT / top).glob("*/__init__.py")}
    assert {name for name in folders if f"{name}/" not in words} == set()


def test_no_pattern_lets_a_line_break_through_behind_its_end() -> None:
    """`$` matches before one: `said()` sees to it, whoever writes a Meta or a parameter does it there."""
    ends = re.compile(r"""(Meta|Parameter)\([^\n]*pattern=\w*("[^"\n]*\$"|'[^'\n]*\$')""")
    assert [name for name, text in python_files("core", "plugins", "web") if ends.search(text)] == []
