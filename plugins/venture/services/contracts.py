"""A contract: accepted by both sides, its money held, its tranches paid by two persons."""

from typing import Any

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.errors import Message
from core.evidence.errors import EvidenceMissing
from core.evidence.queries import evidence_of
from core.evidence.services import record_evidence
from core.language import mark
from core.ledger import services as ledger
from core.money import format_yuan
from core.organizations.queries import OWNER
from core.people.rules import Actor
from core.projects.services import end_project, open_project
from core.reference import Ref
from plugins.venture import postings, rules
from plugins.venture.errors import (
    AcceptedAlready,
    ContractNotFound,
    GateClosed,
    MakerPays,
    NotSigned,
    PayeeDiffers,
    SamePersonTwice,
    TrancheAsked,
    TrancheNotAsked,
    TrancheNotNext,
    TranchePaid,
)
from plugins.venture.queries import contracts as queries
from plugins.venture.queries.contracts import ContractView, TrancheView
from plugins.venture.rules import flows, money
from plugins.venture.services.calls import budget_account
from plugins.venture.services.notices import tell
from plugins.venture.tables import Contract, Tranche

FUNDER, GRANTEE = "funder", "grantee"
LAST_NUMBER = 3
RECORDS = {1: mark("双方确认的合同"), 2: mark("中期检查记录"), 3: mark("结项验收记录")}


async def accept_contract(contract_id: int, side: str, *, actor: Actor) -> None:
    """Accept for one side; the second side makes it hold, and its money is set aside.

    Accepting again for the same side changes nothing. Raises ContractNotFound, SamePersonTwice,
    AcceptedAlready (by somebody else of the side).
    """
    async with unit_of_work():
        contract = await queries.visible_contract(contract_id, actor, lock=True)
        if not (contract.is_managed_by(actor) if side == FUNDER else contract.is_of(actor)):
            raise ContractNotFound
        ours, theirs = contract.funder_person, contract.grantee_person
        if side == GRANTEE:
            ours, theirs = theirs, ours
        if ours == actor.person_id:
            return
        if ours is not None:
            raise AcceptedAlready
        if theirs == actor.person_id:
            raise SamePersonTwice
        now = clock.now()
        accepted = {f"{side}_person": actor.person_id, f"{side}_at": now}
        if theirs is None:
            await Contract.update(accepted).where(Contract.id == contract_id)  # type: ignore[arg-type]
        else:
            await _sign(contract, accepted, actor)
        record_audit("venture.contract_accepted", contract.ref, actor_id=actor.person_id, side=side)


async def _sign(contract: ContractView, accepted: dict[str, Any], actor: Actor) -> None:
    """Both sides have accepted: hold the money, plan the tranches, open the project."""
    now = clock.now()
    project_id = await open_project(
        contract.title,
        contract.summary,
        organization_id=contract.organization_id,
        region_id=contract.region_id,
        source=contract.ref,
        actor_id=actor.person_id,
    )
    await advance(
        flows.CONTRACTS,
        "venture.signed",
        contract.id,
        actor_id=actor.person_id,
        **accepted,
        signed_at=now,
        project=project_id,
    )
    await record_evidence(postings.SIGNATURE, contract.ref, actor_id=actor.person_id)
    amounts = money.instalments(contract.amount_fen, contract.plan)
    await Tranche.insert(
        *(Tranche(contract=contract.id, number=n, amount_fen=fen) for n, fen in enumerate(amounts, 1))
    )
    ledger.post(
        postings.reservation(
            contract.id,
            note=contract.title,
            budget=await budget_account(contract.call_id),
            held=await _held_account(contract),
            amount_fen=contract.amount_fen,
            at=now,
        )
    )
    await tell(
        contract.organization_id,
        title=mark("合同已生效"),
        body=mark("%(project)s的合同双方都已确认，项目款已存入专户。"),
        path=f"/venture/contracts/{contract.id}",
        project=contract.title,
    )


async def _held_account(contract: ContractView) -> int:
    return await ledger.open_account(contract.ref, kind=postings.HELD, unit=postings.UNIT)


async def ask_for_tranche(contract_id: int, number: int, *, actor: Actor) -> None:
    """Ask that a tranche be paid; asking again by the same person changes nothing.

    Raises ContractNotFound, NotSigned, TrancheNotNext, TrancheAsked, TranchePaid.
    """
    async with unit_of_work():
        contract = await queries.contract(contract_id, lock=True)
        if not contract.is_managed_by(actor):
            raise ContractNotFound
        tranche = await _tranche(contract, number)
        if tranche.state == flows.ASKED and tranche.asked_by == actor.person_id:
            return
        if tranche.state != flows.PLANNED:
            raise TrancheAsked if tranche.state == flows.ASKED else TranchePaid
        await _advance(tranche, "asked", actor, asked_by=actor.person_id, asked_at=clock.now())
        await tell(
            contract.funder_id,
            rules.PAY,
            title=mark("有一笔项目款等您付"),
            body=mark("%(project)s第 %(number)s 期款已申请拨付，请核对凭证后付款。"),
            path=f"/venture/contracts/{contract_id}",
            project=contract.title,
            number=number,
        )


async def _tranche(contract: ContractView, number: int) -> TrancheView:
    """The tranche, if it is its turn; raises NotSigned or TrancheNotNext."""
    found = await queries.tranches(contract.id)
    if not found:
        raise NotSigned
    if not 1 <= number <= len(found) or any(one.state != flows.PAID for one in found[: number - 1]):
        raise TrancheNotNext
    return found[number - 1]


async def _advance(tranche: TrancheView, step: str, actor: Actor, **columns: Any) -> None:
    await advance(
        flows.TRANCHES,
        f"venture.tranche_{step}",
        tranche.id,
        actor_id=actor.person_id,
        facts={"amount_fen": tranche.amount_fen},
        **columns,
    )


async def pay_tranche(contract_id: int, number: int, *, payee_name: str, slip: str, actor: Actor) -> None:
    """Pay what another person has asked for, to the account of the registered name.

    The evidence of its gate is looked for, not asked after: without it the database refuses (GateClosed).
    The same slip again changes nothing. Raises ContractNotFound, NotSigned, TrancheNotNext,
    TrancheNotAsked, TranchePaid, MakerPays, PayeeDiffers.
    """
    try:
        async with unit_of_work():
            contract = await queries.contract(contract_id, lock=True)
            if not contract.is_paid_by(actor):
                raise ContractNotFound
            tranche = await _tranche(contract, number)
            if tranche.state == flows.PAID and tranche.slip == slip:
                return
            _check_payment(contract, tranche, payee_name, actor)
            await _pay(contract, tranche, slip, actor)
    except EvidenceMissing:
        raise GateClosed(record=Message(RECORDS[number])) from None


def _check_payment(contract: ContractView, tranche: TrancheView, payee_name: str, actor: Actor) -> None:
    if tranche.state != flows.ASKED:
        raise TranchePaid if tranche.state == flows.PAID else TrancheNotAsked
    if tranche.asked_by == actor.person_id:
        raise MakerPays
    if "".join(payee_name.split()) != "".join(contract.organization.split()):
        raise PayeeDiffers(name=contract.organization)


async def _pay(contract: ContractView, tranche: TrancheView, slip: str, actor: Actor) -> None:
    now, grantee = clock.now(), Ref(OWNER, contract.organization_id)
    _, kind = postings.GATES[tranche.number]
    records = await evidence_of(contract.ref, kinds=[kind])
    ledger.post(
        postings.tranche(
            contract.id,
            tranche.number,
            note=contract.title,
            held=await _held_account(contract),
            public=await ledger.open_account(grantee, kind=postings.PUBLIC, unit=postings.UNIT),
            amount_fen=tranche.amount_fen,
            evidence_id=records[-1].id if records else None,
            at=now,
        )
    )
    await _advance(tranche, "paid", actor, paid_by=actor.person_id, paid_at=now, slip=slip)
    if tranche.number == LAST_NUMBER:
        await advance(flows.CONTRACTS, "venture.completed", contract.id, actor_id=actor.person_id)
        if contract.project is not None:
            await end_project(contract.project, "completed", actor_id=actor.person_id)
    await tell(
        contract.organization_id,
        title=mark("项目款已拨付"),
        body=mark("%(project)s第 %(number)s 期款 %(sum)s 元已经拨付，请查收。"),
        path=f"/venture/contracts/{contract.id}",
        project=contract.title,
        number=tranche.number,
        sum=format_yuan(tranche.amount_fen),
    )
