"""Receipts: issued on demand, once; void as soon as something goes back; names as chosen, or refused."""

import asyncio
import base64
from collections.abc import Iterator

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core import plugins, signature
from core.database import fetch, fetch_value
from core.documents import queries as documents
from core.documents.services import NOBODY
from core.funds import papers, services
from core.funds.errors import GiftNotFound
from core.funds.errors.receipts import (
    NameReasonMissing,
    NameRefusedAlready,
    NameShownAlready,
    NothingNamed,
    NothingToAcknowledge,
    ReceiptNotYet,
)
from core.funds.queries import gifts, receipts, traces
from core.funds.rules.receipts import SIGNED_AS
from core.payments import queries as payments
from core.payments import services as paying
from core.people.errors import PermissionMissing
from tests.core.funds.online import given, take_online
from tests.core.funds.world import FundWorld, give, paid
from tests.core.payments.stand_in import Cashier, cashier
from workers.drain import run_due_jobs


@pytest.fixture
def stand_in(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    with cashier() as running:
        monkeypatch.setenv("YIJI_PAYMENT_STAND_IN", running.url)
        yield running


async def _gift(receipt_no: str) -> int:
    return int(await fetch_value("select id from fund_gift where receipt_no = $1", receipt_no))


async def _numbers(gift_id: int) -> list[tuple[str, int, bool]]:
    every = await receipts.receipts_of(gift_id)
    return [(one.number, one.amount_fen, one.voided_at is None) for one in every]


async def test_the_second_click_gets_the_same_number(world: FundWorld) -> None:
    gift_id = await _gift("S-1")
    first = await services.issue_receipt(gift_id, actor=world.donor)
    assert await services.issue_receipt(gift_id, actor=world.treasurer) == first
    found = await receipts.receipt(first)
    assert (found.amount_fen, found.returned_fen, found.handler) == (10_000, 0, "测treasurer")
    assert found.number.startswith("HZ")
    assert await plugins.collect("collect_differences") == []


async def test_strangers_and_neighbours_get_none(world: FundWorld, other: FundWorld) -> None:
    gift_id = await _gift("S-1")
    for actor in (other.treasurer, other.donor, world.asker):
        with pytest.raises(GiftNotFound):
            await services.issue_receipt(gift_id, actor=actor)
    with pytest.raises(GiftNotFound):
        await services.issue_with_code("no-such-code")
    assert await fetch_value("select count(*) from fund_receipt") == 0


async def test_money_that_has_not_come_is_not_acknowledged(world: FundWorld) -> None:
    waiting = await give(world, 800_000, "S-9")
    with pytest.raises(ReceiptNotYet):
        await services.issue_receipt(waiting, actor=world.treasurer)


async def test_what_goes_back_voids_it_and_the_next_one_says_so(world: FundWorld) -> None:
    gift_id = await _gift("S-1")
    await services.issue_receipt(gift_id, actor=world.donor)
    await paid(world, 6200)
    await services.prepare_refund(gift_id, reason="重复", payment_no="R-1", actor=world.treasurer)
    ((old, _, still_valid),) = await _numbers(gift_id)
    assert still_valid
    await services.sign_refund(gift_id, actor=world.payer)
    assert await _numbers(gift_id) == [(old, 10_000, False)]
    new = await receipts.receipt(await services.issue_receipt(gift_id, actor=world.donor))
    assert (new.amount_fen, new.returned_fen) == (6200, 3800)
    assert new.number != old
    gift = await gifts.gift(gift_id)
    paper = papers.receipt_paper(new, gift, donor="施捐赠", code="x", void=[old])
    said = repr(paper.parts)
    assert old in said
    assert "38.00" in said
    assert "陆拾贰元整" in said
    assert paper.remark == "非财政票据"
    assert await plugins.collect("collect_differences") == []


async def test_what_went_back_as_a_whole_has_none(world: FundWorld) -> None:
    gift_id = await _gift("S-2")
    await services.issue_receipt(gift_id, actor=world.treasurer)
    await services.prepare_refund(gift_id, reason="重复", payment_no="R-1", actor=world.treasurer)
    await services.sign_refund(gift_id, actor=world.payer)
    with pytest.raises(NothingToAcknowledge):
        await services.issue_receipt(gift_id, actor=world.treasurer)
    assert [valid for _, _, valid in await _numbers(gift_id)] == [False]


async def test_money_sent_back_online_voids_it_too(world: FundWorld, stand_in: Cashier) -> None:
    payee = await take_online(world)
    gift = await given(world, stand_in)
    await services.issue_with_code(gift.trace_code)
    (attempt,) = await payments.attempts(gift.order_id or 0)
    refund = stand_in.refund(payee, attempt.external_id, 4_000)
    await paying.settle(attempt.id)
    assert (await gifts.gift(gift.id)).returned_fen == 4000
    assert [valid for _, _, valid in await _numbers(gift.id)] == [False]
    await services.issue_with_code(gift.trace_code)
    assert [(fen, valid) for _, fen, valid in await _numbers(gift.id)] == [(6000, True), (10_000, False)]
    stand_in.fail_refund(refund)
    await paying.settle(attempt.id)
    assert [valid for _, _, valid in await _numbers(gift.id)] == [False, False]
    await services.issue_with_code(gift.trace_code)
    assert (await _numbers(gift.id))[0][1:] == (10_000, True)
    assert await plugins.collect("collect_differences") == []


async def test_two_at_once_get_one(world: FundWorld) -> None:
    gift_id = await _gift("S-1")
    code = (await gifts.gift(gift_id)).trace_code
    ids = await asyncio.gather(
        *(services.issue_receipt(gift_id, actor=world.donor) for _ in range(3)),
        *(services.issue_with_code(code) for _ in range(3)),
    )
    assert len(set(ids)) == 1


async def test_each_copy_names_the_donor_as_it_may(world: FundWorld) -> None:
    gift = await gifts.gift(await _gift("S-2"))
    assert receipts.donor_on(gift, is_own=True) == "施样人"
    assert receipts.donor_on(gift, is_own=False) == "样里邻居"
    nameless = await gifts.gift(await _gift("S-3"))
    assert receipts.donor_on(nameless, is_own=False) == ""


async def test_it_verifies_without_us_and_nobody_changes_it(world: FundWorld) -> None:
    gift = await gifts.gift(await _gift("S-1"))
    found = await receipts.receipt(await services.issue_receipt(gift.id, actor=world.donor))
    code = receipts.code_of(found, gift, donor="施捐赠")
    link, _, said = code.partition("#")
    assert link.endswith(f"/gifts/trace?code={gift.trace_code}")
    head, payload, signed = said.split(".")
    key = Ed25519PublicKey.from_public_bytes(signature.public_key(SIGNED_AS))
    key.verify(_plain(signed), f"{head}.{payload}".encode())
    told = msgspec.json.decode(_plain(payload))
    assert (told["jti"], told["amount_fen"], told["donor"]) == (found.number, 10_000, "施捐赠")
    with pytest.raises(InvalidSignature):
        key.verify(_plain(signed), f"{head}.{payload[:-2]}AA".encode())


def _plain(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


async def test_paper_for_whoever_has_the_code_is_made_once_a_day(world: FundWorld) -> None:
    gift = await gifts.gift(await _gift("S-1"))
    receipt_id = await services.issue_with_code(gift.trace_code)
    await services.issue_with_code(gift.trace_code)
    await run_due_jobs()
    found = await receipts.receipt(receipt_id)
    assert found.file_id is not None
    file, content = await documents.content(found.file_id, NOBODY)
    assert content.startswith(b"%PDF")
    assert found.number in file.name
    assert await fetch_value("select count(*) from stored_file") == 1
    job_id = await services.print_receipt(gift.id, actor=world.donor)
    await run_due_jobs()
    assert await documents.file_of_job(job_id, world.donor.person_id) is not None
    assert await documents.file_of_job(job_id, world.treasurer.person_id) is None


async def test_a_refused_name_is_published_nowhere_and_can_come_back(
    world: FundWorld, other: FundWorld
) -> None:
    gift_id = await _gift("S-2")
    with pytest.raises(NameReasonMissing):
        await services.refuse_name(gift_id, reason=" ", actor=world.treasurer)
    with pytest.raises(GiftNotFound):
        await services.refuse_name(gift_id, reason="冒名", actor=other.treasurer)
    with pytest.raises((GiftNotFound, PermissionMissing)):
        await services.refuse_name(gift_id, reason="冒名", actor=world.donor)
    with pytest.raises(NameShownAlready):
        await services.lift_name(gift_id, actor=world.treasurer)
    await services.refuse_name(gift_id, reason="冒名", actor=world.treasurer)
    with pytest.raises(NameRefusedAlready):
        await services.refuse_name(gift_id, reason="冒名", actor=world.treasurer)
    public = {gift.shown_as for gift in await gifts.gifts_of_fund(world.fund, before_id=None, limit=9)}
    assert "爱心人士" in public
    assert "样里邻居" not in public
    pictured = {flow.title for flow in await traces.gifts_in(world.fund, single=9)}
    assert "爱心人士" in pictured
    assert "样里邻居" not in pictured
    await services.lift_name(gift_id, actor=world.treasurer)
    assert (await gifts.gift(gift_id)).shown_as == "样里邻居"
    kept = await fetch("select reason, lifted_by from fund_name_refusal where gift = $1", gift_id)
    assert [tuple(row) for row in kept] == [("冒名", world.treasurer.person_id)]
    with pytest.raises(NothingNamed):
        await services.refuse_name(await _gift("S-3"), reason="冒名", actor=world.treasurer)
