"""Codes and consents without a database."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from core.registration import rules
from core.registration.errors import ConsentNeeded, ConsentUnknown, NameMalformed, TooManyCodes

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_a_code_is_six_digits_of_its_own() -> None:
    codes = {rules.code_of(b"key", f"token {number}", "13900000001") for number in range(50)}
    assert len(codes) == 50
    assert all(re.fullmatch("[0-9]{6}", code) for code in codes)
    one = rules.code_of(b"key", "token", "13900000001")
    assert one == rules.code_of(b"key", "token", "13900000001")
    assert one != rules.code_of(b"other key", "token", "13900000001")
    assert one != rules.code_of(b"key", "token", "13900000002")


def test_the_window_is_full_at_the_limit_and_says_when_it_opens() -> None:
    asked = [NOW - timedelta(minutes=59), NOW - timedelta(minutes=10), NOW - timedelta(minutes=5)]
    rules.check_count(asked, 4, NOW)
    with pytest.raises(TooManyCodes, match="1 分钟后") as refused:
        rules.check_count(asked, 3, NOW)
    assert refused.value.retry_after_s == 60
    rules.check_count(asked, 3, NOW + timedelta(minutes=1))
    with pytest.raises(TooManyCodes) as fewer:
        rules.check_count(asked, 2, NOW)
    assert fewer.value.retry_after_s == 50 * 60


def test_a_name_has_one_to_forty_characters() -> None:
    assert rules.check_name(" 何新 ") == "何新"
    assert rules.check_name("名" * 40)
    for wrong in ("", "  ", "名" * 41, "何\n新"):
        with pytest.raises(NameMalformed):
            rules.check_name(wrong)


def test_what_an_account_needs_is_not_withdrawn() -> None:
    with pytest.raises(ConsentNeeded):
        rules.check_withdrawable("privacy")
    with pytest.raises(ConsentUnknown):
        rules.check_withdrawable("advertising")
