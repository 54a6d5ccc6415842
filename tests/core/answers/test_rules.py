"""What makes two requests the same."""

import pytest

from core.answers import rules


@pytest.mark.parametrize(
    ("key", "expected"),
    [("a", True), ("x" * 100, True), ('"a b"', True), ("x" * 101, False), ("键", False), ("\t", False)],
)
def test_a_key_is_1_to_100_printable_characters(key: str, expected: bool) -> None:
    assert rules.is_key(key) is expected
    assert not rules.is_key("")


def test_a_digest_tells_every_part_of_a_request_apart() -> None:
    requests = {
        rules.digest(1, "POST", "/a?", b"{}"),
        rules.digest(2, "POST", "/a?", b"{}"),
        rules.digest(1, "DELETE", "/a?", b"{}"),
        rules.digest(1, "POST", "/a?b", b"{}"),
        rules.digest(1, "POST", "/a?", b"{ }"),
    }
    assert len(requests) == 5
    assert rules.digest(1, "POST", "/a?", b"{}") in requests


def test_a_lock_is_of_one_persons_key() -> None:
    numbers = {rules.lock_number(1, "a"), rules.lock_number(2, "a"), rules.lock_number(1, "b")}
    assert len(numbers) == 3
    assert all(-(2**63) <= number < 2**63 for number in numbers)
