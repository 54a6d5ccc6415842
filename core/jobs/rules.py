"""The states of a job, and when a failed one is tried again."""

from datetime import timedelta

OPERATE = "core.operate"
STATES = ("waiting", "sent", "failed", "cancelled", "done")
COUNT_MOST = 10_001
ATTEMPTS_MAX = 8
TIME_LIMIT_S = 300


def pause_after(attempts: int) -> timedelta | None:
    """Growing pauses: 2 s, 4 s, 8 s … about 4 minutes in all; None when it must not be tried again."""
    return None if attempts >= ATTEMPTS_MAX else timedelta(seconds=2**attempts)
