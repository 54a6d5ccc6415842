"""An absence: the volunteer says why it should not count, the leader excuses it or does not."""

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.people.rules import Actor
from core.reference import Ref
from core.registration.queries import speaks_for
from core.volunteers.errors import SignUpNotFound
from core.volunteers.queries import opportunities, sign_ups
from core.volunteers.rules import absences, flows, terms
from core.volunteers.services.attendance import led_sign_up
from core.volunteers.services.telling import tell

KIND = flows.SIGN_UPS.code


async def plead(sign_up_id: int, plea: str, *, actor: Actor) -> None:
    """Say why one's absence, or one's child's, should not count; the leaders are told.

    The second click changes nothing.

    Raises ReasonMissing, SignUpNotFound, NotAbsent, TooLateToPlead.
    """
    terms.check_reason(plea)
    async with unit_of_work() as unit:
        found = await sign_ups.sign_up(sign_up_id, lock=True)
        if not await speaks_for(actor.person_id, found.person_id):
            raise SignUpNotFound
        own_terms = await opportunities.terms_of(found.organization_id, clock.today())
        absences.check_plea(found.state, found.answer, found.span, own_terms, clock.now())
        if found.plea:
            return
        await unit.connection.execute(
            "update volunteer_sign_up set plea = $2 where id = $1", sign_up_id, plea.strip()
        )
        record_audit("sign_up.pleaded", Ref(KIND, sign_up_id), actor_id=actor.person_id)
        tell("pleaded", sign_up_id)


async def answer_absence(sign_up_id: int, answer: str, *, is_excused: bool, actor: Actor) -> None:
    """Excuse an absence, asked or not, or decline a plea; the volunteer is told and reads the answer.

    Raises ReasonMissing, SignUpNotFound, OpportunityNotFound, OwnService, WrongState, NothingToAnswer.
    """
    terms.check_reason(answer)
    async with unit_of_work():
        found = await led_sign_up(sign_up_id, actor)
        if is_excused:
            if found.state == flows.EXCUSED:
                return
            flows.SIGN_UPS.check("sign_up.excused", found, clock.now())
            await advance(
                flows.SIGN_UPS, "sign_up.excused", found.id, actor_id=actor.person_id, answer=answer.strip()
            )
        else:
            absences.check_declined(found.state, found.plea, found.answer)
            await current_unit().connection.execute(
                "update volunteer_sign_up set answer = $2 where id = $1", found.id, answer.strip()
            )
            record_audit("sign_up.plea_declined", Ref(KIND, found.id), actor_id=actor.person_id)
        tell("answered", found.id)
