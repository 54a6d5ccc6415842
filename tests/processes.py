"""Start the product's real processes, and end what was started, by id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    *command: str, log: Path, python: str = sys.executable, **environ: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python module in a session of its own; killed with all its children at the end."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [python, "-m", *command],
            stdout=output,
            stderr=output,
            env={**os.environ, **environ},
            cwd=ROOT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for the process and all its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def wait_until(ask: Callable[[], Any], *, timeout_s: float = 20, what: str = "it") -> Any:
    """The first true answer of `ask`."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen within {timeout_s} s")


def read_log(log: Path) -> str:
    """What a running process has written so far; its last character may be half written."""
    return log.read_text(errors="replace")
