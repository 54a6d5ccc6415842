"""The verbs of consents. Nothing is overwritten: each decision is a row of its own."""

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, unit_of_work
from core.people.rules import Actor
from core.reference import Ref
from core.registration import queries, rules


async def give_consent(purpose: str, *, actor: Actor) -> None:
    """The person agrees to one use of his data; again changes nothing. Raises ConsentUnknown."""
    rules.purpose(purpose)
    await _decide(purpose, actor, is_given=True)


async def withdraw_consent(purpose: str, *, actor: Actor) -> None:
    """The person takes it back; again changes nothing. Raises ConsentUnknown, ConsentNeeded."""
    rules.check_withdrawable(purpose)
    await _decide(purpose, actor, is_given=False)


async def _decide(purpose: str, actor: Actor, *, is_given: bool) -> None:
    async with unit_of_work() as unit:
        await unit.connection.execute("select from person where id = $1 for no key update", actor.person_id)
        if await queries.has_consented(actor.person_id, purpose) != is_given:
            write_consent(actor.person_id, purpose, is_given=is_given)


def write_consent(person_id: int, purpose: str, *, is_given: bool, witness: int | None = None) -> None:
    """A row of it, in the caller's unit of work; `witness` is the worker before whom it was said."""
    current_unit().insert(
        "consent",
        person=person_id,
        purpose=purpose,
        is_given=is_given,
        version=rules.NOTICE_VERSION,
        witness=witness,
        decided_at=clock.now(),
    )
    action = "consent.given" if is_given else "consent.withdrawn"
    record_audit(action, Ref("person", person_id), actor_id=witness or person_id, purpose=purpose)
