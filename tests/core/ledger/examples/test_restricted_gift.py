"""Two gifts to a fund, one bound to a purpose: held for a use, partly paid out, partly released, refunded.

What one donor gave can be followed to the fen: 62.00 was paid to the project, 38.00 went back.
"""

from datetime import date

import pytest

from core.ledger.errors import BalanceTooLow, LotsTooLow
from core.ledger.rules import Draw, Receive
from core.reference import Ref
from tests.core.ledger.examples.journal import Journal, credit, debit, last_transfer

LI, WANG = Ref("books.gift", 1), Ref("books.gift", 2)
FOR_CHILDREN, FOR_ELDERS = Draw(restriction="children"), Draw(restriction="elders")


async def gifts() -> Journal:
    """100.00 for children, and 50.00 for whatever is needed."""
    book = Journal()
    await book.open(donors="outside", project="outside", fund="fund", held="hold", loss="loss")
    await book.on("2026-03-01", "李家，给孩子", "gift", debit("donors", "100.00"),
                  credit("fund", "100.00", Receive(restriction="children")), cause=LI,
                  after={"fund": "100.00"})  # fmt: skip
    await book.on("2026-03-05", "王家，不限用途", "gift", debit("donors", "50.00"), credit("fund", "50.00"),
                  cause=WANG, after={"fund": "150.00", "donors": "-150.00"})  # fmt: skip
    return book


async def test_a_gift_is_spent_in_part_and_refunded(books: str) -> None:
    book = await gifts()

    # Money for a use is taken from what is bound to it first, and only then from what is free.
    await book.on("2026-04-01", "四点半课堂", "hold", debit("fund", "120.00", FOR_CHILDREN),
                  credit("held", "120.00"), after={"fund": "30.00", "held": "120.00"})  # fmt: skip
    assert await book.lots("held") == [
        (str(LI), "children", None, "100.00"),
        (str(WANG), "", None, "20.00"),
    ]
    await book.on("2026-05-01", "课堂首款", "spend", debit("held", "62.00", Draw(way="any")),
                  credit("project", "62.00"), after={"held": "58.00", "project": "62.00"})  # fmt: skip

    # What was drawn last comes back first, and is as old as it was.
    await book.on("2026-06-01", "课堂缩减", "release", debit("held", "30.00", Draw(way="return")),
                  credit("fund", "30.00"), after={"fund": "60.00", "held": "28.00"})  # fmt: skip
    assert await book.lots("held") == [(str(LI), "children", None, "28.00")]
    assert await book.lots("fund") == [
        (str(LI), "children", None, "10.00"),
        (str(WANG), "", None, "50.00"),
    ]
    await book.on("2026-06-15", "课堂停办", "release", debit("held", "28.00", Draw(way="return")),
                  credit("fund", "28.00"), after={"fund": "88.00", "held": "0.00"})  # fmt: skip
    assert await book.became_of(LI) == [("fund", "release", "38.00"), ("given away", "spend", "62.00")]
    assert await book.became_of(WANG) == [("fund", "release", "50.00")]

    # The bank takes the whole gift back: 62.00 of it are gone, and stand as a loss, not as a new history.
    with pytest.raises(LotsTooLow):
        await book.on("2026-07-01", "李家退款", "refund", debit("fund", "38.01", Draw(way="any", origin=LI)),
                      debit("loss", "61.99"), credit("donors", "100.00"))  # fmt: skip
    await book.on("2026-07-01", "李家退款", "refund", debit("fund", "38.00", Draw(way="any", origin=LI)),
                  debit("loss", "62.00"), credit("donors", "100.00"),
                  after={"fund": "50.00", "loss": "-62.00", "donors": "-50.00"})  # fmt: skip
    assert await book.became_of(LI) == [("given away", "refund", "38.00"), ("given away", "spend", "62.00")]
    assert await book.lots("fund") == [(str(WANG), "", None, "50.00")]


async def test_a_gift_is_spent_on_its_purpose_only(books: str) -> None:
    book = await gifts()

    with pytest.raises(LotsTooLow):  # 50.00 are free; the rest belongs to the children
        await book.on(
            "2026-04-01", "助老餐", "hold", debit("fund", "50.01", FOR_ELDERS), credit("held", "50.01")
        )
    with pytest.raises(LotsTooLow):  # bound money is not free either
        await book.on("2026-04-01", "路灯", "hold", debit("fund", "50.01"), credit("held", "50.01"))
    with pytest.raises(BalanceTooLow):
        await book.on("2026-04-01", "课堂", "hold", debit("fund", "150.01", FOR_CHILDREN),
                      credit("held", "150.01"))  # fmt: skip
    await book.stands({"fund": "150.00", "held": "0.00"})

    await book.on("2026-04-01", "助老餐", "hold", debit("fund", "50.00", FOR_ELDERS), credit("held", "50.00"),
                  after={"fund": "100.00"})  # fmt: skip
    with pytest.raises(LotsTooLow):
        await book.on("2026-04-02", "路灯", "hold", debit("fund", "0.01"), credit("held", "0.01"))
    await book.on("2026-04-02", "课堂", "hold", debit("fund", "100.00", FOR_CHILDREN),
                  credit("held", "100.00"), after={"fund": "0.00", "held": "150.00"})  # fmt: skip


async def test_one_payment_may_draw_on_two_purposes(books: str) -> None:
    book = await gifts()
    await book.on("2026-04-01", "亲子餐", "hold", debit("fund", "30.00", FOR_CHILDREN),
                  debit("fund", "50.00"), credit("held", "80.00"), after={"fund": "70.00"})  # fmt: skip
    assert await book.lots("fund") == [(str(LI), "children", None, "70.00")]
    await book.on("2026-04-02", "课堂", "hold", debit("fund", "30.00", FOR_CHILDREN),
                  debit("fund", "40.00", FOR_CHILDREN), credit("held", "70.00"),
                  after={"fund": "0.00", "held": "150.00"})  # fmt: skip


async def test_a_gift_with_a_last_day_is_spent_until_that_day(books: str) -> None:
    book = Journal()
    await book.open(donors="outside", fund="fund", held="hold")
    this_year = Receive(expires_on=date(2026, 12, 31))
    await book.on("2026-03-01", "专项", "gift", debit("donors", "20.00"), credit("fund", "20.00", this_year))
    await book.on("2026-12-31", "年末", "hold", debit("fund", "5.00"), credit("held", "5.00"))
    with pytest.raises(LotsTooLow):
        await book.on("2027-01-01", "新年", "hold", debit("fund", "5.00"), credit("held", "5.00"))
    await book.stands({"fund": "15.00"})


async def test_a_gift_is_reversed_only_while_it_is_whole(books: str) -> None:
    book = await gifts()
    gift = await last_transfer() - 1
    hold = await book.on("2026-04-01", "课堂", "hold", debit("fund", "0.01", FOR_CHILDREN),
                         credit("held", "0.01"))  # fmt: skip
    with pytest.raises(LotsTooLow):  # the balance would do, with Wang's money
        await book.undo("2026-04-02", "录错了", gift)
    await book.undo("2026-04-02", "课堂不办", hold, after={"fund": "150.00", "held": "0.00"})
    await book.undo("2026-04-03", "录错了", gift, after={"fund": "50.00", "donors": "-50.00"})
    assert await book.lots("fund") == [(str(WANG), "", None, "50.00")]
    assert await book.became_of(LI) == []
