"""Signals taken one by one where we wait for them, instead of interrupting us anywhere.

sigtimedwait(2), which this stands on, is not on macOS.
"""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Keep the signals we wait for from interrupting anything; they are taken with sigtimedwait."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, children could not be waited for
    awaited = _awaited()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
    try:
        yield
    finally:
        while signal.sigtimedwait(awaited, 0):
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stopping() -> frozenset[signal.Signals]:
    """SIGHUP means that the terminal was closed, unless nohup said that it does not matter."""
    asked = {signal.SIGINT, signal.SIGTERM}
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        asked.add(signal.SIGHUP)
    return frozenset(asked)


def _awaited() -> frozenset[signal.Signals]:
    return stopping() | {signal.SIGCHLD}


def wait_for(timeout_s: float) -> int | None:
    """The next signal, or None when the time is over."""
    found = signal.sigtimedwait(_awaited(), max(timeout_s, 0))
    return found.si_signo if found else None


def wait_until(done: Callable[[], bool], within_s: float) -> None:
    """Wait for deaths. Another signal to stop ends the patience."""
    deadline = time.monotonic() + within_s
    while not done() and time.monotonic() < deadline:
        if wait_for(deadline - time.monotonic()) in stopping():
            return
