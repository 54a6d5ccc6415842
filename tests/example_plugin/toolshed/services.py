"""The verbs of the tool shed."""

from datetime import timedelta

from core import clock
from core.audit.services import record_audit
from core.database import fetch, unit_of_work
from core.language import mark
from core.ledger import services as ledger
from core.notifications.services import notify
from core.payments import queries as orders
from core.payments import services as payments
from core.payments.rules import OrderLine
from core.people.rules import Actor
from core.reference import Ref
from toolshed import postings, queries, rules
from toolshed.errors import ToolNotFound, ToolTaken
from toolshed.tables import Loan, Tool

TOOL = "toolshed.tool"


async def add_tool(name: str, *, organization_id: int, actor: Actor) -> int:
    """Put a tool on the shelf and return its id; needs `toolshed.lend` at the organization."""
    actor.require(rules.LEND, Ref("organization", organization_id))
    async with unit_of_work():
        tool = Tool(name=name, organization=organization_id)
        await tool.save()
        record_audit("toolshed.added", Ref(TOOL, tool.id), actor_id=actor.person_id)
        return int(tool.id)


async def borrow_tool(tool_id: int, *, actor: Actor) -> int:
    """Reserve a tool and return the order of its deposit; raises ToolNotFound or ToolTaken.

    The second click of the same person returns the first order.
    """
    async with unit_of_work():
        tool = await queries.lock_tool(tool_id)
        if tool.order_id and (tool.state, tool.borrower_id) == (rules.RESERVED, actor.person_id):
            return tool.order_id
        if tool.state != rules.FREE:
            raise ToolTaken(tool=tool.name)
        terms, ref = await queries.terms(tool.organization_id), Ref(TOOL, tool_id)
        held = await ledger.open_account(ref, kind=postings.HELD, unit=postings.UNIT)
        line = OrderLine(
            reason=postings.TAKEN, account_id=held, amount_fen=terms[rules.DEPOSIT], note=tool.name
        )
        order_id = await payments.create_order(
            payee_id=tool.organization_id,
            payer=actor,
            cause=ref,
            lines=[line],
            expires_at=clock.now() + timedelta(hours=terms[rules.HOLD]),
        )
        await Loan(tool=tool_id, person=actor.person_id, order=order_id).save()
        record_audit("toolshed.reserved", ref, actor_id=actor.person_id)
        return order_id


async def hand_out(tool_id: int, *, order_id: int) -> None:
    """The deposit is paid: the loan begins. Runs in the unit of work of the event's receipt."""
    tool = await queries.lock_tool(tool_id)
    if (tool.state, tool.order_id) != (rules.RESERVED, order_id) or tool.borrower_id is None:
        return
    terms = await queries.terms(tool.organization_id)
    due_on = rules.last_day(clock.today(), terms[rules.DAYS])
    await Loan.update({Loan.state: rules.OUT, Loan.due_on: due_on}).where(Loan.order == order_id)
    record_audit("toolshed.handed_out", Ref(TOOL, tool_id), actor_id=None)
    title, body = mark("可以取工具了"), mark("押金收到了，请来取 %(tool)s，%(day)s 之前归还。")
    notify(tool.borrower_id, title=title, body=body, path="/toolshed", tool=tool.name, day=str(due_on))


async def take_back(tool_id: int, *, actor: Actor) -> None:
    """The tool is back and whole: give the deposit back. Raises ToolNotFound, ToolNotOut or OwnLoan."""
    async with unit_of_work():
        tool, ref = await queries.lock_tool(tool_id), Ref(TOOL, tool_id)
        shed = Ref("organization", tool.organization_id)
        if not actor.may(rules.LEND, shed):
            raise ToolNotFound
        rules.check_return(tool.state, tool.name, tool.borrower_id, actor.person_id)
        order = await orders.order(tool.order_id or 0)
        held = await ledger.open_account(ref, kind=postings.HELD, unit=postings.UNIT)
        cash = await ledger.open_account(shed, kind=postings.CASH, unit=postings.UNIT)
        transfer = postings.giving_back(
            ref, order_id=order.id, held=held, cash=cash, amount_fen=order.total_fen, at=clock.now()
        )
        ledger.post(transfer)
        await Loan.update({Loan.state: rules.RETURNED}).where(Loan.order == order.id)
        record_audit("toolshed.returned", ref, actor_id=actor.person_id)


async def release_unpaid() -> None:
    """Put back on the shelf what was not paid in time. Whoever gets the order's row first decides."""
    async with unit_of_work():
        for order in await orders.expired_orders(TOOL, now=clock.now(), limit=100):
            if await payments.cancel_order(order.id, actor_id=None):
                await Loan.update({Loan.state: rules.RELEASED}).where(Loan.order == order.id)


async def remind_overdue() -> None:
    """Tell whoever is late, once a day."""
    async with unit_of_work():
        late = await fetch(
            "update toolshed_loan l set reminded_on = $1 from toolshed_tool t where t.id = l.tool"
            " and l.id in (select id from toolshed_loan where state = 'out' and due_on < $1"
            " and reminded_on is distinct from $1 order by id limit 500)"
            " returning l.person, t.name, l.due_on",
            clock.today(),
        )
        title, body = mark("该还工具了"), mark("%(tool)s 应在 %(day)s 之前归还，邻居在等着用。")
        for row in late:
            facts = {"tool": row["name"], "day": str(row["due_on"])}
            notify(row["person"], title=title, body=body, path="/toolshed", **facts)
