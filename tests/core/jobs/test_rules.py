"""Pauses between attempts grow, and end."""

from datetime import timedelta
from itertools import pairwise

from core.jobs.rules import ATTEMPTS_MAX, pause_after


def test_pauses_double_and_end_with_the_last_attempt() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, ATTEMPTS_MAX)]
    assert pauses[:3] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert all(later == 2 * earlier for earlier, later in pairwise(pauses))
    assert pause_after(ATTEMPTS_MAX) is None
    assert pause_after(ATTEMPTS_MAX + 1) is None
