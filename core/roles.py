"""Core's own roles: who may do what, in which scope."""

from core.audit.rules import READ_AUDIT
from core.funds.rules import states as fund_states
from core.jobs.rules import OPERATE
from core.language import mark
from core.manifest import Role
from core.organizations import rules as registrations
from core.payments import rules
from core.people import rules as people
from core.projects.rules import TELL
from core.reference import PLATFORM
from core.volunteers.rules import flows

ROLES = (
    rules.TREASURER,
    Role(code="core.operator", title=mark("运行维护"), scope_kind=PLATFORM.kind, permissions=(OPERATE,)),
    Role(code="core.auditor", title=mark("审计"), scope_kind=PLATFORM.kind, permissions=(READ_AUDIT,)),
    Role(
        code=people.ADMINISTRATOR,
        title=mark("平台管理员"),
        scope_kind=PLATFORM.kind,
        permissions=(people.GRANT, people.SET_PARAMETERS),
    ),
    Role(
        code=people.MANAGER,
        title=mark("组织负责人"),
        scope_kind="organization",
        permissions=(
            people.GRANT,
            people.SET_PARAMETERS,
            people.REPRESENT,
            TELL,
            rules.CONNECT,
            rules.APPROVE,
            flows.LEAD,
            fund_states.RUN,
            fund_states.ASK,
        ),
    ),
    Role(code=people.WORKER, title=mark("社区工作人员"), scope_kind="region", permissions=(people.SERVE,)),
    Role(
        code=registrations.STAFF,
        title=mark("地区工作人员"),
        scope_kind="region",
        permissions=(registrations.REVIEW,),
    ),
    Role(
        code=flows.LEADER,
        title=mark("志愿服务负责人"),
        scope_kind="organization",
        permissions=(flows.LEAD,),
    ),
    *fund_states.ROLES,
)
