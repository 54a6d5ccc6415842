"""Restricting an organization, appealing, and deciding the appeal."""

from datetime import date

from core import clock
from core.audit.services import advance, record_audit
from core.database import fetch_value, unit_of_work
from core.events.services import record_event
from core.organizations import queries
from core.organizations.queries import records, restrictions
from core.organizations.rules import records as record_rules
from core.organizations.rules import restrictions as rules
from core.organizations.tables import Restriction
from core.people.rules import REPRESENT, Actor
from core.reference import Ref


async def restrict_organization(
    organization_id: int, grade: str, *, reason: str, until_on: date, actor: Actor
) -> int:
    """Restrict an organization of one's region from today on; returns the restriction's id.

    The second click returns the first one. Raises OrganizationNotFound, NotApproved, OwnOrganization,
    GradeUnknown, ReasonMissing, RestrictionEndWrong.
    """
    today = clock.today()
    rules.check_restriction(grade, reason, until_on, today)
    async with unit_of_work():
        await records.supervised(organization_id, actor, lock=True)
        await _check_stranger(organization_id, actor)
        repeated = await fetch_value(
            "select id from organization_restriction where organization = $1 and grade = $2 and reason = $3"
            " and until_on = $4 and from_on = $5 and imposed_by = $6 and state = 'in_force'",
            organization_id, grade, reason, until_on, today, actor.person_id,
        )  # fmt: skip
        if repeated is not None:
            return int(repeated)
        row = Restriction(
            organization=organization_id,
            grade=grade,
            reason=reason,
            from_on=today,
            until_on=until_on,
            imposed_by=actor.person_id,
            imposed_at=clock.now(),
        )
        await row.save()
        ref = Ref(rules.RESTRICTION, row.id)
        record_audit("organization_restriction.imposed", ref, actor_id=actor.person_id, grade=grade)
        _tell(organization_id, row.id, rules.IN_FORCE)
        return int(row.id)


async def appeal_restriction(restriction_id: int, text: str, *, organization_id: int, actor: Actor) -> None:
    """The organization appeals, once; the second click changes nothing.

    Raises PermissionMissing, RestrictionNotFound, AppealMissing, RestrictionOver, WrongState.
    """
    rules.check_appeal(text)
    async with unit_of_work():
        actor.require(REPRESENT, Ref(queries.OWNER, organization_id))
        found = await restrictions.restriction(restriction_id, organization_id=organization_id, lock=True)
        if found.state == rules.APPEALED and found.appeal == text:
            return
        code = "organization_restriction.appealed"
        rules.RESTRICTIONS.check(code, found, clock.now())
        await advance(
            rules.RESTRICTIONS,
            code,
            restriction_id,
            actor_id=actor.person_id,
            appeal=text,
            appealed_by=actor.person_id,
        )
        _tell(organization_id, restriction_id, rules.APPEALED)


async def decide_restriction(
    restriction_id: int, outcome: str, *, answer: str, organization_id: int, actor: Actor
) -> None:
    """Uphold or lift it, as another person than who imposed it; the second click changes nothing.

    Raises OrganizationNotFound, RestrictionNotFound, OwnOrganization, OwnRestriction, ReasonMissing,
    WrongState.
    """
    rules.check_words(answer)
    async with unit_of_work():
        await records.supervised(organization_id, actor)
        await _check_stranger(organization_id, actor)
        found = await restrictions.restriction(restriction_id, organization_id=organization_id, lock=True)
        if (found.state, found.answer) == (outcome, answer):
            return
        rules.check_decider(found, actor.person_id)
        code = f"organization_restriction.{outcome}"
        rules.RESTRICTIONS.check(code, found, clock.now())
        await advance(
            rules.RESTRICTIONS,
            code,
            restriction_id,
            actor_id=actor.person_id,
            answer=answer,
            decided_by=actor.person_id,
            decided_at=clock.now(),
        )
        _tell(organization_id, restriction_id, outcome)


async def _check_stranger(organization_id: int, actor: Actor) -> None:
    holds = await records.holds_role(actor.person_id, organization_id, clock.today())
    record_rules.check_recorder(holds_role=holds)


def _tell(organization_id: int, restriction_id: int, state: str) -> None:
    record_event(
        "organization_restriction_moved",
        Ref(rules.RESTRICTION, restriction_id),
        restriction_id=restriction_id,
        organization_id=organization_id,
        state=state,
    )
