"""A garden's year: fees come in at the counter, the public account buys tools, a wrong fee is reversed."""

import pytest

from core.ledger.errors import BalanceTooLow, TransferNotFound, TransferReversed
from tests.core.ledger.examples.journal import Journal, credit, debit, last_transfer


async def test_a_garden_year(books: str) -> None:
    book = Journal()
    await book.open(residents="outside", shop="outside", public="public")

    await book.on("2026-03-01", "3 号地块", "fee", debit("residents", "35.00"), credit("public", "35.00"),
                  after={"public": "35.00", "residents": "-35.00"})  # fmt: skip
    await book.on("2026-03-02", "4 号地块", "fee", debit("residents", "35.00"), credit("public", "35.00"),
                  after={"public": "70.00"})  # fmt: skip
    wrong = await book.on("2026-03-02", "4 号地块，又收一次", "fee", debit("residents", "35.00"),
                          credit("public", "35.00"), after={"public": "105.00"})  # fmt: skip
    await book.undo(
        "2026-03-03", "冲正：4 号收了两次", wrong, after={"public": "70.00", "residents": "-70.00"}
    )
    await book.on("2026-04-10", "水管", "spend", debit("public", "48.60"), credit("shop", "48.60"),
                  after={"public": "21.40"})  # fmt: skip

    with pytest.raises(BalanceTooLow):
        await book.on("2026-05-01", "锄头", "spend", debit("public", "21.41"), credit("shop", "21.41"))
    await book.on("2026-05-01", "小锄头", "spend", debit("public", "21.40"), credit("shop", "21.40"),
                  after={"public": "0.00", "shop": "70.00"})  # fmt: skip

    assert await book.statement("public") == [
        ("3 号地块", "35.00", "35.00"),
        ("4 号地块", "35.00", "70.00"),
        ("4 号地块，又收一次", "35.00", "105.00"),
        ("冲正：4 号收了两次", "-35.00", "70.00"),
        ("水管", "-48.60", "21.40"),
        ("小锄头", "-21.40", "0.00"),
    ]
    await book.stands({"residents": "-70.00", "public": "0.00", "shop": "70.00"})  # adds up to nothing


async def test_what_cannot_be_reversed(books: str) -> None:
    book = Journal()
    await book.open(residents="outside", shop="outside", public="public")
    fee = await book.on("2026-03-01", "3 号", "fee", debit("residents", "35.00"), credit("public", "35.00"))
    await book.on("2026-03-02", "水管", "spend", debit("public", "0.01"), credit("shop", "0.01"))

    with pytest.raises(BalanceTooLow):  # one fen of it is spent
        await book.undo("2026-03-03", "冲正", fee)
    await book.on("2026-03-04", "5 号", "fee", debit("residents", "0.01"), credit("public", "0.01"))
    await book.undo("2026-03-05", "冲正", fee, after={"public": "0.00", "residents": "-0.01"})

    with pytest.raises(TransferReversed):  # twice, in other words
        await book.undo("2026-03-06", "再冲正一次", fee)
    with pytest.raises(TransferReversed):  # the reversal itself
        await book.undo("2026-03-06", "冲正的冲正", await last_transfer())
    with pytest.raises(TransferNotFound):
        await book.undo("2026-03-06", "没有这笔", 10**9)
