"""Plans, reports and host names; nothing here needs a database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from plugins.foundation.errors import campaigns as errors
from plugins.foundation.rules import campaigns as rules
from plugins.foundation.rules import hosts
from plugins.foundation.rules.campaigns import Course, ReportDue, check_plan, next_report
from tests.plugins.foundation.campaigns import plan

BEGIN, DAY = date(2026, 1, 31), timedelta(days=1)
TERMS = {parameter.code: parameter.default for parameter in rules.PARAMETERS}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"cost": " "}, errors.PlanIncomplete),
        ({"mode": "anything"}, errors.PlanIncomplete),
        ({"ends_on": BEGIN}, None),
        ({"ends_on": BEGIN - DAY}, errors.DatesWrong),
        ({"ends_on": date(2029, 1, 31)}, None),
        ({"ends_on": date(2029, 2, 1)}, errors.DatesWrong),
        ({"mode": rules.LINK, "platform_url": "https://gongyi.example.org/1"}, None),
        ({"mode": rules.LINK, "platform_url": "javascript:alert(1)"}, errors.LinkMissing),
        ({"mode": rules.LINK}, errors.LinkMissing),
    ],
)
def test_a_plan_is_whole(changes: dict[str, Any], refusal: type[Exception] | None) -> None:
    written = replace(plan(begins_on=BEGIN, ends_on=BEGIN + DAY), **changes)
    if refusal is None:
        check_plan(written)
    else:
        with pytest.raises(refusal):
            check_plan(written)


COURSE = Course(
    state=rules.RUNNING,
    is_emergency=False,
    begins_on=BEGIN,
    ends_on=date(2026, 12, 31),
    ended_on=None,
    told_on=None,
)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, ReportDue(False, date(2026, 4, 30))),
        ({"told_on": date(2026, 4, 1)}, ReportDue(False, date(2026, 7, 1))),
        ({"ends_on": date(2026, 7, 31)}, None),
        ({"ends_on": date(2026, 8, 1)}, ReportDue(False, date(2026, 4, 30))),
        ({"is_emergency": True}, ReportDue(False, date(2026, 2, 5))),
        ({"state": rules.ENDED, "ended_on": date(2026, 11, 30)}, ReportDue(True, date(2027, 2, 28))),
        ({"state": rules.REPORTED, "ended_on": date(2026, 11, 30)}, None),
        ({"state": rules.DRAFT}, None),
    ],
)
def test_by_when_it_is_told_to_the_public(changes: dict[str, Any], due: ReportDue | None) -> None:
    assert next_report(replace(COURSE, **changes), TERMS) == due


def test_a_report_is_late_on_the_day_after_its_last() -> None:
    due = ReportDue(True, BEGIN)
    assert not due.is_late(BEGIN)
    assert due.is_late(BEGIN + DAY)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("juan.example.org", "juan.example.org"),
        ("Juan.Example.ORG:8443", "juan.example.org"),
        ("[::1]:8000", "[::1]"),
        ("", ""),
    ],
)
def test_the_name_in_a_request(header: str, name: str) -> None:
    assert hosts.host_of(header) == name


@pytest.mark.parametrize(
    "typed",
    ["localhost", "https://a.org", "a.org/give", "-a.org", "a_b.org", "127.0.0.1", "a." * 60 + "org", ""],
)
def test_what_is_no_name(typed: str) -> None:
    with pytest.raises(errors.HostMalformed):
        hosts.checked_name(typed, shared="yiji.example.org")


def test_the_name_that_all_share_belongs_to_nobody() -> None:
    assert hosts.checked_name("Juan.example.org.", shared="yiji.example.org") == "juan.example.org"
    with pytest.raises(errors.HostShownToAll):
        hosts.checked_name("YIJI.example.org", shared="yiji.example.org")
