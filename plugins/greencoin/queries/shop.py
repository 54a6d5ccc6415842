"""The shop: what there is, and what is set aside for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.database import fetch, fetch_row, fetch_value
from core.reference import Ref
from plugins.greencoin.errors import ItemNotFound, RedemptionNotFound
from plugins.greencoin.rules import GOODS_FAMILY
from plugins.greencoin.rules.shop import REDEMPTIONS, RESERVED

ITEM = "greencoin.item"
ITEMS_MOST, PAGE_SIZE = 200, 30


@dataclass(frozen=True)
class ItemView:
    """A thing in the shop; `cost` in hundredths of a point."""

    id: int
    scheme_id: int
    organization_id: int
    name: str
    cost: int
    on_shelf: bool
    stock: int

    @property
    def ref(self) -> Ref:
        """The item as the owner of accounts."""
        return Ref(ITEM, self.id)

    @property
    def unit(self) -> str:
        """The unit of its pieces."""
        return f"{GOODS_FAMILY}:{self.id}"

    @property
    def owner(self) -> Ref:
        """The organization that runs the shop."""
        return Ref("organization", self.organization_id)


_ITEMS = """
select i.id, i.scheme as scheme_id, s.organization as organization_id, i.name, i.cost, i.on_shelf,
    coalesce((select b.balance from ledger_balance b where b.owner_kind = 'greencoin.item'
        and b.owner_id = i.id and b.kind = 'greencoin.stock' and b.unit = 'GOODS:' || i.id), 0)::bigint
        as stock
from greencoin_item i join greencoin_scheme s on s.id = i.scheme"""


async def items(scheme_id: int, *, on_shelf_only: bool) -> list[ItemView]:
    """What the shop has, the cheapest first."""
    rows = await fetch(
        f"{_ITEMS} where i.scheme = $1 and (i.on_shelf or not $2) order by i.cost, i.name limit {ITEMS_MOST}",
        scheme_id,
        on_shelf_only,
    )
    return [ItemView(**dict(row)) for row in rows]


async def item(item_id: int, *, lock: bool = False) -> ItemView:
    """One item, its row locked until COMMIT if asked; raises ItemNotFound."""
    if lock:
        await fetch("select from greencoin_item where id = $1 for no key update", item_id)
    row = await fetch_row(f"{_ITEMS} where i.id = $1", item_id)
    if row is None:
        raise ItemNotFound
    return ItemView(**dict(row))


@dataclass(frozen=True)
class RedemptionView:
    """A reservation, or what became of it."""

    id: int
    state: str
    scheme_id: int
    organization_id: int
    passbook_id: int
    number: int
    household_id: int
    person_id: int
    person: str
    item_id: int
    item: str
    quantity: int
    cost: int
    code: str
    reserved_at: datetime
    reserved_until: datetime
    ended_at: datetime | None

    @property
    def ref(self) -> Ref:
        """What its transfers in both units have for a cause."""
        return Ref(REDEMPTIONS.code, self.id)


_REDEMPTIONS = """
select d.id, d.state, d.scheme as scheme_id, s.organization as organization_id, d.passbook as passbook_id,
    k.number, k.household as household_id, d.person as person_id, p.name as person, d.item as item_id,
    i.name as item, d.quantity, d.cost, d.code, d.reserved_at, d.reserved_until, d.ended_at
from greencoin_redemption d
join greencoin_scheme s on s.id = d.scheme
join greencoin_passbook k on k.id = d.passbook
join greencoin_item i on i.id = d.item
join person p on p.id = d.person"""


async def redemption(redemption_id: int, *, lock: bool = False) -> RedemptionView:
    """One reservation, its row locked until COMMIT if asked; raises RedemptionNotFound."""
    row = await fetch_row(
        f"{_REDEMPTIONS} where d.id = $1" + (" for no key update of d" if lock else ""),
        redemption_id,
    )
    if row is None:
        raise RedemptionNotFound
    return RedemptionView(**dict(row))


async def redemptions_of(passbook_id: int, *, before_id: int | None = None) -> list[RedemptionView]:
    """A household's, newest first."""
    rows = await fetch(
        f"{_REDEMPTIONS} where d.passbook = $1 and ($2::bigint is null or d.id < $2)"
        f" order by d.id desc limit {PAGE_SIZE}",
        passbook_id,
        before_id,
    )
    return [RedemptionView(**dict(row)) for row in rows]


async def redemption_with(scheme_id: int, code: str) -> int | None:
    """The reservation that waits under a code."""
    found: int | None = await fetch_value(
        "select id from greencoin_redemption where scheme = $1 and code = $2 and state = $3",
        scheme_id,
        code,
        RESERVED,
    )
    return found


async def waiting(scheme_id: int, *, limit: int) -> list[RedemptionView]:
    """What lies ready in a shop, the first to end first."""
    rows = await fetch(
        f"{_REDEMPTIONS} where d.scheme = $1 and d.state = $2 order by d.reserved_until, d.id limit $3",
        scheme_id,
        RESERVED,
        limit,
    )
    return [RedemptionView(**dict(row)) for row in rows]


async def reserved_already(passbook_id: int, item_id: int) -> int | None:
    """The household's reservation of this item, if one waits."""
    found: int | None = await fetch_value(
        "select id from greencoin_redemption where passbook = $1 and item = $2 and state = $3",
        passbook_id,
        item_id,
        RESERVED,
    )
    return found


async def free_code(scheme_id: int, candidates: Sequence[str]) -> str | None:
    """The first of some codes under which nothing waits in the shop."""
    found: str | None = await fetch_value(
        "select x.code from unnest($2::text[]) with ordinality x(code, n) where not exists ("
        " select from greencoin_redemption d where d.scheme = $1 and d.code = x.code and d.state = $3)"
        " order by x.n limit 1",
        scheme_id,
        list(candidates),
        RESERVED,
    )
    return found
