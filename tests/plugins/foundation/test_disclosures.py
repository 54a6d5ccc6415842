"""What a foundation must make public: by when, who said that it did, and that corrections carry a note."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from core import clock
from core.database import fetch_value
from core.files.queries import files_of
from core.files.rules import Upload
from core.people.errors import PermissionMissing
from core.reference import Ref
from plugins.foundation.errors.disclosures import (
    DutyDayInFuture,
    DutyNotFound,
    NoteMissing,
    ProofMissing,
)
from plugins.foundation.queries import disclosures as queries
from plugins.foundation.rules import disclosures as rules
from plugins.foundation.services import disclosures as services
from tests.core.funds.world import FundWorld, make_fund_world, paid, report, three_gifts
from tests.plugins.foundation.years_world import secretary

TERMS = {parameter.code: parameter.default for parameter in rules.PARAMETERS}
LINK = "https://cszg.example/2025"


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.HOME)


def test_the_year_is_due_by_the_ends_of_march_and_may() -> None:
    found = rules.yearly(date(2025, 7, 1), date(2026, 1, 1), TERMS)
    assert [(duty.kind, duty.about, str(duty.due_on)) for duty in found] == [
        (rules.REPORT, "2025", "2026-03-31"),
        (rules.ANNUAL, "2025", "2026-05-31"),
        (rules.RELATED_LIST, "2025", "2026-05-31"),
    ]
    assert rules.yearly(date(2025, 7, 1), date(2025, 12, 31), TERMS) == []
    assert rules.yearly(None, date(2026, 1, 1), TERMS) == []


def test_on_the_last_day_it_is_in_time() -> None:
    duty = rules.yearly(date(2025, 7, 1), date(2026, 1, 1), TERMS)[0]
    assert not duty.is_late(date(2026, 3, 31))
    assert duty.is_late(date(2026, 4, 1))


def test_months_end_where_they_end() -> None:
    assert rules.months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert rules.months_after(date(2026, 9, 15), 3) == date(2026, 12, 15)
    assert rules.end_of_month(2028, 2) == date(2028, 2, 29)


RUN = rules.Run(7, "样例项目", date(2025, 1, 31), None)


def terms_of(today: date, ended_on: date | None = None) -> list[tuple[str, str]]:
    found = rules.progress(replace(RUN, ended_on=ended_on), today, 3)
    return [(duty.key, str(duty.due_on)) for duty in found]


def test_a_project_of_more_than_six_months_is_told_of_every_three() -> None:
    assert terms_of(date(2025, 7, 31)) == []
    assert terms_of(date(2025, 8, 1)) == [("7-3", "2025-10-31")]
    assert terms_of(date(2025, 10, 31)) == [("7-3", "2025-10-31")]
    both = [("7-3", "2025-10-31"), ("7-4", "2026-01-31")]
    assert terms_of(date(2025, 11, 1)) == both
    assert [key for key, _ in terms_of(date(2027, 1, 1))] == ["7-5", "7-6", "7-7", "7-8"]


def test_what_was_due_before_its_end_stays_due_and_no_more() -> None:
    later = date(2026, 6, 1)
    assert terms_of(later, date(2025, 7, 31)) == []
    assert terms_of(later, date(2025, 10, 31)) == []
    assert terms_of(later, date(2025, 11, 1)) == [("7-3", "2025-10-31")]


@pytest.fixture
async def world(db: str) -> FundWorld:
    """First given in May 2025, and a project that ended in June."""
    with clock.frozen(at(date(2025, 5, 5))):
        made = await make_fund_world()
        await three_gifts(made)
        request = await paid(made)
    with clock.frozen(at(date(2025, 6, 10))):
        await report(made, request)
    return made


async def kinds(world: FundWorld, today: date) -> dict[str, tuple[str, bool, int]]:
    found = await queries.duties(world.foundation, today)
    return {duty.kind: (str(duty.due_on), duty.is_late(today), len(duty.disclosed)) for duty in found}


async def say(world: FundWorld, kind: str, key: str, *, link: str = LINK, note: str = "") -> None:
    await services.disclose(world.foundation, kind, key, link=link, note=note, actor=secretary(world))


async def test_years_and_projects_are_due_without_anybody_writing_them_down(world: FundWorld) -> None:
    assert await kinds(world, date(2026, 4, 1)) == {
        rules.ANNUAL: ("2026-05-31", False, 0),
        rules.RELATED_LIST: ("2026-05-31", False, 0),
        rules.REPORT: ("2026-03-31", True, 0),
        rules.PROJECT: ("2025-09-10", True, 0),
        rules.RELATED: ("2025-06-04", True, 0),
    }
    with clock.frozen(at(date(2026, 4, 1))):
        todos = await queries.todos([world.foundation], clock.today())
    assert [todo.params["what"] for todo in todos[:3]] == ["暑期四点半课堂", "暑期四点半课堂", "2025"]


async def test_it_is_made_public_once_and_then_corrected_with_a_note(world: FundWorld) -> None:
    with clock.frozen(at(date(2026, 4, 1))):
        with pytest.raises(ProofMissing):
            await say(world, rules.ANNUAL, "2025", link="")
        for _ in range(2):
            await say(world, rules.ANNUAL, "2025")
        with pytest.raises(NoteMissing):
            await say(world, rules.ANNUAL, "2025", link=f"{LINK}/2")
        await say(world, rules.ANNUAL, "2025", link=f"{LINK}/2", note="改了净资产")
        (duty,) = [d for d in await queries.duties(world.foundation, clock.today()) if d.kind == rules.ANNUAL]
    assert [(one.link, one.note) for one in duty.disclosed] == [(LINK, ""), (f"{LINK}/2", "改了净资产")]


async def test_a_paper_is_a_proof_too_and_everybody_sees_it(world: FundWorld) -> None:
    paper = Upload("公告.pdf", b"%PDF-1.4\n% notice")
    with clock.frozen(at(date(2026, 4, 1))):
        await services.disclose(
            world.foundation, rules.REPORT, "2025", link="", note="", upload=paper, actor=secretary(world)
        )
    said = await fetch_value("select max(id) from foundation_disclosure")
    assert len(await files_of(Ref(queries.DISCLOSURE, said))) == 1
    assert await fetch_value("select is_public from file order by id desc limit 1")


async def test_large_transactions_are_due_within_thirty_days(world: FundWorld) -> None:
    with clock.frozen(at(date(2026, 4, 1))):
        actor = secretary(world)
        with pytest.raises(DutyDayInFuture):
            await services.record_duty(
                world.foundation, rules.TRANSACTION, "买房", date(2026, 4, 2), actor=actor
            )
        first, again = [
            await services.record_duty(
                world.foundation, rules.TRANSACTION, "买房", date(2026, 4, 1), actor=actor
            )
            for _ in range(2)
        ]
        assert first == again
        assert (await kinds(world, date(2026, 5, 1)))[rules.TRANSACTION] == ("2026-05-01", False, 0)
        assert (await kinds(world, date(2026, 5, 2)))[rules.TRANSACTION] == ("2026-05-01", True, 0)
        await say(world, rules.TRANSACTION, str(first))
        assert (await kinds(world, date(2026, 5, 2)))[rules.TRANSACTION] == ("2026-05-01", False, 1)


async def test_only_the_secretary_says_so_and_only_of_what_is_due(world: FundWorld) -> None:
    with clock.frozen(at(date(2026, 4, 1))):
        with pytest.raises(PermissionMissing):
            await services.disclose(
                world.foundation, rules.ANNUAL, "2025", link=LINK, note="", actor=world.treasurer
            )
        for kind, key in ((rules.ANNUAL, "2026"), (rules.PROJECT, "999999"), (rules.TRANSACTION, "1")):
            with pytest.raises(DutyNotFound):
                await say(world, kind, key)
        with pytest.raises(DutyNotFound):
            await services.record_duty(
                world.foundation, rules.ANNUAL, "年报", date(2026, 4, 1), actor=secretary(world)
            )


async def test_a_neighbours_secretary_says_nothing_for_it_nor_of_its_projects(world: FundWorld) -> None:
    with clock.frozen(at(date(2026, 4, 1))):
        other = await make_fund_world(name="邻样基金会")
        there = secretary(other)
        project = await fetch_value("select project from fund_request")
        with pytest.raises(PermissionMissing):
            await services.disclose(world.foundation, rules.ANNUAL, "2025", link=LINK, note="", actor=there)
        with pytest.raises(PermissionMissing):
            await services.record_duty(
                world.foundation, rules.TRANSACTION, "买房", date(2026, 4, 1), actor=there
            )
        with pytest.raises(DutyNotFound):
            await services.disclose(
                other.foundation, rules.PROJECT, str(project), link=LINK, note="", actor=there
            )
    assert await fetch_value("select count(*) from foundation_disclosure") == 0


async def test_a_long_project_is_told_of_while_it_runs(db: str) -> None:
    with clock.frozen(at(date(2025, 5, 5))):
        made = await make_fund_world()
        await three_gifts(made)
        request = await paid(made)
    project = await fetch_value("select project from fund_request")
    assert rules.PROGRESS not in await kinds(made, date(2025, 11, 5))
    with clock.frozen(at(date(2026, 2, 6))):
        found = await queries.duties(made.foundation, clock.today())
        mine = [duty for duty in found if duty.kind == rules.PROGRESS]
        assert [(duty.key, duty.is_late(clock.today())) for duty in mine] == [
            (f"{project}-4", False), (f"{project}-3", True),
        ]  # fmt: skip
        await say(made, rules.PROGRESS, f"{project}-3")
        assert (await kinds(made, clock.today()))[rules.PROGRESS] == ("2026-02-05", False, 1)
        await report(made, request)
        assert (await kinds(made, date(2026, 9, 1)))[rules.PROGRESS] == ("2026-02-05", False, 1)
