"""Which folders are taken, which are refused, and where the database of each lives."""

import json
import os
import shutil
from pathlib import Path

import pytest

from core.embedded import binaries, folder
from core.embedded.cluster import Cluster
from core.embedded.errors import CannotStart

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account to reach")


@pytest.fixture
def data(short_root: Path) -> Path:
    return short_root / "data"


def marker_of(data: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((data / folder.MARKER).read_text())
    return found


def edit_marker(data: Path, **changes: object) -> None:
    (data / folder.MARKER).write_text(json.dumps(marker_of(data) | changes))


def test_a_missing_folder_is_made_and_keeps_its_place(data: Path) -> None:
    root = folder.prepare(data)
    assert root == folder.prepare(data) == data / "postgres"
    assert data.stat().st_mode & 0o007 == 0
    major = binaries.major(binaries.find())
    assert marker_of(data) == {"format": 1, "postgres_major": major, "cluster": "postgres"}


def test_a_claimed_folder_may_get_its_database_later(data: Path) -> None:
    folder.claim(data)
    assert marker_of(data)["cluster"] is None
    assert folder.prepare(data) == data / "postgres"


def test_files_of_ours_may_be_there_before_the_marker(data: Path) -> None:
    data.mkdir()
    for name in ("secret", "secret.4711", "templates-passed", "up.lock"):
        (data / name).touch()
    assert folder.prepare(data)


def test_a_folder_that_was_moved_still_finds_its_database(data: Path) -> None:
    folder.prepare(data)
    moved = data.rename(data.with_name("moved"))
    assert folder.prepare(moved) == moved / "postgres"


def test_a_folder_of_somebody_else_is_refused_and_left_alone(data: Path) -> None:
    data.mkdir()
    (data / "thesis.txt").touch()
    with pytest.raises(CannotStart, match=r"thesis\.txt"):
        folder.prepare(data)
    assert [path.name for path in data.iterdir()] == ["thesis.txt"]


def test_a_folder_that_cannot_be_made_is_refused(data: Path) -> None:
    data.touch()
    for impossible in (data, data / "below", Path("/proc/yiji")):
        with pytest.raises(CannotStart, match="--data"):
            folder.prepare(impossible)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_refused(data: Path) -> None:
    data.mkdir(mode=0o500)
    with pytest.raises(CannotStart, match="Permission denied"):
        folder.prepare(data)


def test_a_newer_format_is_refused(data: Path) -> None:
    folder.prepare(data)
    edit_marker(data, format=folder.FORMAT + 1, something="new")
    with pytest.raises(CannotStart, match="newer version"):
        folder.prepare(data)


@pytest.mark.parametrize("text", ["", "[]", '{"format": "x"}'])
def test_a_damaged_marker_is_refused(data: Path, text: str) -> None:
    folder.prepare(data)
    (data / folder.MARKER).write_text(text)
    with pytest.raises(CannotStart, match="damaged"):
        folder.prepare(data)


@pytest.mark.parametrize("major", [16, 99])
def test_another_major_in_the_marker_is_refused(data: Path, major: int) -> None:
    folder.prepare(data)
    edit_marker(data, postgres_major=major)
    with pytest.raises(CannotStart, match=f"is of PostgreSQL {major}"):
        folder.prepare(data)


def test_another_major_in_the_data_is_refused(data: Path) -> None:
    pgdata = folder.prepare(data) / "pgdata"
    pgdata.mkdir(parents=True)
    (pgdata / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotStart, match="is of PostgreSQL 17"):
        folder.prepare(data)


@as_root
def test_root_with_a_closed_folder_keeps_the_database_outside(short_root: Path) -> None:
    closed = short_root / "closed"
    closed.mkdir(mode=0o700)
    data = closed / "data"
    root = folder.prepare(data)
    try:
        assert root.parent == folder.OUTSIDE
        assert folder.prepare(data) == root
        assert marker_of(data)["cluster"] == str(root)
        assert str(root) in (data / folder.NOTE).read_text()
        cluster = Cluster(root, test=True)
        cluster.ensure()
        assert cluster.is_alive()
        cluster.release("immediate")
        assert closed.stat().st_mode & 0o777 == 0o700
        # A new folder at the same path does not inherit the data of the deleted one.
        shutil.rmtree(data)
        assert folder.prepare(data) != root
    finally:
        for place in folder.OUTSIDE.glob(f"{root.name}*"):
            shutil.rmtree(place)
        if not any(folder.OUTSIDE.iterdir()):
            folder.OUTSIDE.rmdir()
