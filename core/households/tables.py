"""What a household has asked, or is asked; and invitations to join one."""

from piccolo.columns import Array, BigInt, BigSerial, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.people.tables import Household, Person
from core.regions.tables import Region


class HouseholdRequest(Table, db=DB, tablename="household_request"):
    """A change to which somebody else has to agree.

    join: `person` wants into `household`, its head decides. move: `household` goes to `region`, a worker
    there decides. merge: `household` wants to become part of `other`, whose head decides. split: `members`
    leave `household` and found one of their own, if `person`, its head to be, agrees.
    """

    id: BigSerial = BigSerial(primary_key=True)
    kind = Varchar(length=5, required=True)
    household = belongs_to(Household)
    person = belongs_to(Person, optional=True)
    other = belongs_to(Household, optional=True)
    region = belongs_to(Region, optional=True)
    members = Array(base_column=BigInt())
    state = Varchar(length=10, default="waiting")
    asked_by = BigInt(required=True)
    asked_at = moment()
    decided_by = BigInt(default=None, null=True)
    decided_at = moment(optional=True)

    household_request_kind = Check("kind in ('join', 'move', 'merge', 'split')")
    household_request_state = Check("state in ('waiting', 'agreed', 'refused', 'withdrawn')")
    household_request_person = Check("(kind in ('join', 'split')) = (person is not null)")
    household_request_other = Check("(kind = 'merge') = (other is not null)")
    household_request_region = Check("(kind = 'move') = (region is not null)")
    household_request_decided = Check("(state = 'waiting') = (decided_at is null)")


class HouseholdInvitation(Table, db=DB, tablename="household_invitation"):
    """A code that lets one person join, without being asked about again.

    With `child` it is the guardian's: who joins by it takes that child's record over.
    """

    id: BigSerial = BigSerial(primary_key=True)
    household = belongs_to(Household)
    child = belongs_to(Person, optional=True)
    code = Varchar(length=10, required=True, unique=True)
    made_by = BigInt(required=True)
    expires_at = moment()
    used_by = BigInt(default=None, null=True)
    used_at = moment(optional=True)

    household_invitation_used = Check("(used_by is null) = (used_at is null)")
