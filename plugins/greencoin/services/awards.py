"""Points come onto passbooks, are taken back, and end."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from core import clock
from core.audit.services import advance, advance_many, record_audit
from core.database import current_unit, fetch_row, unit_of_work
from core.errors import Message, YijiError, describe
from core.jobs.services import add_job
from core.language import mark
from core.ledger import services as ledger
from core.ledger.rules import Transfer
from core.notifications.services import notify
from core.people.rules import Actor
from core.people.services import lock_household
from core.reference import Ref
from plugins.greencoin import postings, rules
from plugins.greencoin.errors import CreditRefused, NothingToReverse
from plugins.greencoin.postings import Purse
from plugins.greencoin.queries import claims, points, schemes
from plugins.greencoin.queries.claims import ClaimView
from plugins.greencoin.queries.schemes import SchemeView
from plugins.greencoin.rules import claims as claim_rules
from plugins.greencoin.rules.claims import CLAIMS
from plugins.greencoin.services.claims import insert_claim, lock_for_manager
from plugins.greencoin.services.schemes import passbook_for

WARN = "greencoin.warn_of_ending"
CREDIT, CREDIT_AGAIN = "greencoin.claim_credited", "greencoin.claim_credited_again"
log = logging.getLogger(__name__)


async def credit_list(review_id: int) -> None:
    """Credit what a list has made public, once its days are over; in the unit of work of its job."""
    review = await claims.review(review_id)
    if review.public_until is None or clock.now() < review.public_until:
        return
    scheme = await schemes.scheme(review.scheme_id)
    await _lock_households(review_id)
    for claim, refusal in await _credit(scheme, await claims.lock_publicised(review_id), CREDIT, None):
        await _hold_back(claim, refusal)


async def credit_again(claim_id: int, *, actor: Actor) -> None:
    """Try once more what the ledger has refused; credited meanwhile, nothing changes.

    Raises ClaimNotFound, OwnHousehold, WrongState or CreditRefused.
    """
    async with unit_of_work():
        await lock_household((await claims.claim(claim_id)).household_id)
        claim = await lock_for_manager(claim_id, actor)
        if claim.state == claim_rules.CREDITED:
            return
        CLAIMS.check(CREDIT_AGAIN, claim, clock.now())
        scheme = await schemes.scheme(claim.scheme_id)
        for _, refusal in await _credit(scheme, [claim], CREDIT_AGAIN, actor.person_id):
            raise CreditRefused(reason=Message(refusal))


async def _credit(
    scheme: SchemeView, waiting: Sequence[ClaimView], step: str, actor_id: int | None
) -> list[tuple[ClaimView, YijiError]]:
    """Credit what the ledger takes; the rest comes back with what it says."""
    outcomes = await ledger.post_many(await _awards(scheme, waiting))
    together = list(zip(waiting, outcomes, strict=True))
    credited = [claim for claim, outcome in together if outcome.refusal is None]
    ids = [claim.id for claim in credited]
    await advance_many(CLAIMS, step, ids, actor_id=actor_id, credited_at=clock.now(), reason="")
    for claim in credited:
        _tell_credited(claim)
    return [(claim, outcome.refusal) for claim, outcome in together if outcome.refusal is not None]


async def _hold_back(claim: ClaimView, refusal: YijiError) -> None:
    """The ledger refused: the manager has something to do, and the household learns of it."""
    reason = str(refusal)[: rules.REASON_MOST]
    await advance(CLAIMS, "greencoin.claim_uncredited", claim.id, actor_id=None, reason=reason)
    notify(
        claim.person_id,
        title=mark("一笔绿币没能入账"),
        body=mark("“%(behaviour)s”的 %(points)s 分没能记入存折：%(reason)s。管理员会再办。"),
        path=f"/greencoin/claims/{claim.id}",
        behaviour=claim.behaviour,
        points=rules.show_points(claim.points),
        reason=reason,
    )


def _tell_credited(claim: ClaimView) -> None:
    notify(
        claim.person_id,
        title=mark("绿币到账了"),
        body=mark("“%(behaviour)s”得到 %(points)s 分，已记入您家的存折。"),
        path="/greencoin/mine",
        behaviour=claim.behaviour,
        points=rules.show_points(claim.points),
    )


async def _awards(scheme: SchemeView, waiting: Sequence[ClaimView]) -> list[Transfer]:
    """One transfer a claim. A debt of the household is paid first, by as many of its claims as it takes."""
    households = sorted({claim.household_id for claim in waiting})
    accounts = await ledger.open_accounts("household", households, kind=rules.POINTS, unit=scheme.unit)
    issued = await ledger.open_account(scheme.ref, kind=rules.ISSUED, unit=scheme.unit)
    debts = await points.debts(scheme.unit, households)
    terms, now = await schemes.terms(scheme), clock.now()
    made = []
    for claim in waiting:
        debt_account, debt = debts.get(claim.household_id, (0, 0))
        paid, left = claim_rules.settled_debt(claim.points, debt)
        debts[claim.household_id] = (debt_account, debt - paid)
        assert claim.evidence_id is not None, "what is public was approved"
        made.append(
            postings.award(
                Purse(scheme.unit, issued, accounts[claim.household_id], debt_account),
                reason=rules.AWARD,
                claim=claim.ref,
                cause=claim.ref,
                evidence_id=claim.evidence_id,
                debt_paid=paid,
                left=left,
                expires_on=rules.months_later(clock.today(), terms.expiry_months),
                at=now,
            )
        )
    return made


async def _lock_households(review_id: int) -> None:
    """Before their claims, as everybody does."""
    await current_unit().connection.execute(
        "select from household where id in (select k.household from greencoin_claim c"
        " join greencoin_passbook k on k.id = c.passbook where c.review = $1)"
        " order by id for no key update",
        review_id,
    )


async def award_service(person_id: int, minutes: int, evidence_id: int) -> None:
    """Hours of a volunteer earn points by themselves, once, as far as the caps leave room.

    In the unit of work of the event. Nothing happens for who lives in no village with such a rule.
    """
    household_id = await schemes.household_of(person_id)
    scheme = await schemes.scheme_of(household_id) if household_id is not None else None
    if household_id is None or scheme is None:
        return
    today = clock.today()
    rule = await schemes.volunteer_rule(scheme.id, today)
    if rule is None:
        return
    passbook, terms = await passbook_for(scheme, household_id), await schemes.terms(scheme)
    used = await claims.used(passbook.id, rule.code, today)
    worth, earned = claim_rules.service_points(rule, minutes, used, terms)
    if earned < worth:
        _tell_capped(person_id, worth, earned)
    if earned == 0:
        return
    claim_id = await insert_claim(
        passbook,
        rule,
        person_id=person_id,
        state=claim_rules.CREDITED,
        quantity=minutes,
        happened_on=today,
        points=earned,
        evidence=evidence_id,
        credited_at=clock.now(),
    )
    await _post_service(scheme, await claims.claim(claim_id))


def _tell_capped(person_id: int, worth: int, earned: int) -> None:
    notify(
        person_id,
        title=mark("志愿服务的绿币到了上限"),
        body=mark("这次服务值 %(worth)s 分；规则或每户每月的上限只剩 %(earned)s 分，多出的不再记。"),
        path="/greencoin/mine",
        worth=rules.show_points(worth),
        earned=rules.show_points(earned),
    )


async def _post_service(scheme: SchemeView, claim: ClaimView) -> None:
    """The evidence gates the transfer, so its cause is what the evidence is about."""
    assert claim.evidence_id is not None
    about = await fetch_row("select subject_kind, subject_id from evidence where id = $1", claim.evidence_id)
    assert about is not None
    purse = await _purse(scheme, claim.household_id)
    debts = await points.debts(scheme.unit, [claim.household_id])
    _, debt = debts.get(claim.household_id, (0, 0))
    paid, left = claim_rules.settled_debt(claim.points, debt)
    terms = await schemes.terms(scheme)
    ledger.post(
        postings.award(
            purse,
            reason=rules.SERVICE,
            claim=claim.ref,
            cause=Ref(*about),
            evidence_id=claim.evidence_id,
            debt_paid=paid,
            left=left,
            expires_on=rules.months_later(clock.today(), terms.expiry_months),
            at=clock.now(),
        )
    )
    _tell_credited(claim)


async def _purse(scheme: SchemeView, household_id: int) -> Purse:
    household = Ref("household", household_id)
    return Purse(
        unit=scheme.unit,
        issued=await ledger.open_account(scheme.ref, kind=rules.ISSUED, unit=scheme.unit),
        points=await ledger.open_account(household, kind=rules.POINTS, unit=scheme.unit),
        debt=await ledger.open_account(household, kind=rules.DEBT, unit=scheme.unit),
    )


async def reverse_award(claim_id: int, *, reason: str, actor: Actor) -> None:
    """Take a wrong award back, with a reason: all of it, or what is left and the rest as a debt.

    Raises ReasonMissing, ClaimNotFound, OwnHousehold, WrongState, NothingToReverse.
    """
    reason = rules.check_reason(reason)
    async with unit_of_work():
        claim = await claims.claim(claim_id)
        await lock_household(claim.household_id)
        claim = await lock_for_manager(claim_id, actor)
        CLAIMS.check("greencoin.claim_reversed", claim, clock.now())
        scheme = await schemes.scheme(claim.scheme_id)
        await _post_reversal(claim, await _purse(scheme, claim.household_id))
        await _mark_reversed(claim, reason, actor_id=actor.person_id)


async def take_service_back(service_id: int) -> None:
    """Hours that had earned points were taken back, in the unit of work of the event: so are the points.

    Nothing happens where they earned none, or all of them have ended.
    """
    found = await claims.claim_of_service(service_id)
    if found is None:
        return
    await lock_household(found.household_id)
    claim = await claims.claim(found.id, lock=True)
    if claim.state != claim_rules.CREDITED:
        return
    scheme = await schemes.scheme(claim.scheme_id)
    with suppress(NothingToReverse):
        await _post_reversal(claim, await _purse(scheme, claim.household_id))
        await _mark_reversed(claim, mark("志愿服务的时长被更正"), actor_id=None)


async def _mark_reversed(claim: ClaimView, reason: str, *, actor_id: int | None) -> None:
    await advance(
        CLAIMS,
        "greencoin.claim_reversed",
        claim.id,
        actor_id=actor_id,
        reason=reason,
        decided_by=actor_id,
    )
    notify(
        claim.person_id,
        title=mark("一笔绿币更正了"),
        body=mark("“%(behaviour)s”的 %(points)s 分已收回：%(reason)s"),
        path=f"/greencoin/claims/{claim.id}",
        behaviour=claim.behaviour,
        points=rules.show_points(claim.points),
        reason=reason,
    )


async def _post_reversal(claim: ClaimView, purse: Purse) -> None:
    award = await points.award_of(claim.ref, purse.points)
    if award.there == claim.points:
        await ledger.reverse(
            award.transfer_id, reason=rules.CORRECTION, cause=claim.ref, occurred_at=clock.now()
        )
        return
    spent = claim.points - award.there - award.lapsed
    if award.there + spent == 0:
        raise NothingToReverse
    ledger.post(postings.take_back(purse, claim=claim.ref, there=award.there, spent=spent, at=clock.now()))


async def lapse_points() -> None:
    """Take off passbooks what has expired, in the caller's unit of work, and ask for the warnings."""
    now, transfers = clock.now(), []
    ended = await points.lapsed(clock.today())
    units = {one.scheme_id: one.unit for one in ended}
    lapsed = {
        unit: await ledger.open_account(Ref(rules.SCHEME, scheme_id), kind=rules.LAPSED, unit=unit)
        for scheme_id, unit in units.items()
    }
    for one in ended:
        transfers.append(
            postings.lapse(
                one.unit,
                account=one.account,
                passbook=Ref("greencoin.passbook", one.passbook_id),
                lapsed=lapsed[one.unit],
                amount=one.amount,
                at=now,
            )
        )
    for outcome in await ledger.post_many(transfers):
        if outcome.refusal is not None:  # comes again tomorrow
            log.error("greencoin points not lapsed: %s", describe(outcome.refusal))
    for scheme in await schemes.schemes():
        args = {"scheme_id": scheme.id}
        add_job(WARN, args, key=f"{WARN}:{scheme.id}:{clock.today()}")


async def warn_of_ending(scheme_id: int) -> None:
    """Tell once who is about to lose points, in the unit of work of the job."""
    scheme = await schemes.scheme(scheme_id)
    row = await current_unit().connection.fetchrow(
        "select warned_until from greencoin_scheme where id = $1 for no key update", scheme_id
    )
    until = clock.today() + (await schemes.terms(scheme)).warning
    after = row["warned_until"] or clock.today() - timedelta(days=1)
    if until <= after:
        return
    for one in await points.ending(scheme.unit, after, until):
        notify(
            one.person_id,
            title=mark("有绿币快过期了"),
            body=mark("您家有 %(points)s 分将在 %(day)s 之后过期，记得去兑换。"),
            path="/greencoin/mine",
            points=rules.show_points(one.amount),
            day=one.expires_on.isoformat(),
        )
    await current_unit().connection.execute(
        "update greencoin_scheme set warned_until = $2 where id = $1", scheme_id, until
    )
    record_audit("greencoin.warned", scheme.ref, actor_id=None)
