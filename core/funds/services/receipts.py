"""Receipts: issued when somebody asks, void as soon as something goes back, printed for who may have them."""

from collections.abc import Sequence

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, fetch, fetch_value, unit_of_work
from core.documents.services import ask_for_paper
from core.funds.queries import gifts, receipts
from core.funds.queries.gifts import GiftView
from core.funds.rules import receipts as rules
from core.funds.tables import FundReceipt
from core.jobs.services import add_job
from core.language import LANGUAGE
from core.people.rules import Actor
from core.reference import Ref

PAPER, PAPER_BY_CODE = "core.print_gift_receipt", "core.print_gift_receipt_by_code"


async def issue_receipt(gift_id: int, *, actor: Actor) -> int:
    """The gift's valid receipt, issued if there is none, for its donor and for who keeps the books.

    Returns its id. Raises GiftNotFound, ReceiptNotYet, NothingToAcknowledge.
    """
    async with unit_of_work():
        gift = await gifts.gift_for(gift_id, actor)
        return await _issue(gift, actor.person_id)


async def print_receipt(gift_id: int, *, actor: Actor) -> int:
    """The same as PDF; returns the job's id. The name in full stands on the donor's own copy alone."""
    async with unit_of_work():
        receipt_id = await issue_receipt(gift_id, actor=actor)
        return await ask_for_paper(PAPER, {"receipt_id": receipt_id}, person_id=actor.person_id)


async def issue_with_code(code: str) -> int:
    """The valid receipt for whoever has the trace code, and its paper; returns its id.

    Asking again asks for one paper a day. Raises GiftNotFound, NothingToAcknowledge.
    """
    async with unit_of_work():
        gift = await gifts.gift_by_code(code)
        receipt_id = await _issue(gift, None)
        language = LANGUAGE.get()
        key = f"{PAPER_BY_CODE}:{receipt_id}:{language}:{clock.today()}"
        add_job(PAPER_BY_CODE, {"receipt_id": receipt_id, "language": language}, priority=1, key=key)
        return receipt_id


async def keep_paper_by_code(receipt_id: int, file_id: int) -> None:
    """The paper that whoever has the code may take away, in the caller's unit of work."""
    await current_unit().connection.execute(
        "update fund_receipt set file_id = $2 where id = $1", receipt_id, file_id
    )


async def _issue(gift: GiftView, person_id: int | None) -> int:
    # Locked as everything locks it that sends money back, so that the amount is the one that stays.
    gift = await gifts.gift(gift.id, lock=True)
    if found := await receipts.valid_receipt(gift.id):
        return found.id
    returned_fen = await receipts.returned_of(gift.id)
    left_fen = gift.amount_fen - returned_fen
    rules.check_issue(gift.state, left_fen)
    receipt_id = int(await fetch_value("select nextval(pg_get_serial_sequence('fund_receipt', 'id'))"))
    receipt = FundReceipt(
        id=receipt_id,
        gift=gift.id,
        number=rules.number_of(receipt_id, clock.today()),
        amount_fen=left_fen,
        returned_fen=returned_fen,
        issued_at=clock.now(),
        issued_by=person_id,
    )
    await receipt.save()
    record_audit("fund_receipt.issued", Ref(rules.RECEIPT, receipt_id), actor_id=person_id)
    return receipt_id


async def void_receipts(gift_ids: Sequence[int]) -> None:
    """Something of these gifts went back, or came again: what was issued holds no more."""
    if not gift_ids:
        return
    rows = await fetch(
        "update fund_receipt set voided_at = $2 where gift = any($1) and voided_at is null returning id",
        list(gift_ids),
        clock.now(),
    )
    for row in rows:
        record_audit("fund_receipt.voided", Ref(rules.RECEIPT, row["id"]), actor_id=None)
