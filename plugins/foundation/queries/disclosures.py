"""What a foundation has to make public by when, and where it stands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core import clock
from core.database import fetch
from core.language import mark
from core.manifest import Todo
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from plugins.foundation.queries.calendar import first_gift
from plugins.foundation.rules import disclosures as rules
from plugins.foundation.rules.disclosures import Disclosed, Duty

_EACH = 50
DISCLOSURE = "foundation.disclosure"


async def duties(organization_id: int, today: date) -> list[Duty]:
    """Everything that must be public, the latest term first: years, projects that ended, transactions."""
    scopes = await organizations.parameter_scopes(organization_id)
    terms = await parameters.effective(rules.CODES, scopes, today)
    first = await first_gift(organization_id)
    found = [
        *rules.yearly(clock.local(first).date() if first else None, today, terms),
        *await _projects(organization_id, terms[rules.PROJECT_MONTHS]),
        *await _progress(organization_id, today, terms[rules.PROGRESS_MONTHS]),
        *await _recorded(organization_id, terms[rules.EVENT_DAYS]),
        *await _paid_to_related(organization_id, terms[rules.EVENT_DAYS]),
    ]
    said = await _disclosed(organization_id)
    known = [replace(duty, disclosed=said.get((duty.kind, duty.key), ())) for duty in found]
    return sorted(known, key=lambda duty: (duty.due_on, duty.kind, duty.key), reverse=True)


async def _projects(organization_id: int, months: int) -> list[Duty]:
    """Projects that the foundation has paid for; one opened by its request ends with the last voucher."""
    rows = await fetch(
        """
        select p.id, p.title, coalesce(p.ended_at, max(r.reported_at)) as ended_at
        from fund_request r join project p on p.id = r.project
        where r.foundation = $1 and r.paid_at is not null
        group by p.id having p.ended_at is not null
            or (p.source_kind = 'fund_request' and bool_and(r.state = 'reported'))
        order by 3 desc limit $2""",
        organization_id,
        _EACH,
    )
    return [
        Duty(
            kind=rules.PROJECT,
            key=str(row["id"]),
            about=row["title"],
            due_on=rules.months_after(clock.local(row["ended_at"]).date(), months),
        )
        for row in rows
    ]


async def _progress(organization_id: int, today: date, months: int) -> list[Duty]:
    """Projects that got their first money more than six months ago, until they end."""
    rows = await fetch(
        """
        select p.id, p.title, min(r.paid_at) as since, coalesce(p.ended_at, case when p.source_kind =
            'fund_request' and bool_and(r.state = 'reported') then max(r.reported_at) end) as ended_at
        from fund_request r join project p on p.id = r.project
        where r.foundation = $1 and r.paid_at is not null
        group by p.id having min(r.paid_at) < $2 order by 3 desc limit $3""",
        organization_id,
        clock.begin_of(rules.months_after(today, -rules.LONG_MONTHS)),
        _EACH,
    )
    runs = [
        rules.Run(
            id=row["id"],
            title=row["title"],
            since=clock.local(row["since"]).date(),
            ended_on=clock.local(row["ended_at"]).date() if row["ended_at"] else None,
        )
        for row in rows
    ]
    return [duty for run in runs for duty in rules.progress(run, today, months)]


async def _recorded(organization_id: int, days: int) -> list[Duty]:
    rows = await fetch(
        "select id, kind, title, happened_on from foundation_duty where organization = $1"
        " order by happened_on desc, id desc limit $2",
        organization_id,
        _EACH,
    )
    return [
        Duty(
            kind=row["kind"],
            key=str(row["id"]),
            about=row["title"],
            due_on=rules.days_after(row["happened_on"], days),
        )
        for row in rows
    ]


async def _paid_to_related(organization_id: int, days: int) -> list[Duty]:
    """Payments to somebody close. A false alarm is no duty, unless it was made public as one."""
    rows = await fetch(
        """
        select r.id, r.title, r.paid_at from fund_request r
        where r.foundation = $1 and r.paid_at is not null and (
            exists (select from fund_warning w where w.request = r.id and w.explained = '')
            or exists (select from foundation_disclosure d where d.organization = $1 and d.kind = $2
                and d.key = 'r' || r.id))
        order by r.paid_at desc limit $3""",
        organization_id,
        rules.RELATED,
        _EACH,
    )
    return [
        Duty(
            kind=rules.RELATED,
            key=f"r{row['id']}",
            about=row["title"],
            due_on=rules.days_after(clock.local(row["paid_at"]).date(), days),
        )
        for row in rows
    ]


async def _disclosed(organization_id: int) -> dict[tuple[str, str], list[Disclosed]]:
    rows = await fetch(
        "select id, kind, key, link, note, published_by, published_at from foundation_disclosure"
        " where organization = $1 order by id limit 1000",
        organization_id,
    )
    found: dict[tuple[str, str], list[Disclosed]] = {}
    for row in rows:
        values = dict(row)
        found.setdefault((values.pop("kind"), values.pop("key")), []).append(Disclosed(**values))
    return found


async def todos(organization_ids: Sequence[int], today: date) -> list[Todo]:
    """What waits to be made public, at up to five foundations, the oldest first."""
    waiting = [
        (organization_id, duty)
        for organization_id in organization_ids[:5]
        for duty in reversed(await duties(organization_id, today))
        if not duty.disclosed
    ]
    return [
        Todo(
            title=mark("请公开“%(what)s”"),
            params={"what": duty.about},
            path=f"/foundation/{organization_id}/disclosures",
            due_at=clock.end_of(duty.due_on),
        )
        for organization_id, duty in waiting[:10]
    ]
