"""Which accounts a call moves. Pure, for a book-keeper to read.

From outside to the call's budget; from there, when both sides have accepted, to the contract's own account;
from there in three tranches, each with its evidence, to the public account of the organization.
"""

from datetime import datetime

from core.ledger.rules import Entry, Transfer
from core.reference import Ref
from plugins.venture.rules import CALL, CONTRACT

UNIT = "CNY"
OUTSIDE, BUDGET, HELD = "venture.outside", "venture.budget", "venture.held"
PUBLIC = "core.public"
FUNDED, RESERVED = "venture.funded", "venture.reserved"
FIRST, SECOND, LAST = "venture.first_tranche", "venture.second_tranche", "venture.last_tranche"
SIGNATURE, MIDTERM, ACCEPTANCE = "venture.signature", "venture.midterm", "venture.acceptance"

# Number of the tranche -> its reason, and the evidence without which the database does not move it.
GATES = {1: (FIRST, SIGNATURE), 2: (SECOND, MIDTERM), 3: (LAST, ACCEPTANCE)}


def funding(call_id: int, *, slip: str, outside: int, budget: int, amount_fen: int, at: datetime) -> Transfer:
    """Money that came to the funder's bank for this call, once for each voucher."""
    return Transfer(
        key=f"venture:call:{call_id}:slip:{slip}",
        unit=UNIT,
        reason=FUNDED,
        cause=Ref(CALL, call_id),
        occurred_at=at,
        entries=(Entry(outside, -amount_fen), Entry(budget, amount_fen)),
    )


def reservation(
    contract_id: int, *, note: str, budget: int, held: int, amount_fen: int, at: datetime
) -> Transfer:
    """The whole sum of a contract leaves the call's budget for an account of its own."""
    return Transfer(
        key=f"venture:contract:{contract_id}:reserved",
        unit=UNIT,
        reason=RESERVED,
        cause=Ref(CONTRACT, contract_id),
        occurred_at=at,
        note=note,
        entries=(Entry(budget, -amount_fen), Entry(held, amount_fen)),
    )


def tranche(
    contract_id: int,
    number: int,
    *,
    note: str,
    held: int,
    public: int,
    amount_fen: int,
    evidence_id: int | None,
    at: datetime,
) -> Transfer:
    """A tranche leaves the contract's account, once, with its gate's evidence."""
    return Transfer(
        key=f"venture:contract:{contract_id}:tranche:{number}",
        unit=UNIT,
        reason=GATES[number][0],
        cause=Ref(CONTRACT, contract_id),
        occurred_at=at,
        note=note,
        evidence_id=evidence_id,
        entries=(Entry(held, -amount_fen), Entry(public, amount_fen)),
    )
