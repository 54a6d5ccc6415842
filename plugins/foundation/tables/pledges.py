"""Pledges: promised sums, and the gifts that have kept them."""

from piccolo.columns import BigInt, BigSerial, Boolean, Date, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.funds.tables import Fund, FundGift, FundPurpose
from core.organizations.tables import Organization
from core.people.tables import Person


class Pledge(Table, db=DB, tablename="foundation_pledge"):
    """open -> kept | withdrawn. Not money: it stands in no account."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    fund = belongs_to(Fund)
    purpose = belongs_to(FundPurpose, optional=True)
    donor = belongs_to(Person, optional=True)
    donor_name = Varchar(length=60, required=True)
    nickname = Varchar(length=40, default="")
    display = Varchar(length=10, required=True)
    is_binding = Boolean(default=False)
    total_fen = BigInt(required=True)
    state = Varchar(length=10, default="open")
    promised_on = Date(default=None)
    recorded_by = belongs_to(Person)
    recorded_at = moment()
    ground = Varchar(length=10, default="")
    reason = Varchar(length=200, default="")
    withdrawn_by = belongs_to(Person, optional=True)
    ended_at = moment(optional=True)

    foundation_pledge_state = Check("state in ('open', 'kept', 'withdrawn')")
    foundation_pledge_total = Check("total_fen > 0")
    foundation_pledge_display = Check("display in ('name', 'nickname', 'anonymous')")
    foundation_pledge_ended = Check("(state = 'open') = (ended_at is null)")
    foundation_pledge_withdrawn = Check(
        "(state = 'withdrawn') = (withdrawn_by is not null) and (state <> 'withdrawn' or reason <> '')"
    )
    foundation_pledge_bound = Check("not is_binding or ground in ('', 'hardship')")


class PledgePart(Table, db=DB, tablename="foundation_pledge_part"):
    """An instalment. Never changed once the pledge stands."""

    id: BigSerial = BigSerial(primary_key=True)
    pledge = belongs_to(Pledge)
    due_on = Date(default=None)
    amount_fen = BigInt(required=True)

    foundation_pledge_part_amount = Check("amount_fen > 0")


class PledgeGift(Table, db=DB, tablename="foundation_pledge_gift"):
    """A gift that keeps a pledge; one pledge at most."""

    id: BigSerial = BigSerial(primary_key=True)
    pledge = belongs_to(Pledge)
    gift = belongs_to(FundGift, unique=True)
    linked_by = belongs_to(Person)
    linked_at = moment()
