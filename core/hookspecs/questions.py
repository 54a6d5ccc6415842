"""What plugins are asked at run time: for facts, for a decision, whether something may be."""

from datetime import date
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from core import manifest
    from core.people.rules import Actor

hookspec = pluggy.HookspecMarker("yiji")


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
async def collect_acceptances(project_ids: list[int]) -> "list[manifest.Acceptance]":
    """Which of `project_ids` were accepted, wait for it or were sent back, by the plugin that decides it.

    Asked when a donor follows a gift to what it has paid for; in public: name organizations, no person.
    Projects that are not yours, or are not so far: nothing.
    """


@hookspec
async def collect_fund_parts(fund_id: int) -> "list[manifest.ProjectPart]":
    """What the plugin knows of the fund `fund_id`, in public: what is promised to it, given beside money.

    Asked whenever somebody looks at the fund's page. Names of persons are masked. Nothing to tell: [].
    """


@hookspec
async def collect_gift_parts(gift_id: int) -> "list[manifest.ProjectPart]":
    """What came of the gift `gift_id` beside itself: what others have added because of it.

    Asked when its donor, or whoever has the code of its acknowledgement, looks at it: name no other person.
    """


@hookspec
async def collect_publications(organization_id: int, year: int, quarter: int) -> "list[manifest.Publication]":
    """By when the foundation `organization_id` must publish a quarter of its funds, and when it did.

    Asked whenever somebody looks at a fund's page: `quarter` 1 to 4 of `year`. One that is not over, or of
    which there is nothing to tell: [].
    """


@hookspec
async def collect_giving_places(
    fund_id: int, host: str, person_id: int | None
) -> "list[manifest.GivingPlace]":
    """Where `person_id` (None: a stranger) may give to the fund `fund_id` online, or why not.

    Asked whenever somebody looks at the fund's page; at most five. `host` is the Host header of the request,
    because at which address money may be raised in public is a matter of law. Whoever opens such a place
    asks the same again before `core.funds.services.begin_gift`.
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
async def collect_gift_records(gift_ids: list[int], is_own: bool) -> "list[manifest.GiftRecords]":
    """What belongs to `gift_ids`, all of one foundation, for their donor's copy (慈善法 42); else [].

    Asked by a job; if it raises, there is no copy. Give what the donor may see: no name, phone or address
    of another person. `is_own` False: the copy goes to whoever has the trace code; not the donor's either.
    """


@hookspec
async def collect_personal_data(person_id: int) -> "list[manifest.PersonalData]":
    """What the plugin knows of `person_id`, for the copy that the person may ask for; else [].

    Asked by a job; if it raises, there is no copy. What others wrote about the person belongs in; their
    names and phones do not, nor an identity number. Of each kind the newest 10,000 rows at most.
    """


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
    person_id: int, name: str, number: str, witness_id: int | None
) -> bool | None:
    """Is `number` that of a person called `name`? True: `person_id` counts as verified. False: refused.

    Asked when the worker `witness_id` has seen the card, or when the person has typed the number (None),
    outside of any unit of work: you may ask an outside service, for a few seconds. Keep and log nothing.
    None: you do not know. Core takes the worker's word; without one the number waits for a worker.
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
