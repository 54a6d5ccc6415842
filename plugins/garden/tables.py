"""Gardens, plots, memberships and leases. Partial unique indexes: `migrations/garden/*.sql`."""

from piccolo.columns import (
    BigInt,
    BigSerial,
    Boolean,
    Date,
    Integer,
    SmallInt,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.organizations.tables import Organization
from core.payments.tables import Order
from core.people.tables import Household, Person


class Garden(Table, db=DB, tablename="garden"):
    """A garden that an organization runs; `columns` is the width of its map in plots."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    name = Varchar(length=60, required=True)
    area_m2 = Integer(required=True)
    columns = SmallInt(required=True)

    garden_columns = Check("columns between 1 and 100")


class Plot(Table, db=DB, tablename="garden_plot"):
    """A plot; its place on the map follows from its number."""

    id: BigSerial = BigSerial(primary_key=True)
    garden = belongs_to(Garden)
    number = SmallInt(required=True)
    in_service = Boolean(default=True)

    garden_plot_number = Unique([garden, number])


class Membership(Table, db=DB, tablename="garden_membership"):
    """A household's membership of one garden for one year: due -> paid, or cancelled with its order."""

    id: BigSerial = BigSerial(primary_key=True)
    garden = belongs_to(Garden)
    household = belongs_to(Household)
    year = SmallInt(required=True)
    state = Varchar(length=10, default="due")

    garden_membership_state = Check("state in ('due', 'paid', 'cancelled')")


class Lease(Table, db=DB, tablename="garden_lease"):
    """reserved -> active, or cancelled (given up), or expired (not paid in time); active -> ended."""

    id: BigSerial = BigSerial(primary_key=True)
    plot = belongs_to(Plot)
    person = belongs_to(Person)
    household = belongs_to(Household)
    membership = belongs_to(Membership)
    order = belongs_to(Order, optional=True)
    state = Varchar(length=10, default="reserved")
    agreement_version = SmallInt(required=True)
    signed_at = moment()
    term_months = SmallInt(required=True)
    starts_on = Date(default=None, null=True)
    ends_on = Date(default=None, null=True)
    returned_fen = BigInt(default=0, help_text="how much of its money has gone back")
    review = Varchar(length=10, default="", help_text="what the committee has to decide, or has")
    review_why = Varchar(length=10, default="")
    review_note = Varchar(length=200, default="")
    decided_by = belongs_to(Person, optional=True)
    decided_at = moment(optional=True)

    garden_lease_state = Check("state in ('reserved', 'active', 'cancelled', 'expired', 'ended')")
    garden_lease_review = Check("review in ('', 'open', 'kept', 'ended')")
    garden_lease_active = Check(
        "state <> 'active' or (\"order\" is not null and starts_on is not null and ends_on > starts_on)"
    )
