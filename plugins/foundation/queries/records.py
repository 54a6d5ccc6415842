"""What foundations give to a donor's copy of what was given (慈善法 42)."""

from collections.abc import Mapping
from typing import Any

from core.database import fetch
from core.funds.queries.traces import trace_gifts
from core.language import mark, translate
from core.manifest import GiftRecords
from core.reference import Ref
from plugins.foundation.rules import agreements, disclosures
from plugins.foundation.rules.pledges import PLEDGES

_GIFT, _FEN, _STATE = mark("捐赠编号"), mark("金额 (元)"), mark("状态")
_CAMPAIGNS = """
select x.gift, c.id, c.title, c.filing_no, c.begins_on, c.ends_on from foundation_campaign_gift x
join foundation_campaign c on c.id = x.campaign where x.gift = any($1) order by x.gift"""
_MATCHES = """
select m.gift, p.title, m.amount_fen, m.returned_fen from foundation_pool_match m
join foundation_pool p on p.id = m.pool where m.gift = any($1) order by m.id"""
# Only those of the gift's own donor: whose name it is, the copy says already.
_AGREEMENTS = """
select x.gift, a.id, a.what, a.kind, a.quantity, a.quality, a.value_fen, a.uses, a.deliver_by, a.state,
    a.signed_on, a.delivered_no, a.reason, a.settled_reason, a.ended_at,
    foundation_agreement_received(a.id) as received_fen
from (select agreement, gift from foundation_agreement_gift where gift = any($1)
    union select p.agreement, y.gift from foundation_pledge_gift y
    join foundation_agreement_pledge p on p.pledge = y.pledge where y.gift = any($1)) x
join foundation_agreement a on a.id = x.agreement join fund_gift g on g.id = x.gift
where (a.donor = g.donor or a.donor is null and a.donor_name = g.donor_name)
order by a.id, x.gift"""
_PLEDGES = """
select x.gift, p.id, p.total_fen, p.promised_on, p.state from foundation_pledge_gift x
join foundation_pledge p on p.id = x.pledge join fund_gift g on g.id = x.gift
where x.gift = any($1) and (p.donor = g.donor or p.donor is null and p.donor_name = g.donor_name)
order by p.id, x.id"""
# Since the first of the gifts was counted.
_PUBLICATIONS = """
select p.year, p.quarter, p.opening_fen, p.income_fen, p.uses_fen, p.published_at
from foundation_publication p join (
    select organization, min(counted_at) as since from fund_gift where id = any($1) group by 1) g
    on g.organization = p.organization and p.published_at >= g.since
order by p.year, p.quarter"""
_DISCLOSURES = """
select d.id, d.kind, d.key, d.link, d.note, d.is_correction, d.published_at
from foundation_disclosure d join (
    select organization, min(counted_at) as since from fund_gift where id = any($1) group by 1) g
    on g.organization = d.organization and d.published_at >= g.since
where d.kind in ('report', 'annual') or (d.kind = 'project' and d.key = any($2))
order by d.id limit 1000"""


async def records(gift_ids: list[int], is_own: bool) -> list[GiftRecords]:
    """Campaigns, what others added, and what was made public; to the donor also what was agreed."""
    uses = await trace_gifts(gift_ids)
    projects = sorted({str(part.project_id) for part in uses if part.project_id})
    found = [
        await _read("campaigns", mark("募捐活动"), _CAMPAIGN_COLUMNS, _CAMPAIGNS, gift_ids),
        await _read("matches", mark("配捐"), _MATCH_COLUMNS, _MATCHES, gift_ids),
        await _read("publications", mark("按季度公开"), _PUBLICATION_COLUMNS, _PUBLICATIONS, gift_ids),
        await _read("disclosures", mark("公开记录"), _DISCLOSURE_COLUMNS, _DISCLOSURES, gift_ids, projects),
    ]
    if is_own:
        found += [
            await _read("agreements", mark("捐赠协议"), _AGREEMENT_COLUMNS, _AGREEMENTS, gift_ids),
            await _read("pledges", mark("认捐"), _PLEDGE_COLUMNS, _PLEDGES, gift_ids),
        ]
    return found


async def _read(name: str, title: str, columns: Mapping[str, str], sql: str, *args: list[Any]) -> GiftRecords:
    rows = [_worded(name, dict(row)) for row in await fetch(sql, *args)]
    papers = sorted({row["id"] for row in rows}) if name == "agreements" else []
    return GiftRecords(
        name=f"foundation.{name}",
        title=title,
        columns=columns,
        rows=rows,
        files=[Ref(agreements.AGREEMENT, one) for one in papers],
    )


def _worded(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """With words beside codes."""
    if name == "agreements":
        row["state_shown"] = translate(agreements.AGREEMENTS.state(row["state"]).title)
    elif name == "pledges":
        row["state_shown"] = translate(PLEDGES.state(row["state"]).title)
    elif name == "disclosures":
        row["kind_shown"] = translate(disclosures.KINDS[row["kind"]])
    return row


_CAMPAIGN_COLUMNS = {"gift": _GIFT, "title": mark("募捐活动"), "filing_no": mark("备案编号")}
_MATCH_COLUMNS = {"gift": _GIFT, "title": mark("配捐池"), "amount_fen": _FEN}
_PUBLICATION_COLUMNS = {
    "year": mark("年"),
    "quarter": mark("季度"),
    "income_fen": mark("收入 (元)"),
    "uses_fen": mark("支出 (元)"),
    "published_at": mark("公开时间"),
}
_DISCLOSURE_COLUMNS = {
    "kind_shown": mark("公开什么"),
    "link": mark("网址"),
    "note": mark("说明"),
    "published_at": mark("公开时间"),
}
_AGREEMENT_COLUMNS = {
    "gift": _GIFT,
    "what": mark("是什么"),
    "value_fen": mark("价值 (元)"),
    "uses": mark("用途"),
    "deliver_by": mark("交付日期"),
    "signed_on": mark("签订日期"),
    "state_shown": _STATE,
}
_PLEDGE_COLUMNS = {
    "gift": _GIFT,
    "total_fen": _FEN,
    "promised_on": mark("认捐日期"),
    "state_shown": _STATE,
}
