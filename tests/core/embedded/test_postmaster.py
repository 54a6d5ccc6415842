"""core/embedded/postmaster.py: the server's settings."""

from pathlib import Path

import pytest

from core.embedded.postmaster import buffers_mb, options


@pytest.mark.parametrize(
    ("memory_mb", "expected_mb"),
    [(256, 64), (519, 64), (520, 65), (4_000, 500), (32_767, 4095), (32_768, 4096), (64_000, 4096)],
)
def test_the_server_keeps_an_eighth_of_a_small_machine(memory_mb: int, expected_mb: int) -> None:
    assert buffers_mb(memory_mb) == expected_mb


def test_a_server_of_tests_does_not_wait_for_the_disk_and_others_do() -> None:
    assert "fsync=off" in options(Path("/s"), 18, test=True)
    assert "fsync=off" not in options(Path("/s"), 18, test=False)


def test_a_server_of_tests_keeps_little() -> None:
    """Each test makes a database and drops it, and both look at every buffer."""
    assert "shared_buffers=256MB" in options(Path("/s"), 18, test=True)
