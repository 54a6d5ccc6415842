"""Lists of gifts that designated platforms hand over, and their rows."""

from piccolo.columns import JSONB, BigInt, BigSerial, Boolean, Bytea, Date, SmallInt, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.funds.tables import Fund, FundGift, FundPurpose
from core.organizations.tables import Organization
from core.people.tables import Person
from plugins.foundation.tables.campaigns import Campaign


class PlatformList(Table, db=DB, tablename="foundation_platform_list"):
    """judged -> (waiting ->) booking -> booked -> undone, or dropped. `content`: as sent, until booked.

    `platform` is the host of the campaign's page there: an order's number is unique at it.
    """

    id: BigSerial = BigSerial(primary_key=True)
    campaign = belongs_to(Campaign)
    organization = belongs_to(Organization)
    fund = belongs_to(Fund)
    purpose = belongs_to(FundPurpose, optional=True)
    platform = Varchar(length=100, required=True)
    name = Varchar(length=120, required=True)
    content = Bytea(default=None, null=True)
    columns = JSONB(default="{}", help_text="field -> title of its column, as far as chosen by hand")
    state = Varchar(length=10, default="judged")
    reason = Varchar(length=200, default="", help_text="why it could not be booked, or was undone")
    rows = SmallInt(required=True)
    bad = SmallInt(required=True)
    gross_fen = BigInt(required=True)
    fee_fen = BigInt(required=True)
    uploaded_by = belongs_to(Person)
    uploaded_at = moment()
    payout_fen = BigInt(default=None, null=True)
    payout_no = Varchar(length=40, default=None, null=True)
    paid_out_on = Date(default=None, null=True)
    settled_by = belongs_to(Person, optional=True)
    settled_at = moment(optional=True)
    confirmed_by = belongs_to(Person, optional=True)
    entry = BigInt(default=None, null=True, help_text="the platform's fee among the foundation's costs")
    booked_at = moment(optional=True)
    undone_by = belongs_to(Person, optional=True)
    job = BigInt(default=None, null=True)

    foundation_platform_list_state = Check(
        "state in ('judged', 'waiting', 'booking', 'booked', 'undone', 'dropped')"
    )
    foundation_platform_list_sums = Check("rows > 0 and bad >= 0 and fee_fen >= 0 and gross_fen >= fee_fen")
    foundation_platform_list_settled = Check(
        "state not in ('waiting', 'booking', 'booked', 'undone') or (bad = 0 and settled_by is not null"
        " and payout_no is not null and paid_out_on is not null and payout_fen = gross_fen - fee_fen)"
    )
    foundation_platform_list_second = Check("confirmed_by <> settled_by")
    foundation_platform_list_booked = Check("(state in ('booked', 'undone')) = (booked_at is not null)")
    foundation_platform_list_undone = Check("(state = 'undone') = (undone_by is not null)")


class PlatformRow(Table, db=DB, tablename="foundation_platform_row"):
    """A gift as the platform tells it, or why it is none. An order that is booked is so once: in SQL."""

    id: BigSerial = BigSerial(primary_key=True)
    batch = belongs_to(PlatformList)
    organization = belongs_to(Organization)
    platform = Varchar(length=100, required=True)
    line = SmallInt(required=True)
    order_no = Varchar(length=64, default="")
    name = Varchar(length=40, default="", help_text="as the donor wrote it there; never shown whole")
    amount_fen = BigInt(default=0)
    fee_fen = BigInt(default=0)
    paid_on = Date(default=None, null=True)
    reason = Varchar(length=200, default="")
    gift = belongs_to(FundGift, optional=True, unique=True)
    is_booked = Boolean(default=False)

    foundation_platform_row_line = Unique([batch, line])
    foundation_platform_row_good = Check(
        "reason <> '' or (order_no <> '' and amount_fen > 0 and fee_fen between 0 and amount_fen"
        " and paid_on is not null)"
    )
    foundation_platform_row_booked = Check("not is_booked or (gift is not null and reason = '')")
