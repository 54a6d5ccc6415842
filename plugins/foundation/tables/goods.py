"""Goods that were given, and what left of them. How many there are stands in the ledger."""

from piccolo.columns import BigInt, BigSerial, Boolean, Date, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.funds.tables import Fund, FundRequest
from core.organizations.tables import Organization
from core.people.tables import Person
from plugins.foundation.tables.campaigns import Campaign


class Goods(Table, db=DB, tablename="foundation_goods"):
    """waiting -> counted | dropped; counted -> reversed. `value_fen` is no money and in no balance."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    fund = belongs_to(Fund, optional=True)
    campaign = belongs_to(Campaign, optional=True)
    donor_name = Varchar(length=60, default="", help_text="as the donor wants to be called")
    is_anonymous = Boolean(default=False)
    kind = Varchar(length=10, required=True)
    what = Varchar(length=80, required=True)
    quantity = BigInt(required=True)
    unit = Varchar(length=10, required=True)
    value_fen = BigInt(default=0)
    valued = Varchar(length=10, required=True)
    condition = Varchar(length=200, required=True)
    expires_on = Date(default=None, null=True)
    received_on = Date(default=None)
    slip_no = Varchar(length=40, required=True)
    trace_code = Varchar(length=32, required=True, unique=True)
    state = Varchar(length=10, default="waiting")
    recorded_by = belongs_to(Person)
    recorded_at = moment()
    confirmed_by = belongs_to(Person, optional=True)
    counted_at = moment(optional=True)
    reversed_by = belongs_to(Person, optional=True)
    reason = Varchar(length=200, default="", help_text="why it was reversed")

    foundation_goods_state = Check("state in ('waiting', 'counted', 'dropped', 'reversed')")
    foundation_goods_quantity = Check("quantity between 1 and 1000000")
    foundation_goods_value = Check(
        "value_fen between 0 and 100000000000 and (value_fen > 0) = (valued <> 'none')"
    )
    foundation_goods_valued = Check("valued in ('invoice', 'customs', 'appraisal', 'fair', 'none')")
    foundation_goods_donor = Check("is_anonymous or donor_name <> ''")
    foundation_goods_expiry = Check(
        "expires_on >= received_on and (kind not in ('food', 'medicine') or expires_on is not null)"
    )
    foundation_goods_second = Check("confirmed_by <> recorded_by and reversed_by <> recorded_by")
    foundation_goods_counted = Check("(state in ('counted', 'reversed')) = (counted_at is not null)")
    foundation_goods_reversed = Check(
        "(state = 'reversed') = (reversed_by is not null) and (state <> 'reversed' or reason <> '')"
    )


class GoodsMove(Table, db=DB, tablename="foundation_goods_move"):
    """Handed out, or written off. A mistake is reversed; both stand."""

    id: BigSerial = BigSerial(primary_key=True)
    goods = belongs_to(Goods)
    kind = Varchar(length=10, required=True)
    quantity = BigInt(required=True)
    receiver = belongs_to(Organization, optional=True)
    receiver_name = Varchar(length=60, default="")
    request = belongs_to(FundRequest, optional=True)
    why = Varchar(length=200, required=True)
    happened_on = Date(default=None)
    slip_no = Varchar(length=40, required=True)
    recorded_by = belongs_to(Person)
    recorded_at = moment()
    reversed_by = belongs_to(Person, optional=True)
    reversed_at = moment(optional=True)
    reason = Varchar(length=200, default="", help_text="why it was reversed")

    foundation_goods_move_kind = Check("kind in ('handed', 'written')")
    foundation_goods_move_quantity = Check("quantity > 0")
    foundation_goods_move_receiver = Check("kind = 'written' or receiver is not null or receiver_name <> ''")
    foundation_goods_move_why = Check("why <> ''")
    foundation_goods_move_second = Check("reversed_by <> recorded_by")
    foundation_goods_move_reversed = Check(
        "(reversed_by is null) = (reversed_at is null) and (reversed_by is null) = (reason = '')"
    )
