"""Where things go otherwise: a fund that has ended, and donors who are asked about another purpose."""

from collections.abc import Callable

from core.approvals.services import cast_vote
from core.database import fetch, fetch_value
from core.funds import services as funds
from core.funds.queries import leftovers
from core.funds.queries.funds import fund, purposes
from core.funds.rules import NAME, leaving, states
from plugins.foundation import demo
from workers.drain import run_due_jobs

Report = Callable[[int, int], None]


async def build_endings(report: Report) -> None:
    """The second fund has ended, and its rest is in the first; the third asks its donors."""
    first, second, third = [
        row["id"]
        for row in await fetch(
            "select f.id from fund f join organization o on o.id = f.organization"
            " where o.name = '锦样基金会' order by f.id limit 3"
        )
    ]
    await _end(second, first)
    report(1, 2)
    await _ask_donors(third)
    report(2, 2)


async def _end(fund_id: int, to_fund_id: int) -> None:
    """Step by step, each only if it has not been made."""
    head = await demo.actor_at(demo.HEAD)
    with demo.days_ago(40):
        if (await fund(fund_id)).state == states.OPEN:
            await demo.seat_committee(fund_id)
            await funds.stop_gifts(fund_id, actor=head)
        if await leftovers.of_fund(fund_id) is None:
            elders = next(p.id for p in await purposes(to_fund_id) if p.title == demo.ELDERS)
            await funds.propose_leftover(
                fund_id,
                to_fund_id=to_fund_id,
                to_purpose_id=elders,
                reason="柳样里并入样里社区 (样例)",
                actor=head,
            )
    found = await leftovers.of_fund(fund_id)
    assert found is not None, "it was proposed before"
    with demo.days_ago(38):
        if found.state == leaving.VOTING:
            assert found.approval_id is not None, "it is put to the vote as it is proposed"
            for member in demo.MEMBERS[:2]:
                voter = (await demo.actor_at(member)).person_id
                await cast_vote(found.approval_id, choice="approve", reason="", person_id=voter)
            await run_due_jobs()
        await funds.move_leftover(found.id, actor=await demo.actor_at(demo.PAYER))


async def _ask_donors(fund_id: int) -> None:
    if await fetch_value("select exists (select from fund_change where fund = $1)", fund_id):
        return
    by_title = {purpose.title: purpose.id for purpose in await purposes(fund_id)}
    donor, keeper = await demo.actor_at(demo.DONOR), await demo.actor_at(demo.TREASURER)
    own = {"donor_id": donor.person_id, "donor_name": donor.name, "display": NAME, "amount_fen": 6600}
    with demo.days_ago(30):
        bound = demo.sample_gift(1, "YL-7-001", purpose_id=by_title[demo.CHILDREN], **own)
        await funds.record_gift(fund_id, bound, actor=keeper)
        other = demo.sample_gift(2, "YL-7-002", purpose_id=by_title[demo.CHILDREN], amount_fen=12000)
        await funds.record_gift(fund_id, other, actor=keeper)
    with demo.days_ago(10):
        await funds.propose_change(
            fund_id,
            from_purpose_id=by_title[demo.CHILDREN],
            to_purpose_id=by_title[demo.ELDERS],
            reason="课堂由学校办了 (样例)",
            actor=await demo.actor_at(demo.HEAD),
        )
