"""What authorities find is recorded by the staff of the region, stays, and ends in time."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from core import clock
from core.database import fetch, fetch_value
from core.errors import YijiError
from core.organizations.errors import OrganizationNotFound, ReasonMissing
from core.organizations.errors.records import (
    DayInFuture,
    EndWrong,
    GivenByMissing,
    NotACharity,
    NumberMissing,
    OwnOrganization,
    ValueUnknown,
    YearWrong,
)
from core.organizations.queries import records
from core.organizations.queries.dossiers import dossier
from core.organizations.rules.payees import BankAccount
from core.organizations.services.payees import propose_payee
from core.organizations.services.records import record_finding
from core.people.rules import MANAGER
from core.people.services import grant_role
from core.reference import Ref
from tests.core.organizations.records import finding, make_place

TODAY = date(2026, 11, 22)


# --- rules --------------------------------------------------------------------------------------


def test_a_grade_lasts_five_years_unless_said_otherwise() -> None:
    assert finding().checked(TODAY).valid_until == date(2031, 2, 28)
    said = finding(valid_until=date(2030, 1, 1)).checked(TODAY)
    assert said.valid_until == date(2030, 1, 1)
    assert finding(value="withdrawn", valid_until=date(2030, 1, 1)).checked(TODAY).valid_until is None
    leap = finding(valid_from=date(2024, 2, 29), valid_until=date(2034, 2, 28)).checked(TODAY)
    assert leap.valid_until == date(2034, 2, 28)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"value": "6A"}, ValueUnknown),
        ({"value": "passed"}, ValueUnknown),
        ({"given_by": "局"}, GivenByMissing),
        ({"valid_from": date(2026, 11, 23)}, DayInFuture),
        ({"reason": ""}, ReasonMissing),
        ({"valid_until": date(2026, 3, 1)}, EndWrong),
        ({"valid_until": date(2036, 3, 2)}, EndWrong),
        ({"kind": "inspection", "value": "passed"}, YearWrong),
        ({"kind": "inspection", "value": "passed", "year": 2027}, YearWrong),
        ({"kind": "inspection", "value": "passed", "year": 1989}, YearWrong),
        ({"kind": "fundraising", "value": "granted", "valid_until": date(2028, 1, 1)}, NumberMissing),
        ({"kind": "fundraising", "value": "granted", "number": "7"}, EndWrong),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    said: dict[str, object], refusal: type[YijiError]
) -> None:
    with pytest.raises(refusal) as refused:
        finding(**said).checked(TODAY)  # type: ignore[arg-type]
    assert refused.value.field  # type: ignore[attr-defined]


def test_the_edges_are_accepted() -> None:
    assert finding(valid_from=TODAY, valid_until=date(2036, 11, 22)).checked(TODAY)
    assert finding("inspection", "passed", year=2026).checked(TODAY).year == 2026
    assert finding("inspection", "passed", year=1990, number="7").checked(TODAY).number == ""


# --- recorded -----------------------------------------------------------------------------------


async def test_the_newest_counts_and_ends_in_time(db: str) -> None:
    place = await make_place()
    with clock.frozen(datetime(2026, 11, 22, tzinfo=UTC)):
        first = await record_finding(place.id, finding(), actor=place.staff)
        assert await record_finding(place.id, finding(), actor=place.colleague) == first  # the second click
        await record_finding(place.id, finding(value="5A"), actor=place.staff)
        for year, value in ((2025, "failed"), (2024, "passed"), (2025, "passed")):
            await record_finding(place.id, finding("inspection", value, year=year), actor=place.staff)
    standing = await records.standing(place.id)
    assert standing.grade(date(2031, 2, 28)) == "5A"
    assert standing.grade(date(2031, 3, 1)) == ""
    assert [(one.year, one.value) for one in standing.inspections] == [(2025, "passed"), (2024, "passed")]
    assert len(await records.history(place.id, before_id=None, limit=9)) == 5
    said = await fetch("select facts from audit_event where action = 'organization.finding_recorded'")
    assert len(said) == 5
    assert "公告" not in str(said)


async def test_a_certificate_needs_a_charity_and_ends_with_it(db: str) -> None:
    place, today = await make_place(), clock.today()
    paper = finding("fundraising", "granted", number="51010", valid_until=date(2030, 1, 1))
    with pytest.raises(NotACharity):
        await record_finding(place.id, paper, actor=place.staff)
    await record_finding(place.id, finding("charity", "granted"), actor=place.staff)
    await record_finding(place.id, paper, actor=place.staff)
    assert (await records.standing(place.id)).may_raise_funds(today)
    assert not (await records.standing(place.id)).may_raise_funds(date(2030, 1, 2))
    await record_finding(place.id, finding("charity", "withdrawn"), actor=place.staff)
    assert not (await records.standing(place.id)).may_raise_funds(today)


async def test_only_strangers_to_it_of_its_own_region_record(db: str) -> None:
    place = await make_place()
    for actor in (place.elsewhere, place.manager):
        with pytest.raises(OrganizationNotFound):
            await record_finding(place.id, finding(), actor=actor)
    await grant_role(place.staff.person_id, MANAGER, Ref("organization", place.id), actor_id=None)
    with pytest.raises(OwnOrganization):
        await record_finding(place.id, finding(), actor=place.staff)
    assert await fetch_value("select count(*) from organization_record") == 0


async def test_what_was_recorded_stays(db: str) -> None:
    place = await make_place()
    await record_finding(place.id, finding(), actor=place.staff)
    for change in ("update organization_record set value = '5A'", "delete from organization_record"):
        with pytest.raises(asyncpg.PostgresError):
            await fetch(change)


async def test_auditors_get_it_all_without_words_or_numbers(db: str) -> None:
    place = await make_place()
    record = await record_finding(place.id, finding(), actor=place.staff)
    said = BankAccount("样例银行", "样邻社区营造中心", "6222000000001234")
    payee = await propose_payee(place.id, said, actor=place.manager)
    parts = {part.name: part for part in await dossier(Ref("organization", place.id))}
    assert parts["findings"].subjects == [Ref("organization_record", record)]
    assert parts["payees"].subjects == [Ref("organization_payee", payee)]
    assert parts["restrictions"].rows == []
    everything = str([part.rows for part in parts.values()])
    assert "公告" not in everything
    assert "6222" not in everything
    assert await dossier(Ref("region", place.region_id)) == []
