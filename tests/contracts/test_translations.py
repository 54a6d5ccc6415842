"""Every message that people can read has its English, and no catalogue keeps what nobody says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.language import catalogue_paths, plugin_folders
from core.settings import ROOT
from web.templates import environment

MARKS = {"mark", "translate"}
FOLDERS = {"web": [ROOT / "web", ROOT / "core", ROOT / "workers"]} | {
    name: [folder] for name, folder in plugin_folders().items()
}


def written(folder: Path, pattern: str) -> list[Path]:
    """Its files, but not those of the skeleton: a plugin to be, which brings its own catalogue."""
    return sorted(path for path in folder.rglob(pattern) if "skeleton" not in path.parts)


def said_by_templates(folder: Path) -> Iterator[str]:
    for path in (p for p in written(folder, "templates/**/*") if p.suffix in (".html", ".txt")):
        source = path.read_text(encoding="utf-8")
        for _, _, message in environment().extract_translations(source):  # type: ignore[attr-defined]
            yield from [message] if isinstance(message, str) else filter(None, message)


def said_by_python(folder: Path) -> Iterator[str]:
    for path in written(folder, "*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = _marked(node) or _refusal(node)
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.value


def _marked(node: ast.AST) -> ast.expr | None:
    """The first argument of `mark(…)` or `translate(…)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
        return next(iter(node.args), None)
    return None


def _refusal(node: ast.AST) -> ast.expr | None:
    """The value of `message = …` in the body of a class: what a YijiError says."""
    for statement in node.body if isinstance(node, ast.ClassDef) else []:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "message":
            return statement.value
    return None


def said(name: str) -> set[str]:
    return {
        message
        for folder in FOLDERS[name]
        for message in [*said_by_templates(folder), *said_by_python(folder)]
    }


def english(name: str) -> dict[str, str]:
    entries: dict[str, str] = {}
    for path in catalogue_paths():
        if path.is_relative_to(FOLDERS[name][0]):
            with path.open("rb") as file:
                found = {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}
            assert {zh for zh in entries.keys() & found.keys() if entries[zh] != found[zh]} == set(), path
            entries |= found
    return entries


def places(message: str) -> list[str]:
    """`%(n)s` and every other `%`, which would break the filling of places."""
    return sorted(re.findall(r"%(?:\(\w+\)s|%|)", message))


def listed(messages: set[str]) -> str:
    return "".join(f"\n  {message}" for message in sorted(messages))


@pytest.mark.parametrize("name", FOLDERS)
def test_every_message_has_english(name: str) -> None:
    missing = said(name) - set(english(name)) - set(english("web"))
    assert not missing, f"not in {name}'s locale/en.po:{listed(missing)}"


@pytest.mark.parametrize("name", FOLDERS)
def test_no_entry_is_stale(name: str) -> None:
    overruled = set(english("web")) if name != "web" else set()
    stale = set(english(name)) - said(name) | set(english(name)) & overruled
    assert not stale, f"in {name}'s locale/en.po, but nobody says it or web's word wins:{listed(stale)}"


@pytest.mark.parametrize("name", FOLDERS)
def test_entries_are_filled_and_keep_their_places(name: str) -> None:
    entries = english(name)
    wrong = {zh for zh, en in entries.items() if not en.strip() or places(zh) != places(en)}
    assert not wrong, f"empty, or with other %(…)s places, in {name}'s locale/en.po:{listed(wrong)}"
