"""A person's e-mail address: proposed, confirmed by its link, changed, removed."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.notifications import queries
from core.notifications.errors import AddressMalformed, LinkInvalid, TooManyConfirmations
from core.notifications.services.preferences import confirm_email, propose_email, remove_email
from core.people.rules import Actor
from tests.core.notifications.conftest import NOON
from tests.core.notifications.mail_server import MailServer
from tests.core.notifications.persons import link_token, make_reachable, tell
from workers.drain import run_due_jobs


@pytest.fixture
async def newcomer(db: str, data_folder: object) -> Actor:
    return await make_reachable(None)


def token_of(body: str) -> str:
    found = re.search(r"https://yiji\.example\.org/inbox/email/(\S+)", body)
    assert found
    return found[1]


async def propose(address: str, actor: Actor) -> None:
    with clock.frozen(NOON):
        await propose_email(address, actor=actor)
        await run_due_jobs()


async def test_an_address_counts_once_its_link_is_followed(mail: MailServer, newcomer: Actor) -> None:
    await propose("li@example.org", newcomer)
    contact = await queries.contact(newcomer.person_id)
    assert (contact.email, contact.pending) == (None, "li@example.org")
    assert mail.received[0]["To"] == "li@example.org"
    await tell(newcomer, at=NOON)
    assert len(mail.received) == 1, "not confirmed: only the link goes there"

    with clock.frozen(NOON + timedelta(days=2) - timedelta(seconds=1)):
        for _ in range(2):  # a second click
            await confirm_email(token_of(mail.bodies()[0]))
    contact = await queries.contact(newcomer.person_id)
    assert (contact.email, contact.pending) == ("li@example.org", None)
    actions = await fetch("select action from audit_event where action like 'person.email%' order by id")
    assert [row["action"] for row in actions] == ["person.email_proposed", "person.email_confirmed"]


async def test_a_link_is_good_for_two_days(mail: MailServer, newcomer: Actor) -> None:
    await propose("li@example.org", newcomer)
    with clock.frozen(NOON + timedelta(days=2)), pytest.raises(LinkInvalid):
        await confirm_email(token_of(mail.bodies()[0]))


async def test_a_link_goes_out_in_quiet_hours_too(mail: MailServer, newcomer: Actor) -> None:
    with clock.frozen(NOON + timedelta(hours=12)):
        await propose_email("li@example.org", actor=newcomer)
        await run_due_jobs()
    assert len(mail.received) == 1


async def test_the_old_address_counts_until_the_new_one_is_confirmed(mail: MailServer, person: Actor) -> None:
    await propose("new@example.org", person)
    await tell(person, at=NOON)
    assert [message["To"] for message in mail.received] == ["new@example.org", "li@example.org"]
    with clock.frozen(NOON):
        await confirm_email(token_of(mail.bodies()[0]))
    await tell(person, at=NOON)
    assert mail.received[2]["To"] == "new@example.org"


async def test_a_link_to_an_address_that_was_replaced_is_dead(mail: MailServer, newcomer: Actor) -> None:
    await propose("typo@example.org", newcomer)
    await propose("li@example.org", newcomer)
    with clock.frozen(NOON), pytest.raises(LinkInvalid):
        await confirm_email(token_of(mail.bodies()[0]))


async def test_a_removed_address_is_gone_and_its_link_dead(mail: MailServer, person: Actor) -> None:
    await propose("new@example.org", person)
    await remove_email(actor=person)
    contact = await queries.contact(person.person_id)
    assert (contact.email, contact.pending) == (None, None)
    with clock.frozen(NOON), pytest.raises(LinkInvalid):
        await confirm_email(token_of(mail.bodies()[0]))
    for table in ("audit_event", "job", "notification_message"):
        assert not await fetch_value(
            f"select count(*) from {table} t where to_jsonb(t)::text like '%example.org%'"
        )


async def test_a_link_that_bounces_is_said_and_another_address_helps(
    mail: MailServer, newcomer: Actor
) -> None:
    mail.on_recipient["typo@example.org"] = "550 nobody"
    await propose("typo@example.org", newcomer)
    contact = await queries.contact(newcomer.person_id)
    assert (contact.email, contact.pending, contact.refused_at) == (None, "typo@example.org", NOON)
    await propose("li@example.org", newcomer)
    assert (await queries.contact(newcomer.person_id)).refused_at is None


async def test_nobody_can_fill_a_mailbox(mail: MailServer, newcomer: Actor) -> None:
    for number in range(5):
        await propose(f"victim{number}@example.org", newcomer)
    with pytest.raises(TooManyConfirmations):
        await propose("victim@example.org", newcomer)
    with clock.frozen(NOON + timedelta(days=1)):
        await propose_email("li@example.org", actor=newcomer)


async def test_only_an_address_is_accepted(newcomer: Actor) -> None:
    with pytest.raises(AddressMalformed):
        await propose_email("li@example.org\nBcc: wu@example.org", actor=newcomer)


async def test_a_link_for_nobody(db: str, data_folder: object) -> None:
    for token in (link_token(10**9, "li@example.org"), "nonsense", ""):
        with pytest.raises(LinkInvalid):
            await confirm_email(token)
