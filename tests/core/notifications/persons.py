"""People who can be reached."""

from datetime import datetime

from core import clock
from core.database import fetch, unit_of_work
from core.notifications import rules
from core.notifications.services import notify
from core.notifications.services.preferences import confirm_email, propose_email
from core.people.rules import Actor
from core.people.services import register_person
from core.settings import load
from workers.drain import run_due_jobs


async def make_reachable(address: str | None, *, phone: str | None = None, language: str = "zh") -> Actor:
    """A person whose address is confirmed by its link, as in real life; nothing is left to send."""
    person_id = await register_person("李收信", phone=phone, password=None)
    actor = Actor(person_id, "李收信", None)
    async with unit_of_work() as unit:
        await unit.connection.execute("update person set language = $2 where id = $1", person_id, language)
    if address is not None:
        await propose_email(address, actor=actor)
        await confirm_email(link_token(person_id, address))
        await fetch("delete from job")
        await fetch("delete from notification_message")
    return actor


def link_token(person_id: int, address: str) -> str:
    """The token that a confirmation sent now would hold."""
    return rules.sign_address(load().secret, person_id, address, expires_at=clock.now() + rules.LINK_LIFE)


async def tell(person: Actor, body: str = "内容", *, at: datetime | None = None, **more: object) -> None:
    """Tell the person something at a moment, and do what is due then."""
    with clock.frozen(at or clock.now()):
        async with unit_of_work():
            notify(person.person_id, title="题目", body=body, **more)  # type: ignore[arg-type]
        await run_due_jobs()


async def work(at: datetime) -> None:
    """Do what is due at a moment."""
    with clock.frozen(at):
        await run_due_jobs()


async def messages(person: Actor) -> list[tuple[str, str, str]]:
    """(channel, state, reason) of each of the person's messages."""
    rows = await fetch(
        "select channel, state, reason from notification_message where person = $1 order by id",
        person.person_id,
    )
    return [tuple(row) for row in rows]
