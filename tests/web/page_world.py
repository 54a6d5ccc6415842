"""A small world in which every type of page is there: what `page_types.py` names stands here."""

from dataclasses import dataclass, replace
from datetime import timedelta

from core import clock
from core.approvals.services import cast_vote, recuse
from core.audit.services import EXPORT
from core.database import fetch, fetch_value, unit_of_work
from core.demo import COMMITTEE, RESIDENT
from core.documents.services import ask_for_sheet
from core.events.services import record_event
from core.files.rules import Upload
from core.jobs.services import add_job_for
from core.notifications.services import notify
from core.notifications.services.preferences import propose_email
from core.organizations.services import register_organization, set_rule
from core.payments.services import ask_refund, begin_transfer, start_payment, take_at_counter
from core.people.rules import ADMINISTRATOR, Actor, Grant
from core.people.services import grant_role, propose_role, revoke_role
from core.projects.services import open_project, tell_story
from core.reference import PLATFORM, Ref
from core.volunteers.rules.flows import LEADER
from plugins.garden.services import claim_plot
from plugins.greencoin.rules import MANAGER, SHOPKEEPER
from plugins.practice.services import keep_sms
from tests.contracts.bank_things import make_bank_things, make_payout
from tests.contracts.world import make_line, make_merchant
from tests.core.files.pictures import photo
from tests.core.payments.orders import make_order
from tests.core.volunteers.stages import build_stages
from tests.factories import (
    PASSWORD,
    Committee,
    make_committee,
    make_garden,
    make_official,
    make_resident,
    new_phone,
)
from tests.plugins.greencoin.village import make_stages, make_village, make_villager
from tests.web.funds.pages import build_fund_pages
from tests.web.organizations.pages import build_organization_pages
from tests.web.page_calls import build_calls
from tests.web.page_campaigns import build_campaign_pages
from tests.web.page_households import build_household_pages
from workers.drain import run_due_jobs

WHO = (
    "resident", "newcomer", "treasurer", "manager", "maker", "administrator", "operator",
    "officer", "payer", "applicant", "expert", "staff", "leader",
    "homeless", "worker", "head",
)  # fmt: skip
_OF_VILLAGE = ("villager", "points_manager", "keeper")
# In the fund's world -> among those who look here.
_OF_FUNDS = {
    "head": "fund_head",
    "treasurer": "fund_treasurer",
    "payer": "fund_payer",
    "checker": "fund_checker",
    "asker": "asker",
    "donor": "donor",
}


@dataclass(frozen=True)
class World:
    """Phones of those who look, and what stands in the addresses' places."""

    phones: dict[str, str]
    places: dict[str, int | str]


async def build_world() -> World:
    """A committee with money, a counter and heads, a garden in all states, somebody who has done nothing."""
    phones = {who: new_phone() for who in WHO}
    committee = await make_committee(treasurer_phone=phones["treasurer"])
    resident = await make_resident(committee.region_id, phone=phones["resident"], password=PASSWORD)
    await make_resident(committee.region_id, name="新来的", phone=phones["newcomer"], password=PASSWORD)
    idle = await register_organization(COMMITTEE, kind="committee", region_id=committee.region_id)
    places: dict[str, int | str] = {"committee": committee.id, "idle": idle}
    places |= await _build_garden(committee, resident)
    places |= await _build_decisions(committee, phones)
    places |= await _build_project(committee, resident)
    places |= await _build_volunteering(committee, resident, phones)
    places |= await _build_notices(committee, resident)
    places |= await _build_operations(committee, phones["operator"])
    places |= await build_household_pages(committee, resident, phones)
    places |= await build_calls(committee, phones)
    places |= await build_organization_pages(committee.region_id, phones)
    of_village = {who: new_phone() for who in _OF_VILLAGE}
    places |= await _build_village(of_village)
    of_funds = {who: new_phone() for who in _OF_FUNDS}
    places |= await build_fund_pages(of_funds)
    bank = await make_bank_things(committee, resident)
    await begin_transfer(bank["transfer"], actor=resident)
    places |= {"transfer": bank["transfer"]} | {f"bank_{name}": one for name, one in bank.items()}
    places |= await build_campaign_pages(places["foundation"], places["fund"], of_funds)
    await make_merchant(committee)  # at the end: no job runs any more that would ask the provider
    await make_payout(committee)
    await _dispute(committee, int(places["paid"]))
    await make_line(committee)
    await start_payment(int(places["begun"]), actor=resident)
    places["scanned"] = await _scan(committee, resident)
    return World(phones | of_village | {_OF_FUNDS[who]: phone for who, phone in of_funds.items()}, places)


async def _build_village(phones: dict[str, str]) -> dict[str, int]:
    """A village with its points, a claim at every stage, a shop and a reservation."""
    staff = {"manager": phones["points_manager"], "keeper": phones["keeper"]}
    village = await make_village(phones=staff)
    villager = await make_villager(village, phone=phones["villager"])
    second = await make_village()  # so that both have more than one place to work at
    for person, role in ((village.manager, MANAGER), (village.keeper, SHOPKEEPER)):
        await grant_role(person.person_id, role, second.ref, actor_id=None)
    return await make_stages(village, villager)


async def _build_project(committee: Committee, resident: Actor) -> dict[str, int]:
    """A project with a report that has a photo."""
    async with unit_of_work():
        project = await open_project(
            "河边的长椅",
            "让老人有地方坐",
            organization_id=committee.id,
            region_id=committee.region_id,
            source=Ref("test.contract", 1),
            actor_id=None,
        )
    teller = replace(resident, grants=(Grant("core.manager", committee.ref),))
    await tell_story(project, "装好了第一张。\n明天装第二张。", Upload("椅.jpg", photo()), actor=teller)
    return {"project": project}


async def _build_garden(committee: Committee, resident: Actor) -> dict[str, int]:
    """A small garden with a plot in each state, and a large one; orders: one paid, two owed."""
    garden, plots = await make_garden(committee, plots=6)
    large, _ = await make_garden(committee, plots=171)
    await fetch("update garden set columns = 19, name = '测试大菜园' where id = $1", large)
    await fetch("update garden_plot set in_service = false where id = $1", plots[5])
    paid = await claim_plot(plots[0], agreed=True, actor=resident)
    await take_at_counter(paid, amount_fen=3500, receipt_no="1", actor=committee.treasurer)
    await claim_plot(plots[1], agreed=True, actor=await make_resident(committee.region_id, name="邻居"))
    large_plot = await fetch("select id from garden_plot where garden = $1 and number = 1", large)
    owed = await claim_plot(large_plot[0]["id"], agreed=True, actor=resident)
    refund = await ask_refund(paid, amount_fen=500, reason="多收了", actor=committee.treasurer)
    _, [another_plot] = await make_garden(committee, plots=1)
    begun = await claim_plot(another_plot, agreed=True, actor=resident)
    return {"garden": garden, "large_garden": large, "free_plot": plots[2], "taken_plot": plots[1]} | {
        "owed": owed,
        "begun": begun,
        "paid": paid,
        "refund": refund,
    }


async def _scan(committee: Committee, resident: Actor) -> int:
    """An order whose code waits to be scanned."""
    order_id, now = await make_order(committee, resident), clock.now()
    await fetch(
        'insert into payment_attempt ("order", merchant, reference, state, amount_fen, flow, url, created_at,'
        " expires_at) select $1, id, 'scanned', 'pending', 3500, 'qr', 'http://yiji.test/practice/wechat/1',"
        " $2, $3 from payment_merchant where organization = $4",
        order_id,
        now,
        now + timedelta(hours=2),
        committee.id,
    )
    return order_id


async def _dispute(committee: Committee, order_id: int) -> None:
    """The order was paid online too, and that payment is disputed."""
    now = clock.now()
    attempt = await fetch_value(
        'insert into payment_attempt ("order", merchant, reference, state, problem, amount_fen, captured_fen,'
        " created_at, expires_at) select $1, id, 'r', 'succeeded', 'second', 3500, 3500, $2, $2"
        " from payment_merchant where organization = $3 returning id",
        order_id,
        now,
        committee.id,
    )
    await fetch(
        "insert into payment_dispute (attempt, external_id, amount_fen, reason, opened_at, due_at)"
        " values ($1, 'dp_1', 3500, 'fraudulent', $2, $3)",
        attempt,
        now,
        now + timedelta(days=9),
    )


async def _build_decisions(committee: Committee, phones: dict[str, str]) -> dict[str, int]:
    """Roles that hold, that are one's own and that have ended; approvals in every state that shows."""
    heads = {}
    for who in ("maker", "manager", "third"):
        phone = phones.get(who)
        head = await make_resident(
            committee.region_id, name="冯发起", phone=phone, password=PASSWORD if phone else None
        )
        await grant_role(head.person_id, "core.manager", committee.ref, actor_id=None)
        heads[who] = head.person_id
    administrator = await make_resident(
        committee.region_id, name="管平台", phone=phones["administrator"], password=PASSWORD
    )
    await grant_role(administrator.person_id, ADMINISTRATOR, PLATFORM, actor_id=None)
    places = {
        name: await _propose(committee, heads["maker"]) for name in ("open", "voted", "stuck", "approved")
    }
    await cast_vote(
        places["voted"], choice="abstain", reason="还想再了解一下" * 20, person_id=heads["manager"]
    )
    for head in ("manager", "third"):
        await recuse(places["stuck"], reason="是我的亲戚", person_id=heads[head])
    await cast_vote(places["approved"], choice="approve", reason="", person_id=heads["manager"])
    await run_due_jobs()
    rows = await fetch("select id, person, role from role_grant order by id")
    grants = {(row["person"], row["role"]): row["id"] for row in rows}
    ended = grants[heads["third"], "core.manager"]
    await revoke_role(ended, reason="任期已满", actor_id=heads["maker"])
    held = grants[committee.treasurer.person_id, "core.treasurer"]
    return places | {"held": held, "own": grants[heads["manager"], "core.manager"], "ended": ended}


async def _propose(committee: Committee, maker_id: int) -> int:
    candidate = await make_resident(committee.region_id, name="卫候选")
    return await propose_role(candidate.person_id, "core.treasurer", committee.ref, actor_id=maker_id)


async def _build_operations(committee: Committee, phone: str) -> dict[str, int]:
    """A rule with a plan, a stuck delivery, a job in each state that has a page of its own, a file."""
    operator = await make_official("core.operator", "core.auditor", "core.administrator", phone=phone)
    for days, fee in ((0, 2500), (30, 2800)):
        on = clock.today() + timedelta(days=days)
        await set_rule("garden.plot_fee_fen", committee.ref, fee, effective_on=on, actor=operator)
    export = await ask_for_sheet(
        EXPORT, {"search": {"action": "order."}}, format="csv", person_id=operator.person_id
    )
    await run_due_jobs()
    async with unit_of_work():
        for number in (1, 2):
            record_event("order_paid", Ref("order", 1), order_id=number, cause_kind="test", cause_id=1)
    failed, waiting = await _ask(operator), await _ask(operator)
    await fetch(
        "update job set state = 'failed', error = 'KeyError in f, x.py:3' where state <> 'done' and id < $1",
        waiting,
    )
    rows = await fetch("select min(id) as id from event_delivery where state = 'waiting'")
    jobs = {"failed_job": failed, "waiting_job": waiting, "export": export}
    return jobs | {"stuck_delivery": rows[0]["id"]}


async def _ask(person: Actor) -> int:
    async with unit_of_work():
        return await add_job_for(person.person_id, "test.work", {"order_id": 12})


async def _build_volunteering(
    committee: Committee, resident: Actor, phones: dict[str, str]
) -> dict[str, int]:
    """The committee's volunteers at every stage; the resident is one of them."""
    other = await make_resident(committee.region_id, name="何志愿")
    leader = await make_resident(
        committee.region_id, name="黎负责", phone=phones["leader"], password=PASSWORD
    )
    await grant_role(leader.person_id, LEADER, committee.ref, actor_id=None)
    return {f"v_{name}": id_ for name, id_ in (await build_stages(committee, resident, other)).items()}


async def _build_notices(committee: Committee, resident: Actor) -> dict[str, int]:
    """A notice too long for the inbox, an address to be confirmed and one refused, a practice message."""
    async with unit_of_work():
        notify(
            resident.person_id,
            title="地块已经生效",
            body="请看 %(what)s",
            path="/garden/mine",
            what="种菜须知。" * 60,
        )
    await run_due_jobs()
    await propose_email("a-long-name-of-somebody@post.example.org", actor=resident)
    await propose_email("nobody@example.org", actor=committee.treasurer)
    await fetch("update person set email_refused_at = now() where id = $1", committee.treasurer.person_id)
    await keep_sms(RESIDENT.phone, text="【益集】请看 http://127.0.0.1:8000/garden/mine?plot=1", key="world")
    rows = await fetch("select max(id) as id from notification where person = $1", resident.person_id)
    return {"notice": rows[0]["id"]}
