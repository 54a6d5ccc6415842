"""Many at once: the funds that a foundation already has, and the gifts of its book."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core import clock
from core.audit.services import record_audit
from core.database import current_unit, fetch, unit_of_work
from core.events.services import record_event
from core.funds import postings, rules
from core.funds.errors import FundNotFound
from core.funds.queries import funds, refunds
from core.funds.queries.funds import FundView
from core.funds.rules import GiftDraft, states
from core.funds.rules.agreements import Terms
from core.funds.services.agreements import write_brought_along
from core.funds.services.gifts import donors_account, fund_account, row_of, tell_counted
from core.funds.services.receipts import void_receipts
from core.ledger import services as ledger
from core.manifest import Thing
from core.organizations import queries as organizations
from core.people.rules import Actor
from core.reference import Ref
from core.search.services import index_things

_GIFT_COLUMNS = (
    ("fund", "bigint"), ("organization", "bigint"), ("purpose", "bigint"), ("donor", "bigint"),
    ("donor_name", "text"), ("nickname", "text"), ("display", "text"), ("amount_fen", "bigint"),
    ("method", "text"), ("receipt_no", "text"), ("received_on", "date"), ("trace_code", "text"),
    ("recorded_by", "bigint"), ("recorded_at", "timestamptz"), ("state", "text"),
    ("counted_at", "timestamptz"),
)  # fmt: skip


@dataclass(frozen=True)
class NewFund:
    """A fund that a foundation already runs, with its purposes and the agreement in its file."""

    name: str
    summary: str
    purposes: Sequence[str]
    agreement: Terms | None = None


async def import_funds(organization_id: int, new: Sequence[NewFund], *, actor: Actor) -> list[int]:
    """Take over funds as they are: open, with their purposes. Returns their ids, in order."""
    actor.require(states.RUN, Ref(organizations.OWNER, organization_id))
    foundation = await organizations.organization(organization_id)
    rules.check_keeper(foundation.kind)
    for one in new:
        rules.check_name(one.name, foundation.name)
    async with unit_of_work() as unit:
        rows = await unit.connection.fetch(
            "insert into fund (organization, region, name, summary, state, founded_at)"
            " select $1, $2, name, summary, 'open', $5 from unnest($3::text[], $4::text[])"
            " as new (name, summary) returning id",
            organization_id,
            foundation.region_id,
            [one.name for one in new],
            [one.summary for one in new],
            clock.now(),
        )
        ids = [row["id"] for row in rows]
        pairs = [(id_, title) for id_, one in zip(ids, new, strict=True) for title in one.purposes]
        await unit.connection.executemany("insert into fund_purpose (fund, title) values ($1, $2)", pairs)
        agreed = {id_: one.agreement for id_, one in zip(ids, new, strict=True) if one.agreement}
        await write_brought_along(agreed, by=actor.person_id)
        for id_ in ids:
            record_audit("fund.founded", Ref(rules.FUND, id_), actor_id=actor.person_id)
        named = zip(ids, new, strict=True)
        things = [Thing(id=id_, name=one.name, path=f"/funds/{id_}") for id_, one in named]
        await index_things(rules.FUND, things)
        return ids


async def import_gifts(
    foundation_id: int, drafts: Sequence[tuple[int, GiftDraft]], *, actor: Actor
) -> list[int]:
    """Record (fund id, gift) by (fund id, gift) of one foundation, all or none, and return their ids.

    For gifts that one person may record alone; raises what `record_gift` raises, ValueError for others.
    """
    actor.require(states.RECORD, Ref(organizations.OWNER, foundation_id))
    async with unit_of_work():
        known = await funds.funds_of(foundation_id, stay=True)
        alone_fen = (await funds.terms(foundation_id))[rules.ALONE]
        for fund_id, draft in drafts:
            _check(known, fund_id, draft, alone_fen)
        counted = {"state": states.COUNTED, "counted_at": clock.now()}
        rows = [row_of(known[fund_id], draft, actor) | counted for fund_id, draft in drafts]
        ids = await insert_gifts(rows)
        await _post(ids, drafts, foundation_id, actor)
        tell_counted(ids)
        return ids


def _check(known: dict[int, FundView], fund_id: int, draft: GiftDraft, alone_fen: int) -> None:
    if fund_id not in known:
        raise FundNotFound
    rules.check_takes_gifts(known[fund_id].state)
    rules.check_draft(draft, clock.today())
    if rules.needs_second(draft.amount_fen, alone_fen):
        raise ValueError("a gift above the limit is recorded by itself")


async def insert_gifts(rows: Sequence[dict[str, Any]]) -> list[int]:
    """New rows of gifts that count already; returns their ids, in order."""
    columns = {name: [row[name] for row in rows] for name, _ in _GIFT_COLUMNS}
    places = ", ".join(f"${n}::{kind}[]" for n, (_, kind) in enumerate(_GIFT_COLUMNS, 1))
    names = ", ".join(columns)
    rows = await current_unit().connection.fetch(
        f"insert into fund_gift ({names}) select * from unnest({places}) returning id", *columns.values()
    )
    return [row["id"] for row in rows]


async def take_back(gift_ids: Sequence[int], *, actor_id: int) -> bool:
    """Gifts of one foundation that were counted by mistake go back whole, in the caller's unit of work.

    False, and nothing moves, where a part of one is used, set aside, bound elsewhere or has gone back.
    """
    rows = await fetch(
        "select id, organization, amount_fen from fund_gift where id = any($1) and state = 'counted'"
        " order by id for no key update",
        list(gift_ids),
    )
    left = await refunds.left_of_gifts(gift_ids)
    if any(sum(left[row["id"]].values()) != row["amount_fen"] for row in rows):
        return False
    now = clock.now()
    await fetch(
        "update fund_gift set returned_fen = amount_fen, returned_at = $2 where id = any($1)",
        list(gift_ids),
        now,
    )
    await void_receipts(list(gift_ids))
    donors = await donors_account(rows[0]["organization"])
    for row in rows:
        gift_id, amount_fen = row["id"], row["amount_fen"]
        record_audit(
            "fund_gift.taken_back", Ref(rules.GIFT, gift_id), actor_id=actor_id, amount_fen=amount_fen
        )
        record_event("fund_gift_refunded", Ref(rules.GIFT, gift_id), gift_id=gift_id)
        ledger.post(
            postings.back_to_sponsor(
                gift_id,
                left=left[gift_id],
                sponsor=donors,
                amount_fen=amount_fen,
                total_fen=amount_fen,
                at=now,
            )
        )
    return True


async def _post(
    ids: Sequence[int],
    drafts: Sequence[tuple[int, GiftDraft]],
    foundation_id: int,
    actor: Actor,
) -> None:
    donors = await donors_account(foundation_id)
    accounts = {fund_id: await fund_account(fund_id) for fund_id in {fund_id for fund_id, _ in drafts}}
    for gift_id, (fund_id, draft) in zip(ids, drafts, strict=True):
        ref = Ref(rules.GIFT, gift_id)
        facts = {"amount_fen": draft.amount_fen}
        record_audit("fund_gift.counted", ref, actor_id=actor.person_id, **facts)
        ledger.post(
            postings.gift(
                gift_id,
                purpose_id=draft.purpose_id,
                donors=donors,
                fund=accounts[fund_id],
                amount_fen=draft.amount_fen,
                at=clock.now(),
            )
        )
