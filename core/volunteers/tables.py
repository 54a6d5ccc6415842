"""Opportunities, shifts, sign-ups, records, witnesses, certificates. More rules: `migrations/core/`."""

from piccolo.columns import BigInt, BigSerial, Boolean, Date, Integer, SmallInt, Text, Varchar
from piccolo.columns.reference import LazyTableReference
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.organizations.tables import Organization
from core.people.tables import Person
from core.projects.tables import Project
from core.regions.tables import Region


class Opportunity(Table, db=DB, tablename="volunteer_opportunity"):
    """draft -> open -> closed. What is done where, with which risk, and who can do it."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    region = belongs_to(Region)
    project = belongs_to(Project, optional=True)
    title = Varchar(length=60, required=True)
    task = Text(required=True)
    place = Varchar(length=120, required=True)
    risk = Varchar(length=4, default="low")
    insurance = Varchar(length=120, default="", help_text="insurer and policy; needed where risk is high")
    requirements = Varchar(length=300, default="", help_text="skills and whatever else the work asks for")
    age_least = SmallInt(default=18)
    latitude = Integer(default=None, null=True, help_text="of the meeting point, in millionths of a degree")
    longitude = Integer(default=None, null=True)
    kind = Varchar(length=8, default="service", help_text="a training is attended, and gives no minutes")
    training = belongs_to(
        LazyTableReference("Opportunity", module_path="core.volunteers.tables"), optional=True
    )
    state = Varchar(length=10, default="draft")
    created_by = belongs_to(Person)
    created_at = moment()

    volunteer_opportunity_state = Check("state in ('draft', 'open', 'closed')")
    volunteer_opportunity_risk = Check("risk in ('low', 'high')")
    volunteer_opportunity_insured = Check("state <> 'open' or risk = 'low' or insurance <> ''")
    volunteer_opportunity_kind = Check("kind in ('service', 'training')")
    volunteer_opportunity_age = Check("age_least between 8 and 80")
    volunteer_opportunity_position = Check(
        "(latitude is null) = (longitude is null) and abs(latitude) <= 90000000"
        " and abs(longitude) <= 180000000"
    )


class Shift(Table, db=DB, tablename="volunteer_shift"):
    """planned, or cancelled before it began. `taken` counts the places that are given."""

    id: BigSerial = BigSerial(primary_key=True)
    opportunity = belongs_to(Opportunity)
    begins_at = moment()
    ends_at = moment()
    capacity = Integer(required=True)
    taken = Integer(default=0)
    state = Varchar(length=10, default="planned")
    reason = Varchar(length=200, default="", help_text="why it was cancelled")

    volunteer_shift_state = Check("state in ('planned', 'cancelled')")
    volunteer_shift_capacity = Check("capacity between 1 and 10000")
    volunteer_shift_taken = Check("taken between 0 and capacity")
    volunteer_shift_length = Check("ends_at > begins_at and ends_at <= begins_at + interval '12 hours'")


class SignUp(Table, db=DB, tablename="volunteer_sign_up"):
    """waiting -> placed -> present -> left; or cancelled, or absent and perhaps excused.

    Who waits is placed by id. `agreement_version` 0: came without signing up, and two others saw it.
    """

    id: BigSerial = BigSerial(primary_key=True)
    shift = belongs_to(Shift)
    person = belongs_to(Person)
    state = Varchar(length=10, default="waiting")
    agreement_version = SmallInt(required=True)
    signed_at = moment()
    came_at = moment(optional=True)
    left_at = moment(optional=True)
    wrong_codes = SmallInt(default=0)
    within_m = SmallInt(default=None, null=True, help_text="class of distance at the check-in; for 90 days")
    reminded_at = moment(optional=True)
    plea = Varchar(length=200, default="", help_text="the volunteer's, against an absence")
    answer = Varchar(length=200, default="", help_text="the leader's, to the plea or without one")

    volunteer_sign_up_state = Check(
        "state in ('waiting', 'placed', 'present', 'left', 'absent', 'excused', 'cancelled')"
    )
    volunteer_sign_up_excused = Check("state <> 'excused' or answer <> ''")
    volunteer_sign_up_came = Check("state <> 'present' or came_at is not null")
    volunteer_sign_up_left = Check("(state = 'left') = (left_at is not null)")


class Service(Table, db=DB, tablename="volunteer_service"):
    """proposed -> confirmed, or disputed; and revoked. Another one corrects what was confirmed.

    What was forgotten is `witnessing` first, until two others have confirmed it.
    """

    id: BigSerial = BigSerial(primary_key=True)
    sign_up = belongs_to(SignUp)
    person = belongs_to(Person)
    organization = belongs_to(Organization)
    begins_at = moment()
    ends_at = moment()
    minutes = Integer(required=True)
    state = Varchar(length=10, default="proposed")
    proposed_by = belongs_to(Person)
    proposed_at = moment()
    reason = Varchar(length=200, default="", help_text="the leader's, where it is not what the clock says")
    answer = Varchar(length=200, default="", help_text="the volunteer's, where it is disputed")
    confirmed_at = moment(optional=True)
    evidence = BigInt(default=None, null=True)
    corrects = belongs_to(LazyTableReference("Service", module_path="core.volunteers.tables"), optional=True)

    volunteer_service_state = Check("state in ('witnessing', 'proposed', 'confirmed', 'disputed', 'revoked')")
    volunteer_service_minutes = Check(
        "minutes between 1 and 720 and ends_at = begins_at + minutes * interval '1 minute'"
    )
    volunteer_service_confirmed = Check(
        "(confirmed_at is null) = (evidence is null) and (state <> 'confirmed' or evidence is not null)"
    )


class Witness(Table, db=DB, tablename="volunteer_witness"):
    """Somebody who was at the shift, asked whether the volunteer was; `agrees` null: no answer yet."""

    id: BigSerial = BigSerial(primary_key=True)
    service = belongs_to(Service)
    person = belongs_to(Person)
    agrees = Boolean(default=None, null=True)
    answered_at = moment(optional=True)

    volunteer_witness_once = Unique([service, person])
    volunteer_witness_answered = Check("(agrees is null) = (answered_at is null)")


class Certificate(Table, db=DB, tablename="volunteer_certificate"):
    """The sum of what an organization and a volunteer confirmed until that day; valid until revoked."""

    id: BigSerial = BigSerial(primary_key=True)
    number = Varchar(length=20, required=True, unique=True)
    person = belongs_to(Person)
    organization = belongs_to(Organization)
    minutes = Integer(required=True)
    services = Integer(required=True)
    from_on = Date(default=None, null=False)
    until_on = Date(default=None, null=False)
    shows_name = Boolean(default=False)
    issued_at = moment()
    revoked_at = moment(optional=True)
    revoked_by = BigInt(default=None, null=True)
    reason = Varchar(length=200, default="", help_text="why it was revoked")

    volunteer_certificate_sum = Check("minutes > 0 and services > 0")
    volunteer_certificate_revoked = Check("(revoked_at is null) = (reason = '')")


class Star(Table, db=DB, tablename="volunteer_star"):
    """published -> held -> reviewed -> held | withdrawn -> appealed -> held | ended; refused; raised.

    The star that a volunteer asked for where they live. At most one is published, and one in force.
    """

    id: BigSerial = BigSerial(primary_key=True)
    person = belongs_to(Person)
    region = belongs_to(Region)
    stars = SmallInt(required=True)
    minutes = Integer(required=True, help_text="confirmed when it was asked for")
    state = Varchar(length=10, default="published")
    applied_at = moment()
    published_until = Date(default=None)
    held_on = Date(default=None, null=True)
    review_on = Date(default=None, null=True, help_text="when it is looked at next")
    decided_by = belongs_to(Person, optional=True)
    reason = Varchar(length=200, default="", help_text="why it was refused")

    volunteer_star_stars = Check("stars between 1 and 5 and minutes > 0")
    volunteer_star_state = Check(
        "state in ('published', 'held', 'reviewed', 'withdrawn', 'appealed', 'ended', 'refused', 'raised')"
    )
    volunteer_star_held = Check("(state in ('published', 'refused')) = (held_on is null)")
    volunteer_star_review = Check("(held_on is null) = (review_on is null)")
    volunteer_star_refused = Check("(state = 'refused') = (reason <> '')")
    volunteer_star_second = Check("decided_by <> person")


class StarReview(Table, db=DB, tablename="volunteer_star_review"):
    """A year's review. Without a `ground` nobody had to decide; an appeal is answered by another person."""

    id: BigSerial = BigSerial(primary_key=True)
    star = belongs_to(Star)
    due_on = Date(default=None)
    ground = Varchar(length=10, default="")
    last_served_on = Date(default=None, null=True)
    absences = Integer(default=0)
    keeps = Boolean(default=None, null=True)
    reason = Varchar(length=200, default="")
    decided_by = belongs_to(Person, optional=True)
    decided_at = moment(optional=True)
    appeal = Varchar(length=500, default="")
    appealed_at = moment(optional=True)
    restores = Boolean(default=None, null=True)
    answer = Varchar(length=200, default="")
    answered_by = belongs_to(Person, optional=True)
    answered_at = moment(optional=True)

    volunteer_star_review_once = Unique([star, due_on])
    volunteer_star_review_ground = Check("ground in ('', 'idle', 'absences')")
    volunteer_star_review_decided = Check("(keeps is null) = (decided_at is null)")
    volunteer_star_review_said = Check("ground = '' or keeps is null or reason <> ''")
    volunteer_star_review_appeal = Check("(appeal = '') = (appealed_at is null)")
    volunteer_star_review_answered = Check("(restores is null) = (answered_at is null)")
    volunteer_star_review_second = Check("answered_by <> decided_by")
