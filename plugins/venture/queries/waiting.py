"""What waits for somebody, what a project's page tells of its money, and who may see attachments."""

from collections.abc import Sequence
from typing import Literal

from core import clock
from core.database import fetch
from core.errors import NotFound
from core.language import mark
from core.manifest import Acceptance, ProjectLine, ProjectPart, Todo
from core.people.rules import REPRESENT, Actor
from plugins.venture import rules
from plugins.venture.queries import contracts
from plugins.venture.queries.applications import pile, visible_application
from plugins.venture.rules import flows

_EACH = 5


async def todos(actor: Actor) -> list[Todo]:
    """For experts, officers, payers and those who act for an organization."""
    found: list[Todo] = []
    if actor.may(rules.SCORE):
        waiting = [one for one in await pile(actor.person_id) if not one.is_done]
        found += [
            Todo(
                title=mark("为项目评分：%(title)s"),
                params={"title": one.title},
                path=f"/venture/applications/{one.id}/review",
            )
            for one in waiting[:_EACH]
        ]
    found += await _steps(actor)
    for permission, sql in _WAITING:
        places = [scope.id for scope in actor.scopes(permission)]
        rows = await fetch(sql, places, _EACH) if places else []
        found += [Todo(title=row["title"], params={"title": row["name"]}, path=row["path"]) for row in rows]
    return found


# In scoring there is a next step as soon as no sheet is missing.
_NEXT = """
select c.id, c.title from venture_call c where c.organization = any($1) and (c.state in ('draft', 'closed')
    or c.state = 'published' and c.closes_at <= $2 or c.state = 'publicity' and c.publicity_until < $3
    or c.state = 'scoring' and not exists (
        select from venture_application a join venture_expert e on e.call = a.call
        left join venture_review r on r.application = a.id and r.person = e.person
        where a.call = c.id and a.state = 'submitted'
            and (r.id is null or r.stance = 'clear' and r.score is null)))
order by c.id limit $4"""


async def _steps(actor: Actor) -> list[Todo]:
    """Calls that an officer can take further."""
    rows = await fetch(
        _NEXT,
        [scope.id for scope in actor.scopes(rules.MANAGE)],
        clock.now(),
        clock.today(),
        _EACH,
    )
    title = mark("%(title)s：可以进行下一步")
    return [
        Todo(title=title, params={"title": row["title"]}, path=f"/venture/calls/{row['id']}/desk")
        for row in rows
    ]


_OBJECTION = mark("%(title)s：答复异议")
_REPORT = mark("%(title)s：审核报告")
_ACCEPT = mark("%(title)s：确认合同")
_PAYS = (mark("%(title)s：付首付款"), mark("%(title)s：付中期款"), mark("%(title)s：付尾款"))
_DUE = mark("%(title)s：提交节点报告")
_SENT_BACK = mark("%(title)s：报告被退回，请重新提交")
_OF_CONTRACT = """
from venture_contract k join venture_application a on a.id = k.application
join venture_call c on c.id = a.call"""
_WAITING = (
    (
        rules.MANAGE,
        f"""
        (select '{_OBJECTION}' as title, a.title as name, '/venture/calls/' || c.id || '/desk' as path
        from venture_objection b join venture_application a on a.id = b.application
        join venture_call c on c.id = a.call
        where b.state = 'open' and c.organization = any($1) order by b.id limit $2)
        union all
        (select '{_REPORT}', a.title, '/venture/contracts/' || k.id {_OF_CONTRACT}
        join venture_report r on r.contract = k.id
        where r.state = 'submitted' and c.organization = any($1) order by r.id limit $2)
        union all
        (select '{_ACCEPT}', a.title, '/venture/contracts/' || k.id {_OF_CONTRACT}
        where k.state = 'offered' and k.funder_person is null and c.organization = any($1)
        order by k.id limit $2)
""",
    ),
    (
        rules.PAY,
        f"""
        select ('{{{",".join(_PAYS)}}}'::text[])[t.number] as title, a.title as name,
            '/venture/contracts/' || k.id as path {_OF_CONTRACT}
        join venture_tranche t on t.contract = k.id
        where t.state = 'asked' and c.organization = any($1) order by t.asked_at, t.id limit $2""",
    ),
    (
        REPRESENT,
        f"""
        (select '{_ACCEPT}' as title, a.title as name, '/venture/contracts/' || k.id as path {_OF_CONTRACT}
        where k.state = 'offered' and k.grantee_person is null and k.organization = any($1)
        order by k.id limit $2)
        union all
        (select '{_SENT_BACK}', a.title, '/venture/contracts/' || k.id {_OF_CONTRACT}
        join lateral (select state from venture_report where contract = k.id order by id desc limit 1) r
            on r.state = 'returned'
        where k.organization = any($1) order by k.id limit $2)
        union all
        (select '{_DUE}', a.title, '/venture/contracts/' || k.id {_OF_CONTRACT}
        where k.state = 'signed' and k.organization = any($1)
            and (select count(*) from venture_tranche where contract = k.id and state = 'paid')
                > (select count(*) from venture_report where contract = k.id and state <> 'returned')
            and not exists (select from venture_report r where r.contract = k.id and r.state = 'returned'
                and not exists (select from venture_report n where n.contract = k.id and n.id > r.id))
        order by k.id limit $2)""",
    ),
)

_STEPS = {1: mark("首付款"), 2: mark("中期款"), 3: mark("尾款")}
_PAID = {1: mark("已拨付首付款"), 2: mark("已拨付中期款"), 3: mark("已拨付尾款")}


async def project_parts(project_id: int) -> list[ProjectPart]:
    """The award, and each tranche: paid, or still held."""
    rows = await fetch("select id from venture_contract where project = $1", project_id)
    if not rows:
        return []
    contract = await contracts.contract(rows[0]["id"])
    lines = [
        ProjectLine(
            text=mark("%(funder)s资助，合同生效"),
            params={"funder": contract.funder},
            amount_fen=contract.amount_fen,
            at=contract.signed_at,
            path=f"/venture/calls/{contract.call_id}",
        )
    ]
    for tranche in await contracts.tranches(contract.id):
        is_paid = tranche.state == flows.PAID
        text = (_PAID if is_paid else _STEPS)[tranche.number]
        lines.append(
            ProjectLine(text=text, amount_fen=tranche.amount_fen, at=tranche.paid_at if is_paid else None)
        )
    return [ProjectPart(title=mark("公益创投资助"), order=10, lines=lines)]


async def acceptances(project_ids: Sequence[int]) -> list[Acceptance]:
    """How far the final reports of these projects are; their words are the project's public story."""
    rows = await fetch(
        """
        select distinct on (k.project) k.project, r.state, coalesce(r.answered_at, r.made_at) as at,
            o.name as funder, s.text
        from venture_contract k join venture_report r on r.contract = k.id and r.kind = 'final'
        join project_report s on s.id = r.story
        join venture_application a on a.id = k.application join venture_call c on c.id = a.call
        join organization o on o.id = c.organization
        where k.project = any($1) order by k.project, r.id desc""",
        list(project_ids),
    )
    states: dict[str, Literal["accepted", "asked", "returned"]] = {
        flows.ACCEPTED: "accepted",
        flows.SUBMITTED: "asked",
        flows.RETURNED: "returned",
    }
    return [
        Acceptance(
            project_id=row["project"],
            state=states[row["state"]],
            at=row["at"],
            by=row["funder"],
            result=row["text"],
            path=f"/projects/{row['project']}",
        )
        for row in rows
    ]


async def may_see_application(application_id: int, actor: Actor) -> bool:
    """May the person read the application, and so its attachments?"""
    try:
        await visible_application(application_id, actor)
    except NotFound:
        return False
    return True
