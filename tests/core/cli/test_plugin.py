"""`yiji plugin new`: what it refuses, and that what it writes installs and holds."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.cli.plugin import command
from tests.installed import Installation


def new(name: str, here: Path) -> Result:
    return CliRunner().invoke(command, ["new", name, "--here", str(here)])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Tools", "is not a name"),
        ("two-words", "is not a name"),
        ("1st", "is not a name"),
        ("_hidden", "is not a name"),
        ("工具", "is not a name"),
        ("../up", "is not a name"),
        ("a" * 31, "is too long"),
        ("garden", "is installed already"),
        ("core", "is installed already"),
        ("lambda", "is a word or module of Python"),
        ("json", "is a word or module of Python"),
        ("web", "is a word or module of Python"),
    ],
)
def test_a_bad_name_is_refused_in_words(name: str, reason: str, tmp_path: Path) -> None:
    result = new(name, tmp_path)
    assert result.exit_code == 2
    assert reason in result.stderr.replace("\n", " ")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    assert new("a" * 30, tmp_path).exit_code == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("kept")
    result = new("mine", tmp_path)
    assert result.exit_code == 2
    assert "is there already" in result.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = new("mine", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_nothing_of_the_skeleton_is_left_in_words(tmp_path: Path) -> None:
    assert new("mine", tmp_path).exit_code == 0
    written = {path: path.read_text("utf-8") for path in tmp_path.rglob("*.*") if path.is_file()}
    assert len(written) > 15
    for path, text in written.items():
        for word in ("PLUGIN", "STAMP_", "ID_1", "ID_2"):
            assert word not in text + path.name, path


@pytest.mark.process
def test_a_new_plugin_installs_and_passes_its_tests_and_the_contract(tmp_path: Path) -> None:
    assert new("mine", tmp_path).exit_code == 0
    installation = Installation(tmp_path / "venv")
    installation.install("-e", str(tmp_path / "mine"))
    own = installation.run("pytest", "-q", cwd=tmp_path / "mine")
    assert own.returncode == 0, own.stdout[-3000:]
    contract = installation.run("pytest", "-q", "tests/contracts/test_plugins.py", "-k", "mine")
    assert contract.returncode == 0, contract.stdout[-3000:]
    assert " passed" in contract.stdout
