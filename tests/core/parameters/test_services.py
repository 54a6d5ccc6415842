"""What a rule's number is: here, on this day, by the latest decision, else by default."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.database import fetch_row, fetch_value
from core.errors import Invalid
from core.parameters.errors import (
    EffectiveInThePast,
    EffectiveTooFar,
    NothingPlanned,
    ParameterNotHere,
    ParameterOutOfRange,
    ParameterUnchanged,
    UnknownParameter,
)
from core.parameters.queries import declaration, declared, effective, history, in_force
from core.parameters.rules import AHEAD_MOST
from core.parameters.services import set_parameter, withdraw_parameter
from core.reference import Ref
from tests.factories import make_committee, make_garden

FEE = "garden.plot_fee_fen"
HOLD = "garden.hold_h"
GARDEN, COMMITTEE, TOWN = Ref("garden", 1), Ref("organization", 2), Ref("region", 3)
NEAR_TO_FAR = [GARDEN, COMMITTEE, TOWN]
NEW_YEAR = date(2027, 1, 1)


async def decide(scope: Ref, value: int, on: date = NEW_YEAR, code: str = FEE) -> None:
    await set_parameter(code, scope, value, effective_on=on, actor_id=None)


async def fee(scopes: list[Ref] = NEAR_TO_FAR, on: date = NEW_YEAR) -> int:
    return (await effective([FEE], scopes, on))[FEE]


async def test_without_a_decision_the_default_holds(db: str) -> None:
    assert await fee() == declaration(FEE).default == 3000
    assert await fee(scopes=[]) == 3000


async def test_the_nearest_scope_wins_whenever_it_was_decided(db: str) -> None:
    await decide(TOWN, 100)
    assert await fee() == 100
    await decide(GARDEN, 300)
    await decide(COMMITTEE, 200, on=NEW_YEAR - timedelta(days=1))
    assert await fee() == 300
    assert await fee([COMMITTEE, TOWN]) == 200
    assert await fee([TOWN]) == 100
    assert await fee([Ref("garden", 2), TOWN]) == 100
    assert await fee([Ref("organization", 1)]) == 3000


async def test_a_decision_holds_from_its_day_and_not_before(db: str) -> None:
    await decide(GARDEN, 100)
    assert await fee(on=NEW_YEAR - timedelta(days=1)) == 3000
    assert await fee(on=NEW_YEAR) == 100
    assert await fee(on=NEW_YEAR + timedelta(days=999)) == 100


async def test_the_latest_day_counts_not_the_latest_click(db: str) -> None:
    await decide(GARDEN, 200, on=NEW_YEAR + timedelta(days=10))
    await decide(GARDEN, 100, on=NEW_YEAR)
    assert await fee(on=NEW_YEAR + timedelta(days=9)) == 100
    assert await fee(on=NEW_YEAR + timedelta(days=10)) == 200


async def test_a_near_decision_of_the_future_leaves_the_far_one_in_force(db: str) -> None:
    await decide(GARDEN, 200, on=NEW_YEAR + timedelta(days=1))
    await decide(TOWN, 100)
    assert await fee(on=NEW_YEAR) == 100


async def test_the_later_decision_of_a_day_wins_and_both_are_kept(db: str) -> None:
    await decide(GARDEN, 100)
    await decide(GARDEN, 200)
    assert await fee() == 200
    assert await fetch_value("select count(*) from parameter_value where code like 'garden.%'") == 2
    assert await fetch_value("select count(*) from audit_event where action = 'parameter.set'") == 2


async def test_several_numbers_are_read_at_once_each_from_its_own_scope(db: str) -> None:
    await decide(GARDEN, 100)
    await decide(TOWN, 24, code=HOLD)
    assert await effective([FEE, HOLD, "garden.term_months"], NEAR_TO_FAR, NEW_YEAR) == {
        FEE: 100,
        HOLD: 24,
        "garden.term_months": 12,
    }


@pytest.mark.parametrize(
    ("code", "minimum", "maximum"), [(HOLD, 1, 720), ("garden.plots_per_household", 1, 50)]
)
async def test_a_number_stays_within_its_declared_limits(
    db: str, code: str, minimum: int, maximum: int
) -> None:
    for value in (minimum, maximum):
        await decide(GARDEN, value, code=code)
    for value in (minimum - 1, maximum + 1):
        with pytest.raises(ParameterOutOfRange) as refusal:
            await decide(GARDEN, value, code=code)
        assert refusal.value.params == {"minimum": str(minimum), "maximum": str(maximum)}
        assert list(refusal.value.reasons()) == ["value"]
    assert await fetch_value("select count(*) from parameter_value where code like 'garden.%'") == 2


async def test_an_unknown_number_is_neither_set_nor_read(db: str) -> None:
    with pytest.raises(UnknownParameter):
        await decide(GARDEN, 1, code="garden.weather")
    with pytest.raises(UnknownParameter):
        await effective([FEE, "garden.weather"], NEAR_TO_FAR, NEW_YEAR)


async def test_who_decided_is_on_record(db: str) -> None:
    await set_parameter(FEE, GARDEN, 1, effective_on=NEW_YEAR, actor_id=42)
    row = await fetch_row(
        "select set_by, code, scope_kind, scope_id, effective_on from parameter_value where set_by = 42"
    )
    assert tuple(row) == (42, FEE, "garden", 1, NEW_YEAR)


def test_every_default_lies_within_its_own_limits() -> None:
    assert declared()
    assert all(p.minimum <= p.default <= p.maximum for p in declared().values())


TODAY = datetime(2026, 12, 1, 4, tzinfo=UTC)
DAY = TODAY.date()


@pytest.fixture
def frozen() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.mark.usefixtures("frozen")
async def test_a_value_begins_today_at_the_earliest_and_in_ten_years_at_the_latest(db: str) -> None:
    await decide(GARDEN, 100, on=DAY)
    await decide(GARDEN, 200, on=DAY + AHEAD_MOST)
    with pytest.raises(EffectiveInThePast, match="2026-12-01"):
        await decide(GARDEN, 300, on=DAY - timedelta(days=1))
    with pytest.raises(EffectiveTooFar):
        await decide(GARDEN, 300, on=DAY + AHEAD_MOST + timedelta(days=1))


@pytest.mark.usefixtures("frozen")
async def test_what_would_change_nothing_is_refused(db: str) -> None:
    await decide(COMMITTEE, 100, on=DAY)

    async def again(value: int, on: date) -> None:
        await set_parameter(FEE, GARDEN, value, effective_on=on, actor_id=None, beyond=[COMMITTEE])

    with pytest.raises(ParameterUnchanged):
        await again(100, DAY)
    await again(200, DAY + timedelta(days=5))
    with pytest.raises(ParameterUnchanged):
        await again(100, DAY)
    with pytest.raises(ParameterUnchanged):
        await again(200, DAY + timedelta(days=6))
    await again(100, DAY + timedelta(days=6))


async def test_two_clicks_at_once_decide_once(db: str) -> None:
    outcomes = await asyncio.gather(*(decide(GARDEN, 100) for _ in range(4)), return_exceptions=True)
    assert sorted(type(o).__name__ for o in outcomes) == ["NoneType"] + ["ParameterUnchanged"] * 3
    assert await fetch_value("select count(*) from parameter_value where code like 'garden.%'") == 1


@pytest.mark.usefixtures("frozen")
async def test_a_planned_value_is_withdrawn_by_a_further_row(db: str) -> None:
    later = DAY + timedelta(days=9)
    await decide(GARDEN, 100, on=DAY)
    await decide(GARDEN, 200, on=later)
    await decide(GARDEN, 300, on=later)
    await withdraw_parameter(FEE, GARDEN, effective_on=later, actor_id=5)
    assert await fee(on=later) == 100
    with pytest.raises(NothingPlanned):
        await withdraw_parameter(FEE, GARDEN, effective_on=later, actor_id=5)
    await decide(GARDEN, 400, on=later)
    assert await fee(on=later) == 400
    rows = await history(FEE, [GARDEN], limit=10)
    assert [(r.value, r.is_withdrawn) for r in rows] == [
        (400, False),
        (None, False),
        (300, True),
        (200, True),
        (100, False),
    ]


@pytest.mark.usefixtures("frozen")
async def test_withdrawn_before_it_began_the_farther_scope_holds_on(db: str) -> None:
    later = DAY + timedelta(days=9)
    await decide(TOWN, 50, on=DAY)
    await decide(GARDEN, 200, on=later)
    await withdraw_parameter(FEE, GARDEN, effective_on=later, actor_id=5)
    found = (await in_force([FEE], NEAR_TO_FAR, later))[FEE]
    assert (found.value, found.scope, found.since) == (50, TOWN, DAY)


@pytest.mark.usefixtures("frozen")
async def test_what_holds_already_cannot_be_withdrawn(db: str) -> None:
    await decide(GARDEN, 200, on=DAY)
    for day in (DAY, DAY + timedelta(days=1)):
        with pytest.raises(NothingPlanned):
            await withdraw_parameter(FEE, GARDEN, effective_on=day, actor_id=5)
    with pytest.raises(NothingPlanned):
        await withdraw_parameter(FEE, COMMITTEE, effective_on=DAY, actor_id=5)
    assert await fee(on=DAY) == 200


async def test_a_scope_of_another_kind_cannot_set_it(db: str) -> None:
    with pytest.raises(ParameterNotHere):
        await decide(Ref("person", 1), 100)


async def test_a_plugin_may_refuse_a_value_in_words(db: str) -> None:
    committee = await make_committee()
    garden_id, _ = await make_garden(committee, plots=4)
    code = "garden.plots_per_household"
    for scope in (Ref("garden", garden_id), committee.ref):
        await decide(scope, 4, code=code)
        with pytest.raises(Invalid, match="只有 4 块地") as refusal:
            await decide(scope, 5, code=code)
        assert list(refusal.value.reasons()) == ["value"]
    await decide(TOWN, 50, code=code)
    await decide(Ref("organization", 10**6), 50, code=code)
