"""Checking in by being there: compared once, and forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock
from core.database import fetch, fetch_row, fetch_value, unit_of_work
from core.errors import YijiError
from core.volunteers.errors import (
    NoPositionAsked,
    PositionMalformed,
    PositionMissing,
    SignUpNotFound,
    TooEarlyToCheckIn,
    TooFarAway,
)
from core.volunteers.queries import sign_ups
from core.volunteers.rules.places import Position, check_near, position_of
from core.volunteers.services.attendance import check_in_here, forget_distances
from tests.core.volunteers.shifts import PLAN, Team, join, make_shift, make_team, states
from tests.factories import make_resident

SQUARE = Position(30_657_420, 104_065_840)


def north(metres: float) -> Position:
    """So far north of the square: a millionth of a degree is 0.1112 m there."""
    return Position(SQUARE.latitude + round(metres / 0.1111949), SQUARE.longitude)


@pytest.mark.parametrize("typed", ["30.657420, 104.065840", "30.65742，104.06584", " 30.65742 104.06584 "])
def test_a_position_is_read_as_maps_write_it(typed: str) -> None:
    assert position_of(typed) == SQUARE
    assert position_of(str(SQUARE)) == SQUARE
    assert position_of(" ") is None


@pytest.mark.parametrize(
    "typed", ["天府广场", "30.65", "91.0, 104.0", "30.0, 181.0", "30,5 104,0", "nan, nan"]
)
def test_what_is_no_position_is_refused_beside_the_field(typed: str) -> None:
    with pytest.raises(PositionMalformed) as refused:
        position_of(typed)
    assert refused.value.field == "position"


def test_distances_along_the_ground() -> None:
    assert Position(0, 0).metres_to(Position(0, 1_000_000)) == pytest.approx(111_195, abs=1)
    beijing, chengdu = Position(39_904_200, 116_407_400), Position(30_572_800, 104_066_800)
    assert beijing.metres_to(chengdu) == pytest.approx(1_518_000, rel=0.01)
    assert SQUARE.metres_to(SQUARE) == 0


@pytest.mark.parametrize(
    ("metres", "found"), [(0, 50), (49, 50), (51, 100), (199, 200), (201, TooFarAway), (40_000, TooFarAway)]
)
def test_only_the_class_of_the_distance_is_told(metres: float, found: int | type[YijiError]) -> None:
    if isinstance(found, int):
        assert check_near(SQUARE, north(metres), 200) == found
        return
    with pytest.raises(found):
        check_near(SQUARE, north(metres), 200)


@pytest.fixture
async def team(db: str) -> Team:
    return await make_team()


async def test_who_is_there_checks_in_once_and_where_is_kept_nowhere(team: Team) -> None:
    shift_id = await make_shift(team, plan=replace(PLAN, position=str(SQUARE)))
    person, other = [await make_resident(team.organization.region_id) for _ in range(2)]
    sign_up_id = await join(shift_id, person)
    with pytest.raises(TooEarlyToCheckIn):
        await check_in_here(shift_id, str(SQUARE), actor=person)
    with pytest.raises(SignUpNotFound):
        await check_in_here(shift_id, str(SQUARE), actor=other)
    with clock.frozen((await sign_ups.sign_up(sign_up_id)).begins_at):
        for typed, refusal in (
            (str(north(201)), TooFarAway),
            ("", PositionMissing),
            ("x", PositionMalformed),
        ):
            with pytest.raises(refusal):
                await check_in_here(shift_id, typed, actor=person)
        assert await states(shift_id) == ["placed"]
        here = str(north(120))
        for _ in range(2):
            await check_in_here(shift_id, here, actor=person)
    row = await fetch_row("select state, within_m from volunteer_sign_up where id = $1", sign_up_id)
    assert row is not None
    assert tuple(row) == ("present", 200)
    for table in await fetch("select tablename from pg_tables where schemaname = 'public'"):
        kept = await fetch_value(f'select string_agg(t::text, chr(10)) from "{table["tablename"]}" t')
        assert here.split(",")[0].replace(".", "") not in (kept or "").replace(".", ""), table["tablename"]


async def test_without_a_position_the_code_is_needed(team: Team) -> None:
    shift_id = await make_shift(team)
    person = await make_resident(team.organization.region_id)
    begins_at = (await sign_ups.sign_up(await join(shift_id, person))).begins_at
    with clock.frozen(begins_at), pytest.raises(NoPositionAsked):
        await check_in_here(shift_id, str(SQUARE), actor=person)


async def test_how_near_somebody_was_is_forgotten_after_ninety_days(team: Team) -> None:
    shift_id = await make_shift(team, plan=replace(PLAN, position=str(SQUARE)))
    person = await make_resident(team.organization.region_id)
    begins_at = (await sign_ups.sign_up(await join(shift_id, person))).begins_at
    with clock.frozen(begins_at):
        await check_in_here(shift_id, str(SQUARE), actor=person)
    for days, left in ((89.9, 50), (90.1, None)):
        with clock.frozen(begins_at + timedelta(days=days)):
            async with unit_of_work():
                await forget_distances()
        assert await fetch_value("select within_m from volunteer_sign_up") == left
