"""Child processes kept alive until a signal says stop. Knows nothing of what the children do.

It costs nothing while nothing happens: the process sleeps until a child dies or somebody wants it
to stop. The parent-death signal is Linux's.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core.cli import signals

_LARGEST_LOG = 5_000_000  # bytes
_LAST_LINES = 20
_DEATHS = 3
_DEATHS_WITHIN_S = 60.0
_POLL_S = 0.02  # until all children are ready
_WATCH_S = 2.0  # afterwards
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Child:
    """A command to keep running. `is_ready` is asked until it says yes; None: nobody waits for it."""

    name: str
    command: Sequence[str]
    is_ready: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Surroundings:
    """What all children share."""

    environ: Mapping[str, str]
    cwd: Path
    log_folder: Path


def run_once(command: Sequence[str], around: Surroundings, grace_s: float = 10) -> int | None:
    """Run a command in the foreground, with our output as its own, inside `signals.held`.

    Returns its exit status, or None when a signal asked us to stop: then it was stopped too.
    """
    process = _spawn(command, around, None)
    try:
        while process.poll() is None:
            if signals.wait_for(_WATCH_S) in signals.stopping():
                process.terminate()
                signals.wait_until(lambda: process.poll() is not None, grace_s)
                return None
        return process.returncode
    finally:
        _kill_group(process)


class Supervisor:
    """Starts children, restarts those that die, stops them all in reverse order.

    Somebody waits for those that are asked whether they are ready, so they start first, the others when these
    are: on a small machine all would take the processor from each other.
    """

    def __init__(
        self,
        children: Sequence[Child],
        around: Surroundings,
        on_ready: Callable[[], None],
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_ready` is called once; `watch` at least every two seconds, and it must be cheap."""
        self._running = [_Running(child, around) for child in children]
        self._around = around
        self._on_ready = on_ready
        self._watch = watch

    def run(
        self, preparation: Sequence[str] | None = None, ready_within_s: float = 60, grace_s: float = 10
    ) -> int:
        """Blocks, inside `signals.held`. Returns 0 after a signal to stop, 1 after a failure.

        `preparation` is a command that must end well first. Meanwhile those that start first load their code:
        their standard input ends when they may begin. Whatever happens, no child is left when this returns.
        """
        first = [running for running in self._running if running.child.is_ready]
        try:
            for running in first:
                running.start(waits=True)
            status = run_once(preparation, self._around) if preparation else 0
            if status is None:
                return 0
            if status:
                _say("the preparation failed, see above")
                return 1
            for running in first:
                running.begin()
            return self._loop(first, ready_within_s)
        finally:
            self._stop(grace_s)

    def _loop(self, waiting: Sequence["_Running"], ready_within_s: float) -> int:
        deadline = time.monotonic() + ready_within_s
        announced = False
        while True:
            if not announced:
                waiting = [running for running in waiting if not running.is_ready()]
                if not waiting:
                    announced = True
                    self._start_others()
                    self._on_ready()
            if signals.wait_for(_WATCH_S if announced else _POLL_S) in signals.stopping():
                _say("stopping; once more to stop at once")
                return 0
            self._watch()  # before children are started again: they may need what it repairs
            for running in self._reap():
                if running.has_died_too_often():
                    return running.report(f"died {_DEATHS} times within {_DEATHS_WITHIN_S:.0f} s")
                running.start()
            if waiting and time.monotonic() > deadline:
                return waiting[0].report(f"was not ready within {ready_within_s:.0f} s")

    def _start_others(self) -> None:
        for running in self._running:
            if running.child.is_ready is None:
                running.start()

    def _reap(self) -> list["_Running"]:
        """The children that died; several deaths may come as one signal."""
        dead = [running for running in self._running if running.has_died()]
        if os.getpid() == 1:
            _reap_orphans()
        return dead

    def _stop(self, grace_s: float) -> None:
        for running in reversed(self._running):
            running.terminate()
        signals.wait_until(lambda: all(running.is_gone() for running in self._running), grace_s)
        for running in self._running:
            running.kill()


class _Running:
    """A child, its process of the moment, its log and the times of its deaths."""

    def __init__(self, child: Child, around: Surroundings) -> None:
        self.child = child
        self._around = around
        self._log = around.log_folder / f"{child.name}.log"
        self._log_start = self._log.stat().st_size if self._log.exists() else 0
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths: deque[float] = deque(maxlen=_DEATHS)

    def start(self, *, waits: bool = False) -> None:
        """`waits`: its standard input ends when `begin` is called, otherwise at once."""
        if self._log.exists() and self._log.stat().st_size > _LARGEST_LOG:
            self._log.replace(self._log.with_suffix(".log.1"))
            self._log_start = 0
        # The child writes to the file itself: no thread of ours, and nothing is lost with us.
        with self._log.open("ab") as output:
            self._process = _spawn(self.child.command, self._around, output, waits=waits)

    def begin(self) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()

    def is_ready(self) -> bool:
        return self.child.is_ready is None or self.child.is_ready()

    def has_died(self) -> bool:
        """True once per death. What the dead child started goes with it."""
        if self._process is None or self._process.poll() is None:
            return False
        _kill_group(self._process)
        self._process = None
        self._deaths.append(time.monotonic())
        return True

    def is_gone(self) -> bool:
        self.has_died()
        return self._process is None

    def has_died_too_often(self) -> bool:
        full = len(self._deaths) == _DEATHS
        return full and self._deaths[-1] - self._deaths[0] < _DEATHS_WITHIN_S

    def terminate(self) -> None:
        """Ask the process alone: a worker lets its own children finish what they are doing."""
        if self._process:
            self._process.terminate()

    def kill(self) -> None:
        if self._process:
            _kill_group(self._process)
            self._process = None

    def report(self, what: str) -> int:
        """Say what went wrong, with the last lines of this run; returns the exit status."""
        with self._log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_start, size - 16_384))
            lines = log.read().decode(errors="replace").splitlines()[-_LAST_LINES:]
        _say(f"{self.child.name} {what}; see {self._log}, which ends:")
        for line in lines:
            _say(f"  {line}")
        return 1


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be closed: stopping goes on all the same
        print(line, file=sys.stderr, flush=True)


def _spawn(
    command: Sequence[str], around: Surroundings, output: IO[bytes] | None, *, waits: bool = False
) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C in the terminal reaches only us."""
    us = os.getpid()

    def prepare_child() -> None:
        # Runs between fork and exec: safe as long as this process has a single thread.
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # our kill -9 must not leave it behind
        if os.getppid() != us:  # we died before the line above
            os._exit(1)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE if waits else subprocess.DEVNULL,
        stdout=output,
        stderr=output and subprocess.STDOUT,
        cwd=around.cwd,
        env=around.environ,
        start_new_session=True,
        preexec_fn=prepare_child,
    )


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _reap_orphans() -> None:
    """As process 1 of a container we inherit what others leave. Our own are waited for already."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
