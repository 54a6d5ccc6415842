"""`up` as a whole, with a real database and stand-ins for the product's own processes."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.embedded.postmaster import Postmaster

pytestmark = pytest.mark.process

CHECKOUT = Path(__file__).resolve().parents[3]
WITH_STAND_INS = """
import sys
from core.cli import up
folder = sys.argv.pop(1)
up._PREPARE = (f"{folder}/prepare.py",)
up._CHILDREN = {name: (f"{folder}/{name}.py",) for name in ("web", "worker")}
up.command()
"""
PREPARE = """
import os, pathlib
print("preparing", os.environ["YIJI_DATABASE_URL"].split(":")[0])
pathlib.Path(os.environ["YIJI_DATA"], "demo-accounts.txt").write_text("演示 demo\\n", "utf-8")
"""
WEB = """
import os, signal, socket, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
server = socket.create_server(("127.0.0.1", int(os.environ["YIJI_PORT"])))
while True:
    connection, _ = server.accept()
    with connection:
        asked = connection.recv(1000)
        connection.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\n" if b"/healthz" in asked else b"?")
"""
WORKER = "import signal; signal.pause()"


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yj-", dir="/tmp") as short:
        place = Path(short)
        place.chmod(0o755)
        for name, code in {"prepare": PREPARE, "web": WEB, "worker": WORKER}.items():
            (place / f"{name}.py").write_text(code)
        yield place
        postmaster(place).stop("immediate")


def postmaster(place: Path) -> Postmaster:
    root = place / "data" / "postgres"
    return Postmaster(root / "pgdata", root / "s")


def start(place: Path, port: int) -> subprocess.Popen[str]:
    options = ["--data", str(place / "data"), "--port", str(port)]
    return subprocess.Popen(
        [sys.executable, "-c", WITH_STAND_INS, str(place), *options],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "YIJI_DATABASE_URL": ""},
        text=True,
    )


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_starts_says_ready_repairs_the_database_and_leaves_nothing(place: Path, port: int) -> None:
    with start(place, port) as up:
        assert up.stdout
        said = [up.stdout.readline() for _ in range(4)]
        assert said == [
            "preparing postgresql\n",
            f"ready: http://127.0.0.1:{port}\n",
            "演示 demo\n",
            "Press Ctrl-C to stop.\n",
        ]
        server = postmaster(place)
        os.kill(server_pid(server), signal.SIGKILL)
        deadline = time.monotonic() + 10
        time.sleep(0.1)
        while not server.is_ready() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert server.is_ready()
        up.send_signal(signal.SIGINT)
        _, errors = up.communicate(timeout=15)
    assert (up.returncode, errors) == (0, "stopping; once more to stop at once\n")
    assert not server.is_alive()
    assert processes_naming(place) == []


def test_pages_load_meanwhile_and_begin_when_the_database_is_prepared(place: Path, port: int) -> None:
    loading = place / "loading"
    wait = f"""
import pathlib, sys
pathlib.Path({str(loading)!r}).touch()
sys.stdin.read()
"""
    (place / "web.py").write_text(wait + WEB)
    until = f"""
import pathlib, socket, time
while not pathlib.Path({str(loading)!r}).exists():
    time.sleep(0.01)
time.sleep(0.2)
print("web answers", socket.socket().connect_ex(("127.0.0.1", int(os.environ["YIJI_PORT"]))) == 0)
"""
    (place / "prepare.py").write_text(PREPARE + until)
    (place / "worker.py").write_text(
        f"import pathlib; pathlib.Path({str(place / 'worked')!r}).touch()\n{WORKER}"
    )
    with start(place, port) as up:
        assert up.stdout
        said = [up.stdout.readline() for _ in range(3)]
        assert said[1:] == ["web answers False\n", f"ready: http://127.0.0.1:{port}\n"]
        deadline = time.monotonic() + 5
        while not (place / "worked").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (place / "worked").exists()
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=15)
    assert processes_naming(place) == []


def test_a_failed_preparation_ends_it(place: Path, port: int) -> None:
    (place / "prepare.py").write_text("raise SystemExit('no room for the demo')")
    with start(place, port) as up:
        output, errors = up.communicate(timeout=15)
    assert (up.returncode, output) == (1, "")
    assert errors == "no room for the demo\nthe preparation failed, see above\n"
    assert not postmaster(place).is_alive()


def test_a_stop_during_the_preparation_is_obeyed(place: Path, port: int) -> None:
    (place / "prepare.py").write_text("import signal; print('long', flush=True); signal.pause()")
    with start(place, port) as up:
        assert up.stdout
        assert up.stdout.readline() == "long\n"
        up.send_signal(signal.SIGTERM)
        up.communicate(timeout=15)
    assert up.returncode == 0
    assert processes_naming(place) == []


def server_pid(server: Postmaster) -> int:
    return int((server.pgdata / "postmaster.pid").read_text().split()[0])


def processes_naming(place: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue
        if os.fsencode(place) in command:
            found.append(command.decode(errors="replace"))
    return found
