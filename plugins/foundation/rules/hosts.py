"""Host names that belong to one charity alone: asked for by it, confirmed by its region's staff. Pure."""

import re

from core.language import mark
from core.organizations.rules import REVIEW
from core.workflow import State, Transition, Workflow
from plugins.foundation.errors.campaigns import HostMalformed, HostShownToAll, OwnHost
from plugins.foundation.rules.campaigns import PLAN

HOST = "foundation.host"
ASKED, CONFIRMED, REFUSED, GIVEN_UP = "asked", "confirmed", "refused", "given_up"
# Letters, digits and hyphens in labels of 63 at most, two labels or more.
_NAME = re.compile(r"(?=.{4,100}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.ASCII)


def _step(code: str, title: str, sources: tuple[str, ...], target: str, by: str) -> Transition:
    return Transition(code=f"foundation.host_{code}", title=title, sources=sources, target=target, by=by)


HOSTS = Workflow(
    code=HOST,
    title=mark("专属网址"),
    table="foundation_host",
    states=(
        State(code=ASKED, title=mark("等区域工作人员核对")),
        State(code=CONFIRMED, title=mark("已核对，专属这家组织")),
        State(code=REFUSED, title=mark("核对未通过")),
        State(code=GIVEN_UP, title=mark("已停用")),
    ),
    transitions=(
        _step("confirmed", mark("核对通过"), (ASKED,), CONFIRMED, REVIEW),
        _step("refused", mark("不通过"), (ASKED,), REFUSED, REVIEW),
        _step("given_up", mark("停用"), (ASKED, CONFIRMED), GIVEN_UP, PLAN),
    ),
)


def host_of(header: str) -> str:
    """The name in a request's Host header, without its port."""
    name, _, port = header.strip().lower().rpartition(":")
    return name if name and port.isdecimal() else header.strip().lower()


def checked_name(typed: str, *, shared: str) -> str:
    """The name as it is kept; raises HostMalformed or HostShownToAll (`shared`: the deployment's own)."""
    name = host_of(typed).rstrip(".")
    if not _NAME.fullmatch(name):
        raise HostMalformed
    if name == shared:
        raise HostShownToAll
    return name


def check_checker(person_id: int, asked_by: int, *, holds_office: bool) -> None:
    """Raise OwnHost."""
    if person_id == asked_by or holds_office:
        raise OwnHost
