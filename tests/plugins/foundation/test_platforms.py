"""Lists of gifts from platforms: judged, compared with the payout, booked whole, undone whole."""

import asyncio
from datetime import datetime

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value, unit_of_work
from core.documents import queries as documents
from core.files.rules import Upload
from core.funds import services as fund_services
from core.funds.queries import gifts
from core.people.errors import PermissionMissing
from core.workflow import WrongState
from plugins.foundation.errors import platforms as errors
from plugins.foundation.queries import campaigns as campaign_queries
from plugins.foundation.queries import platforms as queries
from plugins.foundation.rules import campaigns as campaign_rules
from plugins.foundation.rules import platforms as rules
from plugins.foundation.rules.platforms import Payout
from plugins.foundation.services import platforms as services
from tests.core.funds.world import make_fund_world
from tests.plugins.foundation.campaigns import CampaignWorld, certify, make_campaign_world, published
from workers.drain import run_due_jobs

NOW = datetime(2026, 11, 22, 12, tzinfo=clock.HOME)
SLIP = Upload("回单.pdf", b"%PDF-1.4\n%%EOF\n")
HEADER = "捐赠订单号,捐赠时间,捐赠金额（元）,昵称,手续费\n"
GOOD = HEADER + "\t20261122001,2026-11-22 09:00:01,100.00,王小明,0.60\nT2,2026/11/22 10:00,50,匿名,0.30\n"


def sheet(text: str = GOOD, encoding: str = "gb18030") -> Upload:
    return Upload("平台清单.csv", text.encode(encoding))


@pytest.fixture
async def world(db: str) -> CampaignWorld:
    with clock.frozen(NOW):
        made = await make_campaign_world()
        await certify(made)
    return made


async def campaign(world: CampaignWorld) -> int:
    return await published(world, mode=campaign_rules.LINK, platform_url="https://gongyi.example.org/1")


def target(world: CampaignWorld) -> str:
    return f"{world.funds.fund}-{world.funds.elders}"


def payout(fen: int = 14_910, number: str = "回单1") -> Payout:
    return Payout(payout_fen=fen, payout_no=number, paid_out_on=NOW.date())


async def sent(world: CampaignWorld, campaign_id: int, upload: Upload | None = None) -> int:
    return await services.upload_list(
        campaign_id, target(world), upload or sheet(), actor=world.funds.treasurer
    )


async def booked(world: CampaignWorld) -> int:
    list_id = await sent(world, await campaign(world))
    await services.settle_list(list_id, payout(), SLIP, actor=world.funds.treasurer)
    await run_due_jobs()
    return list_id


async def test_rows_become_gifts_with_a_code_and_the_fee_a_cost(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        list_id = await booked(world)
        one = await queries.platform_list(list_id)
        assert (one.state, one.rows, one.gross_fen, one.fee_fen) == (rules.BOOKED, 2, 15_000, 90)
        rows = await queries.rows_of(list_id, after=0, limit=9)
        assert [(row.order_no, row.name) for row in rows] == [("20261122001", ""), ("T2", "")]
        first, second = [await gifts.gift_by_code(row.trace_code or "") for row in rows]
        assert (first.shown_as, first.donor_name, first.amount_fen) == ("王**", "王小明", 10_000)
        assert (second.shown_as, second.display) == ("", "anonymous")
        assert (first.fund_id, first.purpose_id) == (world.funds.fund, world.funds.elders)
        assert await campaign_queries.income(one.campaign_id) == (2, 15_000)
        fee = await fetch("select kind, amount_fen, state from foundation_entry where id = $1", one.entry)
        assert [tuple(row) for row in fee] == [("management", 90, "counted")]
        assert await fetch_value("select content from foundation_platform_list") is None
        assert await plugins.collect("collect_differences") == []


async def test_the_second_click_sends_and_settles_once(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        campaign_id = await campaign(world)
        list_id = await sent(world, campaign_id)
        assert await sent(world, campaign_id) == list_id
        for _ in range(2):
            await services.settle_list(list_id, payout(), SLIP, actor=world.funds.treasurer)
        await run_due_jobs()
        await services.settle_list(list_id, payout(), SLIP, actor=world.funds.treasurer)
        await run_due_jobs()
        assert await fetch_value("select count(*) from fund_gift") == 2


async def test_a_bad_row_keeps_the_whole_list_out_and_says_why(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        campaign_id = await campaign(world)
        list_id = await sent(world, campaign_id, sheet(GOOD + "T2,2026-11-22,5,乙,0\nT4,2026-11-22,零,丙,\n"))
        bad = await queries.rows_of(list_id, after=0, limit=9, only_bad=True)
        assert [(row.line, row.reason) for row in bad] == [
            (4, "订单号与第 3 行相同"),
            (5, "金额要大于零，最多 1,000,000,000.00 元"),
        ]
        with pytest.raises(errors.RowsBad):
            await services.settle_list(list_id, payout(), SLIP, actor=world.funds.treasurer)
        job_id = await services.ask_for_list(list_id, format="csv", actor=world.funds.treasurer)
        await run_due_jobs()
        file = await documents.file_of_job(job_id, world.funds.treasurer.person_id)
        assert file is not None
        _, content = await documents.content(file.id, world.funds.treasurer.person_id)
        lines = content.decode("utf-8-sig").splitlines()
        assert lines[0] == "捐赠订单号,捐赠时间,捐赠金额（元）,昵称,手续费,不能入账的原因"
        assert lines[3].endswith(",订单号与第 3 行相同")
        assert await fetch_value("select count(*) from fund_gift") == 0


async def test_the_payout_is_what_the_list_says_and_proved(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        list_id = await sent(world, await campaign(world))
        by = world.funds.treasurer
        for wrong in (14_909, 14_911):
            with pytest.raises(errors.PayoutDiffers) as refusal:
                await services.settle_list(list_id, payout(wrong), SLIP, actor=by)
        assert "149.10" in str(refusal.value)
        with pytest.raises(errors.PayoutSlipMissing):
            await services.settle_list(list_id, payout(), None, actor=by)
        late = Payout(payout_fen=14_910, payout_no="1", paid_out_on=NOW.date().replace(day=23))
        with pytest.raises(errors.PayoutDayWrong):
            await services.settle_list(list_id, late, SLIP, actor=by)


async def test_above_the_limit_another_person_confirms(world: CampaignWorld) -> None:
    large = HEADER + "T1,2026-11-22,5000.01,甲,0\n"
    with clock.frozen(NOW):
        list_id = await sent(world, await campaign(world), sheet(large, "utf-8"))
        await services.settle_list(list_id, payout(500_001), SLIP, actor=world.funds.treasurer)
        await run_due_jobs()
        assert (await queries.platform_list(list_id)).state == rules.WAITING
        with pytest.raises((errors.OwnPayout, errors.PlatformListNotFound)):
            await services.confirm_list(list_id, actor=world.funds.treasurer)
        for _ in range(2):
            await services.confirm_list(list_id, actor=world.funds.payer)
        await run_due_jobs()
        one = await queries.platform_list(list_id)
        assert (one.state, one.confirmed_by) == (rules.BOOKED, world.funds.payer.person_id)
        with pytest.raises(WrongState):
            await services.drop_list(list_id, actor=world.funds.treasurer)


async def test_an_order_is_booked_once_whichever_list_brings_it(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        campaign_id = await campaign(world)
        first = await sent(world, campaign_id)
        second = await sent(world, campaign_id, sheet(GOOD + "T3,2026-11-22,1,丁,0\n"))
        by = world.funds.treasurer
        await services.settle_list(first, payout(), SLIP, actor=by)
        with pytest.raises(errors.PayoutUsed):
            await services.settle_list(second, payout(15_010), SLIP, actor=by)
        await services.settle_list(second, payout(15_010, "回单2"), SLIP, actor=by)
        await asyncio.gather(run_due_jobs(), run_due_jobs())
        states = {(await queries.platform_list(id_)).state for id_ in (first, second)}
        assert states == {rules.BOOKED, rules.JUDGED}
        assert await fetch_value("select count(*) from foundation_platform_row where is_booked") in (2, 3)
        third = await sent(world, campaign_id, sheet(encoding="utf-8"))
        assert (await queries.platform_list(third)).bad == 2


async def test_undone_whole_by_another_while_nothing_is_used_and_sent_again(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        list_id = await booked(world)
        with pytest.raises(errors.UndoReasonMissing):
            await services.undo_list(list_id, reason="", actor=world.funds.payer)
        with pytest.raises((errors.OwnList, errors.PlatformListNotFound)):
            await services.undo_list(list_id, reason="平台给错了", actor=world.funds.treasurer)
        for _ in range(2):
            await services.undo_list(list_id, reason="平台给错了", actor=world.funds.payer)
        one = await queries.platform_list(list_id)
        assert one.state == rules.UNDONE
        assert await fetch_value("select sum(returned_fen)::int from fund_gift") == 15_000
        assert await fetch_value("select state from foundation_entry where id = $1", one.entry) == "reversed"
        again = await sent(world, one.campaign_id)
        assert again != list_id
        await services.settle_list(again, payout(), SLIP, actor=world.funds.treasurer)
        await run_due_jobs()
        assert (await queries.platform_list(again)).state == rules.BOOKED
        assert await plugins.collect("collect_differences") == []


async def test_not_undone_where_a_gift_has_been_used(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        list_id = await booked(world)
        row = (await queries.rows_of(list_id, after=0, limit=1))[0]
        assert row.gift_id is not None
        await fund_services.prepare_refund(
            row.gift_id, reason="捐赠人要求", payment_no="1", actor=world.funds.treasurer
        )
        await fund_services.sign_refund(row.gift_id, actor=world.funds.payer)
        with pytest.raises(errors.GiftsUsed):
            await services.undo_list(list_id, reason="平台给错了", actor=world.funds.payer)
        assert await fetch_value("select count(*) from foundation_platform_row where is_booked") == 2


async def test_others_are_refused(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        list_id = await sent(world, await campaign(world))
        with pytest.raises(PermissionMissing):
            await services.upload_list(
                (await queries.platform_list(list_id)).campaign_id,
                target(world),
                sheet(),
                actor=world.funds.donor,
            )
        for actor in (world.funds.donor, world.secretary):
            with pytest.raises(errors.PlatformListNotFound):
                await services.settle_list(list_id, payout(), SLIP, actor=actor)
            with pytest.raises(errors.PlatformListNotFound):
                await services.drop_list(list_id, actor=actor)
            with pytest.raises(errors.PlatformListNotFound):
                await queries.list_for(list_id, actor)
        await services.drop_list(list_id, actor=world.funds.treasurer)
        assert await fetch_value("select count(*) from foundation_platform_row where name <> ''") == 0
        offline = await published(world, mode=campaign_rules.OFFLINE)
        with pytest.raises(errors.NotOnPlatform):
            await sent(world, offline)


async def test_a_fund_that_has_closed_meanwhile_takes_nothing(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        list_id = await sent(world, await campaign(world))
        await services.settle_list(list_id, payout(), SLIP, actor=world.funds.treasurer)
        async with unit_of_work():
            await fetch("update fund set state = 'closing' where id = $1", world.funds.fund)
        await run_due_jobs()
        one = await queries.platform_list(list_id)
        assert (one.state, bool(one.reason)) == (rules.JUDGED, True)
        assert await fetch_value("select count(*) from fund_gift") == 0


ODD = "流水编码,付款日,实付（元）,备注\nT1,2026-11-22,100,甲\n"
CHOSEN = {"order_no": "流水编码", "paid_on": "付款日", "amount": "实付（元）"}


async def choose(world: CampaignWorld, campaign_id: int, text: str, columns: dict[str, str]) -> int:
    by = world.funds.treasurer
    return await services.upload_list(campaign_id, target(world), sheet(text), columns=columns, actor=by)


async def test_unknown_columns_are_chosen_and_remembered_for_the_platform(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        campaign_id = await campaign(world)
        with pytest.raises(errors.ListColumnsMissing, match="订单号、捐赠时间、捐赠金额"):
            await sent(world, campaign_id, sheet(ODD))
        with pytest.raises(errors.ColumnUnknown, match="应付"):
            await choose(world, campaign_id, ODD, {**CHOSEN, "amount": "应付"})
        list_id = await choose(world, campaign_id, ODD, CHOSEN)
        one = await queries.platform_list(list_id)
        assert (one.bad, one.gross_fen, one.state) == (0, 10_000, rules.JUDGED)
        assert await choose(world, campaign_id, ODD, CHOSEN) == list_id
        assert await sent(world, campaign_id, sheet(ODD)) == list_id
        second = await sent(world, campaign_id, sheet(ODD.replace("T1", "T2")))
        assert (await queries.platform_list(second)).gross_fen == 10_000
        usual = await sent(world, campaign_id)  # whose columns have the usual names
        assert (await queries.platform_list(usual)).gross_fen == 15_000


async def test_a_dropped_choice_is_forgotten_and_another_choice_is_another_list(world: CampaignWorld) -> None:
    text = ODD.replace("备注", "手续").replace(",甲", ",1")
    with clock.frozen(NOW):
        campaign_id = await campaign(world)
        wrong = await choose(world, campaign_id, text, {**CHOSEN, "amount": "手续"})
        right = await choose(world, campaign_id, text, {**CHOSEN, "fee": "手续"})
        assert wrong != right
        assert (await queries.platform_list(right)).fee_fen == 100
        for list_id in (right, wrong):
            await services.drop_list(list_id, actor=world.funds.treasurer)
        with pytest.raises(errors.ListColumnsMissing):
            await sent(world, campaign_id, sheet(text))


async def test_what_is_chosen_holds_for_one_foundation_and_one_platform(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        await choose(world, await campaign(world), ODD, CHOSEN)
        mine, place = world.funds.foundation, "gongyi.example.org"
        assert await queries.chosen_columns(mine, place) == CHOSEN
        assert await queries.chosen_columns(mine, "other.example.org") == {}
        assert await queries.chosen_columns(mine + 1, place) == {}
        link = "https://other.example.org/1"
        elsewhere = await published(world, mode=campaign_rules.LINK, platform_url=link)
        with pytest.raises(errors.ListColumnsMissing):
            await sent(world, elsewhere, sheet(ODD))


async def test_a_neighbouring_foundations_keepers_find_no_list(world: CampaignWorld) -> None:
    with clock.frozen(NOW):
        list_id = await sent(world, await campaign(world))
        other = await make_fund_world(name="邻样基金会")
        for verb in (
            services.settle_list(list_id, payout(), SLIP, actor=other.treasurer),
            services.confirm_list(list_id, actor=other.payer),
            services.drop_list(list_id, actor=other.treasurer),
            services.undo_list(list_id, reason="平台给错了", actor=other.payer),
            services.ask_for_list(list_id, format="csv", actor=other.treasurer),
            queries.list_for(list_id, other.treasurer),
        ):
            with pytest.raises(errors.PlatformListNotFound):
                await verb
        with pytest.raises(PermissionMissing):
            one = await queries.platform_list(list_id)
            await services.upload_list(one.campaign_id, target(world), sheet(), actor=other.treasurer)
        assert (await queries.platform_list(list_id)).state == rules.JUDGED
