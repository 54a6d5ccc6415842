"""Calls, what is asked of them, how it is judged, and the contracts with their tranches.

Partial indexes and the words of refusals: `migrations/venture/*.sql`.
"""

from piccolo.columns import Array, BigInt, BigSerial, Date, Integer, SmallInt, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.organizations.tables import Organization
from core.people.tables import Person
from core.projects.tables import Project, ProjectReport


class Call(Table, db=DB, tablename="venture_call"):
    """draft -> published -> closed -> scoring -> publicity -> decided. Its rules stay."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    title = Varchar(length=60, required=True)
    summary = Varchar(length=2000, required=True)
    state = Varchar(length=10, default="draft")
    budget_fen = BigInt(required=True)
    cap_fen = BigInt(required=True)
    first_bp = SmallInt(required=True)
    second_bp = SmallInt(required=True)
    last_bp = SmallInt(required=True)
    award_line = SmallInt(required=True)
    fewest_scores = SmallInt(required=True)
    trim_from = SmallInt(required=True)
    publicity_days = SmallInt(required=True)
    closes_at = moment()
    published_at = moment(optional=True)
    ranked_at = moment(optional=True)
    publicity_until = Date(default=None, null=True)
    decided_at = moment(optional=True)
    made_by = belongs_to(Person)

    venture_call_state = Check("state in ('draft', 'published', 'closed', 'scoring', 'publicity', 'decided')")
    venture_call_money = Check("cap_fen between 1 and budget_fen")
    venture_call_plan = Check(
        "first_bp > 0 and second_bp > 0 and last_bp > 0 and first_bp + second_bp + last_bp = 10000"
    )
    venture_call_publicity = Check("(state in ('publicity', 'decided')) = (publicity_until is not null)")


class Criterion(Table, db=DB, tablename="venture_criterion"):
    """What experts mark; number 1 is the need."""

    id: BigSerial = BigSerial(primary_key=True)
    call = belongs_to(Call)
    number = SmallInt(required=True)
    title = Varchar(length=30, required=True)
    weight = SmallInt(required=True)

    venture_criterion_number = Unique([call, number])
    venture_criterion_weight = Check("weight between 1 and 100")


class Expert(Table, db=DB, tablename="venture_expert"):
    """A person on the panel of a call."""

    id: BigSerial = BigSerial(primary_key=True)
    call = belongs_to(Call)
    person = belongs_to(Person)
    appointed_at = moment()

    venture_expert_once = Unique([call, person])


class Application(Table, db=DB, tablename="venture_application"):
    """draft -> submitted | withdrawn -> proposed | unplaced -> awarded | excluded; one an organization."""

    id: BigSerial = BigSerial(primary_key=True)
    call = belongs_to(Call)
    organization = belongs_to(Organization)
    state = Varchar(length=10, default="draft")
    title = Varchar(length=60, required=True)
    need = Varchar(length=1000, required=True)
    plan = Varchar(length=2000, required=True)
    beneficiaries = Integer(required=True)
    asked_fen = BigInt(required=True)
    made_by = belongs_to(Person)
    submitted_at = moment(optional=True)
    rank = SmallInt(default=None, null=True)
    score = Integer(default=None, null=True, help_text="hundredths of a point")
    need_score = Integer(default=None, null=True, help_text="hundredths of a point")
    award_fen = BigInt(default=0)

    venture_application_state = Check(
        "state in ('draft', 'submitted', 'withdrawn', 'proposed', 'unplaced', 'excluded', 'awarded')"
    )
    venture_application_money = Check("asked_fen > 0 and award_fen between 0 and asked_fen")
    venture_application_award = Check("state not in ('proposed', 'awarded') or award_fen > 0")
    venture_application_rank = Check(
        "(rank is not null) = (state in ('proposed', 'unplaced', 'excluded', 'awarded'))"
    )


class BudgetLine(Table, db=DB, tablename="venture_budget_line"):
    """A line of what is asked for."""

    id: BigSerial = BigSerial(primary_key=True)
    application = belongs_to(Application)
    category = Varchar(length=12, required=True)
    item = Varchar(length=40, required=True)
    quantity = Integer(required=True)
    price_fen = BigInt(required=True)

    venture_budget_line_amount = Check("quantity > 0 and price_fen > 0")


class Review(Table, db=DB, tablename="venture_review"):
    """An expert's stance towards an application, and the marks; who is recused has none."""

    id: BigSerial = BigSerial(primary_key=True)
    application = belongs_to(Application)
    person = belongs_to(Person)
    stance = Varchar(length=10, required=True)
    reason = Varchar(length=200, default="")
    declared_at = moment()
    marks = Array(base_column=SmallInt(), default=None, null=True)
    score = Integer(default=None, null=True)
    need_score = Integer(default=None, null=True)
    comment = Varchar(length=500, default="")
    submitted_at = moment(optional=True)

    venture_review_once = Unique([application, person])
    venture_review_stance = Check("stance in ('clear', 'declared', 'computed')")
    venture_review_recused = Check("stance = 'clear' or marks is null")
    venture_review_submitted = Check(
        "(marks is null) = (submitted_at is null) and (marks is null) = (score is null)"
        " and (marks is null) = (need_score is null)"
    )


class Objection(Table, db=DB, tablename="venture_objection"):
    """open -> dismissed | upheld; a person objects to an application once."""

    id: BigSerial = BigSerial(primary_key=True)
    application = belongs_to(Application)
    person = belongs_to(Person)
    text = Varchar(length=1000, required=True)
    state = Varchar(length=10, default="open")
    made_at = moment()
    answer = Varchar(length=500, default="")
    answered_by = belongs_to(Person, optional=True)
    answered_at = moment(optional=True)

    venture_objection_once = Unique([application, person])
    venture_objection_state = Check("state in ('open', 'dismissed', 'upheld')")
    venture_objection_answer = Check("(state = 'open') = (answered_at is null)")


class Contract(Table, db=DB, tablename="venture_contract"):
    """offered -> signed (both sides, two persons) -> completed. Its money lies in its own account."""

    id: BigSerial = BigSerial(primary_key=True)
    application = belongs_to(Application, unique=True)
    organization = belongs_to(Organization)
    amount_fen = BigInt(required=True)
    state = Varchar(length=10, default="offered")
    funder_person = belongs_to(Person, optional=True)
    funder_at = moment(optional=True)
    grantee_person = belongs_to(Person, optional=True)
    grantee_at = moment(optional=True)
    signed_at = moment(optional=True)
    project = belongs_to(Project, optional=True)

    venture_contract_state = Check("state in ('offered', 'signed', 'completed')")
    venture_contract_amount = Check("amount_fen > 0")
    venture_contract_two = Check("funder_person <> grantee_person")
    venture_contract_signed = Check(
        "(state <> 'offered') = (funder_person is not null and grantee_person is not null)"
    )


class Tranche(Table, db=DB, tablename="venture_tranche"):
    """planned -> asked (by one person) -> paid (by another)."""

    id: BigSerial = BigSerial(primary_key=True)
    contract = belongs_to(Contract)
    number = SmallInt(required=True)
    amount_fen = BigInt(required=True)
    state = Varchar(length=10, default="planned")
    asked_by = belongs_to(Person, optional=True)
    asked_at = moment(optional=True)
    paid_by = belongs_to(Person, optional=True)
    paid_at = moment(optional=True)
    slip = Varchar(length=40, default="")

    venture_tranche_number = Unique([contract, number])
    venture_tranche_state = Check("state in ('planned', 'asked', 'paid')")
    venture_tranche_amount = Check("number between 1 and 3 and amount_fen > 0")
    venture_tranche_two = Check("paid_by <> asked_by")
    venture_tranche_done = Check(
        "(state = 'planned') = (asked_by is null) and (state = 'paid') = (paid_by is not null)"
    )


class Report(Table, db=DB, tablename="venture_report"):
    """A node of a contract: submitted -> accepted | returned; accepted, it opens the gate of a tranche.

    Its words and photos are a report of the project's public story.
    """

    id: BigSerial = BigSerial(primary_key=True)
    contract = belongs_to(Contract)
    kind = Varchar(length=10, required=True)
    story = belongs_to(ProjectReport)
    state = Varchar(length=10, default="submitted")
    made_by = belongs_to(Person)
    made_at = moment()
    answer = Varchar(length=500, default="")
    answered_by = belongs_to(Person, optional=True)
    answered_at = moment(optional=True)

    venture_report_kind = Check("kind in ('midterm', 'final')")
    venture_report_state = Check("state in ('submitted', 'accepted', 'returned')")
    venture_report_two = Check("answered_by <> made_by")
