"""Receipts: the valid one of a gift, void ones, and what is signed of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import settings, signature
from core.database import fetch, fetch_row, fetch_value
from core.funds.errors.receipts import ReceiptNotFound
from core.funds.queries.gifts import GiftView
from core.funds.rules import receipts as rules
from core.manifest import Difference


@dataclass(frozen=True)
class ReceiptView:
    """A receipt; `amount_fen` is what stays of the gift, `returned_fen` had gone back before."""

    id: int
    gift_id: int
    number: str
    amount_fen: int
    returned_fen: int
    issued_at: datetime
    voided_at: datetime | None
    file_id: int | None
    handler: str
    organization: str
    uscc: str | None


_RECEIPT = """
select r.id, r.gift as gift_id, r.number, r.amount_fen, r.returned_fen, r.issued_at, r.voided_at, r.file_id,
    coalesce(p.name, '') as handler, o.name as organization, o.uscc
from fund_receipt r join fund_gift g on g.id = r.gift join organization o on o.id = g.organization
left join person p on p.id = g.recorded_by and g.method <> 'online'"""
# What of a gift has gone back for good: through the payment's provider, or by two persons.
_RETURNED = """
g.returned_fen + coalesce((select sum(f.amount_fen)::bigint from fund_refund f
    where f.gift = g.id and f.state = 'refunded'), 0)"""


async def receipt(receipt_id: int) -> ReceiptView:
    """One receipt, valid or void; raises ReceiptNotFound."""
    row = await fetch_row(f"{_RECEIPT} where r.id = $1", receipt_id)
    if row is None:
        raise ReceiptNotFound
    return ReceiptView(**dict(row))


async def valid_receipt(gift_id: int) -> ReceiptView | None:
    """The gift's receipt that holds, if one was issued."""
    row = await fetch_row(f"{_RECEIPT} where r.gift = $1 and r.voided_at is null", gift_id)
    return ReceiptView(**dict(row)) if row else None


async def receipts_of(gift_id: int, *, limit: int = 20) -> list[ReceiptView]:
    """All of a gift, newest first: at most the first is valid."""
    rows = await fetch(f"{_RECEIPT} where r.gift = $1 order by r.id desc limit $2", gift_id, limit)
    return [ReceiptView(**dict(row)) for row in rows]


async def receipts_with(gift_ids: Sequence[int]) -> list[ReceiptView]:
    """All of these gifts, oldest first."""
    rows = await fetch(f"{_RECEIPT} where r.gift = any($1) order by r.id", list(gift_ids))
    return [ReceiptView(**dict(row)) for row in rows]


async def void_before(receipt: ReceiptView) -> list[str]:
    """The numbers that it replaces, newest first."""
    every = await receipts_of(receipt.gift_id)
    return [one.number for one in every if one.voided_at and one.id < receipt.id]


async def returned_of(gift_id: int) -> int:
    """How much of the gift has gone back."""
    return int(await fetch_value(f"select {_RETURNED} from fund_gift g where g.id = $1", gift_id))


def statement_of(receipt: ReceiptView, gift: GiftView, *, donor: str) -> str:
    """What it says, signed: anybody can check it with the public key alone, without us or a network."""
    said = rules.statement(
        issuer=settings.load().public_url,
        number=receipt.number,
        issued_at=receipt.issued_at,
        donor=donor,
        amount_fen=receipt.amount_fen,
        organization=receipt.organization,
        uscc=receipt.uscc,
        received_on=gift.received_on,
    )
    return signature.sign(said, rules.SIGNED_AS)


def code_of(receipt: ReceiptView, gift: GiftView, *, donor: str) -> str:
    """What its QR code holds: where the gift is traced, and behind # the signed statement."""
    link = f"{settings.load().public_url}/gifts/trace?code={gift.trace_code}"
    return f"{link}#{statement_of(receipt, gift, donor=donor)}"


def donor_on(gift: GiftView, *, is_own: bool) -> str:
    """The donor as a copy says: in full on the own one, elsewhere as the donor wished; "": none."""
    return gift.donor_name if is_own else gift.shown_as


async def differences() -> list[Difference]:
    """Valid receipts that say something else than what stays of their gift."""
    rows = await fetch(
        f"select r.number, r.amount_fen, g.amount_fen - ({_RETURNED}) as stays"
        " from fund_receipt r join fund_gift g on g.id = r.gift"
        f" where r.voided_at is null and r.amount_fen <> g.amount_fen - ({_RETURNED}) order by r.id limit 100"
    )
    return [
        Difference(
            subject=f"receipt {row['number']}", expected=str(row["stays"]), found=str(row["amount_fen"])
        )
        for row in rows
    ]
