"""The whole plugin contract on one page. The grammar of a name tells its kind:

* `register_<things>` contributes: sync, pure, called once at start; returns a list.
* `collect_<things>` gives facts at run time: async, reads only, bounded.
* `check_<thing>` may refuse, by raising a YijiError with its reason in words. Async; called inside the
  unit of work, after the subject's row is locked, in a savepoint that is rolled back in any case, for
  two seconds at most. All must pass; one that crashes or is slow refuses, and is named. What must
  never be violated is a constraint, not a check.
* `decide_<thing>` answers a question: async, asked in configured order, core last; the first answer
  that is not None counts.
* `<noun>_<verbed>` happened: an event, a row written in the unit of work that made it true, and
  delivered afterwards to each plugin on its own, inside one unit of work with its receipt: at least
  once until that commits, so exactly once in the database. Async. Arguments are ids. It must not
  call the outside world: add a job. If it raises, the event waits and is repeated; later events of
  the same subject wait behind it, for this plugin alone.

A plugin's `plugin.py` implements, with `core.plugins.hookimpl`, any hooks and any of their arguments.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.types import ControllerRouterHandler

    from core import manifest
    from core.payments.providers import PaymentProvider
    from core.people.rules import Actor
    from core.workflow import Workflow

hookspec = pluggy.HookspecMarker("yiji")


# --- contributions -----------------------------------------------------------------------------


@hookspec
def register_piccolo_apps() -> "list[str]":
    """Dotted names of modules with an `APP_CONFIG`. Migrations of disabled plugins run, too."""


@hookspec
def register_units() -> "list[manifest.Unit]":
    """Units of the ledger, and families of them. Written to rows by `yiji migrate`.

    The ledger refuses undeclared ones. Members of a family are created by services, with `open_unit`.
    """


@hookspec
def register_account_kinds() -> "list[manifest.AccountKind]":
    """Kinds of account, each with its floor. Codes begin with the plugin's name."""


@hookspec
def register_reasons() -> "list[manifest.Reason]":
    """Reasons for transfers. Codes begin with the plugin's name."""


@hookspec
def register_roles() -> "list[manifest.Role]":
    """Roles and the permissions they carry. Permissions begin with the plugin's name."""


@hookspec
def register_parameters() -> "list[manifest.Parameter]":
    """Numbers of the field's rules, read by `parameters.queries.effective()`; never constants."""


@hookspec
def register_workflows() -> "list[Workflow]":
    """States and transitions of the plugin's things, shown at `/workflows`. Codes begin with its name."""


@hookspec
def register_audit_actions() -> "list[manifest.AuditAction]":
    """What the plugin's audit events mean, in words for auditors. Codes begin with its name.

    A transition of a workflow has its title already. An action without words is shown by its code.
    """


@hookspec
def register_pages() -> "Sequence[ControllerRouterHandler]":
    """HTML handlers; web mounts them under `/<plugin>`. Each states its `access`."""


@hookspec
def register_api() -> "Sequence[ControllerRouterHandler]":
    """JSON handlers; web mounts them under `/api/v1/<plugin>`. Each states its `access`."""


@hookspec
def register_navigation() -> "list[manifest.NavigationItem]":
    """Links for the menu of every page."""


@hookspec
def register_tasks() -> "list[Any]":
    """`workers.task.Task` objects: what a job row may name. Names begin with the plugin's name."""


@hookspec
def register_schedule() -> "list[manifest.ScheduledTask]":
    """Tasks to be asked for at regular times."""


@hookspec
def register_demo_steps() -> "list[manifest.DemoStep]":
    """Parts of the demo world, built through the same services as real life."""


@hookspec
def register_demo_accounts() -> "list[manifest.DemoAccount]":
    """Accounts of the demo world, printed by `yiji up` and shown on the login page of a demo."""


@hookspec
def register_tours() -> "list[manifest.Tour]":
    """Journeys through the plugin's part of the demo world, shown at `/tour` of a demo."""


@hookspec
def register_payment_providers() -> "list[PaymentProvider]":
    """Places where orders are paid online; an `id` is there once. Asked for when somebody pays, not at start.

    An organization's account at a provider names it by `id` for ever.
    """


@hookspec
def register_searchables() -> "list[manifest.Searchable]":
    """Kinds of things that search finds. Their verbs call `search.services.index_thing`."""


# --- facts at run time -------------------------------------------------------------------------


@hookspec
async def collect_differences() -> "list[manifest.Difference]":
    """What the plugin's own tables say against the ledger, for `yiji verify`. Empty when they agree."""


@hookspec
async def collect_conflicts(
    subject_kind: str, subject_id: int, maker_id: int, person_ids: list[int]
) -> "list[manifest.Conflict]":
    """Who of `person_ids` may not vote on the subject that `maker_id` has put forward, and why.

    The subject is `subject_kind`:`subject_id`; return nobody if it is not yours.

    Asked when an approval is opened and at every vote, inside the unit of work that holds the approval's
    row: answer quickly, from your own tables, and write nothing. If it raises, nobody votes. What is
    returned is kept: a person once recused stays recused, even if the fact goes away.
    """


@hookspec
async def collect_parameter_scopes(organization_id: int) -> "list[manifest.ParameterScope]":
    """The plugin's things for which parameters may be set (a garden), of `organization_id`; at most 200."""


@hookspec
async def collect_todos(actor: "Actor") -> "list[manifest.Todo]":
    """What waits for `actor`, at most twenty lines of a plugin; asked whenever they look.

    Within a second, or the page says that these cannot be read now. Reads only: whoever writes is refused.
    """


@hookspec
async def collect_project_parts(project_id: int) -> "list[manifest.ProjectPart]":
    """What the plugin knows of the project `project_id`, in public: money held and paid, shifts served.

    Asked whenever somebody looks at the project's page. Names of persons are masked. Nothing to tell: [].
    """


@hookspec
async def collect_dossier(subject_kind: str, subject_id: int) -> "list[manifest.DossierPart]":
    """What the plugin has on record about `subject_kind`:`subject_id`, whole, for its auditors.

    Asked when an operator runs `yiji dossier organization 7`, in a read-only unit of work that sees one
    moment and has no time limit. Give all records, not a page of them: ids, numbers, states and days;
    persons by id, never a name, phone or address. With them the things of yours that belong to the
    subject, whose accounts, evidence, files and audit events then come along. Not yours: [].
    """


@hookspec
async def collect_personal_data(person_id: int) -> "list[manifest.PersonalData]":
    """What the plugin knows of `person_id`, for the copy that the person may ask for; else [].

    Asked by a job; if it raises, there is no copy. What others wrote about the person belongs in; their
    names and phones do not, nor an identity number. Of each kind the newest 10,000 rows at most.
    """


# --- decisions ---------------------------------------------------------------------------------


@hookspec
async def decide_mail_delivery(
    person_id: int, address: str, subject: str, text: str, html: str, key: str
) -> bool | None:
    """Send an e-mail to `address`, which `person_id` has confirmed (or is about to).

    `subject` is one line; `text` and `html` say the same. Fires for every attempt, inside the job's unit
    of work, with 20 seconds for all. Return True when it is taken over, False when this address can
    never get mail (it is then no longer used), None when you do not send mail. Raise when it may succeed
    later: it is repeated after growing pauses. After a crash it comes again under the same `key`. Core
    sends through `YIJI_SMTP_URL`. Log nothing of it.
    """


@hookspec
async def decide_sms_delivery(phone: str, text: str, key: str) -> bool | None:
    """Send `text` to `phone`, 11 digits of mainland China; the same `key` is the same message again.

    Answers are as for mail. Core has none: without a plugin that sends, messages are kept as suppressed.
    """


@hookspec
async def decide_identity_verification(
    person_id: int, name: str, number: str, witness_id: int
) -> bool | None:
    """Is `number` that of a person called `name`? True: `person_id` counts as verified. False: refused.

    Asked when the worker `witness_id` has seen the card, outside of any unit of work: you may ask an outside
    service, for a few seconds. Keep and log nothing. None: you do not know. Core takes the worker's word.
    """


@hookspec
async def decide_organization_of(scope_kind: str, scope_id: int) -> "int | None":
    """The id of the organization that runs the thing `scope_kind`:`scope_id`; None if it is not yours.

    Its managers may set parameters there, and what is not set there is taken from the organization.
    """


@hookspec
async def decide_file_access(actor: "Actor", subject_kind: str, subject_id: int) -> "bool | None":
    """May `actor` see what was sent about the thing `subject_kind`:`subject_id`? None if it is not yours.

    Not asked for public files, nor for the sender. Without an answer nobody else sees it. Reads only.
    """


# --- checks ------------------------------------------------------------------------------------


@hookspec
async def check_parameter_change(
    code: str, scope_kind: str, scope_id: int, value: int, effective_on: date
) -> None:
    """Refuse that `code` has `value` in the scope `scope_kind`:`scope_id` from `effective_on` on.

    Fires for every new value, after limits and dates were found right; not when a planned one is
    withdrawn. Raise an Invalid whose `field` is "value" to refuse. You may only read.
    """


@hookspec
async def check_household_closing(household_id: int) -> None:
    """Refuse that the household `household_id` ends: it still has something of yours, a lease, a debt.

    Fires when its last member leaves and when it is merged into another one; not when it only moves,
    loses a member or is split. Raise a Conflict that says what to do first. You may only read.
    """


@hookspec
async def check_person_deletion(person_id: int) -> None:
    """Refuse that the account of `person_id` ends: something of yours is owed, open or waited for.

    Fires when it is asked for, and when the days to take it back are over; not when a household ends.
    Raise a Conflict that says what to do first. You may only read.
    """


# --- events ------------------------------------------------------------------------------------


@hookspec
async def order_paid(order_id: int, cause_kind: str, cause_id: int) -> None:
    """An order was paid in full; its lines stand in the ledger, in the same unit of work.

    Fires once an order (`order_id`), however it was paid. Does not fire for part payments or cancelled
    orders.
    `cause_kind` and `cause_id` are the Ref given when the order was made (`garden.lease`, 12):
    return at once if it is not yours. You may not undo the payment; ask for a refund instead.
    """


@hookspec
async def money_returned(
    order_id: int, cause_kind: str, cause_id: int, amount_fen: int, outcome: str
) -> None:
    """Money of the order `order_id` has gone back to its payer, a part of it or all: `amount_fen`.

    Fires once a refund with the `outcome` sent, also for one made on the provider's own pages and for money
    that was paid twice; once more with failed when the bank sends it back, so that we have it again. Does
    not fire for disputes. The order stays paid, and what it was paid for stays as it is: `cause_kind` and
    `cause_id` are those of `order_paid`.
    """


@hookspec
async def dispute_moved(dispute_id: int, state: str) -> None:
    """A payer's bank disputes a payment (`state` open), or has decided about it (won, lost).

    Fires once a state that the dispute `dispute_id` comes to. Does not fire for money that moves because
    of it.
    """


@hookspec
async def approval_opened(approval_id: int, subject_kind: str, subject_id: int, purpose: str) -> None:
    """The approval `approval_id` was opened and waits for its voters.

    Fires once an approval, also when recusals have left too few voters to decide it. Does not fire again
    when a vote is taken back. `subject_kind`, `subject_id` and `purpose` are those it was opened with.
    """


@hookspec
async def approval_decided(
    approval_id: int, subject_kind: str, subject_id: int, purpose: str, outcome: str
) -> None:
    """The approval `approval_id` has ended. `outcome`: approved, rejected, expired or withdrawn, for good.

    Fires once an approval. Does not fire for single votes. `subject_kind`, `subject_id` and `purpose`
    are those it was opened with: return at once if they are not yours. What was approved may have become
    impossible meanwhile: ask again.
    """


@hookspec
async def organization_reviewed(organization_id: int, outcome: str) -> None:
    """The registration of `organization_id` was decided. `outcome`: approved, returned or refused.

    Fires once a review: after `returned` it may come again. Does not fire for organizations that were
    registered by the system. Approved, whoever registered it is its manager already.
    """


@hookspec
async def organization_restriction_moved(restriction_id: int, organization_id: int, state: str) -> None:
    """The restriction `restriction_id` of `organization_id` came to another state of its workflow: `state`.

    Fires once a step: imposed (`in_force`), appealed, upheld, lifted. Does not fire when its end comes.
    Whether the organization may take part in something, ask `core.organizations` when it matters.
    """


@hookspec
async def fund_request_moved(request_id: int, state: str) -> None:
    """The request for money `request_id` has come to another state: `state`, of the workflow `fund_request`.

    Fires once a step, from the committee's decision to the voucher, also where it is refused, withdrawn or
    released; not when it is asked for, which `approval_opened` tells. It may have moved on since.
    """


@hookspec
async def service_confirmed(
    service_id: int, person_id: int, organization_id: int, minutes: int, evidence_id: int
) -> None:
    """A volunteer's service is confirmed from both sides, and its minutes stand in the ledger.

    Fires once a record (`service_id`; events are in order for each), when the volunteer `person_id` agrees
    to the `minutes` that a leader of `organization_id` has written down. Does not fire for what is proposed
    or disputed. `evidence_id` is evidence of kind `core.service` about Ref("volunteer_service",
    `service_id`): use it for your own purpose, once. What was confirmed may be taken back later
    (`service_revoked`); its correction is a record of its own, confirmed anew.
    """


@hookspec
async def service_revoked(service_id: int, person_id: int, organization_id: int, minutes: int) -> None:
    """A confirmed record of service was taken back, because it was wrong.

    Fires once a record (`service_id`) that was confirmed before, and after its `service_confirmed`; its
    `minutes` of the volunteer `person_id` with `organization_id` are reversed in the ledger. Does not fire
    for records that were never confirmed. Take back what you gave for it.
    """


@hookspec
async def person_deleted(person_id: int) -> None:
    """The account of `person_id` has ended: name, phone, number and sessions are erased, the id stays.

    Fires once a person; not when it is only asked for. Erase what it wrote of itself; the books stay.
    """
