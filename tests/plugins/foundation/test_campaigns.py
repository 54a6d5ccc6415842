"""Campaigns from the plan to the report, on a real database."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core import clock
from core.database import fetch, fetch_value
from core.funds import services as funds
from core.funds.queries import gifts
from core.funds.queries.gifts import GiftView
from core.funds.rules import Promise
from core.organizations.rules import STAFF
from core.payments import queries as payments
from core.payments import services as paying
from core.people.errors import PermissionMissing
from core.people.rules import Actor, Grant
from core.reference import Ref
from core.workflow import WrongState
from plugins.foundation.errors import campaigns as errors
from plugins.foundation.queries import campaigns as queries
from plugins.foundation.queries import hosts as host_queries
from plugins.foundation.queries.taking import why_not
from plugins.foundation.rules import SECRETARY
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules.taking import Host
from plugins.foundation.services import campaigns as services
from plugins.foundation.services import hosts
from plugins.foundation.services.giving import give
from tests.core.funds.online import pay
from tests.core.funds.world import make_fund_world
from tests.core.payments.stand_in import Cashier
from tests.factories import Committee, make_region, make_resident
from tests.plugins.foundation.campaigns import (
    HOST,
    CampaignWorld,
    certify,
    drafted,
    make_campaign_world,
    own_host,
    plan,
    published,
    takes_online,
)
from workers.drain import run_due_jobs

NOW = datetime(2026, 11, 22, 12, tzinfo=clock.HOME)
DAY = timedelta(days=1)


@pytest.fixture
async def world(stand_in: Cashier) -> CampaignWorld:
    made = await make_campaign_world()
    await takes_online(made)
    return made


async def state(campaign_id: int) -> str:
    return str(await fetch_value("select state from foundation_campaign where id = $1", campaign_id))


async def refusal(campaign_id: int, host: str = HOST, person_id: int | None = None) -> type | None:
    found = await why_not(await queries.campaign(campaign_id), await host_queries.at(host), person_id)
    return type(found) if found else None


async def test_a_plan_is_reviewed_by_a_second_person_filed_and_published(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        await certify(world)
        campaign_id = await drafted(world)
        with pytest.raises(errors.CampaignNotFound):
            await services.review_plan(campaign_id, actor=world.secretary)
        await asyncio.gather(*(services.review_plan(campaign_id, actor=world.reviewer) for _ in range(3)))
        with pytest.raises(WrongState):
            await services.rewrite_plan(campaign_id, plan(title="改了"), actor=world.secretary)
        with pytest.raises(errors.FilingMissing):
            await services.publish_campaign(campaign_id, actor=world.secretary)
        file = services.record_filing
        with pytest.raises(errors.FiledInFuture):
            await file(campaign_id, filing_no="B1", filed_on=NOW.date() + DAY, actor=world.secretary)
        await file(campaign_id, filing_no="B1", filed_on=NOW.date() - 9 * DAY, actor=world.secretary)
        with pytest.raises(errors.FiledTooLate, match="2026-11-23"):
            await services.publish_campaign(campaign_id, actor=world.secretary)
        await file(campaign_id, filing_no="B1", filed_on=NOW.date() - 10 * DAY, actor=world.secretary)
        for _ in range(2):
            await services.publish_campaign(campaign_id, actor=world.secretary)
    written = "select action from audit_event where subject_kind = $1 order by id"
    actions = await fetch(written, rules.CAMPAIGN)
    assert [row["action"].removeprefix("foundation.campaign_") for row in actions] == [
        "written", "reviewed", "filed", "filed", "published",
    ]  # fmt: skip


async def test_who_wrote_it_does_not_review_it_in_another_role_either(world: CampaignWorld) -> None:
    both = replace(world.secretary, grants=(*world.secretary.grants, *world.reviewer.grants))
    campaign_id = await drafted(world)
    with pytest.raises(errors.OwnPlan):
        await services.review_plan(campaign_id, actor=both)
    assert await state(campaign_id) == rules.DRAFT
    await services.rewrite_plan(campaign_id, plan(title="暖冬二"), actor=world.secretary)
    assert (await queries.campaign(campaign_id)).title == "暖冬二"


async def test_without_certificate_nothing_is_raised_in_public(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        with pytest.raises(errors.CertificateMissing):
            await published(world)
        assert await queries.certificate(world.funds.foundation) is None
        await certify(world, until=NOW.date())
        campaign_id = await published(world)
        await own_host(world)
        assert await refusal(campaign_id) is None
    with clock.frozen(NOW + DAY):
        assert await refusal(campaign_id) is errors.CertificateExpired


async def test_the_address_decides(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        await certify(world)
        campaign_id = await published(world)
        assert await refusal(campaign_id) is errors.HostShared
        host_id = await own_host(world)
        assert await refusal(campaign_id, f"{HOST.upper()}:8443") is None
        assert await refusal(campaign_id, "localhost") is errors.HostShared
        await hosts.give_up_host(host_id, actor=world.secretary)
        assert await refusal(campaign_id) is errors.HostShared


async def test_a_host_belongs_to_one_charity_and_two_persons_say_so(world: CampaignWorld) -> None:
    ask = hosts.ask_for_host
    with pytest.raises(PermissionMissing):
        await ask(world.funds.foundation, HOST, actor=world.reviewer)
    host_id = await ask(world.funds.foundation, HOST, actor=world.secretary)
    assert await ask(world.funds.foundation, HOST.upper(), actor=world.secretary) == host_id
    assert (await host_queries.at(HOST)).owner_id is None
    with pytest.raises(errors.HostNotFound):
        await hosts.confirm_host(host_id, actor=world.secretary)
    elsewhere = replace(world.staff, grants=())
    with pytest.raises(errors.HostNotFound):
        await hosts.confirm_host(host_id, actor=elsewhere)
    inside = replace(world.secretary, grants=world.staff.grants)
    with pytest.raises(errors.OwnHost):
        await hosts.confirm_host(host_id, actor=inside)
    await asyncio.gather(*(hosts.confirm_host(host_id, actor=world.staff) for _ in range(3)))
    assert await host_queries.at(HOST) == Host(HOST, world.funds.foundation)
    with pytest.raises(WrongState):
        await hosts.refuse_host(host_id, actor=world.staff)


async def test_of_two_charities_with_one_name_one_gets_it(world: CampaignWorld) -> None:
    other = await make_fund_world(name="邻样基金会")
    at_other = Ref("organization", other.foundation)
    secretary = replace(world.secretary, grants=(Grant(SECRETARY, at_other),))
    first = await hosts.ask_for_host(world.funds.foundation, HOST, actor=world.secretary)
    second = await hosts.ask_for_host(other.foundation, HOST, actor=secretary)
    await hosts.confirm_host(first, actor=world.staff)
    place = await fetch_value("select region from organization where id = $1", other.foundation)
    staff = await make_resident(place, name="施区二")
    there = replace(staff, grants=(Grant(STAFF, Ref("region", place)),))
    with pytest.raises(errors.HostTaken):
        await hosts.confirm_host(second, actor=there)
    await hosts.refuse_host(second, actor=there)
    with pytest.raises(errors.HostTaken):
        await hosts.ask_for_host(other.foundation, f"{HOST}.", actor=secretary)


async def test_it_ends_by_itself_is_reported_late_or_in_time_and_once(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        await certify(world)
        campaign_id = await published(world, ends_on=NOW.date())
        await services.end_campaigns()
        assert await state(campaign_id) == rules.RUNNING
    with clock.frozen(NOW + DAY):
        await services.end_campaigns()
        await services.end_campaigns()
        found = await queries.campaign(campaign_id)
        due = found.due(await queries.terms(found.organization_id))
        assert due is not None
        assert (due.is_final, str(due.due_on)) == (True, "2027-02-22")
        (todo,) = await queries.todos(world.secretary)
        assert "请公开募捐情况" in todo.title
        with pytest.raises(errors.ReportMissing):
            await services.tell(campaign_id, "", actor=world.secretary)
        with pytest.raises(errors.CampaignNotFound):
            await services.tell(campaign_id, "都办好了", actor=world.reviewer)
        for _ in range(2):
            await services.tell(campaign_id, "都办好了", actor=world.secretary)
        with pytest.raises(WrongState):
            await services.tell(campaign_id, "又想起来", actor=world.secretary)
    assert await state(campaign_id) == rules.REPORTED
    (report,) = await queries.reports(campaign_id)
    assert (report.is_final, report.text) == (True, "都办好了")


async def test_a_directed_one_asks_only_who_is_on_its_list(world: CampaignWorld) -> None:
    donor = world.funds.donor.person_id
    campaign_id = await published(world, mode=rules.DIRECTED)
    assert await refusal(campaign_id) is errors.SignInToGive
    assert await refusal(campaign_id, "localhost", donor) is errors.NotInvited
    await services.invite(campaign_id, donor, "board", actor=world.secretary)
    with pytest.raises(errors.AlreadyInvited):
        await services.invite(campaign_id, donor, "member", actor=world.secretary)
    assert await refusal(campaign_id, "localhost", donor) is None
    public = await drafted(world)
    with pytest.raises(errors.CampaignNotFound):
        await services.invite(public, donor, "board", actor=world.secretary)


async def test_mutual_aid_stays_in_its_community(world: CampaignWorld) -> None:
    campaign_id = await published(world, mode=rules.MUTUAL)
    stranger = await make_resident(await make_region(), name="外人")
    assert await refusal(campaign_id, "localhost", world.funds.donor.person_id) is None
    assert await refusal(campaign_id, "localhost", stranger.person_id) is errors.NotOfCommunity


async def test_what_is_not_published_is_for_who_works_on_it(world: CampaignWorld) -> None:
    campaign_id = await drafted(world)
    for actor in (None, world.funds.treasurer):
        with pytest.raises(errors.CampaignNotFound):
            await queries.visible_campaign(campaign_id, actor)
    assert (await queries.visible_campaign(campaign_id, world.reviewer)).id == campaign_id
    listed = queries.campaigns
    assert await listed(organization_id=None, also_hidden=True, offset=0, limit=9) == []
    assert len(await listed(organization_id=world.funds.foundation, also_hidden=True, offset=0, limit=9)) == 1
    (todo,) = await queries.todos(world.reviewer)
    assert "请审核募捐方案" in todo.title
    await services.drop_campaign(campaign_id, actor=world.secretary)
    assert await queries.todos(world.reviewer) == []


async def test_a_campaign_is_for_open_funds_of_its_own_foundation(world: CampaignWorld) -> None:
    other = await make_fund_world(name="邻样基金会")
    with pytest.raises(errors.FundOfAnother):
        await services.write_plan(world.funds.foundation, other.fund, plan(), actor=world.secretary)
    with pytest.raises(PermissionMissing):
        await services.write_plan(other.foundation, other.fund, plan(), actor=world.secretary)
    campaign_id = await drafted(world)
    with pytest.raises(errors.FundOfAnother):
        await services.add_fund(campaign_id, other.fund, actor=world.secretary)
    for _ in range(2):
        await services.add_fund(campaign_id, world.funds.fund, actor=world.secretary)
    assert [fund.id for fund in await queries.funds_of(campaign_id)] == [world.funds.fund]


async def test_an_urgent_one_may_be_filed_while_it_runs(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        await certify(world)
        campaign_id = await published(world, is_emergency=True, ends_on=NOW.date() + 60 * DAY)
        await own_host(world)
        assert await refusal(campaign_id) is None
    with clock.frozen(NOW + 10 * DAY):
        assert await refusal(campaign_id) is None
    with clock.frozen(NOW + 11 * DAY):
        assert await refusal(campaign_id) is errors.FiledTooLateAfter
        filed = {"filing_no": "Y1", "filed_on": NOW.date() + 10 * DAY}
        await services.record_filing(campaign_id, **filed, actor=world.secretary)  # type: ignore[arg-type]
        assert await refusal(campaign_id) is None
        with pytest.raises(WrongState):
            await services.record_filing(campaign_id, **filed, actor=world.secretary)  # type: ignore[arg-type]


async def test_those_of_a_neighbouring_foundation_find_no_campaign(world: CampaignWorld) -> None:
    """They hold the same roles, there."""
    campaign_id = await drafted(world)
    other = await make_fund_world(name="邻样基金会")
    there = Ref("organization", other.foundation)
    both = replace(world.secretary, grants=(Grant(SECRETARY, there), Grant(rules.REVIEWER, there)))
    filed = {"filing_no": "B1", "filed_on": clock.today()}
    for verb, what in (
        (services.rewrite_plan, {"plan": plan(title="抢来的")}),
        (services.add_fund, {"fund_id": other.fund}),
        (services.review_plan, {}),
        (services.reopen_plan, {}),
        (services.drop_campaign, {}),
        (services.record_filing, filed),
        (services.publish_campaign, {}),
        (services.stop_campaign, {}),
        (services.tell, {"text": "都办好了"}),
        (services.invite, {"person_id": both.person_id, "capacity": "board"}),
    ):
        with pytest.raises(errors.CampaignNotFound):
            await verb(campaign_id, **what, actor=both)  # type: ignore[operator]
    with pytest.raises(errors.CampaignNotFound):
        await queries.visible_campaign(campaign_id, both)
    found = await queries.campaign(campaign_id)
    assert (found.state, found.title, found.filing_no) == (rules.DRAFT, "暖冬行动", "")


async def test_donors_of_a_directed_one_are_told_how_it_went(world: CampaignWorld, stand_in: Cashier) -> None:
    """慈善法 80; who only stands on the list, or whose money went back, is not."""
    donor, friend = world.funds.donor, world.funds.asker
    campaign_id = await published(world, mode=rules.DIRECTED)
    for person in (donor, friend):
        await services.invite(campaign_id, person.person_id, "board", actor=world.secretary)
    gift = await _given(world, campaign_id, donor, stand_in)
    await _given(world, campaign_id, friend, stand_in, sent_back=True)
    assert await queries.donors(campaign_id) == [donor.person_id]
    for _ in range(2):
        await services.tell(campaign_id, "办到一半了", actor=world.secretary)
    await run_due_jobs()
    told = await fetch(
        "select person from notification where path = $1", f"/foundation/campaigns/{campaign_id}"
    )
    assert [row["person"] for row in told] == [donor.person_id]
    assert gift.amount_fen == 1000


async def test_what_went_back_is_neither_income_nor_in_a_neighbours_limit(
    world: CampaignWorld, stand_in: Cashier
) -> None:
    campaign_id = await published(world, mode=rules.MUTUAL)
    donor = world.funds.donor
    await _given(world, campaign_id, donor, stand_in)
    found = await queries.campaign(campaign_id)
    assert await queries.income(campaign_id) == (1, 1000)
    assert (await queries.giver(found, donor.person_id)).given_fen == 1000
    await _given(world, campaign_id, donor, stand_in, sent_back=True)
    assert await queries.income(campaign_id) == (1, 1000)
    assert (await queries.giver(found, donor.person_id)).given_fen == 1000


async def _given(
    world: CampaignWorld, campaign_id: int, donor: Actor, stand_in: Cashier, *, sent_back: bool = False
) -> GiftView:
    """10.00, paid; and sent back by the provider."""
    ten = Promise(amount_fen=1000)
    path = await give(campaign_id, world.funds.fund, ten, host="localhost", actor=donor, address="")
    gift = await gifts.online_gift(path.rpartition("/")[2])
    await pay(gift, stand_in)
    await funds.ask_about_gift(gift.trace_code)
    await run_due_jobs()
    if sent_back:
        (attempt,) = await payments.attempts(gift.order_id or 0)
        stand_in.refund(_payee(world), attempt.external_id, 1000)
        await paying.settle(attempt.id)
        await run_due_jobs()
    return await gifts.gift(gift.id)


def _payee(world: CampaignWorld) -> Committee:
    """The foundation, as the stand-in asks for it."""
    return Committee(world.funds.foundation, world.region_id, world.funds.treasurer)
