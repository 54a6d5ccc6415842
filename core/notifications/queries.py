"""Reads of the inbox, of what a person wants, and of a message that is about to go out."""

import json
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from core import plugins
from core.database import current_unit, fetch, fetch_row, fetch_value
from core.language import translate
from core.notifications.errors import NoticeNotFound
from core.notifications.rules import DIGEST_REACHES_BACK, Choice, Preferences, QuietHours

_NOTICE = "id, title, body, params, path, category, created_at, read_at"


@dataclass(frozen=True)
class Notice:
    """A notice as stored: messages and what fills them."""

    id: int
    title: str
    body: str
    params: dict[str, str | int]
    path: str
    category: str
    created_at: datetime
    read_at: datetime | None

    def told(self) -> str:
        """The body in the language of this context; what fills it too, where it is a message itself."""
        return translate(self.body, **{name: _said(value) for name, value in self.params.items()})


def _said(value: str | int) -> str | int:
    return translate(value) if isinstance(value, str) else value


def _notice(row: asyncpg.Record) -> Notice:
    return Notice(**{**dict(row), "params": json.loads(row["params"])})


async def inbox(
    person_id: int, *, before_id: int | None, limit: int, unread_only: bool = False
) -> list[Notice]:
    """The person's notices, newest first, older than `before_id` if given."""
    rows = await fetch(
        f"select {_NOTICE} from notification where person = $1 and ($2::bigint is null or id < $2)"
        + (" and read_at is null" if unread_only else "")
        + " order by id desc limit $3",
        person_id,
        before_id,
        limit,
    )
    return [_notice(row) for row in rows]


async def notice(person_id: int, notice_id: int) -> Notice:
    """One notice of the person; raises NoticeNotFound."""
    row = await fetch_row(
        f"select {_NOTICE} from notification where person = $1 and id = $2", person_id, notice_id
    )
    if row is None:
        raise NoticeNotFound
    return _notice(row)


async def unread(person_id: int) -> int:
    """How many notices the person has not seen; every page shows it, so it stands on the person."""
    return int(await fetch_value("select unread from person where id = $1", person_id) or 0)


def categories() -> dict[str, str]:
    """Category -> title: every enabled plugin that tells people things."""
    return {
        name: module.MANIFEST.title
        for name, module in plugins.installed().items()
        if plugins.is_enabled(name) and module.MANIFEST.notifies
    }


async def preferences(person_id: int) -> Preferences:
    """How the person wants to be told, with a choice for every category."""
    row = await fetch_row(
        "select quiet_from, quiet_until, digest from notification_setting where person = $1", person_id
    )
    chosen = await fetch("select category, mail, sms from notification_choice where person = $1", person_id)
    choices = {name: Choice() for name in categories()}
    choices |= {c["category"]: Choice(c["mail"], c["sms"]) for c in chosen if c["category"] in choices}
    if row is None:
        return Preferences(choices=choices)
    return Preferences(_quiet(row), row["digest"], choices)


def _quiet(row: asyncpg.Record) -> QuietHours | None:
    return None if row["quiet_from"] is None else QuietHours(row["quiet_from"], row["quiet_until"])


@dataclass(frozen=True)
class Contact:
    """Where a person can be reached. `email` is confirmed; `pending` is not, or mail comes back."""

    phone: str | None
    email: str | None
    pending: str | None
    refused_at: datetime | None


async def contact(person_id: int) -> Contact:
    """The person's addresses, unmasked: for the person alone, and for who writes to them."""
    row = await fetch_row(
        "select phone, email, email_pending, email_refused_at from person where id = $1", person_id
    )
    return Contact(*row) if row else Contact(None, None, None, None)


@dataclass(frozen=True)
class Outgoing:
    """A message about to go out, with what is true of its person now."""

    id: int
    person_id: int
    notice_id: int | None
    kind: str
    channel: str
    attempts: int
    urgent: bool
    language: str
    quiet: QuietHours | None
    contact: Contact


async def outgoing(message_id: int) -> Outgoing | None:
    """The message, its row locked until COMMIT; None if nothing is to be sent any more."""
    row = await current_unit().connection.fetchrow(
        """
        select m.person, m.notification, m.kind, m.channel, m.attempts, p.language, p.phone, p.email,
            p.email_pending, p.email_refused_at, coalesce(n.urgent, m.kind = 'confirmation') as urgent,
            s.person is null as is_default, s.quiet_from, s.quiet_until
        from notification_message m
        join person p on p.id = m.person
        left join notification n on n.id = m.notification and m.kind = 'notice'
        left join notification_setting s on s.person = m.person
        where m.id = $1 and m.state = 'waiting' for no key update of m""",
        message_id,
    )
    if row is None:
        return None
    return Outgoing(
        id=message_id,
        person_id=row["person"],
        notice_id=row["notification"],
        kind=row["kind"],
        channel=row["channel"],
        attempts=row["attempts"],
        urgent=row["urgent"],
        language=row["language"],
        quiet=Preferences().quiet if row["is_default"] else _quiet(row),
        contact=Contact(row["phone"], row["email"], row["email_pending"], row["email_refused_at"]),
    )


# What a digest tells of: unread, not sent by itself, and in no digest before. $1 is its newest moment.
DIGESTED = """
n.read_at is null and not n.urgent and n.created_at < $1 and n.created_at >= $1 - $2::interval
and n.id > coalesce((select max(d.notification) from notification_message d
    where d.person = n.person and d.kind = 'digest' and d.state = 'sent'), 0)
and coalesce((select c.mail from notification_choice c
    where c.person = n.person and c.category = n.category), true)"""


async def digest_notices(person_id: int, *, before: datetime, up_to_id: int, limit: int) -> list[Notice]:
    """The notices of a person's digest that are still unread, newest first."""
    rows = await fetch(
        f"select {_NOTICE} from notification n where n.person = $3 and n.id <= $4 and {DIGESTED}"
        " order by n.id desc limit $5",
        before,
        DIGEST_REACHES_BACK,
        person_id,
        up_to_id,
        limit,
    )
    return [_notice(row) for row in rows]
