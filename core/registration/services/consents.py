"""The verbs of consents. Nothing is overwritten: each decision is a row of its own."""

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.people.rules import Actor
from core.people.services import lock_person
from core.reference import Ref
from core.registration import queries, rules


async def give_consent(purpose: str, *, actor: Actor) -> None:
    """The person agrees to one use of his data; again changes nothing.

    Raises ConsentUnknown, or ConsentElsewhere for what is agreed to before a worker.
    """
    rules.check_giveable(purpose)
    await _decide(purpose, actor, is_given=True)


async def withdraw_consent(purpose: str, *, actor: Actor) -> None:
    """The person takes it back; again changes nothing. Raises ConsentUnknown, ConsentNeeded.

    What was kept for this purpose alone is deleted: the identity number, and a grown-up's birthday.
    """
    rules.check_withdrawable(purpose)
    await _decide(purpose, actor, is_given=False)


async def _decide(purpose: str, actor: Actor, *, is_given: bool) -> None:
    async with unit_of_work() as unit:
        await lock_person(actor.person_id)
        if await queries.has_consented(actor.person_id, purpose) == is_given:
            return
        write_consent(actor.person_id, purpose, is_given=is_given)
        if purpose == rules.IDENTITY.code:
            await unit.connection.execute("delete from person_identity where person = $1", actor.person_id)
            await unit.connection.execute(
                "update person set born_on = null where id = $1 and guardian is null"
                " and born_on <= $2::date - interval '18 years'",
                actor.person_id,
                clock.today(),
            )


async def decide_for_child(child_id: int, purpose: str, *, is_given: bool, actor: Actor) -> None:
    """The guardian agrees to something for a minor, or no longer; again changes nothing.

    Raises NotGuardian, ConsentUnknown.
    """
    async with unit_of_work():
        await lock_person(child_id)
        child = await queries.child(child_id)
        rules.check_guardian(child.guardian_id if child else None, actor.person_id, purpose)
        if await queries.has_consented(child_id, purpose) != is_given:
            write_consent(child_id, purpose, is_given=is_given, witness=actor.person_id)


def write_consent(person_id: int, purpose: str, *, is_given: bool, witness: int | None = None) -> None:
    """A row of it, in the caller's unit of work; `witness` is the worker or guardian who said so."""
    current_unit().insert(
        "consent",
        person=person_id,
        purpose=purpose,
        is_given=is_given,
        version=rules.purpose(purpose).version,
        witness=witness,
        decided_at=clock.now(),
    )
    action = "consent.given" if is_given else "consent.withdrawn"
    record_audit(action, Ref("person", person_id), actor_id=witness or person_id, purpose=purpose)
