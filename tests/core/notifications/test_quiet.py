"""Quiet hours, choices and the daily digest, on the wall clock."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.notifications import queries
from core.notifications.errors import CategoryUnknown
from core.notifications.rules import Choice, Preferences, QuietHours
from core.notifications.services import delete_old_notices, mark_all_read, mark_read, notify
from core.notifications.services.digests import ask_for_digests
from core.notifications.services.preferences import save_preferences
from core.people.rules import Actor
from tests.core.notifications.conftest import NOON
from tests.core.notifications.mail_server import MailServer
from tests.core.notifications.persons import make_reachable, messages, tell, work
from workers.drain import run_due_jobs


def at(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    """On the wall clock in November 2026, as UTC."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=clock.HOME).astimezone(UTC)


async def test_what_comes_in_quiet_hours_waits_for_their_end(mail: MailServer, person: Actor) -> None:
    await tell(person, "傍晚", at=at(22, 20, 59, 59))
    await tell(person, "夜里", at=at(22, 21, 0))
    assert ["傍晚" in body for body in mail.bodies()] == [True]
    await work(at(23, 7, 59, 59))
    assert len(mail.received) == 1
    await work(at(23, 8, 0))
    assert "夜里" in mail.bodies()[1]
    assert await fetch_value("select max(attempts) from notification_message") == 1


async def test_urgent_messages_pass(mail: MailServer, person: Actor) -> None:
    await tell(person, at=at(22, 23, 0), urgent=True)
    assert len(mail.received) == 1


async def test_ones_own_quiet_hours_or_none(mail: MailServer, person: Actor) -> None:
    await save_preferences(Preferences(QuietHours(time(12), time(14))), actor=person)
    await tell(person, at=at(22, 13, 59))
    assert mail.received == []
    await work(at(22, 14, 0))
    await tell(person, at=at(22, 23, 0))
    assert len(mail.received) == 2
    await save_preferences(Preferences(None), actor=person)
    await tell(person, at=at(23, 13, 0))
    assert len(mail.received) == 3


async def test_a_category_that_is_not_wanted_stays_in_the_inbox(mail: MailServer, person: Actor) -> None:
    await save_preferences(Preferences(choices={"garden": Choice(mail=False)}), actor=person)
    await tell(person, at=NOON, path="/garden/mine")
    await tell(person, at=NOON, category="garden")
    assert (mail.received, await messages(person)) == ([], [])
    await tell(person, at=NOON, path="/orders/1")
    assert len(mail.received) == 1
    assert await queries.unread(person.person_id) == 3


async def test_preferences_are_kept_and_what_is_not_named_stays(person: Actor) -> None:
    assert (await queries.preferences(person.person_id)).quiet == QuietHours(time(21), time(8))
    wanted = Preferences(
        QuietHours(time(22, 30), time(6)), digest=True, choices={"core": Choice(True, False)}
    )
    await save_preferences(wanted, actor=person)
    await save_preferences(Preferences(None, choices={"garden": Choice(False, True)}), actor=person)
    now = await queries.preferences(person.person_id)
    assert (now.quiet, now.digest) == (None, False)
    assert now.choices["core"] == Choice(True, False)
    assert now.choices["garden"] == Choice(False, True)
    assert "practice" not in now.choices


async def test_an_unknown_category_is_refused(person: Actor) -> None:
    with pytest.raises(CategoryUnknown):
        await save_preferences(Preferences(choices={"nothing": Choice()}), actor=person)
    with pytest.raises(ValueError, match="no such plugin"):
        notify(person.person_id, title="题", body="文", category="nothing")


# --- digest -------------------------------------------------------------------------------------


@pytest.fixture
async def reader(person: Actor) -> Actor:
    """Someone who wants one e-mail a day."""
    await save_preferences(Preferences(digest=True), actor=person)
    return person


async def digest(moment: datetime) -> None:
    with clock.frozen(moment):
        await ask_for_digests()
        await run_due_jobs()


async def test_a_digest_tells_once_what_was_not_read(mail: MailServer, reader: Actor) -> None:
    await tell(reader, "第一条", at=at(22, 10, 0))
    await tell(reader, "第二条", at=at(22, 11, 0))
    await tell(reader, "已读的", at=at(22, 12, 0))
    newest = (await queries.inbox(reader.person_id, before_id=None, limit=1))[0].id
    await mark_read(reader.person_id, [newest])
    assert mail.received == []

    await digest(at(23, 7, 59, 59))
    assert mail.received == []
    await digest(at(23, 8, 0))
    (body,) = mail.bodies()
    assert ("第一条" in body, "第二条" in body, "已读的" in body) == (True, True, False)
    assert mail.received[0]["Subject"] == "您有 2 条未读通知"

    await digest(at(23, 8, 5))
    await digest(at(24, 8, 0))
    assert len(mail.received) == 1, "each notice is in one digest"
    await tell(reader, "第三条", at=at(24, 8, 0))
    await digest(at(24, 9, 0))
    assert len(mail.received) == 1, "what came at eight belongs to the next day"
    await digest(at(25, 8, 0))
    assert "第三条" in mail.bodies()[1]


async def test_no_digest_when_nothing_is_unread_or_wanted(mail: MailServer, reader: Actor) -> None:
    await digest(at(22, 8, 0))
    await tell(reader, at=at(22, 9, 0))
    await mark_all_read(reader.person_id)
    await save_preferences(Preferences(digest=True, choices={"core": Choice(mail=False)}), actor=reader)
    await tell(reader, at=at(22, 10, 0))
    await digest(at(23, 8, 0))
    assert (mail.received, await messages(reader)) == ([], [])


async def test_an_urgent_notice_goes_at_once_and_not_into_the_digest(mail: MailServer, reader: Actor) -> None:
    await tell(reader, at=at(22, 22, 0), urgent=True)
    assert len(mail.received) == 1
    await digest(at(23, 8, 0))
    assert len(mail.received) == 1


async def test_two_workers_at_once_make_one_digest(mail: MailServer, reader: Actor) -> None:
    other = await make_reachable("wu@example.org")
    await save_preferences(Preferences(digest=True), actor=other)
    for person in (reader, other):
        await tell(person, at=at(22, 10, 0))
    with clock.frozen(at(23, 8, 0)):
        await asyncio.gather(*(ask_for_digests() for _ in range(6)))
        await run_due_jobs()
    assert sorted(message["To"] for message in mail.received) == ["li@example.org", "wu@example.org"]


async def test_a_digest_that_failed_is_told_the_next_day(mail: MailServer, reader: Actor) -> None:
    await tell(reader, "重要", at=at(22, 10, 0))
    mail.on_recipient["li@example.org"] = "451 later"
    await digest(at(23, 8, 0))
    for minutes in range(0, 200, 5):
        await work(at(23, 8, 0) + timedelta(minutes=minutes))
    mail.on_recipient.clear()
    await digest(at(24, 8, 0))
    assert "重要" in mail.bodies()[0]


async def test_read_meanwhile_a_digest_is_not_sent(mail: MailServer, reader: Actor) -> None:
    await tell(reader, at=at(22, 10, 0))
    with clock.frozen(at(23, 8, 0)):
        await ask_for_digests()
        await mark_all_read(reader.person_id)
        await run_due_jobs()
    assert await messages(reader) == [("mail", "suppressed", "read")]


# --- what is old --------------------------------------------------------------------------------


async def test_notices_read_half_a_year_ago_are_deleted(person: Actor, data_folder: object) -> None:
    with clock.frozen(NOON):
        await tell(person, "旧的")
        await mark_all_read(person.person_id)
    with clock.frozen(NOON + timedelta(seconds=1)):
        await tell(person, "新一点")
        await mark_all_read(person.person_id)
        await tell(person, "没读")
    with clock.frozen(NOON + timedelta(days=180)):
        await delete_old_notices()
        assert await fetch_value("select count(*) from notification") == 3
    with clock.frozen(NOON + timedelta(days=180, seconds=1)):
        await delete_old_notices()
    kept = await fetch("select body from notification order by id")
    assert [row["body"] for row in kept] == ["新一点", "没读"]
    assert await fetch_value("select count(*) from notification_message") == 2
    assert await queries.unread(person.person_id) == 1


async def test_a_digest_waits_for_the_end_of_quiet_hours(mail: MailServer, reader: Actor) -> None:
    quiet = QuietHours(time(22), time(10))
    await save_preferences(Preferences(quiet, digest=True), actor=reader)
    await tell(reader, "第一条", at=at(22, 12, 0))
    await digest(at(23, 8, 0))
    await work(at(23, 9, 59, 59))
    assert mail.received == []
    await work(at(23, 10, 0))
    assert len(mail.received) == 1
