"""An organization."""

from piccolo.columns import BigSerial, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
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
        "kind in ('social_organization', 'foundation', 'community_group', 'committee', 'street_office',"
        " 'company')"
    )
    organization_state = Check("state in ('pending', 'approved', 'returned', 'refused')")
