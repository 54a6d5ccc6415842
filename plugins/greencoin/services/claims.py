"""A household claims points; a manager looks whether it is true."""

from datetime import date
from typing import Any

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.files.rules import Upload
from core.files.services import keep_file
from core.language import mark
from core.notifications.services import notify
from core.people.rules import Actor
from core.reference import Ref
from core.registration.queries import check_guardian_agreed
from core.registration.rules import POINTS
from plugins.greencoin import rules
from plugins.greencoin.errors import ClaimNotFound, PhotoMissing
from plugins.greencoin.queries import claims, schemes
from plugins.greencoin.queries.claims import ClaimView
from plugins.greencoin.queries.schemes import PassbookView, RuleView
from plugins.greencoin.rules import claims as claim_rules
from plugins.greencoin.rules.claims import CLAIMS
from plugins.greencoin.services.schemes import passbook_for
from plugins.greencoin.tables import Claim


async def submit_claim(
    rule_id: int, *, quantity: int, happened_on: date, words: str, photo: Upload | None, actor: Actor
) -> int:
    """Claim points for the actor's household and return the claim's id; a second click the first one's.

    Raises what stands against it: HouseholdElsewhere, RuleNotInForce, DayInFuture, DayTooLongAgo, a cap,
    PhotoMissing, GuardianConsentMissing, or what `keep_file` raises.
    """
    household_id = actor.require_household()
    async with unit_of_work():
        await check_guardian_agreed(actor.person_id, POINTS.code)
        rule = await schemes.rule(rule_id)
        scheme = await schemes.scheme(rule.scheme_id)
        passbook = await passbook_for(scheme, household_id)
        if first := await claims.same_claim(passbook.id, rule_id, happened_on, quantity, words):
            return first
        terms = await schemes.terms(scheme)
        claim_rules.check_by_hand(rule)
        claim_rules.check_day(happened_on, rule, clock.today(), terms)
        used = await claims.used(passbook.id, rule.code, happened_on)
        points = claim_rules.claimed_points(rule, quantity, used, terms)
        if rule.needs_photo and photo is None:
            raise PhotoMissing
        claim_id = await insert_claim(
            passbook,
            rule,
            person_id=actor.person_id,
            quantity=quantity,
            happened_on=happened_on,
            words=words,
            points=points,
        )
        if photo is not None:
            await keep_file(photo, subject=Ref(CLAIMS.code, claim_id), actor_id=actor.person_id)
        return claim_id


async def insert_claim(passbook: PassbookView, rule: RuleView, *, person_id: int, **values: Any) -> int:
    """Write the claim down, in the caller's unit of work."""
    claim = Claim(passbook=passbook.id, person=person_id, rule=rule.id, submitted_at=clock.now(), **values)
    await claim.save()
    record_audit("greencoin.claimed", Ref(CLAIMS.code, claim.id), actor_id=person_id, rule_id=rule.id)
    return int(claim.id)


async def forget_words(person_id: int) -> None:
    """Whose account has ended said this of the own deeds: the points stay, the words do not."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "update greencoin_claim set words = '' where person = $1 and words <> ''", person_id
        )


async def withdraw_claim(claim_id: int, *, actor: Actor) -> None:
    """Take a claim of the own household back before it is voted on; raises ClaimNotFound or WrongState."""
    async with unit_of_work():
        claim = await claims.claim(claim_id, lock=True)
        if claim.household_id != actor.household_id:
            raise ClaimNotFound
        CLAIMS.check("greencoin.claim_withdrawn", claim, clock.now())
        await advance(CLAIMS, "greencoin.claim_withdrawn", claim_id, actor_id=actor.person_id)


async def verify_claim(claim_id: int, *, actor: Actor) -> None:
    """Confirm that it happened as it was claimed; raises ClaimNotFound, OwnHousehold or WrongState."""
    async with unit_of_work():
        claim = await lock_for_manager(claim_id, actor)
        CLAIMS.check("greencoin.claim_verified", claim, clock.now())
        await advance(
            CLAIMS,
            "greencoin.claim_verified",
            claim_id,
            actor_id=actor.person_id,
            verified_by=actor.person_id,
            verified_at=clock.now(),
        )


async def reject_claim(claim_id: int, *, reason: str, actor: Actor) -> None:
    """Refuse a claim with a reason, also while it is public; raises as `verify_claim`, and ReasonMissing."""
    reason = rules.check_reason(reason)
    async with unit_of_work():
        claim = await lock_for_manager(claim_id, actor)
        CLAIMS.check("greencoin.claim_rejected", claim, clock.now())
        await advance(
            CLAIMS,
            "greencoin.claim_rejected",
            claim_id,
            actor_id=actor.person_id,
            reason=reason,
            decided_by=actor.person_id,
        )
        notify(
            claim.person_id,
            title=mark("申报没有通过"),
            body=mark("“%(behaviour)s”的申报没有通过：%(reason)s"),
            path=f"/greencoin/claims/{claim_id}",
            behaviour=claim.behaviour,
            reason=reason,
        )


async def lock_for_manager(claim_id: int, actor: Actor) -> ClaimView:
    """The claim, locked, for a manager of its scheme; raises ClaimNotFound, or OwnHousehold."""
    claim = await claims.claim(claim_id, lock=True)
    if not actor.may(rules.MANAGE, claim.owner):
        raise ClaimNotFound
    claim_rules.check_other_household(claim.household_id, actor.household_id)
    return claim
