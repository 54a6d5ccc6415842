"""Agreements with donors, for those donors and the foundation's own people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.database import fetch, fetch_row, fetch_value
from core.funds.rules import states as fund_states
from core.language import mark
from core.manifest import Todo
from core.people.rules import Actor
from core.reference import Ref
from plugins.foundation.errors.agreements import AgreementNotFound
from plugins.foundation.queries.pools import works_there
from plugins.foundation.rules.agreements import DRAFT, SIGNED


@dataclass(frozen=True)
class AgreementView:
    """An agreement; `received_fen` has come by gifts, of goods nothing is money."""

    id: int
    organization_id: int
    organization: str
    fund_id: int
    fund: str
    donor_id: int | None
    donor_name: str
    kind: str
    what: str
    quantity: str
    quality: str
    value_fen: int
    uses: str
    deliver_by: date
    beneficiary_id: int | None
    beneficiary: str | None
    state: str
    drafted_by: int
    drafted_at: datetime
    signed_on: date | None
    signed_by: int | None
    delivered_no: str
    reason: str
    settled_reason: str
    ended_at: datetime | None
    received_fen: int

    @property
    def foundation(self) -> Ref:
        """Where those who keep it hold their roles."""
        return Ref("organization", self.organization_id)


# What came of its gifts, and of those of its pledges, and has not gone back, says a function of the database.
_AGREEMENT = """
select a.id, a.organization as organization_id, o.name as organization, a.fund as fund_id, f.name as fund,
    a.donor as donor_id, a.donor_name, a.kind, a.what, a.quantity, a.quality, a.value_fen, a.uses,
    a.deliver_by, a.beneficiary as beneficiary_id, b.name as beneficiary, a.state, a.drafted_by, a.drafted_at,
    a.signed_on, a.signed_by, a.delivered_no, a.reason, a.settled_reason, a.ended_at,
    foundation_agreement_received(a.id) as received_fen
from foundation_agreement a join organization o on o.id = a.organization join fund f on f.id = a.fund
left join organization b on b.id = a.beneficiary"""


async def agreement(agreement_id: int, *, lock: bool = False) -> AgreementView:
    """The agreement, its row locked until COMMIT if asked; raises AgreementNotFound."""
    if lock:
        await fetch_row("select from foundation_agreement where id = $1 for no key update", agreement_id)
    row = await fetch_row(f"{_AGREEMENT} where a.id = $1", agreement_id)
    if row is None:
        raise AgreementNotFound
    return AgreementView(**dict(row))


def is_staff(organization_id: int, actor: Actor) -> bool:
    """Does the person draft, sign or keep agreements of the foundation?"""
    return works_there(organization_id, actor) or actor.may(
        fund_states.CHECK, Ref("organization", organization_id)
    )


async def agreement_for(agreement_id: int, actor: Actor) -> AgreementView:
    """For the foundation's own people, and for its donor; AgreementNotFound for others."""
    found = await agreement(agreement_id)
    if found.donor_id != actor.person_id and not is_staff(found.organization_id, actor):
        raise AgreementNotFound
    return found


async def may_see_paper(actor: Actor, agreement_id: int) -> bool:
    """May the person see the signed paper?"""
    found = await agreement(agreement_id)
    return found.donor_id == actor.person_id or is_staff(found.organization_id, actor)


async def agreements(organization_id: int, *, before_id: int | None, limit: int) -> list[AgreementView]:
    """A foundation's agreements, newest first."""
    rows = await fetch(
        f"{_AGREEMENT} where a.organization = $1 and ($2::bigint is null or a.id < $2)"
        " order by a.id desc limit $3",
        organization_id,
        before_id,
        limit,
    )
    return [AgreementView(**dict(row)) for row in rows]


@dataclass(frozen=True)
class AgreedGift:
    """A gift that fulfils an agreement, by itself or because it keeps the pledge `pledge_id`."""

    id: int
    receipt_no: str
    received_on: date
    amount_fen: int
    pledge_id: int | None


async def gifts_of(agreement_id: int) -> list[AgreedGift]:
    """The gifts that fulfil it, in the order in which they came."""
    rows = await fetch(
        "select g.id, g.receipt_no, g.received_on, g.amount_fen, min(x.pledge) as pledge_id"
        " from foundation_agreement_gifts($1) x join fund_gift g on g.id = x.gift and g.state = 'counted'"
        " group by g.id order by g.received_on, g.id limit 100",
        agreement_id,
    )
    return [AgreedGift(**dict(row)) for row in rows]


async def pledges_of(agreement_id: int) -> list[int]:
    """The pledges that say by which instalments it is fulfilled."""
    rows = await fetch(
        "select pledge from foundation_agreement_pledge where agreement = $1 order by id limit 20",
        agreement_id,
    )
    return [row["pledge"] for row in rows]


async def free_pledges(found: AgreementView, *, limit: int = 20) -> list[int]:
    """Pledges of the same donor to the same fund that no agreement names, the newest first."""
    rows = await fetch(
        "select p.id from foundation_pledge p where p.fund = $1 and p.state <> 'withdrawn'"
        " and (p.donor = $2 or p.donor is null and $2::bigint is null and p.donor_name = $3)"
        " and not exists (select from foundation_agreement_pledge x where x.pledge = p.id)"
        " order by p.id desc limit $4",
        found.fund_id,
        found.donor_id,
        found.donor_name,
        limit,
    )
    return [row["id"] for row in rows]


async def agreement_of_pledge(pledge_id: int) -> int | None:
    """The agreement that names the pledge, until it has ended."""
    found: int | None = await fetch_value(
        "select x.agreement from foundation_agreement_pledge x join foundation_agreement a"
        " on a.id = x.agreement and a.state <> 'ended' where x.pledge = $1",
        pledge_id,
    )
    return found


async def agreements_of_gifts(gift_ids: Sequence[int]) -> set[int]:
    """The agreements that these gifts fulfil, by themselves or through a pledge."""
    rows = await fetch(
        "select agreement from foundation_agreement_gift where gift = any($1)"
        " union select x.agreement from foundation_pledge_gift g"
        " join foundation_agreement_pledge x on x.pledge = g.pledge where g.gift = any($1)",
        list(gift_ids),
    )
    return {row["agreement"] for row in rows}


@dataclass(frozen=True)
class LargeGift:
    """A gift for which there should be an agreement."""

    id: int
    fund: str
    receipt_no: str
    received_on: date
    amount_fen: int


async def without_agreement(organization_id: int, from_fen: int, *, limit: int) -> list[LargeGift]:
    """The newest large gifts that no agreement names."""
    rows = await fetch(
        "select g.id, f.name as fund, g.receipt_no, g.received_on, g.amount_fen from fund_gift g"
        " join fund f on f.id = g.fund where g.organization = $1 and g.state = 'counted'"
        " and g.method <> 'online' and g.amount_fen >= $2"
        " and not exists (select from foundation_agreement_gift x where x.gift = g.id)"
        " and not exists (select from foundation_pledge_gift y join foundation_agreement_pledge z"
        " on z.pledge = y.pledge where y.gift = g.id)"
        " order by g.id desc limit $3",
        organization_id,
        from_fen,
        limit,
    )
    return [LargeGift(**dict(row)) for row in rows]


async def is_related(donor_id: int | None, organization_id: int) -> bool:
    """Does the donor, or somebody of the household, hold a role at the organization?"""
    return bool(
        await fetch_value(
            """
            select exists (select from role_grant g
            where g.scope_kind = 'organization' and g.scope_id = $2 and g.revoked_at is null
                and (g.ends_on is null or g.ends_on >= $3)
                and (g.person = $1 or g.person in (select b.person from household_member a
                    join household_member b on b.household = a.household and b.left_on is null
                    where a.person = $1 and a.left_on is null)))""",
            donor_id,
            organization_id,
            clock.today(),
        )
    )


async def todos(actor: Actor) -> list[Todo]:
    """Drafts of others to be signed, and agreements whose day of delivery has passed."""
    rows = await fetch(
        "select id, donor_name, deliver_by, state from foundation_agreement"
        " where (state = $1 and organization = any($2) and drafted_by <> $3)"
        " or (state = $4 and organization = any($5) and deliver_by < $6) order by deliver_by, id limit 10",
        DRAFT,
        _places(actor, fund_states.CHECK),
        actor.person_id,
        SIGNED,
        _places(actor, fund_states.RECORD),
        clock.today(),
    )
    to_sign, late = mark("等您核对签订捐赠协议"), mark("捐赠协议的交付日期过了，请联系捐赠人")
    return [
        Todo(
            title=to_sign if row["state"] == DRAFT else late,
            path=f"/foundation/agreements/{row['id']}",
            due_at=clock.end_of(row["deliver_by"]),
        )
        for row in rows
    ]


def _places(actor: Actor, permission: str) -> Sequence[int]:
    return [scope.id for scope in actor.scopes(permission) if scope.kind == "organization"]
