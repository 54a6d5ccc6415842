"""Audit events: in the unit of work of the verb, with ids only."""

import json
from datetime import UTC, datetime

import pytest

from core import clock
from core.approvals.rules import APPROVALS
from core.audit.services import advance, record_audit
from core.database import fetch, fetch_row, unit_of_work
from core.reference import Ref
from tests.core.approvals.questions import open_one
from tests.factories import make_committee

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


async def test_an_audit_event_says_who_did_what_to_what_and_when(db: str) -> None:
    with clock.frozen(NOON):
        async with unit_of_work():
            record_audit("plot.closed", Ref("plot", 7), actor_id=3, state="closed", area_m2=20)
    row = await fetch_row("select * from audit_event")
    assert (row["action"], row["subject_kind"], row["subject_id"]) == ("plot.closed", "plot", 7)
    assert (row["actor_id"], row["happened_at"]) == (3, NOON)
    assert json.loads(row["facts"]) == {"state": "closed", "area_m2": 20}


async def test_what_was_rolled_back_is_not_in_the_record(db: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            record_audit("plot.closed", Ref("plot", 7), actor_id=None)
            raise ZeroDivisionError
    assert await fetch("select * from audit_event") == []


async def test_recording_needs_a_unit_of_work(db: str) -> None:
    with pytest.raises(RuntimeError, match="needs a unit of work"):
        record_audit("plot.closed", Ref("plot", 7), actor_id=None)


async def test_the_record_of_founding_a_committee_names_nobody(db: str) -> None:
    await make_committee(treasurer_phone="13800005678")
    rows = await fetch("select * from audit_event order by id")
    assert [row["action"] for row in rows] == [
        "region.added",
        "organization.registered",
        "person.registered",
        "household.registered",
        "role.granted",
    ]
    record = str([dict(row) for row in rows])
    assert "钱出纳" not in record
    assert "13800005678" not in record


async def test_a_row_goes_to_another_state_with_one_event(db: str) -> None:
    approval_id = await open_one()
    moment = clock.now()
    async with unit_of_work():
        assert await advance(
            APPROVALS, "approval.rejected", approval_id, actor_id=7, facts={"n": 1}, closed_at=moment
        )
        assert not await advance(
            APPROVALS, "approval.approved", approval_id, actor_id=7, closed_at=clock.now()
        )
    row = await fetch_row("select state, closed_at from approval")
    assert row is not None
    assert tuple(row) == ("rejected", moment)
    events = await fetch("select action, actor_id, facts from audit_event where action <> 'approval.opened'")
    assert [tuple(event) for event in events] == [("approval.rejected", 7, '{"n": 1}')]


async def test_a_row_that_is_not_there_goes_nowhere(db: str) -> None:
    async with unit_of_work():
        assert not await advance(APPROVALS, "approval.rejected", 10**9, actor_id=None, closed_at=clock.now())
    assert await fetch("select from audit_event") == []
