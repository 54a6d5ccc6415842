"""What waits for somebody in 绿币."""

from core.database import fetch
from core.language import mark
from core.manifest import Todo
from core.people.rules import Actor
from plugins.greencoin import rules


async def todos(actor: Actor) -> list[Todo]:
    """For a manager, claims to look at and to put to the reviewers; for a household, what lies ready."""
    managed = [scope.id for scope in actor.scopes(rules.MANAGE)]
    found = await _claims(managed) if managed else []
    return found + (await _ready(actor.household_id) if actor.household_id is not None else [])


_TITLES = {
    "submitted": mark("%(scheme)s有申报等您核实"),
    "verified": mark("%(scheme)s有核实过的申报等您提交评议"),
    "uncredited": mark("%(scheme)s有公示期满的绿币没能入账，请看原因"),
}


async def _claims(organization_ids: list[int]) -> list[Todo]:
    rows = await fetch(
        """
        select s.id, s.name, c.state, count(*) as n
        from greencoin_scheme s join greencoin_passbook k on k.scheme = s.id
        join greencoin_claim c on c.passbook = k.id and c.state in ('submitted', 'verified', 'uncredited')
        where s.organization = any($1) group by s.id, c.state order by s.id, c.state limit 10""",
        organization_ids,
    )
    return [
        Todo(
            title=_TITLES[row["state"]],
            params={"scheme": row["name"]},
            path=f"/greencoin/{row['id']}/desk?stage={row['state']}",
            count=row["n"],
        )
        for row in rows
    ]


async def _ready(household_id: int) -> list[Todo]:
    rows = await fetch(
        """
        select d.id, i.name, d.reserved_until
        from greencoin_redemption d join greencoin_passbook k on k.id = d.passbook
        join greencoin_item i on i.id = d.item
        where k.household = $1 and d.state = 'reserved' order by d.reserved_until, d.id limit 10""",
        household_id,
    )
    return [
        Todo(
            title=mark("%(item)s 已经预留，请到小店领取"),
            params={"item": row["name"]},
            path=f"/greencoin/redemptions/{row['id']}",
            due_at=row["reserved_until"],
        )
        for row in rows
    ]
