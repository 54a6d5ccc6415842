"""The agreement by which a fund is founded: drafted by one, signed on paper, confirmed by another."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date

import asyncpg

from core import clock
from core.audit.services import advance, record_audit
from core.database import current_unit, unit_of_work
from core.documents.services import ask_for_paper
from core.files.rules import Upload
from core.files.services import keep_file
from core.funds.errors import AgreementDrafted, AgreementNotFound, FundEnded
from core.funds.queries import agreements, funds
from core.funds.rules import agreements as rules
from core.funds.rules import states
from core.funds.rules.agreements import Terms
from core.funds.tables import FundAgreement
from core.organizations import queries as organizations
from core.parameters import queries as parameters
from core.people.rules import Actor
from core.reference import Ref

PAPER = "core.print_fund_agreement"


async def draft_agreement(fund_id: int, terms: Terms, *, actor: Actor) -> int:
    """Write down what is to be agreed, as the fund's next version; returns its id.

    Raises PermissionMissing, FeeTooHigh, AgreementEndsEarly, AgreementDrafted, FundEnded.
    """
    try:
        async with unit_of_work():
            fund = await funds.fund(fund_id, lock=True)
            actor.require(states.RUN, fund.foundation)
            if fund.state == states.CLOSED:
                raise FundEnded
            scopes = await organizations.parameter_scopes(fund.organization_id)
            limits = await parameters.effective([rules.FEE_MOST], scopes, clock.today())
            rules.check_terms(terms, limits[rules.FEE_MOST])
            known = await agreements.versions(fund_id)
            draft = FundAgreement(
                fund=fund_id,
                version=known[0].version + 1 if known else 1,
                drafted_by=actor.person_id,
                drafted_at=clock.now(),
                **asdict(terms),
            )
            await draft.save()
            ref = Ref(rules.AGREEMENT, draft.id)
            record_audit("fund_agreement.drafted", ref, actor_id=actor.person_id, fund_id=fund_id)
            return int(draft.id)
    except asyncpg.UniqueViolationError:
        raise AgreementDrafted from None


async def sign_agreement(agreement_id: int, *, signed_on: date, upload: Upload, actor: Actor) -> None:
    """Another person has the paper that both sides signed: from now on it holds. Repeating changes nothing.

    `upload`: the signed paper. Raises AgreementNotFound, PermissionMissing, OwnAgreement, SignedTooEarly,
    WrongState, and what a file can be refused for.
    """
    async with unit_of_work():
        found = await _found(agreement_id, actor, states.CHECK)
        rules.check_signing(actor.person_id, found.drafted_by, signed_on, clock.today())
        if found.state == rules.DRAFTED:  # read before the row is locked: a picture takes its time
            ref = Ref(rules.AGREEMENT, agreement_id)
            await keep_file(upload, subject=ref, actor_id=actor.person_id)
        locked = await agreements.agreement(agreement_id, lock=True)
        if (locked.state, locked.signed_by, locked.signed_on) == (rules.SIGNED, actor.person_id, signed_on):
            return
        rules.AGREEMENTS.check("fund_agreement.signed", locked, clock.now())
        await advance(
            rules.AGREEMENTS,
            "fund_agreement.signed",
            agreement_id,
            actor_id=actor.person_id,
            signed_by=actor.person_id,
            signed_on=signed_on,
            signed_at=clock.now(),
        )


async def drop_agreement(agreement_id: int, *, actor: Actor) -> None:
    """The draft is not signed; raises AgreementNotFound, PermissionMissing or WrongState."""
    async with unit_of_work():
        await _found(agreement_id, actor, states.RUN)
        locked = await agreements.agreement(agreement_id, lock=True)
        if locked.state != rules.DROPPED:
            rules.AGREEMENTS.check("fund_agreement.dropped", locked, clock.now())
            await advance(rules.AGREEMENTS, "fund_agreement.dropped", agreement_id, actor_id=actor.person_id)


async def ask_for_agreement(agreement_id: int, *, actor: Actor) -> int:
    """The agreement as a paper to sign or to keep, for the foundation's staff; returns the job's id."""
    found = await agreements.agreement(agreement_id)
    if not agreements.takes_part(found.at, actor):
        raise AgreementNotFound
    return await ask_for_paper(PAPER, {"agreement_id": agreement_id}, person_id=actor.person_id)


async def write_brought_along(agreed: Mapping[int, Terms], *, by: int) -> None:
    """Fund -> what was signed on paper before the fund came here, in the caller's unit of work."""
    names = [field.name for field in fields(Terms)]
    kinds = {"fee_percent": "int", "from_on": "date", "until_on": "date"}
    arrays = "".join(f", ${n}::{kinds.get(name, 'text')}[]" for n, name in enumerate(names, 4))
    columns = ", ".join(names)
    await current_unit().connection.execute(
        "insert into fund_agreement (fund, version, state, drafted_by, drafted_at, signed_on, signed_at,"
        f" {columns}) select fund, 1, 'signed', $2, $3, from_on, $3, {columns}"
        f" from unnest($1::bigint[]{arrays}) as n (fund, {columns})",
        list(agreed),
        by,
        clock.now(),
        *([getattr(one, name) for one in agreed.values()] for name in names),
    )


async def _found(agreement_id: int, actor: Actor, permission: str) -> agreements.AgreementView:
    """The agreement, of a foundation where the person works; raises PermissionMissing for the wrong role."""
    found = await agreements.agreement(agreement_id)
    if not agreements.takes_part(found.at, actor):
        raise AgreementNotFound
    actor.require(permission, found.at)
    return found
