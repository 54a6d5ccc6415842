"""The states of a project, and what may be told of it."""

from core.language import mark
from core.projects.errors import ReportEmpty
from core.workflow import SYSTEM, State, Transition, Workflow

PROJECT = "project"
REPORT = "project_report"
TELL = "core.tell_project"
REPORT_LENGTH_MOST = 2_000

PROJECTS = Workflow(
    code=PROJECT,
    title=mark("项目"),
    table="project",
    states=(
        State(code="running", title=mark("进行中")),
        State(code="completed", title=mark("已完成")),
        State(code="stopped", title=mark("已终止")),
    ),
    transitions=(
        Transition(
            code="project.completed",
            title=mark("完成项目"),
            sources=("running",),
            target="completed",
            by=SYSTEM,
        ),
        Transition(
            code="project.stopped",
            title=mark("终止项目"),
            sources=("running",),
            target="stopped",
            by=SYSTEM,
        ),
    ),
)


def check_report(text: str) -> None:
    """Raise ReportEmpty for what says nothing, or too much."""
    if not 0 < len(text.strip()) <= REPORT_LENGTH_MOST:
        raise ReportEmpty
