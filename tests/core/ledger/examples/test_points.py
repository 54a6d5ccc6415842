"""Points that expire: those that expire first go first; a corrected award that is spent becomes a debt."""

from datetime import date

import pytest

from core.ledger.errors import BalanceTooLow, LotsTooLow
from core.ledger.rules import Draw, Receive
from core.reference import Ref
from tests.core.ledger.books import POINTS
from tests.core.ledger.examples.journal import Journal, credit, debit

SPRING, SUMMER = Ref("books.award", 1), Ref("books.award", 2)
JUNE, DECEMBER = date(2026, 6, 30), date(2026, 12, 31)
EXPIRED = Draw(way="expired")


async def awards() -> Journal:
    """10 points until December, then 5 until June."""
    book = Journal(POINTS)
    await book.open(issued="outside", household="points", debt="loss")
    await book.on("2026-01-10", "清扫楼道", "award", debit("issued", "10"),
                  credit("household", "10", Receive(expires_on=DECEMBER)), cause=SPRING)  # fmt: skip
    await book.on("2026-02-10", "垃圾分类", "award", debit("issued", "5"),
                  credit("household", "5", Receive(expires_on=JUNE)), cause=SUMMER,
                  after={"household": "15", "issued": "-15"})  # fmt: skip
    return book


async def test_points_that_expire_first_are_redeemed_first(books: str) -> None:
    book = await awards()
    assert await book.lots("household") == [(str(SUMMER), "", JUNE, "5"), (str(SPRING), "", DECEMBER, "10")]
    await book.on("2026-03-01", "换盐", "redeem", debit("household", "2"), credit("issued", "2"))
    assert await book.lots("household") == [(str(SUMMER), "", JUNE, "3"), (str(SPRING), "", DECEMBER, "10")]
    await book.on("2026-06-30", "换酱油", "redeem", debit("household", "7"), credit("issued", "7"),
                  after={"household": "6"})  # fmt: skip
    assert await book.lots("household") == [(str(SPRING), "", DECEMBER, "6")]


async def test_points_expire_on_the_day_after_their_last_good_one(books: str) -> None:
    book = await awards()
    assert await book.expired("household", "2026-06-30") == 0
    with pytest.raises(LotsTooLow):
        await book.on("2026-06-30", "到期", "expiry", debit("household", "1", EXPIRED), credit("issued", "1"))

    assert await book.expired("household", "2026-07-01") == 5
    with pytest.raises(LotsTooLow):  # gone, though the job has not come by yet
        await book.on("2026-07-01", "换米", "redeem", debit("household", "11"), credit("issued", "11"))
    with pytest.raises(LotsTooLow):  # not more than what has expired
        await book.on("2026-07-01", "到期", "expiry", debit("household", "6", EXPIRED), credit("issued", "6"))
    await book.on("2026-07-01", "到期", "expiry", debit("household", "5", EXPIRED), credit("issued", "5"),
                  after={"household": "10", "issued": "-10"})  # fmt: skip
    assert await book.expired("household", "2026-07-01") == 0
    assert await book.became_of(SUMMER) == [("given away", "expiry", "5")]
    with pytest.raises(BalanceTooLow):
        await book.on("2026-07-02", "换米", "redeem", debit("household", "11"), credit("issued", "11"))


async def test_a_corrected_award_that_is_spent_is_owed(books: str) -> None:
    book = await awards()
    await book.on("2026-03-01", "换米", "redeem", debit("household", "12"), credit("issued", "12"),
                  after={"household": "3"})  # fmt: skip

    await book.on("2026-03-05", "楼道是别人扫的", "correction",
                  debit("household", "3", Draw(way="any", origin=SPRING)), debit("debt", "7"),
                  credit("issued", "10"), after={"household": "0", "debt": "-7"})  # fmt: skip
    assert await book.became_of(SPRING) == [("given away", "correction", "3"), ("given away", "redeem", "7")]

    # Later awards pay the debt first.
    await book.on("2026-04-01", "巡逻", "award", debit("issued", "5"), credit("debt", "5"),
                  after={"household": "0", "debt": "-2"})  # fmt: skip
    await book.on("2026-04-08", "巡逻", "award", debit("issued", "5"), credit("debt", "2"),
                  credit("household", "3", Receive(expires_on=DECEMBER)),
                  after={"household": "3", "debt": "0", "issued": "-3"})  # fmt: skip
