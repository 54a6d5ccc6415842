"""Workflows, for programs."""

import msgspec
from litestar import get

from core.language import translate
from core.workflow import Workflow
from web.access import PUBLIC
from web.workflows.pages import workflows


class StateOut(msgspec.Struct):
    """A state; nothing leads from a final one."""

    code: str
    title: str
    is_final: bool


class TransitionOut(msgspec.Struct):
    """`by`: a permission, `system`, or `concerned` (whose thing it is). `conditions` in words."""

    code: str
    title: str
    sources: list[str]
    target: str
    by: str
    conditions: list[str]


class WorkflowOut(msgspec.Struct):
    """The first state is the initial one."""

    code: str
    title: str
    states: list[StateOut]
    transitions: list[TransitionOut]


def _out(flow: Workflow) -> WorkflowOut:
    return WorkflowOut(
        flow.code,
        translate(flow.title),
        [StateOut(s.code, translate(s.title), not flow.leading_from(s.code)) for s in flow.states],
        [
            TransitionOut(
                t.code,
                translate(t.title),
                list(t.sources),
                t.target,
                t.by,
                [translate(guard.title) for guard in t.guards],
            )
            for t in flow.transitions
        ],
    )


@get("/workflows", summary="流程", tags=["workflows"], access=PUBLIC)
async def list_workflows() -> list[WorkflowOut]:
    """States and transitions of everything that has some."""
    return [_out(flow) for flow in workflows()]


HANDLERS = [list_workflows]
