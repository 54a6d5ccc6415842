"""The shop: what stands in it, what is set aside for a household, and what it takes."""

import secrets

from core import clock
from core.audit.services import advance, record_audit
from core.database import unit_of_work
from core.jobs.services import add_job
from core.language import mark
from core.ledger import services as ledger
from core.notifications.services import notify
from core.people.rules import Actor
from core.people.services import lock_household
from core.reference import Ref
from plugins.greencoin import postings, rules
from plugins.greencoin.errors import CodeUnknown, ItemNotFound, RedemptionNotFound, SchemeNotFound
from plugins.greencoin.postings import Purse, Shelf
from plugins.greencoin.queries import points, schemes, shop
from plugins.greencoin.queries.schemes import SchemeView
from plugins.greencoin.queries.shop import ItemView, RedemptionView
from plugins.greencoin.rules import claims as claim_rules
from plugins.greencoin.rules import shop as shop_rules
from plugins.greencoin.rules.shop import REDEMPTIONS
from plugins.greencoin.services.schemes import passbook_for
from plugins.greencoin.tables import Item, Redemption, Stocking

EXPIRE = "greencoin.expire_redemption"


async def add_item(scheme_id: int, name: str, *, cost: int, actor: Actor) -> int:
    """Put a new thing on the shelf and return its id; an item of that name is changed instead."""
    async with unit_of_work() as unit:
        scheme = await schemes.scheme(scheme_id)
        actor.require(rules.MANAGE, scheme.owner)
        item_id: int = await unit.connection.fetchval(
            "insert into greencoin_item (scheme, name, cost, on_shelf, made_at) values ($1, $2, $3, true, $4)"
            " on conflict (scheme, name) do update set cost = excluded.cost, on_shelf = true returning id",
            scheme_id,
            name,
            cost,
            clock.now(),
        )
        await ledger.open_unit(rules.GOODS_FAMILY, item_id)
        record_audit("greencoin.item_set", Ref(shop.ITEM, item_id), actor_id=actor.person_id, cost=cost)
        return item_id


async def take_off_shelf(item_id: int, *, actor: Actor) -> None:
    """Give the item out no more; what is reserved is still handed over. Raises ItemNotFound."""
    async with unit_of_work():
        item = await _item_for(rules.MANAGE, item_id, actor)
        await Item.update({Item.on_shelf: False}).where(Item.id == item.id)
        record_audit("greencoin.item_off", item.ref, actor_id=actor.person_id)


async def change_stock(
    item_id: int, change: int, *, reason: str, counted: bool = False, actor: Actor
) -> None:
    """Pieces came, or a count found more or fewer; raises ItemNotFound, ReasonMissing, StockTooLow."""
    reason = rules.check_reason(reason)
    async with unit_of_work():
        item = await _item_for(rules.KEEP_SHOP, item_id, actor)
        shop_rules.check_stock_change(change, item.stock)
        stocking = Stocking(
            item=item_id, change=change, reason=reason, made_by=actor.person_id, made_at=clock.now()
        )
        await stocking.save()
        ledger.post(
            postings.stock(
                item.unit,
                item=item.ref,
                stocking_id=stocking.id,
                supply=await ledger.open_account(item.ref, kind=rules.SUPPLY, unit=item.unit),
                shelf=await ledger.open_account(item.ref, kind=rules.STOCK, unit=item.unit),
                change=change,
                counted=counted,
                at=clock.now(),
            )
        )
        record_audit("greencoin.stock_changed", item.ref, actor_id=actor.person_id, change=change)


async def _item_for(permission: str, item_id: int, actor: Actor) -> ItemView:
    """The item, its row locked, for those who work in its shop; raises ItemNotFound."""
    item = await shop.item(item_id, lock=True)
    if not actor.may(permission, item.owner):
        raise ItemNotFound
    return item


async def reserve(item_id: int, *, quantity: int, actor: Actor) -> int:
    """Set pieces and points aside for the actor's household and return the redemption's id.

    The second click returns the first one's. Raises HouseholdElsewhere, ItemOffShelf, OutOfStock,
    NotEnoughPoints, DebtFirst.
    """
    household_id = actor.require_household()
    async with unit_of_work():
        item = await shop.item(item_id)
        scheme = await schemes.scheme(item.scheme_id)
        passbook = await passbook_for(scheme, household_id)
        if first := await shop.reserved_already(passbook.id, item_id):
            return first
        item = await shop.item(item_id, lock=True)
        has = await points.holding(scheme, household_id, clock.today())
        cost = item.cost * quantity
        shop_rules.check_reservation(
            item.name,
            on_shelf=item.on_shelf,
            stock=item.stock,
            quantity=quantity,
            cost=cost,
            usable=has.usable,
            debt=has.debt,
        )
        now, hold = clock.now(), (await schemes.terms(scheme)).hold
        redemption = Redemption(
            scheme=scheme.id,
            passbook=passbook.id,
            person=actor.person_id,
            item=item_id,
            quantity=quantity,
            cost=cost,
            code=await _new_code(scheme.id),
            reserved_at=now,
            reserved_until=now + hold,
        )
        await redemption.save()
        found = await shop.redemption(redemption.id)
        shelf = await _shelf(scheme, found)
        for transfer in postings.reserve(shelf, cause=found.ref, cost=cost, quantity=quantity, at=now):
            ledger.post(transfer)
        record_audit("greencoin.reserved", found.ref, actor_id=actor.person_id)
        key = f"{EXPIRE}:{found.id}"
        add_job(EXPIRE, {"redemption_id": found.id}, due_at=found.reserved_until, key=key)
        return found.id


async def _new_code(scheme_id: int) -> str:
    candidates = [f"{secrets.randbelow(10**6):06}" for _ in range(20)]
    return await shop.free_code(scheme_id, candidates) or candidates[0]


async def _shelf(scheme: SchemeView, found: RedemptionView) -> Shelf:
    item, goods = Ref(shop.ITEM, found.item_id), f"{rules.GOODS_FAMILY}:{found.item_id}"
    household = Ref("household", found.household_id)
    return Shelf(
        points_unit=scheme.unit,
        points=await ledger.open_account(household, kind=rules.POINTS, unit=scheme.unit),
        held=await ledger.open_account(found.ref, kind=rules.HELD, unit=scheme.unit),
        redeemed=await ledger.open_account(scheme.ref, kind=rules.REDEEMED, unit=scheme.unit),
        goods_unit=goods,
        stock=await ledger.open_account(item, kind=rules.STOCK, unit=goods),
        set_aside=await ledger.open_account(found.ref, kind=rules.SET_ASIDE, unit=goods),
        given=await ledger.open_account(item, kind=rules.GIVEN, unit=goods),
    )


async def cancel_redemption(redemption_id: int, *, actor: Actor) -> None:
    """Give a reservation of the own household up; raises RedemptionNotFound or WrongState."""
    async with unit_of_work():
        found = await shop.redemption(redemption_id)
        if found.household_id != actor.household_id:
            raise RedemptionNotFound
        await _give_back(found, "greencoin.redemption_cancelled", actor_id=actor.person_id)


async def expire_redemption(redemption_id: int) -> None:
    """Its time is over, in the unit of work of its job: both come back, unless it was taken meanwhile."""
    found = await shop.redemption(redemption_id)
    if found.state != shop_rules.RESERVED or shop_rules.is_in_time(found, clock.now()):
        return
    await _give_back(found, "greencoin.redemption_expired", actor_id=None)
    notify(
        found.person_id,
        title=mark("预留的商品没有领取"),
        body=mark("%(item)s 的预留时间已过，%(points)s 分已经退回您家的存折。"),
        path="/greencoin/mine",
        item=found.item,
        points=rules.show_points(found.cost),
    )


async def _give_back(found: RedemptionView, code: str, *, actor_id: int | None) -> None:
    await lock_household(found.household_id)
    found = await shop.redemption(found.id, lock=True)
    REDEMPTIONS.check(code, found, clock.now())
    scheme = await schemes.scheme(found.scheme_id)
    shelf, now = await _shelf(scheme, found), clock.now()
    for transfer in postings.release(
        shelf, cause=found.ref, cost=found.cost, quantity=found.quantity, at=now
    ):
        ledger.post(transfer)
    debts = await points.debts(scheme.unit, [found.household_id])
    debt_account, debt = debts.get(found.household_id, (0, 0))
    if debt:
        issued = await ledger.open_account(scheme.ref, kind=rules.ISSUED, unit=scheme.unit)
        purse = Purse(scheme.unit, issued, shelf.points, debt_account)
        paid, _ = claim_rules.settled_debt(found.cost, debt)
        ledger.post(postings.settle(purse, cause=found.ref, amount=paid, at=now))
    await advance(REDEMPTIONS, code, found.id, actor_id=actor_id, ended_at=now)


async def find_reservation(scheme_id: int, code: str, *, actor: Actor) -> RedemptionView:
    """What waits under the code in the keeper's shop; raises SchemeNotFound or CodeUnknown."""
    scheme = await schemes.scheme(scheme_id)
    if not actor.may(rules.KEEP_SHOP, scheme.owner):
        raise SchemeNotFound
    redemption_id = await shop.redemption_with(scheme_id, code)
    if redemption_id is None:
        raise CodeUnknown
    return await shop.redemption(redemption_id)


async def hand_over(scheme_id: int, code: str, *, actor: Actor) -> int:
    """Give what is reserved under the code to who shows it; returns the redemption's id.

    Raises SchemeNotFound, CodeUnknown, OwnHousehold, ReservationOver, WrongState.
    """
    async with unit_of_work():
        seen = await find_reservation(scheme_id, code, actor=actor)
        found = await shop.redemption(seen.id, lock=True)
        claim_rules.check_other_household(found.household_id, actor.household_id)
        now = clock.now()
        REDEMPTIONS.check("greencoin.handed_over", found, now)
        shelf = await _shelf(await schemes.scheme(scheme_id), found)
        for transfer in postings.hand_over(
            shelf, cause=found.ref, cost=found.cost, quantity=found.quantity, at=now
        ):
            ledger.post(transfer)
        await advance(
            REDEMPTIONS,
            "greencoin.handed_over",
            found.id,
            actor_id=actor.person_id,
            handed_by=actor.person_id,
            ended_at=now,
        )
        return found.id
