"""The verbs of the tool shed."""

from datetime import timedelta

from core import clock
from core.audit.services import record_audit
from core.database import fetch, fetch_value, unit_of_work
from core.language import mark
from core.ledger import services as ledger
from core.notifications.services import notify
from core.people.rules import Actor
from core.reference import PLATFORM, Ref
from toolshed import postings, queries, rules
from toolshed.errors import ToolNotFound
from toolshed.tables import Loan


async def add_tool(name: str, *, actor: Actor) -> int:
    """Put a tool of one's own on the shelf and return its id. The same name again is the same tool."""
    async with unit_of_work():
        await _account(actor.person_id)
        insert = "insert into toolshed_tool (owner, name) values ($1, $2)"
        again = "on conflict (owner, name) do update set name = excluded.name"
        tool_id = int(await fetch_value(f"{insert} {again} returning id", actor.person_id, name))
        record_audit("toolshed.added", Ref("toolshed.tool", tool_id), actor_id=actor.person_id)
        return tool_id


async def borrow_tool(tool_id: int, *, actor: Actor) -> None:
    """Take a tool home and pay its owner; who has it already keeps it, and pays nothing.

    Raises ToolNotFound, ToolTaken or TooFewPoints.
    """
    async with unit_of_work():
        me, terms = actor.person_id, await queries.terms()
        tool, points = await queries.lock_tool(tool_id, viewer_id=me), await queries.points(me)
        if tool.holder_id == me:
            return
        price, due_on = terms[rules.PRICE], clock.today() + timedelta(days=terms[rules.DAYS])
        rules.check_borrow(tool.name, is_out=tool.due_on is not None, points=points, price=price)
        loan = Loan(tool=tool_id, borrower=me, points=price, due_on=due_on)
        await loan.save()
        giver, taker, cause = await _account(me), await _account(tool.owner_id), Ref("toolshed.loan", loan.id)
        ledger.post(postings.paying(price, giver, taker, reason=postings.LENT, cause=cause, at=clock.now()))
        record_audit("toolshed.borrowed", Ref("toolshed.tool", tool_id), actor_id=me)
        title, body = mark("有邻居借了您的工具"), mark("%(tool)s 借出去了，%(day)s 之前还。")
        notify(tool.owner_id, title=title, body=body, path="/toolshed", tool=tool.name, day=str(due_on))


async def _account(person_id: int) -> int:
    """A neighbour's account; whoever comes for the first time is given points, once."""
    person, at = Ref("person", person_id), clock.now()
    account = await ledger.open_account(person, kind=postings.POINTS, unit=postings.UNIT)
    if not await queries.is_welcomed(person_id):
        points = (await queries.terms())[rules.WELCOME]
        outside = await ledger.open_account(PLATFORM, kind=postings.GIVEN_OUT, unit=postings.UNIT)
        ledger.post(postings.paying(points, outside, account, reason=postings.WELCOME, cause=person, at=at))
    return account


async def take_back(tool_id: int, *, actor: Actor) -> None:
    """The owner has the tool again; a second click changes nothing. Raises ToolNotFound."""
    async with unit_of_work():
        tool = await queries.lock_tool(tool_id, viewer_id=actor.person_id)
        if tool.owner_id != actor.person_id:
            raise ToolNotFound
        if tool.holder_id == tool.owner_id:
            return
        is_out = (Loan.tool == tool_id) & Loan.returned_on.is_null()
        await Loan.update({Loan.returned_on: clock.today()}).where(is_out)
        record_audit("toolshed.returned", Ref("toolshed.tool", tool_id), actor_id=actor.person_id)


async def remind_overdue() -> None:
    """Tell whoever is late, once a day however often this runs."""
    async with unit_of_work():
        late = await fetch(
            "update toolshed_loan l set reminded_on = $1 from toolshed_tool t where t.id = l.tool and l.id in"
            " (select id from toolshed_loan where returned_on is null and due_on < $1"
            " and reminded_on is distinct from $1 order by due_on limit 500)"
            " returning l.borrower, t.name, l.due_on::text",
            clock.today(),
        )
        title, body = mark("该还工具了"), mark("%(tool)s 应在 %(day)s 之前归还，邻居在等着用。")
        for person_id, tool, day in late:
            notify(person_id, title=title, body=body, path="/toolshed", tool=tool, day=day)
