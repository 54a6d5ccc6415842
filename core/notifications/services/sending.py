"""E-mail and SMS: ask for messages, send one.

A message goes out at least once and normally once: its job was claimed before, "sent" is written after
in the unit of work of the job, and a crash in between repeats it under the same key.
"""

import asyncio
from datetime import datetime

from core import clock, plugins
from core.database import current_unit, unit_of_work
from core.errors import describe
from core.jobs.services import add_job
from core.language import in_language
from core.notifications import queries, rules
from core.notifications.letters import Letter, write_confirmation, write_digest, write_notice
from core.notifications.queries import Outgoing
from core.settings import load

SEND = "core.send_message"
# Below the database's limit for an idle transaction: the job's unit of work stays open meanwhile.
_TIME_LIMIT_S = 20
_DIGEST_MOST = 50

_ASK = """
with told as (update person set unread = unread + 1 where id = $1 returning id, phone, email)
insert into notification_message (person, notification, kind, channel, created_at)
select told.id, $2, 'notice', wish.channel, $5
from told
left join notification_choice c on c.person = told.id and c.category = $3
left join notification_setting s on s.person = told.id
cross join lateral (values
    ('mail', told.email is not null and coalesce(c.mail, true) and ($4 or not coalesce(s.digest, false))),
    ('sms', told.phone is not null and coalesce(c.sms, true))) as wish (channel, is_wanted)
where wish.is_wanted returning id"""


async def ask_for_messages(person_id: int, notice_id: int, *, category: str, urgent: bool) -> None:
    """Count the notice as unread; a row and a job for each channel that the person wants and has."""
    rows = await current_unit().connection.fetch(_ASK, person_id, notice_id, category, urgent, clock.now())
    for row in rows:
        add_job(SEND, {"message_id": row["id"]})


async def send_message(message_id: int) -> None:
    """Send it, unless quiet hours hold it back; in the unit of work of the job that asks for it."""
    message = await queries.outgoing(message_id)
    if message is None:
        return
    now = clock.now()
    quiet_until = None if message.urgent or message.quiet is None else message.quiet.end_after(now)
    if quiet_until is not None:
        _send_again(message_id, quiet_until)
        return
    letter = await _letter(message)
    if _address(message) is None or letter is None:
        await _settle(message_id, "suppressed", "no_address" if letter else "read")
        return
    try:
        async with asyncio.timeout(_TIME_LIMIT_S), unit_of_work():
            taken = await _hand_over(message, letter)
    except Exception as error:
        await _put_off(message, describe(error))
        return
    if taken is None:
        await _settle(message_id, "suppressed", "no_provider")
    elif taken:
        await _settle(message_id, "sent", "")
    else:
        await _settle(message_id, "failed", "refused")
        await _mark_undeliverable(message)


def _address(message: Outgoing) -> str | None:
    if message.channel == rules.SMS:
        return message.contact.phone
    return message.contact.pending if message.kind == rules.CONFIRMATION else message.contact.email


async def _letter(message: Outgoing) -> Letter | None:
    """What it says, in the person's language; None when there is nothing left to say."""
    with in_language(message.language):
        if message.kind == rules.CONFIRMATION:
            token = rules.sign_address(
                load().secret,
                message.person_id,
                message.contact.pending or "",
                expires_at=clock.now() + rules.LINK_LIFE,
            )
            return write_confirmation(token)
        assert message.notice_id is not None
        if message.kind == rules.NOTICE:
            return write_notice(await queries.notice(message.person_id, message.notice_id))
        notices = await queries.digest_notices(
            message.person_id, before=clock.now(), up_to_id=message.notice_id, limit=_DIGEST_MOST
        )
        return write_digest(notices) if notices else None


async def _hand_over(message: Outgoing, letter: Letter) -> bool | None:
    answer: bool | None
    key = f"message-{message.id}"
    with in_language(message.language):
        short, text, html = letter.short, letter.text(), letter.html()
    if message.channel == rules.SMS:
        answer = await plugins.decide("decide_sms_delivery", phone=message.contact.phone, text=short, key=key)
    else:
        answer = await plugins.decide(
            "decide_mail_delivery",
            person_id=message.person_id,
            address=_address(message),
            subject=letter.subject,
            text=text,
            html=html,
            key=key,
        )
    return answer


async def _settle(message_id: int, state: str, reason: str) -> None:
    """`attempts` counts what was handed to somebody, not what was held back."""
    now = clock.now()
    await current_unit().connection.execute(
        "update notification_message set state = $2::varchar, reason = $3, error = null,"
        " attempts = attempts + ($2::varchar <> 'suppressed')::int, tried_at = $4,"
        " sent_at = case when $2::varchar = 'sent' then $4::timestamptz end where id = $1",
        message_id,
        state,
        reason,
        now,
    )


async def _put_off(message: Outgoing, error: str) -> None:
    """It may succeed later; after the last attempt it has failed."""
    pause = rules.pause_after(message.attempts + 1)
    await current_unit().connection.execute(
        "update notification_message set attempts = attempts + 1, error = $2, tried_at = $3, state = $4,"
        " reason = $5 where id = $1",
        message.id,
        error,
        clock.now(),
        "waiting" if pause else "failed",
        "" if pause else "gave_up",
    )
    if pause:
        _send_again(message.id, clock.now() + pause)


def _send_again(message_id: int, due_at: datetime) -> None:
    add_job(SEND, {"message_id": message_id}, due_at=due_at)


async def _mark_undeliverable(message: Outgoing) -> None:
    """An e-mail address that a server refuses is no confirmed one any more."""
    if message.channel != rules.MAIL:
        return
    await current_unit().connection.execute(
        """
        update person set email = nullif(email, $2), email_pending = coalesce(email_pending, $2),
            email_refused_at = case when coalesce(email_pending, $2) = $2 then $3 else email_refused_at end
        where id = $1 and (email = $2 or email_pending = $2)""",
        message.person_id,
        _address(message),
        clock.now(),
    )
