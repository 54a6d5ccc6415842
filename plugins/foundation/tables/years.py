"""What stands in the books of a foundation's years beside its funds, and the years that are closed."""

from piccolo.columns import BigInt, BigSerial, Boolean, Date, SmallInt, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.organizations.tables import Organization
from core.people.tables import Person


class YearOpening(Table, db=DB, tablename="foundation_opening"):
    """What the year's ratios are measured by, out of the audited report: waiting -> reviewed | dropped.

    A later one that is reviewed supersedes it.
    """

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    year = SmallInt(required=True)
    kind = Varchar(length=10, required=True)
    is_public = Boolean(default=False)
    net_assets_fen = BigInt(required=True)
    income_1_fen = BigInt(default=None, null=True, help_text="of the year before; then of those before it")
    income_2_fen = BigInt(default=None, null=True)
    income_3_fen = BigInt(default=None, null=True)
    note = Varchar(length=200, default="", help_text="why it was recorded again")
    state = Varchar(length=10, default="waiting")
    recorded_by = belongs_to(Person)
    recorded_at = moment()
    reviewed_by = belongs_to(Person, optional=True)
    reviewed_at = moment(optional=True)

    foundation_opening_state = Check("state in ('waiting', 'reviewed', 'superseded', 'dropped')")
    foundation_opening_kind = Check("kind in ('foundation', 'other')")
    foundation_opening_amounts = Check(
        "net_assets_fen >= 0 and income_1_fen >= 0 and income_2_fen >= 0 and income_3_fen >= 0"
    )
    foundation_opening_second = Check("reviewed_by <> recorded_by")
    foundation_opening_reviewed = Check(
        "(state in ('reviewed', 'superseded')) = (reviewed_by is not null and reviewed_at is not null)"
    )


class YearEntry(Table, db=DB, tablename="foundation_entry"):
    """Income or cost that goes through no fund: waiting -> counted | dropped; counted -> reversed."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    kind = Varchar(length=10, required=True)
    what = Varchar(length=60, required=True, help_text="in public words")
    amount_fen = BigInt(required=True)
    occurred_on = Date(default=None)
    voucher_no = Varchar(length=40, required=True)
    state = Varchar(length=10, default="waiting")
    recorded_by = belongs_to(Person)
    recorded_at = moment()
    confirmed_by = belongs_to(Person, optional=True)
    counted_at = moment(optional=True)
    reversed_by = belongs_to(Person, optional=True)
    reason = Varchar(length=200, default="", help_text="why it was reversed")

    foundation_entry_state = Check("state in ('waiting', 'counted', 'dropped', 'reversed')")
    foundation_entry_kind = Check("kind in ('income', 'programme', 'management')")
    foundation_entry_amount = Check("amount_fen > 0")
    foundation_entry_second = Check("confirmed_by <> recorded_by")
    foundation_entry_counted = Check("(state in ('counted', 'reversed')) = (counted_at is not null)")
    foundation_entry_reversed = Check(
        "(state = 'reversed') = (reversed_by is not null) and (state <> 'reversed' or reason <> '')"
    )
    foundation_entry_voucher = Unique([organization, kind, voucher_no])


class YearClosing(Table, db=DB, tablename="foundation_year"):
    """A year's figures as they were when it was closed. Never changed; `yiji verify` compares them."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    year = SmallInt(required=True)
    opening = belongs_to(YearOpening)
    bound_fen = BigInt(required=True)
    free_fen = BigInt(required=True)
    other_fen = BigInt(required=True)
    returned_fen = BigInt(required=True)
    paid_fen = BigInt(required=True)
    direct_fen = BigInt(required=True)
    management_fen = BigInt(required=True)
    closed_by = belongs_to(Person)
    closed_at = moment()

    foundation_year_once = Unique([organization, year])
