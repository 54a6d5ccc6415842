"""Which accounts of 绿币 move. Pure.

Points (`GREEN:<scheme>`): the scheme issues them (no floor: minus is what was ever issued), a household
holds them as lots with their last day, a reservation holds what it costs; given away for goods, or
expired, they end with the scheme. Pieces (`GOODS:<item>`): from the supplier to the shelf, set aside,
handed over. What moves in both units has one cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.ledger.rules import Draw, Entry, Receive, Transfer
from core.reference import Ref
from plugins.greencoin.rules import CORRECTION, COUNTED, LAPSE, REDEEM, RELEASE, RESERVE, SETTLE, STOCKED


@dataclass(frozen=True)
class Purse:
    """The accounts of a household in a scheme, and the scheme's own that issues."""

    unit: str
    issued: int
    points: int
    debt: int


def award(
    purse: Purse,
    *,
    reason: str,
    claim: Ref,
    cause: Ref,
    evidence_id: int,
    debt_paid: int,
    left: int,
    expires_on: date,
    at: datetime,
) -> Transfer:
    """Points that were earned; a debt is paid first. The lot remembers its claim."""
    received = Receive(expires_on=expires_on, origin=claim)
    return Transfer(
        key=f"greencoin:awarded:{claim.id}",
        unit=purse.unit,
        reason=reason,
        cause=cause,
        evidence_id=evidence_id,
        occurred_at=at,
        entries=(
            Entry(purse.issued, -(debt_paid + left)),
            *((Entry(purse.debt, debt_paid),) if debt_paid else ()),
            *((Entry(purse.points, left, received),) if left else ()),
        ),
    )


def take_back(purse: Purse, *, claim: Ref, there: int, spent: int, at: datetime) -> Transfer:
    """A wrong award of which something is spent: what is there goes back, the rest becomes a debt."""
    return Transfer(
        key=f"greencoin:taken_back:{claim.id}",
        unit=purse.unit,
        reason=CORRECTION,
        cause=claim,
        occurred_at=at,
        entries=(
            *((Entry(purse.points, -there, Draw(way="any", origin=claim)),) if there else ()),
            Entry(purse.debt, -spent),
            Entry(purse.issued, there + spent),
        ),
    )


def lapse(unit: str, *, account: int, passbook: Ref, lapsed: int, amount: int, at: datetime) -> Transfer:
    """Points whose last day is over."""
    return Transfer(
        key=f"greencoin:lapsed:{passbook.id}:{at.date().isoformat()}",
        unit=unit,
        reason=LAPSE,
        cause=passbook,
        occurred_at=at,
        entries=(Entry(account, -amount, Draw(way="expired")), Entry(lapsed, amount)),
    )


@dataclass(frozen=True)
class Shelf:
    """What a redemption moves: points of a household and pieces of an item, each with its hold."""

    points_unit: str
    points: int
    held: int
    redeemed: int
    goods_unit: str
    stock: int
    set_aside: int
    given: int


def _both(
    word: str, reason: str, cause: Ref, at: datetime, legs: Sequence[tuple[str, tuple[Entry, ...]]]
) -> list[Transfer]:
    return [
        Transfer(
            key=f"greencoin:{word}:{cause.id}:{unit}",
            unit=unit,
            reason=reason,
            cause=cause,
            occurred_at=at,
            entries=entries,
        )
        for unit, entries in legs
    ]


def reserve(shelf: Shelf, *, cause: Ref, cost: int, quantity: int, at: datetime) -> list[Transfer]:
    """The oldest points that still hold, and pieces from the shelf, are set aside."""
    points = Entry(shelf.points, -cost, Draw()), Entry(shelf.held, cost)
    pieces = Entry(shelf.stock, -quantity), Entry(shelf.set_aside, quantity)
    return _both("reserved", RESERVE, cause, at, [(shelf.points_unit, points), (shelf.goods_unit, pieces)])


def release(shelf: Shelf, *, cause: Ref, cost: int, quantity: int, at: datetime) -> list[Transfer]:
    """Both come back, the points with their age."""
    points = Entry(shelf.held, -cost, Draw(way="return")), Entry(shelf.points, cost)
    pieces = Entry(shelf.set_aside, -quantity), Entry(shelf.stock, quantity)
    return _both("released", RELEASE, cause, at, [(shelf.points_unit, points), (shelf.goods_unit, pieces)])


def hand_over(shelf: Shelf, *, cause: Ref, cost: int, quantity: int, at: datetime) -> list[Transfer]:
    """The pieces are the household's, the points the scheme's again."""
    points = Entry(shelf.held, -cost, Draw(way="any")), Entry(shelf.redeemed, cost)
    pieces = Entry(shelf.set_aside, -quantity), Entry(shelf.given, quantity)
    return _both("handed_over", REDEEM, cause, at, [(shelf.points_unit, points), (shelf.goods_unit, pieces)])


def settle(purse: Purse, *, cause: Ref, amount: int, at: datetime) -> Transfer:
    """What has come back pays a debt at once."""
    return Transfer(
        key=f"greencoin:settled:{cause.id}",
        unit=purse.unit,
        reason=SETTLE,
        cause=cause,
        occurred_at=at,
        entries=(Entry(purse.points, -amount, Draw(way="any")), Entry(purse.debt, amount)),
    )


def stock(
    unit: str,
    *,
    item: Ref,
    stocking_id: int,
    supply: int,
    shelf: int,
    change: int,
    counted: bool,
    at: datetime,
) -> Transfer:
    """Pieces that came, or what a count found."""
    return Transfer(
        key=f"greencoin:stock:{stocking_id}",
        unit=unit,
        reason=COUNTED if counted else STOCKED,
        cause=item,
        occurred_at=at,
        entries=(Entry(supply, -change), Entry(shelf, change)),
    )
