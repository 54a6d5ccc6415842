"""Minors: old enough on the day, with the guardian's consent, nothing dangerous and nothing at night."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.database import fetch
from core.errors import YijiError
from core.people.rules import Actor
from core.registration.errors import GuardianConsentMissing
from core.volunteers.errors import NotForMinors, TooYoung
from core.volunteers.rules.flows import HIGH, LOW
from core.volunteers.rules.minors import check_age, is_at_night
from core.volunteers.rules.terms import Span
from tests.core.volunteers.shifts import PLAN, Team, join, make_shift, make_team, states
from tests.factories import make_resident

MIDNIGHT = datetime(2026, 6, 1, 16, tzinfo=UTC)  # 2 June in China


def span(first: float, last: float) -> Span:
    return Span(MIDNIGHT + timedelta(hours=first), MIDNIGHT + timedelta(hours=last))


@pytest.mark.parametrize(
    ("first", "last", "at_night"),
    [(6, 22, False), (5.9, 8, True), (20, 22.1, True), (9, 11, False), (23, 26, True), (0, 1, True)],
)
def test_the_night_is_from_22_to_6(first: float, last: float, at_night: bool) -> None:
    assert is_at_night(span(first, last)) is at_night


@pytest.mark.parametrize(
    ("born_on", "risk", "hours", "refusal"),
    [
        (date(2012, 6, 2), LOW, (9, 11), None),  # fourteen on that very day
        (date(2012, 6, 3), LOW, (9, 11), TooYoung),
        (date(2012, 6, 2), HIGH, (9, 11), NotForMinors),
        (date(2012, 6, 2), LOW, (20, 23), NotForMinors),
        (date(2008, 6, 2), HIGH, (20, 23), None),  # of age on that very day
        (date(2008, 6, 3), HIGH, (9, 11), NotForMinors),
        (None, HIGH, (20, 23), None),  # declared, as for everybody whose birthday nobody knows
    ],
)
def test_a_birthday_on_record_counts(
    born_on: date | None, risk: str, hours: tuple[int, int], refusal: type[YijiError] | None
) -> None:
    if refusal is None:
        check_age(born_on, span(*hours), age_least=14, risk=risk)
        return
    with pytest.raises(refusal):
        check_age(born_on, span(*hours), age_least=14, risk=risk)


@pytest.fixture
async def team(db: str) -> Team:
    return await make_team()


async def born(person: Actor, day: date) -> None:
    await fetch("update person set born_on = $2 where id = $1", person.person_id, day)


async def test_a_minor_signs_up_with_the_guardians_consent_only(team: Team) -> None:
    tomorrow = datetime.now(UTC).replace(hour=2, minute=0) + timedelta(days=2)  # ten in the morning there
    shift_id = await make_shift(team, begins_at=tomorrow, plan=replace(PLAN, age_least=14))
    person = await make_resident(team.organization.region_id)
    await born(person, date(tomorrow.year - 15, 1, 1))
    with pytest.raises(GuardianConsentMissing):
        await join(shift_id, person)
    await fetch(
        "insert into consent (person, purpose, is_given, version, decided_at)"
        " values ($1, 'minor_volunteering', true, '2026-11-22', now())",
        person.person_id,
    )
    await born(person, date(tomorrow.year - 12, 1, 1))
    with pytest.raises(TooYoung):
        await join(shift_id, person)
    await born(person, date(tomorrow.year - 15, 1, 1))
    await join(shift_id, person)
    assert await states(shift_id) == ["placed"]
