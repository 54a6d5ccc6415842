"""Quiet hours, pauses, addresses and links, without a database."""

from datetime import UTC, datetime, time, timedelta

import pytest

from core import clock
from core.errors import YijiError
from core.notifications import rules
from core.notifications.errors import AddressMalformed, LinkInvalid
from core.notifications.rules import QuietHours


def at(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    """On the wall clock in November 2026, as UTC."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=clock.HOME).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (at(22, 20, 59, 59), None),
        (at(22, 21, 0), at(23, 8, 0)),
        (at(22, 23, 59, 59), at(23, 8, 0)),
        (at(23, 0, 0), at(23, 8, 0)),
        (at(23, 7, 59, 59), at(23, 8, 0)),
        (at(23, 8, 0), None),
        (at(30, 22, 0), datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_the_usual_quiet_hours_go_over_midnight(moment: datetime, end: datetime | None) -> None:
    assert rules.DEFAULT_QUIET.end_after(moment) == end


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (at(22, 12, 59), None),
        (at(22, 13, 0), at(22, 14, 30)),
        (at(22, 14, 29, 59), at(22, 14, 30)),
        (at(22, 14, 30), None),
        (at(22, 23, 0), None),
    ],
)
def test_quiet_hours_within_a_day(moment: datetime, end: datetime | None) -> None:
    assert QuietHours(time(13), time(14, 30)).end_after(moment) == end


def test_quiet_hours_until_midnight_end_with_the_day() -> None:
    assert QuietHours(time(21), time(0)).end_after(at(22, 23, 0)) == at(23, 0, 0)
    assert QuietHours(time(21), time(0)).end_after(at(23, 0, 0)) is None


def test_a_year_has_no_day_on_which_the_clock_jumps() -> None:
    for days in range(365):
        evening = at(1, 21, 0) + timedelta(days=days)
        assert rules.DEFAULT_QUIET.end_after(evening) == evening + timedelta(hours=11)


def test_the_digest_is_due_at_eight() -> None:
    assert rules.digest_cutoff(at(22, 7, 59, 59)) is None
    assert rules.digest_cutoff(at(22, 8, 0)) == at(22, 8, 0)
    assert rules.digest_cutoff(at(22, 23, 0)) == at(22, 8, 0)


def test_pauses_grow_and_end() -> None:
    pauses = [rules.pause_after(n) for n in range(1, rules.ATTEMPTS_MAX + 1)]
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses[-2:] == [timedelta(minutes=64), None]


@pytest.mark.parametrize(
    ("path", "category"),
    [
        ("/garden/mine", "garden"),
        ("/garden", "garden"),
        ("/orders/1", "core"),
        ("", "core"),
        ("/gardens", "core"),
    ],
)
def test_a_notice_belongs_to_the_plugin_whose_page_it_leads_to(path: str, category: str) -> None:
    assert rules.category_of(path, {"core", "garden"}) == category


@pytest.mark.parametrize("address", ["a@b.cn", "li.ming+yiji@mail.example.org", f"{'a' * 64}@example.org"])
def test_addresses(address: str) -> None:
    assert rules.check_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "li",
        "li@",
        "@example.org",
        "li@example",
        "li@exa mple.org",
        "li@example.org\r\nBcc: other@example.org",
        "li@example.org\n",
        "li@example.org,other@example.org",
        "<li@example.org>",
        "李@example.org",
        ".li@example.org",
        "li.@example.org",
        "l..i@example.org",
        "li@-example.org",
        f"{'a' * 65}@example.org",
        f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.org",
    ],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(AddressMalformed):
        rules.check_address(address)


def test_a_line_stays_one_line() -> None:
    assert rules.one_line("好\r\nBcc: a@example.org\x00\u2028\t末") == "好 Bcc: a@example.org 末"


NOW = at(22, 12, 0)
TOKEN = rules.sign_address(b"key", 7, "li@example.org", expires_at=NOW)


def test_a_link_is_for_one_person_address_and_time() -> None:
    token = rules.Token.parse(TOKEN)
    assert token.person_id == 7
    token.check(b"key", "li@example.org", NOW - timedelta(seconds=1))
    for secret, address, moment in (
        (b"key", "li@example.org", NOW),
        (b"key", "wu@example.org", NOW - timedelta(seconds=1)),
        (b"other", "li@example.org", NOW - timedelta(seconds=1)),
    ):
        with pytest.raises(LinkInvalid):
            token.check(secret, address, moment)


@pytest.mark.parametrize(
    "wrong", ["8" + TOKEN[1:], TOKEN.replace("-1", "-2", 1), TOKEN[:-1], "", "7-8-9", "０-1-a"]
)
def test_a_forged_link_is_refused(wrong: str) -> None:
    def use() -> None:
        rules.Token.parse(wrong).check(b"key", "li@example.org", NOW - timedelta(seconds=1))

    with pytest.raises(YijiError):
        use()
