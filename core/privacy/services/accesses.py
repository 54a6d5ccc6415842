"""Who on duty has looked at somebody's data: written down when it happens, so that the person can read it."""

from collections.abc import Iterable
from datetime import timedelta

from core import clock
from core.database import current_unit, unit_of_work
from core.language import mark
from core.people.rules import Actor
from core.people.services import lock_person
from core.privacy import queries
from core.privacy.queries import Profile
from core.registration.services import check_served

SWEEP = "core.sweep_accesses"
RESIDENT_PAGE = mark("看了您的资料页")
_SAME_LOOK, _SAME_LIST = timedelta(minutes=10), timedelta(hours=24)
_KEPT = timedelta(days=366)
_SWEPT_AT_ONCE = 5_000


async def see_resident(person_id: int, *, actor: Actor) -> Profile:
    """A worker opens somebody's page, and that is on record; raises ResidentNotFound."""
    async with unit_of_work():
        await check_served(person_id, actor)
        found = await queries.profile(person_id)
        await record_access(person_id, RESIDENT_PAGE, viewer=actor)
    return found


async def note_seen(person_ids: Iterable[int | None], what: str, *, viewer: Actor) -> None:
    """These persons stand on a page or in a file that somebody on duty is about to get, and can read so.

    The same list again within a day, and oneself, is none. `what`, a message of the catalogues, says which
    list it is and what for. Nobody is locked: two looks at once may be two rows.
    """
    seen = sorted({one for one in person_ids if one is not None} - {viewer.person_id})
    if not seen:
        return
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "insert into person_access (person, viewer, what, seen_at)"
            " select person, $2, $3::text, $4 from unnest($1::bigint[]) as seen (person)"
            " where not exists (select from person_access a"
            " where a.person = seen.person and viewer = $2 and what = $3 and seen_at > $5)",
            seen,
            viewer.person_id,
            what,
            clock.now(),
            clock.now() - _SAME_LIST,
        )


async def record_access(person_id: int, what: str, *, viewer: Actor) -> None:
    """In the caller's unit of work. The same look again within minutes, or at oneself, is none.

    `what` is a message of the catalogues, shown to the person.
    """
    if person_id == viewer.person_id:
        return
    await lock_person(person_id)
    now = clock.now()
    await current_unit().connection.execute(
        "insert into person_access (person, viewer, what, seen_at) select $1, $2, $3::text, $4"
        " where not exists (select from person_access"
        " where person = $1 and viewer = $2 and what = $3 and seen_at > $5)",
        person_id,
        viewer.person_id,
        what,
        now,
        now - _SAME_LOOK,
    )


async def sweep_accesses() -> None:
    """Forget what is older than a year, in the unit of work of its job."""
    await current_unit().connection.execute(
        "delete from person_access where id in"
        " (select id from person_access where seen_at < $1 order by seen_at limit $2)",
        clock.now() - _KEPT,
        _SWEPT_AT_ONCE,
    )
