"""Persons and what is known of them: as little as the work needs."""

from piccolo.columns import Array, BigInt, BigSerial, Bytea, Date, Integer, SmallInt, Timestamptz, Varchar
from piccolo.columns.reference import LazyTableReference
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, goes_with, moment
from core.database import DB
from core.regions.tables import Region


class Person(Table, db=DB, tablename="person"):
    """One identity for resident, volunteer, donor, expert and official."""

    id: BigSerial = BigSerial(primary_key=True)
    name = Varchar(length=40, required=True)
    phone = Varchar(length=11, default=None, null=True, unique=True)
    password_hash = Varchar(length=200, default=None, null=True, secret=True)
    language = Varchar(length=2, default="zh")
    registered_at = moment()
    email = Varchar(length=254, default=None, null=True, help_text="confirmed; mail may be sent")
    email_pending = Varchar(length=254, default=None, null=True, help_text="not confirmed, or mail came back")
    email_refused_at = moment(optional=True)
    unread = Integer(default=0, help_text="notices not seen; kept by notifications")
    born_on = Date(default=None, null=True, help_text="where an identity number or a guardian tells it")
    guardian = belongs_to(LazyTableReference("Person", module_path="core.people.tables"), optional=True)
    gone_at = moment(optional=True)

    person_unread = Check("unread >= 0")
    person_phone = Check("phone ~ '^1[3-9][0-9]{9}$'")
    person_language = Check("language in ('zh', 'en')")
    person_guardian = Check("guardian <> id and (guardian is null or born_on is not null)")
    person_gone = Check(
        "gone_at is null or phone is null and password_hash is null and email is null"
        " and email_pending is null and born_on is null and guardian is null"
    )


class PersonAccess(Table, db=DB, tablename="person_access"):
    """Somebody on duty has looked at what is known of a person, who may read this; kept for a year."""

    id: BigSerial = BigSerial(primary_key=True)
    person = goes_with(Person)
    viewer = belongs_to(Person)
    what = Varchar(length=40, required=True)
    seen_at = moment()


class Household(Table, db=DB, tablename="household"):
    """Who lives and counts as one where a rule says 'a household'; its head speaks for it."""

    id: BigSerial = BigSerial(primary_key=True)
    region = belongs_to(Region)
    head = belongs_to(Person, optional=True)
    registered_at = moment()
    closed_at = moment(optional=True)


class HouseholdMember(Table, db=DB, tablename="household_member"):
    """A stay in a household; `left_on` null: still in it. At most one such row a person."""

    id: BigSerial = BigSerial(primary_key=True)
    household = belongs_to(Household)
    person = belongs_to(Person)
    joined_on = Date(default=None, null=False)
    left_on = Date(default=None, null=True)


class RoleGrant(Table, db=DB, tablename="role_grant"):
    """A role held by a person in one scope, through the day `ends_on` if there is one, until revoked."""

    id: BigSerial = BigSerial(primary_key=True)
    person = belongs_to(Person)
    role = Varchar(length=60, required=True)
    scope_kind = Varchar(length=60, required=True)
    scope_id = BigInt(required=True)
    granted_by = BigInt(default=None, null=True)
    granted_at = moment()
    ends_on = Date(default=None, null=True)
    revoked_at = moment(optional=True)
    revoked_by = BigInt(default=None, null=True)
    reason = Varchar(length=200, default="", help_text="why it was revoked")


class RoleProposal(Table, db=DB, tablename="role_proposal"):
    """A grant that waits for an approval until `decided_at`; one at a time a person, role and scope."""

    id: BigSerial = BigSerial(primary_key=True)
    person = belongs_to(Person)
    role = Varchar(length=60, required=True)
    scope_kind = Varchar(length=60, required=True)
    scope_id = BigInt(required=True)
    ends_on = Date(default=None, null=True)
    proposed_by = BigInt(required=True)
    decided_at = moment(optional=True)


class Session(Table, db=DB, tablename="session"):
    """A signed-in browser or program. The token itself is never stored."""

    id: BigSerial = BigSerial(primary_key=True)
    token_hash = Bytea(default=None, null=False, unique=True)
    person = goes_with(Person)
    door = Varchar(length=4, default="web")
    opened_at = moment()
    expires_at = moment()
    last_seen_on = Date(default=None, null=True)

    session_door = Check("door in ('web', 'api')")


class LoginTry(Table, db=DB, tablename="login_try"):
    """Tries to log in that have not succeeded, of one phone or one address, which stands here as a hash."""

    id: BigSerial = BigSerial(primary_key=True)
    key = Bytea(default=None, null=False, unique=True)
    tried_at = Array(base_column=Timestamptz())
    closed_until = moment(optional=True)
    closings = SmallInt(default=0)
    latest_at = moment()
