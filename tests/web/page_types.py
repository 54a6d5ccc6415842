"""Every type of page that a person can see, in one short table; `page_world.py` makes them all be there.

A new page route needs a line here: `test_accessibility.py` says so, and then looks at it in both
languages, in 关怀版, in the dark and on a phone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageType:
    """`route` as the application states it, an address of it in the world, and who looks.

    `press`: the form that sends to a path with this end is sent with nothing filled in, so that it comes
    back refused; with `too_late` its session is over, so that the login page has it, and with `back` it is
    on its way back from there.
    """

    route: str
    address: str
    who: str | None = None
    press: str = ""
    too_late: bool = False
    back: bool = False


_APPROVAL, _LINK = "/approvals/{approval_id:int}", "/inbox/email/{token:str}"
_PROJECT = "/projects/{project_id:int}"
_ORGANIZATION, _CALL = "/organizations/{organization_id:int}", "/venture/calls/{call_id:int}"
_APPLICATION, _CONTRACT = "/venture/applications/{application_id:int}", "/venture/contracts/{contract_id:int}"
_PLOT, _REVOKE = "/garden/plots/{plot_id:int}", "/roles/grants/{grant_id:int}/revoke"
_DELIVERY, _JOB = "/operations/deliveries/{delivery_id:int}", "/operations/jobs/{job_id:int}"
_RULES, _RULE = "/rules/{kind:str}/{scope_id:int}", "/rules/{kind:str}/{scope_id:int}/{code:str}"
_FEE = "/rules/organization/{committee}/garden.plot_fee_fen"
_PLACE, _PREFERENCES = "/roles/{scope_kind:str}/{scope_id:int}", "/inbox/preferences"
PAGE_TYPES = (
    PageType("/", "/"),
    PageType("/login", "/login"),
    PageType("/login", "/login", press="/login"),
    PageType("/login", _PREFERENCES, "newcomer", press=_PREFERENCES, too_late=True),
    PageType("/login", _PREFERENCES, "newcomer", press=_PREFERENCES, too_late=True, back=True),
    PageType("/me", "/me", "resident"),
    PageType("/sessions", "/sessions", "resident"),
    PageType("/sessions", "/sessions", "newcomer"),
    PageType("/password", "/password", "resident"),
    PageType("/password", "/password", "resident", press="/password"),
    PageType("/roles", "/roles", "resident"),
    PageType("/roles", "/roles", "manager"),
    PageType("/roles", "/roles", "administrator"),
    PageType("/roles", "/roles?words=没有的组织", "administrator"),
    PageType(_PLACE, "/roles/organization/{committee}", "manager"),
    PageType(_PLACE, "/roles/organization/{committee}", "manager", press="/{committee}"),
    PageType(_PLACE, "/roles/organization/{idle}", "administrator"),
    PageType(_PLACE, "/roles/platform/1", "administrator"),
    PageType(_REVOKE, "/roles/grants/{held}/revoke", "manager"),
    PageType(_REVOKE, "/roles/grants/{held}/revoke", "manager", press="/revoke"),
    PageType(_REVOKE, "/roles/grants/{own}/revoke", "manager"),
    PageType(_REVOKE, "/roles/grants/{ended}/revoke", "manager"),
    PageType("/approvals", "/approvals", "manager"),
    PageType("/approvals", "/approvals", "newcomer"),
    PageType("/approvals", "/approvals?show=all", "manager"),
    PageType("/approvals", "/approvals?show=all", "newcomer"),
    PageType(_APPROVAL, "/approvals/{open}", "maker"),
    PageType(_APPROVAL, "/approvals/{open}", "manager"),
    PageType(_APPROVAL, "/approvals/{open}", "manager", press="/vote"),
    PageType(_APPROVAL, "/approvals/{open}", "manager", press="/recuse"),
    PageType(_APPROVAL, "/approvals/{voted}", "manager"),
    PageType(_APPROVAL, "/approvals/{stuck}", "maker"),
    PageType(_APPROVAL, "/approvals/{approved}", "manager"),
    PageType("/workflows", "/workflows"),
    PageType("/projects", "/projects"),
    PageType("/projects", "/projects?words=没有的项目&state=x"),
    PageType(_PROJECT, "/projects/{project}"),
    PageType(_PROJECT, "/projects/{project}", "manager"),
    PageType(_PROJECT, "/projects/{project}", "manager", press="/reports"),
    PageType("/tour", "/tour"),
    PageType("/audit", "/audit", "operator"),
    PageType("/audit", "/audit?subject_id=x", "operator"),
    PageType("/audit", "/audit?subject_id=987654321", "operator"),
    PageType("/operations/deliveries", "/operations/deliveries", "operator"),
    PageType("/operations/deliveries", "/operations/deliveries?kind=skipped", "operator"),
    PageType(_DELIVERY, "/operations/deliveries/{stuck_delivery}", "operator"),
    PageType(_DELIVERY, "/operations/deliveries/{stuck_delivery}", "operator", press="/skip"),
    PageType("/operations/jobs", "/operations/jobs", "operator"),
    PageType("/operations/jobs", "/operations/jobs?state=sent", "operator"),
    PageType(_JOB, "/operations/jobs/{failed_job}", "operator"),
    PageType(_JOB, "/operations/jobs/{waiting_job}", "operator"),
    PageType(_JOB, "/operations/jobs/{waiting_job}", "operator", press="/cancel"),
    PageType("/jobs/{job_id:int}", "/jobs/{waiting_job}", "operator"),
    PageType("/jobs/{job_id:int}", "/jobs/{failed_job}", "operator"),
    PageType("/jobs/{job_id:int}", "/jobs/{export}", "operator"),
    PageType("/files", "/files", "operator"),
    PageType("/files", "/files", "newcomer"),
    PageType("/rules", "/rules"),
    PageType(_RULES, "/rules/organization/{committee}"),
    PageType(_RULE, _FEE, "manager"),
    PageType(_RULE, _FEE, "manager", press="/garden.plot_fee_fen"),
    PageType(_RULE, "/rules/garden/{garden}/garden.plot_fee_fen"),
    PageType("/search", "/search"),
    PageType("/search", "/search?q=测试"),
    PageType("/search", "/search?q=测试&kind=garden"),
    PageType("/search", "/search?q=没有这样的名字"),
    PageType("/todo", "/todo", "resident"),
    PageType("/todo", "/todo", "newcomer"),
    PageType("/todo", "/todo", "treasurer"),
    PageType("/accounts", "/accounts"),
    PageType("/accounts/{organization_id:int}", "/accounts/{committee}"),
    PageType("/accounts/{organization_id:int}", "/accounts/{idle}"),
    PageType("/accounts/{organization_id:int}", "/accounts/{committee}", "resident", press="/exports"),
    PageType("/orders/{order_id:int}", "/orders/{owed}", "resident"),
    PageType("/orders/{order_id:int}", "/orders/{paid}", "resident"),
    PageType("/counter", "/counter", "treasurer"),
    PageType("/counter", "/counter?words=没有的人", "treasurer"),
    PageType("/counter/{order_id:int}", "/counter/{owed}", "treasurer"),
    PageType("/counter/{order_id:int}", "/counter/{owed}", "treasurer", press="/{owed}"),
    PageType("/counter/{order_id:int}", "/counter/{paid}", "treasurer"),
    PageType("/inbox", "/inbox", "resident"),
    PageType("/inbox", "/inbox", "newcomer"),
    PageType("/inbox", "/inbox?unread=1", "newcomer"),
    PageType("/inbox/{notice_id:int}", "/inbox/{notice}", "resident"),
    PageType(_PREFERENCES, _PREFERENCES, "newcomer"),
    PageType(_PREFERENCES, _PREFERENCES, "resident"),
    PageType(_PREFERENCES, _PREFERENCES, "treasurer"),
    PageType(_PREFERENCES, _PREFERENCES, "resident", press="/email"),
    PageType(_PREFERENCES, f"{_PREFERENCES}?saved=1", "newcomer"),
    PageType(_LINK, "/inbox/email/a-link"),
    PageType(_LINK, "/inbox/email/a-link", press="/a-link"),
    PageType("/practice/messages", "/practice/messages"),
    PageType("/practice/messages", "/practice/messages?phone=13900000000"),
    PageType("/organizations", "/organizations"),
    PageType("/organizations", "/organizations?words=没有的组织"),
    PageType("/organizations", "/organizations", "staff"),
    PageType("/organizations/new", "/organizations/new", "newcomer"),
    PageType("/organizations/new", "/organizations/new", "newcomer", press="/new"),
    PageType(_ORGANIZATION, "/organizations/{committee}", "manager"),
    PageType(_ORGANIZATION, "/organizations/{registration}", "staff"),
    PageType(_ORGANIZATION, "/organizations/{registration}", "staff", press="/review"),
    PageType(_ORGANIZATION, "/organizations/{sent_back}", "newcomer"),
    PageType("/venture", "/venture"),
    PageType("/venture", "/venture?words=没有的创投", "officer"),
    PageType("/venture", "/venture", "applicant"),
    PageType("/venture/calls/new", "/venture/calls/new", "officer"),
    PageType("/venture/calls/new", "/venture/calls/new", "officer", press="/new"),
    PageType(_CALL, "/venture/calls/{open_call}"),
    PageType(_CALL, "/venture/calls/{open_call}", "applicant"),
    PageType(_CALL, "/venture/calls/{ranked_call}", "newcomer", press="/objections"),
    PageType(_CALL, "/venture/calls/{decided_call}"),
    PageType(f"{_CALL}/desk", "/venture/calls/{draft_call}/desk", "officer", press="/experts"),
    PageType(f"{_CALL}/desk", "/venture/calls/{draft_call}/desk", "payer", press="/funds"),
    PageType(f"{_CALL}/desk", "/venture/calls/{scoring_call}/desk", "officer"),
    PageType(f"{_CALL}/desk", "/venture/calls/{ranked_call}/desk", "officer"),
    PageType(f"{_CALL}/apply", "/venture/calls/{open_call}/apply", "applicant"),
    PageType(f"{_CALL}/apply", "/venture/calls/{open_call}/apply", "applicant", press="/apply"),
    PageType(f"{_CALL}/apply", "/venture/calls/{open_call}/apply", "newcomer"),
    PageType(_APPLICATION, "/venture/applications/{written}", "applicant"),
    PageType(_APPLICATION, "/venture/applications/{written}", "applicant", press="/lines"),
    PageType(_APPLICATION, "/venture/applications/{written}", "applicant", press="/submit"),
    PageType(_APPLICATION, "/venture/applications/{to_score}", "officer"),
    PageType("/venture/reviews", "/venture/reviews", "expert"),
    PageType("/venture/reviews", "/venture/reviews", "newcomer"),
    PageType(f"{_APPLICATION}/review", "/venture/applications/{to_declare}/review", "expert"),
    PageType(f"{_APPLICATION}/review", "/venture/applications/{to_score}/review", "expert"),
    PageType(f"{_APPLICATION}/review", "/venture/applications/{to_score}/review", "expert", press="/score"),
    PageType(_CONTRACT, "/venture/contracts/{offered}", "applicant"),
    PageType(_CONTRACT, "/venture/contracts/{asked}", "payer"),
    PageType(_CONTRACT, "/venture/contracts/{asked}", "payer", press="/pay"),
    PageType(_CONTRACT, "/venture/contracts/{asked}", "applicant", press="/reports"),
    PageType(_CONTRACT, "/venture/contracts/{reported}", "officer"),
    PageType("/garden", "/garden"),
    PageType("/garden/{garden_id:int}", "/garden/{garden}", "resident"),
    PageType("/garden/{garden_id:int}", "/garden/{large_garden}"),
    PageType(_PLOT, "/garden/plots/{free_plot}"),
    PageType(_PLOT, "/garden/plots/{free_plot}", "newcomer"),
    PageType(_PLOT, "/garden/plots/{free_plot}", "newcomer", press="/claim"),
    PageType(_PLOT, "/garden/plots/{taken_plot}"),
    PageType("/garden/mine", "/garden/mine", "resident"),
    PageType("/garden/mine", "/garden/mine", "newcomer"),
    PageType("/styleguide", "/styleguide"),
    PageType("an error", "/nothing-here"),
    PageType("an error", "/counter", "newcomer"),
)  # fmt: skip
NOT_PAGES = {
    "/language/{language:str}": "a choice, which leads back",
    "/care/{choice:str}": "a choice, which leads back",
    "/files/{file_id:int}": "a file",
    "/uploads/{file_id:int}": "a file",
    "/uploads/{file_id:int}/small": "a file",
    "/practice": "leads to its one page",
    "/healthz": "for machines",
}
