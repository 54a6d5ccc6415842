"""Fiscal receipts of gifts, and those who asked for one and wait."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.cipher import decrypt
from core.database import fetch, fetch_row, fetch_value
from core.funds.rules import states
from core.funds.rules.fiscal import Numbers
from core.language import mark
from core.manifest import Todo
from core.people.rules import Actor

EXPORT = "core.export_fiscal"
_BATCH = 500


@dataclass(frozen=True)
class FiscalView:
    """What was issued for a gift; one with `replaced_at` was corrected."""

    id: int
    code: str
    number: str
    check_code: str
    issued_on: date
    replaced_at: datetime | None


@dataclass(frozen=True)
class WishView:
    """Made out to whom; "" where that was forgotten or there is none."""

    title: str
    tax_no: str
    asked_at: datetime


@dataclass(frozen=True)
class WaitingView:
    """A gift for which somebody waits for a fiscal receipt."""

    gift_id: int
    receipt_no: str
    fund: str
    amount_fen: int
    received_on: date
    wish: WishView


def purpose_of(gift_id: int) -> str:
    """For what the words of a wish are sealed."""
    return f"core.fund_fiscal_wish:{gift_id}"


async def fiscal_of(gift_id: int) -> list[FiscalView]:
    """All that was recorded of a gift, newest first: at most one is not replaced."""
    rows = await fetch(
        "select id, code, number, check_code, issued_on, replaced_at from fund_fiscal where gift = $1"
        " order by id desc limit 20",
        gift_id,
    )
    return [FiscalView(**dict(row)) for row in rows]


async def wish_of(gift_id: int) -> WishView | None:
    """Whether somebody asked for one."""
    row = await fetch_row(
        "select gift, title_sealed, tax_no_sealed, asked_at from fund_fiscal_wish where gift = $1", gift_id
    )
    return _wish(dict(row)) if row else None


def _wish(row: dict[str, object]) -> WishView:
    title, tax_no = (_opened(row[name], row["gift"]) for name in ("title_sealed", "tax_no_sealed"))
    asked_at = row["asked_at"]
    assert isinstance(asked_at, datetime)
    return WishView(title, tax_no, asked_at)


def _opened(sealed: object, gift_id: object) -> str:
    assert isinstance(gift_id, int)
    return decrypt(sealed, purpose_of(gift_id)).decode() if isinstance(sealed, bytes) else ""


async def wishes_of(person_id: int, *, limit: int) -> list[tuple[int, WishView]]:
    """(gift, made out to whom) of all that the donor has asked for, newest first."""
    rows = await fetch(
        "select w.gift, w.title_sealed, w.tax_no_sealed, w.asked_at from fund_fiscal_wish w"
        " join fund_gift g on g.id = w.gift where g.donor = $1 order by w.id desc limit $2",
        person_id,
        limit,
    )
    return [(row["gift"], _wish(dict(row))) for row in rows]


async def known_to(
    organization_id: int, receipt_nos: Sequence[str], *, lock: bool = False
) -> dict[str, tuple[int, Numbers | None]]:
    """Counted gifts of a foundation by their number in its books, each with its fiscal numbers, if any."""
    rows = await fetch(
        "select g.id, g.receipt_no, x.code, x.number, x.check_code, x.issued_on from fund_gift g"
        " left join fund_fiscal x on x.gift = g.id and x.replaced_at is null"
        " where g.organization = $1 and g.receipt_no = any($2) and g.state = 'counted' order by g.id"
        + (" for no key update of g" if lock else ""),
        organization_id,
        list(receipt_nos),
    )
    return {row["receipt_no"]: (row["id"], _numbers(row)) for row in rows}


def _numbers(row: Mapping[str, Any]) -> Numbers | None:
    return Numbers(row["code"], row["number"], row["check_code"], row["issued_on"]) if row["code"] else None


async def taken(organization_id: int, papers: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Which of these (code, number) belong to which gift already."""
    rows = await fetch(
        "select code, number, gift from fund_fiscal where organization = $1 and replaced_at is null"
        " and (code, number) in (select * from unnest($2::text[], $3::text[]))",
        organization_id,
        [code for code, _ in papers],
        [number for _, number in papers],
    )
    return {(row["code"], row["number"]): row["gift"] for row in rows}


# Whatever has gone back as a whole needs none.
_WAITING = """
from fund_fiscal_wish w join fund_gift g on g.id = w.gift join fund f on f.id = g.fund
where g.organization = any($1) and g.state = 'counted' and g.returned_fen < g.amount_fen
    and not exists (select from fund_fiscal x where x.gift = g.id and x.replaced_at is null)
    and not exists (select from fund_refund r where r.gift = g.id and r.state = 'refunded'
        and r.amount_fen = g.amount_fen)"""


async def waiting(organization_id: int, *, after_id: int, limit: int) -> list[WaitingView]:
    """Gifts of a foundation for which a fiscal receipt is asked and not recorded, the oldest gift first."""
    rows = await fetch(
        "select g.id as gift, g.receipt_no, f.name as fund, g.amount_fen, g.received_on, w.title_sealed,"
        f" w.tax_no_sealed, w.asked_at {_WAITING} and g.id > $2 order by g.id limit $3",
        [organization_id],
        after_id,
        limit,
    )
    return [
        WaitingView(
            gift_id=row["gift"],
            receipt_no=row["receipt_no"],
            fund=row["fund"],
            amount_fen=row["amount_fen"],
            received_on=row["received_on"],
            wish=_wish(dict(row)),
        )
        for row in rows
    ]


async def batches(organization_id: int) -> AsyncIterator[list[WaitingView]]:
    """All of them."""
    after_id = 0
    while found := await waiting(organization_id, after_id=after_id, limit=_BATCH):
        yield found
        after_id = found[-1].gift_id


async def count_waiting(organization_ids: list[int]) -> int:
    """How many wait."""
    return int(await fetch_value(f"select count(*) {_WAITING}", organization_ids))


async def todos(actor: Actor) -> list[Todo]:
    """Fiscal receipts that donors of these foundations wait for."""
    ids = [scope.id for scope in actor.scopes(states.RECORD)]
    rows = await fetch(f"select g.organization, count(*) as n {_WAITING} group by 1 order by 1 limit 20", ids)
    return [
        Todo(title=mark("有捐赠人等财政票据"), path=f"/funds/fiscal/{row['organization']}", count=row["n"])
        for row in rows
    ]
