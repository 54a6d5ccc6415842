"""The verbs of the practice plugin: keep a message, forget the old ones; act at the practice cashier."""

import asyncio
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from core import clock
from core.database import unit_of_work
from core.notifications.queries import contact
from core.people.masks import mask_email
from core.settings import load
from plugins.practice import rules
from plugins.practice.errors import CashierClosed, CashierSessionNotFound, CashierSessionOver
from plugins.practice.queries import invented_phones


async def keep_mail(person_id: int, *, address: str, subject: str, text: str, key: str) -> bool | None:
    """Take an e-mail to an invented person over, unless a real server is configured."""
    known = load()
    phone = (await contact(person_id)).phone
    if known.smtp_url is not None or not rules.may_keep(phone, invented_phones(), known):
        return None
    await _keep(key, rules.MAIL, phone, address=mask_email(address), subject=subject, text=text)
    return True


async def keep_sms(phone: str, *, text: str, key: str) -> bool | None:
    """Take an SMS to an invented person over."""
    if not rules.may_keep(phone, invented_phones(), load()):
        return None
    await _keep(key, rules.SMS, phone, address="", subject="", text=text)
    return True


async def _keep(key: str, channel: str, phone: str | None, *, address: str, subject: str, text: str) -> None:
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "insert into practice_message (key, channel, phone, person, address, subject, text, kept_at)"
            " values ($1, $2, $3::text, (select id from person where phone = $3), $4, left($5, 200), $6, $7)"
            " on conflict (key) do nothing",
            key,
            channel,
            phone,
            address,
            subject,
            text,
            clock.now(),
        )


async def delete_old() -> None:
    """Forget what is older than a week."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "delete from practice_message where kept_at < $1", clock.now() - rules.KEPT
        )


async def forget_person(person_id: int) -> None:
    """Forget what was kept of a person, and the codes that came to the same phone before the account."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "delete from practice_message where person = $1 or (person is null"
            " and phone in (select phone from practice_message where person = $1))",
            person_id,
        )


async def cashier_session(session_id: str) -> rules.Session:
    """What is to be paid at the practice cashier; raises CashierSessionNotFound, CashierClosed."""
    return await asyncio.to_thread(_ask_stand_in, session_id, "", {})


async def act_at_cashier(session_id: str, outcome: str) -> rules.Session:
    """The payer, or the payer's bank, does something; it is told to the payee as Stripe tells it.

    Raises CashierSessionNotFound, CashierSessionOver, CashierClosed.
    """
    return await asyncio.to_thread(_ask_stand_in, session_id, "/pay", {"outcome": outcome})


def _ask_stand_in(session_id: str, verb: str, asked: dict[str, str]) -> rules.Session:
    known = load()
    if known.stripe_stand_in is None:
        raise CashierClosed
    request = urllib.request.Request(
        f"{known.stripe_stand_in}/_practice/sessions/{urllib.parse.quote(session_id, safe='')}{verb}",
        urllib.parse.urlencode(asked).encode(),
        {"authorization": f"Bearer {rules.control_token(known.secret)}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as refused:
        raise (CashierSessionNotFound if refused.code == 404 else CashierSessionOver) from None
    except OSError:
        raise CashierClosed from None
    return rules.Session.of(found)
