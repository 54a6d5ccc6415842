"""Reads of what waits for somebody: a volunteer, a witness, a leader."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core import clock
from core.database import fetch
from core.language import mark
from core.manifest import Todo
from core.people.rules import SERVE, Actor
from core.volunteers.queries import stars
from core.volunteers.rules.flows import LEAD
from core.volunteers.rules.stars import APPEALED, REVIEWED

_STARS_MOST = 50
_LOOKED_BACK = timedelta(days=30)

_TO_RECORD = """
select s.id, o.title, s.ends_at, count(*) as open
from volunteer_opportunity o
join volunteer_shift s on s.opportunity = o.id and s.state = 'planned' and s.ends_at <= $2 and s.ends_at > $3
join volunteer_sign_up u on u.shift = s.id and u.state in ('placed', 'present', 'left')
where o.organization = any($1) and o.kind = 'service' and not exists (
    select from volunteer_service v where v.sign_up = u.id and v.state <> 'revoked')
group by s.id, o.id order by s.ends_at, s.id limit 10"""
_WAITING = """
select v.id, o.title from volunteer_service v join volunteer_sign_up u on u.id = v.sign_up
join volunteer_shift s on s.id = u.shift join volunteer_opportunity o on o.id = s.opportunity"""


async def todos(actor: Actor, now: datetime) -> list[Todo]:
    """Records to confirm, one's own or one's child's, or to bear witness of; leaders' and staff's work."""
    own = await fetch(
        f"{_WAITING} where v.person = $1 and v.state = 'proposed' order by v.id limit 10", actor.person_id
    )
    childrens = await fetch(
        f"{_WAITING} join person p on p.id = v.person where p.guardian = $1 and v.state = 'proposed'"
        " and p.born_on > $2::timestamp - interval '18 years' order by v.id limit 10",
        actor.person_id,
        clock.local(now).replace(tzinfo=None),
    )
    seen = await fetch(
        f"{_WAITING} join volunteer_witness w on w.service = v.id"
        " where w.person = $1 and w.agrees is null and v.state = 'witnessing' order by v.id limit 10",
        actor.person_id,
    )
    led = [scope.id for scope in actor.scopes(LEAD)]
    return [
        *_about(own, mark("请核对并确认您在“%(title)s”的服务时长"), "/volunteers/services/{id}"),
        *_about(childrens, mark("请核对并确认孩子在“%(title)s”的服务时长"), "/volunteers/services/{id}"),
        *_about(seen, mark("请为“%(title)s”的一次服务作证"), "/volunteers/services/{id}"),
        *(await _of_leaders(led, now) if led else []),
        *(await _of_staff(actor) if actor.may(SERVE) else []),
    ]


async def _of_staff(actor: Actor) -> list[Todo]:
    """Stars of the year that somebody has to decide about, and appeals."""
    reviewed = await stars.for_staff(actor, REVIEWED, limit=_STARS_MOST)
    appealed = await stars.for_staff(actor, APPEALED, limit=_STARS_MOST)
    count, title = len(reviewed) + len(appealed), mark("决定志愿者星级的年度复核和申诉")
    return [Todo(title=title, path="/volunteers/stars/desk", count=count)] if count else []


async def _of_leaders(led: Sequence[int], now: datetime) -> list[Todo]:
    unfinished = await fetch(_TO_RECORD, led, now, now - _LOOKED_BACK)
    disputed = await fetch(
        f"{_WAITING} where v.organization = any($1) and v.state = 'disputed' order by v.id limit 10", led
    )
    pleas = await fetch(
        "select u.id, o.title from volunteer_opportunity o join volunteer_shift s on s.opportunity = o.id"
        " join volunteer_sign_up u on u.shift = s.id where o.organization = any($1) and s.ends_at > $2"
        " and u.state = 'absent' and u.plea <> '' and u.answer = '' order by u.id limit 10",
        led,
        now - 3 * _LOOKED_BACK,
    )
    return [
        *_about(unfinished, mark("“%(title)s”的名单还没有记录时长"), "/volunteers/lead/shifts/{id}"),
        *_about(disputed, mark("有志愿者对服务时长有异议"), "/volunteers/services/{id}"),
        *_about(pleas, mark("“%(title)s”有人对缺席申诉"), "/volunteers/lead/sign-ups/{id}/absence"),
    ]


def _about(rows: Sequence[Any], title: str, path: str) -> list[Todo]:
    return [
        Todo(
            title=title,
            params={"title": row["title"]} if "%(title)s" in title else {},
            path=path.format(id=row["id"]),
            count=row.get("open"),
        )
        for row in rows
    ]
