"""What the plugin knows of one person, and what stands against the end of the account."""

from core.database import fetch
from core.language import mark
from core.manifest import PersonalData
from plugins.greencoin.errors import ClaimsUnderWay

_CLAIMS = """
select c.id, r.behaviour as rule, c.quantity, c.happened_on, c.words, c.points, c.state, c.reason,
    c.submitted_at
from greencoin_claim c join greencoin_rule r on r.id = c.rule
where c.person = $1 order by c.id desc limit 10000"""
_CLAIM_COLUMNS = {
    "id": mark("编号"),
    "rule": mark("做了什么"),
    "quantity": mark("数量"),
    "happened_on": mark("日期"),
    "words": mark("说明"),
    "points": mark("绿币（百分之一）"),
    "state": mark("状态"),
    "reason": mark("原因"),
    "submitted_at": mark("申报时间"),
}
_REDEMPTIONS = """
select r.id, i.name as item, r.quantity, r.cost, r.state, r.reserved_at, r.ended_at
from greencoin_redemption r join greencoin_item i on i.id = r.item
where r.person = $1 order by r.id desc limit 10000"""
_REDEMPTION_COLUMNS = {
    "id": mark("编号"),
    "item": mark("物品"),
    "quantity": mark("数量"),
    "cost": mark("绿币（百分之一）"),
    "state": mark("状态"),
    "reserved_at": mark("预留时间"),
    "ended_at": mark("结束时间"),
}


async def check_nothing_under_way(person_id: int) -> None:
    """Raise ClaimsUnderWay for claims that are not decided and goods that are set aside."""
    rows = await fetch(
        "select from greencoin_claim where person = $1"
        " and state in ('submitted', 'verified', 'in_review', 'publicised', 'uncredited')"
        " union all select from greencoin_redemption where person = $1 and state = 'reserved' limit 1",
        person_id,
    )
    if rows:
        raise ClaimsUnderWay


async def personal_data(person_id: int) -> list[PersonalData]:
    """What the person has claimed for the household, and what was set aside in the shop."""
    found = (
        ("greencoin.claims", mark("绿币申报"), _CLAIM_COLUMNS, await fetch(_CLAIMS, person_id)),
        (
            "greencoin.redemptions",
            mark("小店兑换"),
            _REDEMPTION_COLUMNS,
            await fetch(_REDEMPTIONS, person_id),
        ),
    )
    return [
        PersonalData(name=name, title=title, columns=columns, rows=[dict(row) for row in rows])
        for name, title, columns, rows in found
        if rows
    ]
