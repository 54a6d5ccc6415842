"""The supervisor with real processes: tiny Python children that know nothing of the product."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

CHECKOUT = Path(__file__).resolve().parents[3]
SUPERVISOR = """
import json, os, sys
from pathlib import Path
from core.cli import signals
from core.cli.supervise import Child, Supervisor, Surroundings
folder = Path(sys.argv[1])
children = [Child(name, [sys.executable, "-c", code]) for name, code in json.loads(sys.argv[2])]
around = Surroundings(dict(os.environ), folder, folder)
with signals.held():
    sys.exit(Supervisor(children, around, lambda: print("ready", flush=True)).run(grace_s=2))
"""
# Each notes its pid when it starts, and its name when it is asked to stop.
OBEDIENT = """
import os, signal, sys, time
def stop(*_):
    open("stopped", "a").write("{name} ")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
open("{name}.pids", "a").write(str(os.getpid()) + " ")
while True:
    time.sleep(60)
"""
STUBBORN = OBEDIENT.replace("sys.exit()", "pass")
DYING = """
import json
import os
open("{name}.pids", "a").write(str(os.getpid()) + " ")
print("the cat sat on the cable")
raise SystemExit(5)
"""
WITH_A_CHILD = "import subprocess; subprocess.Popen(['sleep', '61'])\n" + OBEDIENT


class Run:
    """A supervisor in a process of its own, and what can be seen of it from outside."""

    def __init__(self, folder: Path, **children: str) -> None:
        self.folder = folder
        codes = [(name, code.replace("{name}", name)) for name, code in children.items()]
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, folder, json.dumps(codes)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def pids(self, name: str, at_least: int = 1) -> list[int]:
        """The pids that the child has had, once there are that many."""
        path = self.folder / f"{name}.pids"
        wait_until(lambda: path.exists() and path.read_text().count(" ") >= at_least)
        return [int(pid) for pid in path.read_text().split()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        return self.end()

    def end(self) -> tuple[int, str]:
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors


def wait_until(done: Callable[[], object], within_s: float = 5) -> None:
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """A zombie, waiting for a lazy process 1, does not run."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def children_of(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def runs() -> Iterator[list[Run]]:
    started: list[Run] = []
    yield started
    for run in started:
        run.process.kill()
        run.process.communicate()


@pytest.fixture
def start(tmp_path: Path, runs: list[Run]):
    def start(**children: str) -> Run:
        runs.append(Run(tmp_path, **children))
        return runs[-1]

    return start


def test_a_dead_child_is_started_again(start) -> None:
    run = start(web=OBEDIENT, worker=OBEDIENT)
    first = run.pids("web")[0]
    os.kill(first, signal.SIGKILL)
    second = run.pids("web", at_least=2)[1]
    assert is_running(second)
    assert len(run.pids("worker")) == 1
    assert run.stop() == (0, "stopping; once more to stop at once\n")
    assert not is_running(second)


def test_the_third_death_stops_everything_and_shows_the_last_lines(start) -> None:
    run = start(steady=OBEDIENT, web=DYING)
    status, errors = run.end()
    assert status == 1
    assert "web died 3 times within 60 s" in errors
    assert errors.count("the cat sat on the cable") == 3
    assert len(run.pids("web")) == 3
    assert not any(map(is_running, run.pids("steady")))


def test_all_children_are_asked_to_stop(start) -> None:
    run = start(web=OBEDIENT, worker=OBEDIENT, beat=OBEDIENT)
    pids = [run.pids(name)[0] for name in ("web", "worker", "beat")]
    assert run.stop()[0] == 0
    assert sorted((run.folder / "stopped").read_text().split()) == ["beat", "web", "worker"]
    assert not any(map(is_running, pids))


def test_ctrl_c_stops_like_sigterm(start) -> None:
    run = start(web=OBEDIENT)
    run.pids("web")
    assert run.stop(signal.SIGINT)[0] == 0


def test_what_does_not_stop_is_killed_after_the_grace(start) -> None:
    run = start(worker=STUBBORN)
    pid = run.pids("worker")[0]
    began = time.monotonic()
    assert run.stop()[0] == 0
    assert 2 <= time.monotonic() - began < 4
    assert not is_running(pid)


def test_a_second_signal_hurries(start) -> None:
    run = start(worker=STUBBORN)
    pid = run.pids("worker")[0]
    began = time.monotonic()
    run.process.send_signal(signal.SIGINT)
    wait_until((run.folder / "stopped").exists)
    assert run.stop(signal.SIGINT)[0] == 0
    assert time.monotonic() - began < 1.5
    assert not is_running(pid)


def test_what_a_dead_child_had_started_goes_with_it(start) -> None:
    run = start(worker=WITH_A_CHILD)
    first = run.pids("worker")[0]
    wait_until(lambda: children_of(first))
    grandchild = children_of(first)[0]
    os.kill(first, signal.SIGKILL)
    run.pids("worker", at_least=2)
    assert not is_running(grandchild)
    assert run.stop()[0] == 0


def test_no_child_survives_the_kill_of_the_supervisor(start) -> None:
    run = start(web=OBEDIENT, worker=STUBBORN)
    pids = run.pids("web") + run.pids("worker")
    run.process.kill()
    wait_until(lambda: not any(map(is_running, pids)))


def test_a_large_log_is_set_aside_at_start(start, tmp_path: Path) -> None:
    (tmp_path / "web.log").write_bytes(b"x" * 5_000_001)
    run = start(web=OBEDIENT)
    run.pids("web")
    assert run.stop()[0] == 0
    assert (tmp_path / "web.log.1").stat().st_size == 5_000_001
    assert (tmp_path / "web.log").stat().st_size == 0


def test_it_uses_no_processor_time_while_nothing_happens(start) -> None:
    run = start(web=OBEDIENT)
    assert run.process.stdout
    assert run.process.stdout.readline() == "ready\n"
    before = processor_ticks(run.process.pid)
    time.sleep(1)
    assert processor_ticks(run.process.pid) == before
    assert run.stop()[0] == 0


def processor_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
