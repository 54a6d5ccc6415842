"""What foundations know of a person, for the person's own copy."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.database import fetch
from core.language import mark
from core.manifest import PersonalData


@dataclass(frozen=True)
class _Part:
    """`sql` reads the rows of the person $1."""

    name: str
    title: str
    columns: Mapping[str, str]
    sql: str


_ID, _WHEN, _STATE = mark("编号"), mark("时间"), mark("状态")
_PARTS = (
    _Part(
        "foundation.invitations",
        mark("可以定向募捐的名单"),
        {"id": _ID, "campaign": mark("募捐活动"), "capacity": mark("身份"), "invited_at": _WHEN},
        "select i.id, c.title as campaign, i.capacity, i.invited_at from foundation_campaign_invited i"
        " join foundation_campaign c on c.id = i.campaign where i.person = $1",
    ),
    _Part(
        "foundation.sponsored",
        mark("我出资的配捐池"),
        {"id": _ID, "title": mark("配捐池"), "sponsor_name": mark("出资方"), "state": _STATE},
        "select id, title, sponsor_name, state from foundation_pool where sponsor_person = $1",
    ),
    _Part(
        "foundation.matches",
        mark("给我的捐赠配捐"),
        {"id": _ID, "title": mark("配捐池"), "gift": mark("捐赠编号"), "amount_fen": mark("金额 (分)")},
        "select m.id, p.title, m.gift, m.amount_fen from foundation_pool_match m"
        " join foundation_pool p on p.id = m.pool where m.donor = $1",
    ),
    _Part(
        "foundation.agreements",
        mark("我的捐赠协议"),
        {
            "id": _ID,
            "organization": mark("受赠方"),
            "fund": mark("基金"),
            "what": mark("是什么"),
            "quantity": mark("数量"),
            "uses": mark("用途"),
            "amount_fen": mark("金额 (分)"),
            "received_fen": mark("已经到账 (分)"),
            "deliver_by": mark("交付日期"),
            "signed_on": mark("签订日期"),
            "state": _STATE,
            "reason": mark("理由"),
            "ended_at": mark("结束时间"),
        },
        "select a.id, o.name as organization, f.name as fund, a.what, a.quantity, a.uses,"
        " a.value_fen as amount_fen, foundation_agreement_received(a.id) as received_fen, a.deliver_by,"
        " a.signed_on, a.state, a.reason || a.settled_reason as reason, a.ended_at"
        " from foundation_agreement a join organization o on o.id = a.organization"
        " join fund f on f.id = a.fund where a.donor = $1",
    ),
    _Part(
        "foundation.pledges",
        mark("我的认捐"),
        {
            "id": _ID,
            "fund": mark("基金"),
            "donor_name": mark("认捐人"),
            "total_fen": mark("金额 (分)"),
            "promised_on": mark("认捐日期"),
            "state": _STATE,
        },
        "select p.id, f.name as fund, p.donor_name, p.total_fen, p.promised_on, p.state"
        " from foundation_pledge p join fund f on f.id = p.fund where p.donor = $1",
    ),
    _Part(
        "foundation.entries",
        mark("我经手的基金会收支"),
        {"id": _ID, "what": mark("是什么"), "voucher_no": mark("凭证号"), "state": _STATE},
        "select id, what, voucher_no, state from foundation_entry"
        " where $1 in (recorded_by, confirmed_by, reversed_by)",
    ),
    _Part(
        "foundation.disclosures",
        mark("我记下的公开"),
        {"id": _ID, "link": mark("网址"), "note": mark("说明"), "published_at": _WHEN},
        "select id, link, note, published_at from foundation_disclosure where published_by = $1",
    ),
)


async def personal_data(person_id: int) -> list[PersonalData]:
    """Lists that name the person, money given or matched, and work done in the books."""
    found = []
    for part in _PARTS:  # five statements whatever there is
        rows = await fetch(f"{part.sql} order by 1 desc limit 10000", person_id)
        if rows:
            told = [dict(row) for row in rows]
            found.append(PersonalData(name=part.name, title=part.title, columns=part.columns, rows=told))
    return found
