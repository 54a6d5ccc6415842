"""Every workflow agrees with the table that it describes, and speaks its plugin's words."""

import re

import pytest

from core import plugins
from core.database import fetch_value
from core.people.rules import roles
from core.workflow import CONCERNED, SYSTEM, Workflow

WORKFLOWS: list[tuple[str, Workflow]] = plugins.registered("register_workflows")

each = pytest.mark.parametrize(("plugin", "workflow"), WORKFLOWS, ids=[flow.code for _, flow in WORKFLOWS])


def test_there_are_some() -> None:
    assert {"order", "approval", "garden.lease"} <= {flow.code for _, flow in WORKFLOWS}


@each
async def test_the_table_allows_exactly_the_states(db: str, plugin: str, workflow: Workflow) -> None:
    check = await fetch_value(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = $1", f"{workflow.table}_state"
    )
    assert set(re.findall(r"'(\w+)'", check)) == {state.code for state in workflow.states}


@each
async def test_a_row_begins_in_the_first_state(db: str, plugin: str, workflow: Workflow) -> None:
    default = await fetch_value(
        "select column_default from information_schema.columns"
        " where table_name = $1 and column_name = 'state'",
        workflow.table,
    )
    assert default.split("'")[1] == workflow.states[0].code


@each
def test_who_may_is_the_system_the_person_concerned_or_a_declared_permission(
    plugin: str, workflow: Workflow
) -> None:
    permissions = {permission for role in roles().values() for permission in role.permissions}
    for transition in workflow.transitions:
        assert transition.by in {SYSTEM, CONCERNED} | permissions
        assert plugin == "core" or transition.code.startswith(f"{plugin}.")
