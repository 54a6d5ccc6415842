"""A child comes to have an account of its own: the record that the guardian kept becomes the account's."""

from typing import Any

from core import clock, plugins
from core.audit.services import record_audit
from core.database import current_unit, fetch, fetch_value, unit_of_work
from core.households import rules
from core.households.errors import AccountInUse, ChildHasAccount, InvitationOver
from core.language import mark, translate
from core.manifest import PersonalData
from core.notifications.services import notify
from core.people.masks import GONE
from core.people.rules import Actor
from core.people.services import lock_person, make_findable
from core.reference import Ref
from core.registration.errors import NotGuardian
from core.registration.rules import PRIVACY
from core.registration.services.consents import write_consent

# What goes along with whoever signs in.
_MOVED = (
    "session", "notification", "notification_message", "notification_setting",
    "notification_choice",
)  # fmt: skip
_LOGIN = "phone, password_hash, language, email, email_pending, email_refused_at, unread"


async def invite_child(child_id: int, *, actor: Actor) -> str:
    """A code with which an account takes over the record of one's child, of age by now or not.

    The guardian so confirms whose account it is. Raises HouseholdMissing, NotGuardian, ChildHasAccount.
    """
    household_id = actor.require_household()
    async with unit_of_work() as unit:
        await lock_person(child_id)
        rows = await fetch("select guardian, phone from person where id = $1", child_id)
        if not rows or rows[0]["guardian"] != actor.person_id:
            raise NotGuardian
        if rows[0]["phone"] is not None:
            raise ChildHasAccount
        code = rules.new_code()
        unit.insert(
            "household_invitation",
            household=household_id,
            child=child_id,
            code=code,
            made_by=actor.person_id,
            expires_at=clock.now() + rules.INVITATION_LIFE,
        )
        record_audit("child.invited", Ref("person", child_id), actor_id=actor.person_id)
        return code


async def take_over(child_id: int, account_id: int, *, guardian_id: int) -> None:
    """Who signed in as the new account is the child from now on; in the caller's unit of work.

    Phone, password, sessions and notices move; the new account, on which nothing else may stand, ends.
    Raises InvitationOver if who made the code is the guardian no longer, ChildHasAccount, AccountInUse.
    """
    connection = current_unit().connection
    rows = await connection.fetch(
        f"select id, guardian, {_LOGIN} from person where id = any($1) order by id for no key update",
        [child_id, account_id],
    )
    found = {row["id"]: row for row in rows}
    if found[child_id]["guardian"] != guardian_id:
        raise InvitationOver
    if found[child_id]["phone"] is not None:
        raise ChildHasAccount
    await _check_fresh(account_id)
    await connection.execute(
        "update person set name = $2, phone = null, password_hash = null, email = null, email_pending = null,"
        " email_refused_at = null, unread = 0, gone_at = $3 where id = $1",
        account_id,
        GONE,
        clock.now(),
    )
    await _give_login(child_id, found[account_id])
    for table in _MOVED:
        await connection.execute(f"update {table} set person = $1 where person = $2", child_id, account_id)
    write_consent(child_id, PRIVACY.code, is_given=True)  # the new account has read the notice itself
    await make_findable([child_id, account_id])
    record_audit("child.joined", Ref("person", child_id), actor_id=child_id, account_id=account_id)
    _tell(found[child_id]["guardian"])


async def _check_fresh(account_id: int) -> None:
    parts: list[PersonalData] = await plugins.collect("collect_personal_data", person_id=account_id)
    done = [part for part in parts if part.name not in rules.OF_AN_ACCOUNT and not part.is_of_account]
    titles = [translate(part.title) for part in done]
    if await fetch_value("select exists (select from person_identity where person = $1)", account_id):
        titles.append(translate(mark("身份证号")))
    if titles:
        raise AccountInUse(what="、".join(titles))


async def _give_login(child_id: int, account: Any) -> None:
    await current_unit().connection.execute(
        "update person set phone = $2, password_hash = $3, language = $4, email = $5, email_pending = $6,"
        " email_refused_at = $7, unread = unread + $8 where id = $1",
        child_id,
        *(account[column] for column in _LOGIN.split(", ")),
    )


def _tell(guardian_id: int | None) -> None:
    if guardian_id is not None:
        notify(
            guardian_id,
            title=mark("孩子有了自己的账号"),
            body=mark("您给的邀请码用上了：孩子的记录都在新账号里，成年以前您照样看得到。"),
            path="/children",
        )
