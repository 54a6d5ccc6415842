"""`up` where it cannot start: one sentence, status 2, nothing left running or written."""

import fcntl
import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.cli.up import command
from core.embedded import folder


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yj-", dir="/tmp") as short:
        Path(short).chmod(0o755)
        yield Path(short) / "data"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def up(data: Path, port: object = 1, **environ: str) -> Result:
    options = ["--data", str(data), "--port", str(port)]
    return CliRunner(env={"YIJI_DATABASE_URL": "", **environ}).invoke(command, options)


def assert_refused(result: Result, sentence: str) -> None:
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_busy_port(data: Path, taken_port: int) -> None:
    assert_refused(up(data, taken_port), f"Port {taken_port} cannot be used (another program")


def test_a_port_that_is_none(data: Path) -> None:
    for port in (0, 65536):
        assert_refused(up(data, port), "it is not between 1 and 65535")


def test_a_port_in_the_environment_that_is_no_number(data: Path) -> None:
    result = CliRunner(env={"YIJI_PORT": "eighty"}).invoke(command, ["--data", str(data)])
    assert_refused(result, "YIJI_PORT must be a whole number")
    assert not data.exists()


def test_a_second_up_on_the_same_folder(data: Path) -> None:
    folder.claim(data)
    with (data / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert_refused(up(data), "Another `up` is running")


def test_a_folder_of_somebody_else(data: Path) -> None:
    data.mkdir()
    (data / "thesis.txt").touch()
    assert_refused(up(data), "thesis.txt")
    assert len(list(data.iterdir())) == 1


def test_a_folder_that_cannot_be_made(data: Path) -> None:
    data.touch()
    assert_refused(up(data / "below"), "cannot be used")


def test_data_of_another_major(data: Path) -> None:
    folder.prepare(data)
    marker = data / folder.MARKER
    marker.write_text(json.dumps(json.loads(marker.read_text()) | {"postgres_major": 16}))
    free_port = free()
    assert_refused(up(data, free_port), "is of PostgreSQL 16")


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_what_lives_as_long_as_the_product_carries_neither_database_nor_web() -> None:
    heavy = "{'asyncpg', 'piccolo', 'litestar', 'celery', 'jinja2', 'pluggy'} & set(sys.modules)"
    asked = [sys.executable, "-c", f"import sys, core.cli, core.cli.up; print({heavy})"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() == "set()"
