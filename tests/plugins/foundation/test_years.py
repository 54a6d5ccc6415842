"""A foundation's year: what is recorded by whom, what the ledger says of it, that it ends for good."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from core import clock, plugins
from core.database import fetch, fetch_value
from core.files.queries import files_of
from core.funds import services as funds
from core.parameters.services import set_parameter
from core.people.errors import PermissionMissing
from core.reference import PLATFORM, Ref
from core.workflow import WrongState
from plugins.foundation.errors.years import (
    AmountOutOfRange,
    EntryDayElsewhere,
    EntryNotFound,
    EntryReasonMissing,
    EntryWaits,
    OpeningMissing,
    OwnEntry,
    VoucherUsed,
    YearIsClosed,
    YearNotOver,
    YearUnknown,
)
from plugins.foundation.queries import entries as records
from plugins.foundation.queries import privacy
from plugins.foundation.queries import years as queries
from plugins.foundation.rules import years
from plugins.foundation.rules.years import Books
from plugins.foundation.services import entries, openings
from plugins.foundation.services.years import close_year
from tests.core.funds.world import FundWorld, give, held, make_fund_world, paid, three_gifts
from tests.plugins.foundation.years_world import (
    REPORT,
    VOUCHER,
    enter,
    entry_draft,
    opened,
    opening_draft,
    secretary,
)

MAY, AUGUST = datetime(2026, 5, 5, 12, tzinfo=clock.HOME), datetime(2026, 8, 25, 12, tzinfo=clock.HOME)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=clock.HOME)
LIMIT = 500000


@pytest.fixture
async def world(db: str) -> FundWorld:
    """130.00 bound and 50.00 free came in spring; 62.00 were paid in summer."""
    with clock.frozen(MAY):
        made = await make_fund_world()
        await three_gifts(made)
    with clock.frozen(AUGUST):
        await paid(made)
    return made


@pytest.fixture
async def other(world: FundWorld) -> FundWorld:
    """A foundation next door."""
    with clock.frozen(MAY):
        return await make_fund_world(name="邻样基金会")


async def test_the_books_of_a_year_come_from_the_ledger(world: FundWorld) -> None:
    with clock.frozen(AUGUST):
        await enter(world, 1000)
        await enter(world, 300, "V-2", kind=years.INCOME, what="存款利息")
        await enter(world, 200, "V-3", kind=years.PROGRAMME, what="自己办的讲座")
        gift = await give(world, 500, "S-9")
        await funds.prepare_refund(gift, reason="捐错了", payment_no="T-1", actor=world.treasurer)
        await funds.sign_refund(gift, actor=world.payer)
        (books,) = await queries.books([(world.foundation, 2026)])
    assert books == Books(
        bound_fen=13000,
        free_fen=5500,
        other_fen=300,
        returned_fen=500,
        paid_fen=6200,
        direct_fen=200,
        management_fen=1000,
    )
    assert (books.income_fen, books.programme_fen) == (18300, 6400)
    assert await plugins.collect("collect_differences") == []


async def test_a_year_ends_with_its_last_moment_where_people_live(world: FundWorld) -> None:
    with clock.frozen(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)):
        await give(world, 100, "S-9")
    with clock.frozen(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)):
        await give(world, 70, "S-10")
        old, new = await queries.books([(world.foundation, 2026), (world.foundation, 2027)])
    assert (old.free_fen, new.free_fen) == (5100, 70)


async def test_exactly_the_limit_is_counted_at_once_and_one_fen_more_waits(world: FundWorld) -> None:
    with clock.frozen(AUGUST):
        alone, waiting = await enter(world, LIMIT), await enter(world, LIMIT + 1, "V-2")
        assert (await records.entry(alone)).state == years.COUNTED
        assert (await records.entry(waiting)).state == years.WAITING
        assert [todo.params["what"] for todo in await records.todos(world.payer)] == ["工资"]
        assert (await queries.books([(world.foundation, 2026)]))[0].management_fen == LIMIT
        with pytest.raises(PermissionMissing):
            await enter_as_head(world)
        await asyncio.gather(*(entries.confirm_entry(waiting, actor=world.payer) for _ in range(3)))
        assert (await queries.books([(world.foundation, 2026)]))[0].management_fen == 2 * LIMIT + 1
        assert await records.todos(world.payer) == []


async def enter_as_head(world: FundWorld) -> None:
    await entries.record_entry(world.foundation, 2026, entry_draft(1, "V-9"), VOUCHER, actor=world.head)


async def test_nobody_confirms_the_own_entry_and_a_stranger_finds_none(
    world: FundWorld, other: FundWorld
) -> None:
    with clock.frozen(AUGUST):
        waiting = await enter(world, LIMIT + 1)
        await fetch("update foundation_entry set recorded_by = $1", world.payer.person_id)
        with pytest.raises(OwnEntry):
            await entries.confirm_entry(waiting, actor=world.payer)
        for stranger in (other.payer, world.treasurer):
            with pytest.raises(EntryNotFound):
                await entries.confirm_entry(waiting, actor=stranger)
        assert not await records.may_see_file(other.checker, years.ENTRY, waiting)
        assert await records.may_see_file(world.checker, years.ENTRY, waiting)
    assert len(await files_of(Ref(years.ENTRY, waiting))) == 1


async def test_the_second_click_is_the_first_and_another_content_is_refused(world: FundWorld) -> None:
    with clock.frozen(AUGUST):
        first = await enter(world, 1000)
        assert await enter(world, 1000) == first
        with pytest.raises(VoucherUsed):
            await enter(world, 1001)
    assert await fetch_value("select count(*) from foundation_entry") == 1


async def test_a_day_of_another_year_or_to_come_is_refused(world: FundWorld) -> None:
    with clock.frozen(AUGUST):
        for day in (date(2025, 12, 31), date(2026, 8, 26)):
            with pytest.raises(EntryDayElsewhere):
                await entries.record_entry(
                    world.foundation,
                    2026,
                    entry_draft(1, occurred_on=day),
                    VOUCHER,
                    actor=world.treasurer,
                )
        await enter(world, 1, occurred_on=date(2026, 8, 25))
        with pytest.raises(YearUnknown):
            await enter(world, 1, occurred_on=date(2027, 1, 1))
        for amount in (0, years.AMOUNT_MOST + 1):
            with pytest.raises(AmountOutOfRange):
                await enter(world, amount, "V-3")


async def test_what_was_counted_wrongly_is_reversed_by_another_and_both_stand(world: FundWorld) -> None:
    with clock.frozen(AUGUST):
        entry = await enter(world, 1000)
        with pytest.raises(EntryReasonMissing):
            await entries.reverse_entry(entry, reason=" ", actor=world.payer)
        for _ in range(2):
            await entries.reverse_entry(entry, reason="记重了", actor=world.payer)
        with pytest.raises(WrongState):
            await entries.confirm_entry(entry, actor=world.payer)
        assert (await queries.books([(world.foundation, 2026)]))[0].management_fen == 0
    notes = await fetch("select note from ledger_transfer where cause_kind = 'foundation.entry' order by id")
    assert [row["note"] for row in notes] == ["工资", "记重了"]
    assert await plugins.collect("collect_differences") == []


async def test_the_beginning_of_a_year_counts_once_a_second_person_has_reviewed_it(world: FundWorld) -> None:
    with clock.frozen(AUGUST):
        draft = opening_draft()
        first, again = [
            await openings.record_opening(world.foundation, 2026, draft, REPORT, actor=world.treasurer)
            for _ in range(2)
        ]
        assert first == again
        assert (await queries.year_of(world.foundation, 2026)).judged is None
        with pytest.raises(EntryNotFound):
            await openings.review_opening(first, actor=world.treasurer)
        assert [todo.params["year"] for todo in await records.todos(world.checker)] == [2026]
        await openings.review_opening(first, actor=world.checker)
        judged = (await queries.year_of(world.foundation, 2026)).judged
    assert judged is not None
    assert (judged.needed_fen, judged.spent_fen, judged.missing_fen) == (7000, 6200, 800)


async def test_a_correction_supersedes_and_what_is_dropped_does_not_count(world: FundWorld) -> None:
    with clock.frozen(AUGUST):
        first = await opened(world)
        second = await opened(world, income_1_fen=8000, note="审计调整")
        dropped = await openings.record_opening(
            world.foundation, 2026, opening_draft(income_1_fen=1), REPORT, actor=world.treasurer
        )
        await openings.drop_opening(dropped, actor=world.treasurer)
        found = [(o.id, o.state) for o in await records.openings(world.foundation, 2026)]
        judged = (await queries.year_of(world.foundation, 2026)).judged
    assert found == [(dropped, "dropped"), (second, "reviewed"), (first, "superseded")]
    assert judged is not None
    assert judged.needed_fen == 5600


async def test_what_is_set_aside_is_reserved_this_year(world: FundWorld) -> None:
    with clock.frozen(AUGUST):
        await opened(world)
        await held(world, 500)
        found = await queries.year_of(world.foundation, 2026)
        past = await queries.year_of(world.foundation, 2025)
    judged = found.judged
    assert judged is not None
    assert (judged.missing_fen, judged.reserved_fen, judged.unplanned_fen) == (800, 500, 300)
    assert found.forecast is not None
    assert found.forecast.settled is not None
    assert (found.forecast.settled_fen, found.forecast.settled.missing_fen) == (6700, 300)
    assert past.forecast is None


async def test_the_table_is_dated(world: FundWorld) -> None:
    with clock.frozen(AUGUST):
        await opened(world)
        code = "foundation.ratio_foundation_public_spend"
        await set_parameter(code, PLATFORM, 80, effective_on=date(2027, 1, 1), actor_id=None)
        assert (await queries.year_of(world.foundation, 2026)).judged.needed_fen == 7000  # type: ignore[union-attr]
    with clock.frozen(NEW_YEAR):
        await opened(world, 2027)
        assert (await queries.year_of(world.foundation, 2026)).judged.needed_fen == 7000  # type: ignore[union-attr]
        assert (await queries.year_of(world.foundation, 2027)).judged.needed_fen == 8000  # type: ignore[union-attr]


async def test_a_year_is_closed_once_it_is_over_and_nothing_waits(world: FundWorld) -> None:
    actor = secretary(world)
    with clock.frozen(AUGUST):
        waiting = await enter(world, LIMIT + 1)
        with pytest.raises(YearNotOver):
            await close_year(world.foundation, 2026, actor=actor)
    with clock.frozen(NEW_YEAR):
        with pytest.raises(OpeningMissing):
            await close_year(world.foundation, 2026, actor=actor)
        await opened(world)
        with pytest.raises(EntryWaits):
            await close_year(world.foundation, 2026, actor=actor)
        await entries.drop_entry(waiting, actor=world.treasurer)
        with pytest.raises(PermissionMissing):
            await close_year(world.foundation, 2026, actor=world.treasurer)
        await asyncio.gather(*(close_year(world.foundation, 2026, actor=actor) for _ in range(3)))
        with pytest.raises(YearIsClosed):
            await enter(world, 1, "V-2")
        with pytest.raises(YearIsClosed):
            await opened(world)
        view = await queries.year_of(world.foundation, 2026)
    assert view.closed_at is not None
    assert view.books.paid_fen == 6200
    assert await fetch_value("select count(*) from foundation_year") == 1
    assert await plugins.collect("collect_differences") == []


async def test_a_closed_year_and_an_entry_that_the_books_contradict_are_found(world: FundWorld) -> None:
    with clock.frozen(NEW_YEAR):
        await opened(world)
        await enter(world, 1000)
        await close_year(world.foundation, 2026, actor=secretary(world))
    await fetch("update foundation_year set paid_fen = paid_fen + 1")
    (closed,) = await queries.differences()
    assert closed.subject == f"foundation {world.foundation}: year 2026"
    await fetch("update foundation_entry set amount_fen = 1001")
    (entry,) = await records.differences()
    assert (entry.expected, entry.found) == ("1001", "1000")


async def test_the_copy_of_ones_data_says_what_one_did_in_the_books(world: FundWorld) -> None:
    with clock.frozen(AUGUST):
        await enter(world, 1000)
    (part,) = await privacy.personal_data(world.treasurer.person_id)
    assert (part.name, [row["what"] for row in part.rows]) == ("foundation.entries", ["工资"])
    assert await privacy.personal_data(world.donor.person_id) == []
