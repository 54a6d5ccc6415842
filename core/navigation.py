"""Core's own entries of the menu, in their order."""

from core.audit.rules import READ_AUDIT
from core.jobs.rules import OPERATE
from core.language import mark
from core.manifest import NavigationItem
from core.payments import rules
from core.people import rules as people
from core.volunteers.rules import flows

NAVIGATION = (
    NavigationItem(title=mark("基金"), path="/funds", order=25),
    NavigationItem(title=mark("志愿服务"), path="/volunteers", order=30),
    NavigationItem(title=mark("项目"), path="/projects", order=30),
    NavigationItem(title=mark("我的服务"), path="/volunteers/mine", order=32, signed_in=True),
    NavigationItem(title=mark("志愿队"), path="/volunteers/lead", order=34, permission=flows.LEAD),
    NavigationItem(title=mark("待办"), path="/todo", order=40, signed_in=True),
    NavigationItem(title=mark("柜台收费"), path="/counter", order=50, permission=rules.CONFIRM),
    NavigationItem(title=mark("居民服务"), path="/residents", order=52, permission=people.SERVE),
    NavigationItem(title=mark("待我审批"), path="/approvals", order=55, permission=people.GRANT),
    NavigationItem(title=mark("公共账户"), path="/accounts", order=60),
    NavigationItem(title=mark("组织"), path="/organizations", order=62),
    NavigationItem(title=mark("规则"), path="/rules", order=65),
    NavigationItem(title=mark("收款账户"), path="/merchants", order=66, permission=rules.CONNECT),
    NavigationItem(title=mark("通知"), path="/inbox", order=70, signed_in=True),
    NavigationItem(title=mark("我的"), path="/me", order=80, signed_in=True),
    NavigationItem(title=mark("后台任务"), path="/operations/jobs", order=90, permission=OPERATE),
    NavigationItem(title=mark("事件投递"), path="/operations/deliveries", order=91, permission=OPERATE),
    NavigationItem(title=mark("审计"), path="/audit", order=92, permission=READ_AUDIT),
)
