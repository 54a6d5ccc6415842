"""A contract: accepted by both sides, its money held, its tranches paid by two persons."""

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.evidence.errors import EvidenceMissing
from core.evidence.queries import evidence_of
from core.evidence.services import record_evidence
from core.language import mark
from core.ledger import services as ledger
from core.ledger.errors import TransferAlreadyPosted
from core.errors import Message
from core.people.rules import Actor
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
        await _accept(contract, side, actor)
        if theirs is not None:
            await _sign(contract, actor)


async def _accept(contract: ContractView, side: str, actor: Actor) -> None:
    now = clock.now()
    values = {Contract.grantee_person: actor.person_id, Contract.grantee_at: now}
    if side == FUNDER:
        values = {Contract.funder_person: actor.person_id, Contract.funder_at: now}
    if contract.funder_person is None and contract.grantee_person is None:
        await Contract.update(values).where(Contract.id == contract.id)  # type: ignore[arg-type]
    else:  # the state goes along: a contract with both names is signed
        await Contract.update(
            {**values, Contract.state: flows.SIGNED, Contract.signed_at: now}  # type: ignore[dict-item]
        ).where(Contract.id == contract.id)
    record_audit("venture.contract_accepted", contract.ref, actor_id=actor.person_id, side=side)
