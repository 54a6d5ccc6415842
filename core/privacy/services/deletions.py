"""The end of an account: asked for, taken back, done. Who it was is erased; ids and the books stay."""

from datetime import timedelta

from core import clock, plugins
from core.audit.services import advance, record_audit
from core.database import current_unit, fetch_value, unit_of_work
from core.errors import YijiError
from core.events.services import record_event
from core.households import queries as households
from core.households import rules as household_rules
from core.households.services.members import drop_own_requests, lock, remove_members
from core.language import mark
from core.notifications.services import notify
from core.parameters.queries import effective
from core.people.masks import GONE
from core.people.rules import Actor
from core.people.services import forgive_phone, lock_person, make_findable
from core.privacy import queries, rules
from core.privacy.errors import DeletionNotFound
from core.privacy.tables import PersonDeletion
from core.reference import PLATFORM, Ref

END = "core.end_accounts"
_ENDED_AT_ONCE = 50
_HERE = "/me/data"
# What means nothing without the person: nobody else reads it, and no book rests on it.
_DELETED = (
    "session", "given_answer", "person_identity", "person_access", "notification_message", "notification",
    "notification_setting", "notification_choice",
)  # fmt: skip


async def ask_deletion(*, sure: bool, actor: Actor) -> None:
    """Ask that one's account ends after some days; again changes nothing.

    Raises NotSure, and what hinders it now.
    """
    rules.check_sure(sure)
    me = actor.person_id
    async with unit_of_work():
        await lock_person(me)
        if await queries.waiting_deletion(me):
            return
        await _check(me)
        days = (await effective([rules.GRACE.code], [PLATFORM], clock.today()))[rules.GRACE.code]
        asked = PersonDeletion(person=me, asked_at=clock.now(), due_at=clock.now() + timedelta(days=days))
        await asked.save()
        record_audit("person_deletion.asked", Ref(rules.DELETIONS.code, asked.id), actor_id=me)
        title, body = mark("您申请了注销账号"), mark("%(days)s 天后注销，之前随时可以撤回。")
        notify(me, title=title, body=body, path=_HERE, urgent=True, days=days)


async def withdraw_deletion(*, actor: Actor) -> None:
    """Keep one's account; raises DeletionNotFound."""
    async with unit_of_work():
        await lock_person(actor.person_id)
        waiting = await queries.waiting_deletion(actor.person_id)
        if waiting is None:
            raise DeletionNotFound
        code = "person_deletion.withdrawn"
        await advance(rules.DELETIONS, code, waiting.id, actor_id=actor.person_id)


async def end_accounts() -> None:
    """End what is due, in the unit of work of its job; what is hindered is not done, and its owner told."""
    for due in await queries.due_deletions(limit=_ENDED_AT_ONCE):
        try:
            async with unit_of_work():
                await _end(due.id, due.person_id)
        except YijiError as hindrance:
            code = "person_deletion.hindered"
            if await advance(rules.DELETIONS, code, due.id, actor_id=None):
                title, body = mark("账号没有注销"), mark("还有没办完的事：%(reason)s。")
                notify(due.person_id, title=title, body=body, path=_HERE, reason=str(hindrance))


async def _check(person_id: int) -> None:
    """Raise what hinders the end of the account: in any plugin, and in the household."""
    await plugins.check("check_person_deletion", person_id=person_id)
    household_id = await _household_of(person_id)
    if household_id is None:
        return
    household = await households.household(household_id)
    household_rules.check_leaving(household.head_id, person_id, household.member_ids)
    if household.member_ids == [person_id]:
        await plugins.check("check_household_closing", household_id=household_id)


async def _household_of(person_id: int) -> int | None:
    found: int | None = await fetch_value(
        "select household from household_member where person = $1 and left_on is null", person_id
    )
    return found


async def _end(deletion_id: int, person_id: int) -> None:
    await lock_person(person_id)
    if not await advance(rules.DELETIONS, "person_deletion.done", deletion_id, actor_id=None):
        return  # taken back a moment ago
    household_id = await _household_of(person_id)
    household = await lock(household_id) if household_id else None
    await _check(person_id)  # with the household locked, so that nobody joins it behind its last member
    if household:
        await remove_members(household, [person_id])
    await drop_own_requests(person_id)
    await _erase(person_id)
    record_event("person_deleted", Ref("person", person_id), person_id=person_id)


async def _erase(person_id: int) -> None:
    connection = current_unit().connection
    phone = await fetch_value("select phone from person where id = $1", person_id)
    if phone is not None:
        await forgive_phone(phone)
        await connection.execute("delete from phone_code where phone = $1", phone)
    await connection.execute("delete from phone_code where person = $1", person_id)
    for table in _DELETED:
        await connection.execute(f"delete from {table} where person = $1", person_id)
    await connection.execute("delete from stored_file where owner_id = $1", person_id)
    await connection.execute(
        "update person set name = $2, phone = null, password_hash = null, email = null, email_pending = null,"
        " email_refused_at = null, unread = 0, born_on = null, guardian = null, gone_at = $3 where id = $1",
        person_id,
        GONE,
        clock.now(),
    )
    await make_findable([person_id])
    # A guardian whose children are of age is nobody's guardian any more.
    await connection.execute("update person set guardian = null where guardian = $1", person_id)
