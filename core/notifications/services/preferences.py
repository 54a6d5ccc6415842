"""How a person wants to be told: e-mail address, channels, quiet hours, digest."""

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, fetch_value, unit_of_work
from core.jobs.services import add_job
from core.notifications import queries, rules
from core.notifications.errors import CategoryUnknown, LinkInvalid, TooManyConfirmations
from core.notifications.services.sending import SEND
from core.people.rules import Actor
from core.reference import Ref
from core.settings import load


async def save_preferences(wanted: rules.Preferences, *, actor: Actor) -> None:
    """Set everything that `wanted` names; raises CategoryUnknown."""
    if not wanted.choices.keys() <= queries.categories().keys():
        raise CategoryUnknown
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "insert into notification_setting (person, quiet_from, quiet_until, digest)"
            " values ($1, $2, $3, $4) on conflict (person) do update set quiet_from = excluded.quiet_from,"
            " quiet_until = excluded.quiet_until, digest = excluded.digest",
            actor.person_id,
            wanted.quiet.begin if wanted.quiet else None,
            wanted.quiet.until if wanted.quiet else None,
            wanted.digest,
        )
        await unit.connection.executemany(
            "insert into notification_choice (person, category, mail, sms) values ($1, $2, $3, $4)"
            " on conflict (person, category) do update set mail = excluded.mail, sms = excluded.sms",
            [(actor.person_id, name, choice.mail, choice.sms) for name, choice in wanted.choices.items()],
        )
        _audit("notifications.preferences_set", actor.person_id)


async def propose_email(address: str, *, actor: Actor) -> None:
    """Send a link to the address; it counts once the link is followed, and until then the one before.

    Raises AddressMalformed, TooManyConfirmations.
    """
    rules.check_address(address)
    async with unit_of_work() as unit:
        await _lock(actor.person_id)
        now = clock.now()
        sent = await fetch_value(
            "select count(*) from notification_message where person = $1 and kind = 'confirmation'"
            " and created_at > $2",
            actor.person_id,
            now - rules.LINK_LIFE / 2,
        )
        if sent >= rules.CONFIRMATIONS_MOST:
            raise TooManyConfirmations(most=rules.CONFIRMATIONS_MOST)
        await unit.connection.execute(
            "update person set email_pending = $2, email_refused_at = null where id = $1",
            actor.person_id,
            address,
        )
        await _end_confirmations(actor.person_id)
        message_id = await unit.connection.fetchval(
            "insert into notification_message (person, kind, channel, created_at)"
            " values ($1, 'confirmation', 'mail', $2) returning id",
            actor.person_id,
            now,
        )
        add_job(SEND, {"message_id": message_id})
        _audit("person.email_proposed", actor.person_id)


async def confirm_email(token: str) -> None:
    """The link was followed: the address counts. A second click changes nothing; raises LinkInvalid."""
    known = rules.Token.parse(token)
    async with unit_of_work() as unit:
        await _lock(known.person_id)
        contact = await queries.contact(known.person_id)
        address = contact.pending or contact.email
        if address is None:
            raise LinkInvalid
        known.check(load().secret, address, clock.now())
        if contact.pending is None:
            return
        await unit.connection.execute(
            "update person set email = email_pending, email_pending = null, email_refused_at = null"
            " where id = $1",
            known.person_id,
        )
        _audit("person.email_confirmed", known.person_id)


async def remove_email(*, actor: Actor) -> None:
    """Forget the person's e-mail address, confirmed or not."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "update person set email = null, email_pending = null, email_refused_at = null where id = $1",
            actor.person_id,
        )
        await _end_confirmations(actor.person_id)
        _audit("person.email_removed", actor.person_id)


async def _lock(person_id: int) -> None:
    await current_unit().connection.execute("select from person where id = $1 for no key update", person_id)


async def _end_confirmations(person_id: int) -> None:
    """A link that waits would otherwise go to the next address."""
    await current_unit().connection.execute(
        "update notification_message set state = 'suppressed', reason = 'replaced'"
        " where person = $1 and kind = 'confirmation' and state = 'waiting'",
        person_id,
    )


def _audit(action: str, person_id: int) -> None:
    record_audit(action, Ref("person", person_id), actor_id=person_id)
