"""What a resident is told, where and when: an evening at the counter."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import clock
from core.language import in_language
from core.notifications import queries
from core.payments import queries as orders
from core.payments.services import take_at_counter
from core.people.rules import Actor
from core.people.services import register_household
from plugins.garden.services import claim_plot
from tests.core.notifications.mail_server import mail_server
from tests.core.notifications.persons import make_reachable, work
from tests.factories import Committee, make_committee, make_garden
from workers.drain import run_due_jobs


def at(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    """On the wall clock in November 2026, as UTC."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=clock.HOME).astimezone(UTC)


async def claim_and_pay(plot_id: int, resident: Actor, committee: Committee, *, paid_at: datetime) -> None:
    with clock.frozen(at(22, 20, 0)):
        order = await orders.order(await claim_plot(plot_id, agreed=True, actor=resident))
    with clock.frozen(paid_at):
        await take_at_counter(
            order.id, amount_fen=order.total_fen, receipt_no=str(order.id), actor=committee.treasurer
        )
        await run_due_jobs()


async def test_paid_before_nine_is_told_at_once_and_paid_at_nine_in_the_morning(
    db: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committee = await make_committee()
    _, plots = await make_garden(committee)
    early = await make_reachable("early@example.org", language="en")
    late = await make_reachable("late@example.org")
    residents = []
    for person in (early, late):
        household_id = await register_household(committee.region_id, person_ids=[person.person_id])
        residents.append(Actor(person.person_id, person.name, household_id))

    async with mail_server() as mail:
        monkeypatch.setenv("YIJI_SMTP_URL", mail.url)
        await claim_and_pay(plots[2], residents[0], committee, paid_at=at(22, 20, 59))
        await claim_and_pay(plots[3], residents[1], committee, paid_at=at(22, 21, 0))
        for person in residents:
            assert await queries.unread(person.person_id) == 1, "the inbox waits for nobody"
        assert [message["To"] for message in mail.received] == ["early@example.org"]
        await work(at(23, 7, 59, 59))
        assert len(mail.received) == 1
        await work(at(23, 8, 0))
        await work(at(23, 9, 0))
    assert [message["To"] for message in mail.received] == ["early@example.org", "late@example.org"]
    assert [message["Subject"] for message in mail.received] == ["The plot is yours", "认领成功"]
    english, chinese = mail.bodies()
    assert "Plot 3 of 测试菜园 is now yours, until 2027-11-21." in english
    assert "测试菜园的 4 号地块已经是您家的了，到 2027-11-21 为止。" in chinese


async def test_a_notice_in_english_holds_no_chinese_but_the_gardens_name(db: str, data_folder: Path) -> None:
    committee = await make_committee()
    _, plots = await make_garden(committee)
    person = await make_reachable(None)
    household_id = await register_household(committee.region_id, person_ids=[person.person_id])
    resident = Actor(person.person_id, person.name, household_id)
    await claim_and_pay(plots[0], resident, committee, paid_at=at(22, 20, 30))
    (notice,) = await queries.inbox(person.person_id, before_id=None, limit=2)
    with in_language("en"):
        assert "号" not in notice.told()
