"""Agreements with donors: drafted by one, signed on paper, confirmed by another, then fulfilled or ended."""

from dataclasses import asdict
from datetime import date
from typing import Any

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import fetch_value, unit_of_work
from core.documents.services import ask_for_paper
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds import rules as fund_rules
from core.funds.queries import funds
from core.funds.rules import states as fund_states
from core.people.masks import GONE
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.agreements import (
    AgreementNotFound,
    BeneficiaryUnknown,
    GiftNotOfAgreement,
    GiftOfOther,
)
from plugins.foundation.queries import agreements as queries
from plugins.foundation.queries.agreements import AgreementView
from plugins.foundation.queries.pledges import gift_by_receipt
from plugins.foundation.rules import agreements as rules
from plugins.foundation.rules.agreements import AGREEMENT, AGREEMENTS, AgreementDraft
from plugins.foundation.tables.agreements import Agreement, AgreementGift

PAPER = "foundation.print_agreement"


async def draft_agreement(fund_id: int, draft: AgreementDraft, *, actor: Actor) -> int:
    """Write down what a donor and the foundation agree on; returns its id.

    Raises FundNotFound, PermissionMissing, FundNotOpenForGifts, BeneficiaryUnknown, RelatedBeneficiary, and
    what `check_draft` raises.
    """
    rules.check_draft(draft, clock.today())
    async with unit_of_work():
        fund = await funds.fund(fund_id)
        actor.require(fund_states.RECORD, fund.foundation)
        fund_rules.check_takes_gifts(fund.state)
        await _check_beneficiary(draft.donor_id, draft.beneficiary_id)
        said = {name: value for name, value in asdict(draft).items() if name != "is_unrelated"}
        made = Agreement(
            organization=fund.organization_id,
            fund=fund_id,
            donor=said.pop("donor_id"),
            beneficiary=said.pop("beneficiary_id"),
            drafted_by=actor.person_id,
            drafted_at=clock.now(),
            **said,
        )
        await made.save()
        record_audit("foundation.agreement_drafted", Ref(AGREEMENT, made.id), actor_id=actor.person_id)
        return int(made.id)


async def _check_beneficiary(donor_id: int | None, beneficiary_id: int | None) -> None:
    if beneficiary_id is None:
        return
    if not await fetch_value("select exists (select from organization where id = $1)", beneficiary_id):
        raise BeneficiaryUnknown
    rules.check_related(await queries.is_related(donor_id, beneficiary_id))


async def sign_agreement(agreement_id: int, *, signed_on: date, upload: Upload, actor: Actor) -> None:
    """Another person has the paper that both sides signed: now it holds. Repeating it changes nothing.

    The donor's offices are looked at again. Raises AgreementNotFound, PermissionMissing, OwnAgreement,
    SignedTooEarly, RelatedBeneficiary, WrongState, and what a file can be refused for.
    """
    async with unit_of_work():
        found = await found_for(agreement_id, actor, fund_states.CHECK)
        rules.check_signing(actor.person_id, found.drafted_by, signed_on, clock.today())
        if found.state == rules.DRAFT:  # read before the row is locked: a picture takes its time
            await keep_file(upload, subject=Ref(AGREEMENT, agreement_id), actor_id=actor.person_id)
        locked = await queries.agreement(agreement_id, lock=True)
        if (locked.state, locked.signed_by, locked.signed_on) == (rules.SIGNED, actor.person_id, signed_on):
            return
        AGREEMENTS.check("foundation.agreement_signed", locked, clock.now())
        await _check_beneficiary(locked.donor_id, locked.beneficiary_id)
        await advance(
            AGREEMENTS,
            "foundation.agreement_signed",
            agreement_id,
            actor_id=actor.person_id,
            signed_by=actor.person_id,
            signed_on=signed_on,
            signed_at=clock.now(),
        )
        await fulfil_if_come(agreement_id, actor_id=actor.person_id)


async def fulfil_agreement(agreement_id: int, receipt_no: str, *, actor: Actor) -> None:
    """Money: a gift that counts, by its receipt, until all has come; goods: the slip of their delivery.

    A second time changes nothing. Raises AgreementNotFound, PermissionMissing, WrongState,
    GiftNotOfAgreement or GiftOfOther.
    """
    try:
        async with unit_of_work():
            found = await found_for(agreement_id, actor, fund_states.RECORD)
            if found.kind == rules.GOODS:
                await _deliver(found.id, receipt_no, actor)
            else:
                await _count_in(found, receipt_no, actor)
    except asyncpg.UniqueViolationError:
        raise GiftOfOther from None


async def _deliver(agreement_id: int, slip_no: str, actor: Actor) -> None:
    found = await queries.agreement(agreement_id, lock=True)
    if found.delivered_no == slip_no:
        return
    AGREEMENTS.check("foundation.agreement_fulfilled", found, clock.now())
    await _fulfilled(found.id, actor.person_id, delivered_no=slip_no)


async def _count_in(found: AgreementView, receipt_no: str, actor: Actor) -> None:
    gift_id = await gift_by_receipt(found.fund_id, receipt_no)
    found = await queries.agreement(found.id, lock=True)
    if gift_id is None:
        raise GiftNotOfAgreement
    if counted := await queries.agreements_of_gifts([gift_id]):
        if counted == {found.id}:
            return
        raise GiftOfOther
    AGREEMENTS.check("foundation.agreement_fulfilled", found, clock.now())
    by = actor.person_id
    await AgreementGift(agreement=found.id, gift=gift_id, linked_by=by, linked_at=clock.now()).save()
    record_audit("foundation.agreement_linked", Ref(AGREEMENT, found.id), actor_id=by, gift_id=gift_id)
    await fulfil_if_come(found.id, actor_id=by)


async def fulfil_if_come(agreement_id: int, *, actor_id: int | None) -> None:
    """All the money that was agreed on is there: it is fulfilled, in the caller's unit of work."""
    found = await queries.agreement(agreement_id, lock=True)
    if (found.state, found.kind) == (rules.SIGNED, rules.MONEY) and found.received_fen >= found.value_fen:
        await _fulfilled(agreement_id, actor_id)


async def _fulfilled(agreement_id: int, actor_id: int | None, **columns: Any) -> None:
    code, now = "foundation.agreement_fulfilled", clock.now()
    await advance(AGREEMENTS, code, agreement_id, actor_id=actor_id, ended_at=now, **columns)


async def settle_agreement(agreement_id: int, *, reason: str, actor: Actor) -> None:
    """Not all came, and that is all right: fulfilled, and said why. Repeating it changes nothing.

    Raises AgreementNotFound, PermissionMissing, SettledReasonMissing, NothingCame or WrongState.
    """
    async with unit_of_work():
        await found_for(agreement_id, actor, fund_states.RUN)
        found = await queries.agreement(agreement_id, lock=True)
        if found.state == rules.FULFILLED and found.settled_reason == reason:
            return
        rules.check_settling(reason, found.kind, found.received_fen)
        code, by, now = "foundation.agreement_settled", actor.person_id, clock.now()
        AGREEMENTS.check(code, found, now)
        await advance(
            AGREEMENTS,
            code,
            agreement_id,
            actor_id=by,
            settled_reason=reason,
            settled_by=by,
            ended_at=now,
        )


async def end_agreement(agreement_id: int, *, reason: str, actor: Actor) -> None:
    """It is not signed, or will not be fulfilled; repeating it changes nothing.

    Raises ReasonMissing, AgreementNotFound, PermissionMissing or WrongState.
    """
    fund_rules.check_reason(reason)
    async with unit_of_work():
        await found_for(agreement_id, actor, fund_states.RUN)
        found = await queries.agreement(agreement_id, lock=True)
        if found.state == rules.ENDED:
            return
        code, by, now = "foundation.agreement_ended", actor.person_id, clock.now()
        AGREEMENTS.check(code, found, now)
        await advance(AGREEMENTS, code, agreement_id, actor_id=by, reason=reason, ended_by=by, ended_at=now)


async def ask_for_agreement(agreement_id: int, *, actor: Actor) -> int:
    """The agreement as a paper, for its donor and the foundation; returns the job's id."""
    await queries.agreement_for(agreement_id, actor)
    return await ask_for_paper(PAPER, {"agreement_id": agreement_id}, person_id=actor.person_id)


async def forget_giver(person_id: int) -> None:
    """The donor's account has ended: the agreements stay, and name nobody."""
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "update foundation_agreement set donor_name = $2::text where donor = $1", person_id, GONE
        )


async def found_for(agreement_id: int, actor: Actor, permission: str) -> AgreementView:
    """The agreement, of a foundation where the person works; raises PermissionMissing for the wrong role."""
    found = await queries.agreement(agreement_id)
    if not queries.is_staff(found.organization_id, actor):
        raise AgreementNotFound
    actor.require(permission, found.foundation)
    return found
