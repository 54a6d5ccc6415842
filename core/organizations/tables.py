"""Organizations, what is on record about them, and where they are paid."""

from piccolo.columns import BigInt, BigSerial, Bytea, Date, Integer, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, goes_with, moment
from core.database import DB
from core.people.tables import Person
from core.regions.tables import Region


class Organization(Table, db=DB, tablename="organization"):
    """pending -> approved | returned (-> pending) | refused. Money goes to an account of this very name.

    `uscc` is the unified social credit code (GB 32100): one organization each, those that were refused
    aside. `reason` is what the reviewer said last.
    """

    id: BigSerial = BigSerial(primary_key=True)
    name = Varchar(length=120, required=True)
    kind = Varchar(length=20, required=True)
    region = belongs_to(Region)
    uscc = Varchar(length=18, default=None, null=True)
    state = Varchar(length=10, default="pending")
    registrant = belongs_to(Person, optional=True)
    reason = Varchar(length=200, default="")
    registered_at = moment()

    organization_kind = Check(
        "kind in ('association', 'service_agency', 'social_organization', 'foundation', 'community_group',"
        " 'committee', 'street_office', 'company')"
    )
    organization_state = Check("state in ('pending', 'approved', 'returned', 'refused')")


class OrganizationRecord(Table, db=DB, tablename="organization_record"):
    """What an authority has found: a grade, a year's inspection, a recognition. Append-only.

    The newest of a kind counts, of inspections the newest of a year; a correction is one more row.
    """

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    kind = Varchar(length=20, required=True)
    value = Varchar(length=12, required=True)
    year = Integer(default=None, null=True)
    number = Varchar(length=40, default="")
    given_by = Varchar(length=60, required=True)
    valid_from = Date(default=None)
    valid_until = Date(default=None, null=True)
    reason = Varchar(length=200, required=True)
    recorded_by = belongs_to(Person)
    recorded_at = moment()

    organization_record_kind = Check(
        "kind in ('rating', 'inspection', 'charity', 'fundraising', 'social_enterprise', 'hub')"
    )
    organization_record_year = Check("(kind = 'inspection') = (year is not null)")
    organization_record_days = Check("valid_until is null or valid_until >= valid_from")


class Restriction(Table, db=DB, tablename="organization_restriction"):
    """in_force -> appealed -> upheld | lifted; an end that has come needs no word.

    Whoever decides is another person than who imposed it: a constraint, whatever code runs.
    """

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    grade = Varchar(length=10, required=True)
    state = Varchar(length=10, default="in_force")
    reason = Varchar(length=200, required=True)
    from_on = Date(default=None)
    until_on = Date(default=None)
    imposed_by = belongs_to(Person)
    imposed_at = moment()
    appeal = Varchar(length=500, default="")
    appealed_by = belongs_to(Person, optional=True)
    answer = Varchar(length=200, default="")
    decided_by = belongs_to(Person, optional=True)
    decided_at = moment(optional=True)

    organization_restriction_grade = Check("grade in ('notice', 'limited', 'barred')")
    organization_restriction_state = Check("state in ('in_force', 'appealed', 'upheld', 'lifted')")
    organization_restriction_days = Check("until_on >= from_on")
    organization_restriction_second = Check("decided_by <> imposed_by")


class PayeeAccount(Table, db=DB, tablename="organization_payee"):
    """proposed -> confirmed (-> replaced) | rejected. The number is sealed for this very row.

    Whoever decides is another person than who proposed it: a constraint, whatever code runs.
    """

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    state = Varchar(length=10, default="proposed")
    bank = Varchar(length=60, required=True)
    holder = Varchar(length=120, required=True)
    sealed = Bytea(default=None)
    last4 = Varchar(length=4, required=True)
    proposed_by = belongs_to(Person)
    proposed_at = moment()
    decided_by = belongs_to(Person, optional=True)
    decided_at = moment(optional=True)
    reason = Varchar(length=200, default="")

    organization_payee_state = Check("state in ('proposed', 'confirmed', 'rejected', 'replaced')")
    organization_payee_second = Check("decided_by <> proposed_by")


class OrganizationImport(Table, db=DB, tablename="organization_import"):
    """waiting -> judged -> importing -> imported, or refused (not a list at all). Kept for a month."""

    id: BigSerial = BigSerial(primary_key=True)
    asked_by = belongs_to(Person)
    name = Varchar(length=120, required=True)
    content = Bytea(default=None)
    state = Varchar(length=10, default="waiting")
    reason = Varchar(length=200, default="")
    good = Integer(default=0)
    bad = Integer(default=0)
    asked_at = moment()
    job = BigInt(default=None, null=True, help_text="the last one that works on it")

    organization_import_state = Check("state in ('waiting', 'judged', 'importing', 'imported', 'refused')")


class ImportRow(Table, db=DB, tablename="organization_import_row"):
    """A line of the list as it was written, and why it cannot be taken; "" if it can."""

    id: BigSerial = BigSerial(primary_key=True)
    batch = goes_with(OrganizationImport)
    line = Integer(required=True)
    name = Varchar(length=200, default="")
    kind = Varchar(length=200, default="")
    uscc = Varchar(length=200, default="")
    place = Varchar(length=200, default="")
    reason = Varchar(length=200, default="")
    region = belongs_to(Region, optional=True)
    organization = belongs_to(Organization, optional=True)

    organization_import_row_line = Unique([batch, line])
