"""The daily e-mail with what was not read."""

from core import clock
from core.database import unit_of_work
from core.jobs.services import add_job
from core.notifications import rules
from core.notifications.queries import DIGESTED
from core.notifications.services.sending import SEND

DIGESTS = "core.ask_for_digests"
_BATCH = 500

_ASK = f"""
insert into notification_message (person, notification, kind, channel, digest_on, created_at)
select s.person, newest.id, 'digest', 'mail', $3, $4
from notification_setting s
join person p on p.id = s.person and p.email is not null
cross join lateral (
    select max(n.id) as id from notification n where n.person = s.person and {DIGESTED}) newest
where s.digest and newest.id is not null and not exists (
    select from notification_message d where d.person = s.person and d.digest_on = $3)
order by s.person limit {_BATCH}
on conflict do nothing returning id"""


async def ask_for_digests() -> None:
    """A message for whoever has something unread from before eight o'clock; once a person and day.

    Two workers at once: a unique index decides.
    """
    now = clock.now()
    cutoff = rules.digest_cutoff(now)
    if cutoff is None:
        return
    async with unit_of_work() as unit:
        rows = await unit.connection.fetch(_ASK, cutoff, rules.DIGEST_REACHES_BACK, clock.today(), now)
        for row in rows:
            add_job(SEND, {"message_id": row["id"]})
        if len(rows) == _BATCH:
            add_job(DIGESTS, {})
