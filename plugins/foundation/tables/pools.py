"""Matching pools: what was agreed, the money that came, what was added to which gift."""

from piccolo.columns import BigInt, BigSerial, Date, SmallInt, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.funds.tables import Fund, FundGift
from core.organizations.tables import Organization
from core.people.tables import Person


class Pool(Table, db=DB, tablename="foundation_pool"):
    """draft -> open -> ended -> prepared -> settled. `matched_fen`: what it has given and not got back."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    title = Varchar(length=60, required=True)
    sponsor_name = Varchar(length=60, required=True)
    sponsor_person = belongs_to(Person, optional=True)
    numerator = SmallInt(required=True)
    denominator = SmallInt(required=True)
    per_gift_fen = BigInt(default=None, null=True)
    per_donor_day_fen = BigInt(default=None, null=True)
    per_fund_fen = BigInt(default=None, null=True)
    whole_fen = BigInt(required=True)
    begins_on = Date(default=None)
    ends_on = Date(default=None)
    rest = Varchar(length=10, required=True)
    rest_fund = belongs_to(Fund, optional=True)
    state = Varchar(length=10, default="draft")
    matched_fen = BigInt(default=0)
    made_by = belongs_to(Person)
    made_at = moment()
    opened_by = belongs_to(Person, optional=True)
    opened_at = moment(optional=True)
    rest_fen = BigInt(default=None, null=True)
    rest_payment_no = Varchar(length=40, default="")
    rest_prepared_by = belongs_to(Person, optional=True)
    rest_signed_by = belongs_to(Person, optional=True)
    rest_paid_fen = BigInt(default=0, help_text="of all rests that went back or on")

    foundation_pool_state = Check("state in ('draft', 'open', 'ended', 'prepared', 'settled')")
    foundation_pool_ratio = Check("numerator between 1 and 100 and denominator between 1 and 100")
    foundation_pool_sums = Check(
        "whole_fen > 0 and matched_fen between 0 and whole_fen and rest_paid_fen >= 0"
    )
    foundation_pool_caps = Check("per_gift_fen > 0 and per_donor_day_fen > 0 and per_fund_fen > 0")
    foundation_pool_period = Check("begins_on <= ends_on")
    foundation_pool_rest = Check("rest in ('sponsor', 'fund') and (rest = 'fund') = (rest_fund is not null)")
    foundation_pool_opened = Check("(opened_by is null) = (opened_at is null) and opened_by <> made_by")
    foundation_pool_second = Check("rest_signed_by <> rest_prepared_by")
    foundation_pool_prepared = Check(
        "state not in ('prepared', 'settled') or (rest_fen > 0 and rest_prepared_by is not null)"
    )


class PoolFund(Table, db=DB, tablename="foundation_pool_fund"):
    """A fund whose gifts the pool matches. `matched_fen`: as that of the pool."""

    id: BigSerial = BigSerial(primary_key=True)
    pool = belongs_to(Pool)
    fund = belongs_to(Fund)
    matched_fen = BigInt(default=0)

    foundation_pool_fund_once = Unique([pool, fund])
    foundation_pool_fund_matched = Check("matched_fen >= 0")


class PoolMoney(Table, db=DB, tablename="foundation_pool_money"):
    """Money of the sponsor that came: waiting -> counted | dropped."""

    id: BigSerial = BigSerial(primary_key=True)
    pool = belongs_to(Pool)
    organization = belongs_to(Organization)
    amount_fen = BigInt(required=True)
    receipt_no = Varchar(length=40, required=True)
    received_on = Date(default=None)
    state = Varchar(length=10, default="waiting")
    recorded_by = belongs_to(Person)
    recorded_at = moment()
    confirmed_by = belongs_to(Person, optional=True)
    counted_at = moment(optional=True)

    foundation_pool_money_state = Check("state in ('waiting', 'counted', 'dropped')")
    foundation_pool_money_counted = Check("(state = 'counted') = (counted_at is not null)")
    foundation_pool_money_amount = Check("amount_fen > 0")
    foundation_pool_money_second = Check("confirmed_by <> recorded_by")


class PoolMatch(Table, db=DB, tablename="foundation_pool_match"):
    """What a pool has added to a gift (`added`: a gift of the sponsor), or why nothing.

    `base_fen`: what of the gift was there to be matched; `returned_fen` followed it back.
    """

    id: BigSerial = BigSerial(primary_key=True)
    pool = belongs_to(Pool)
    gift = belongs_to(FundGift)
    fund = belongs_to(Fund)
    donor = belongs_to(Person, optional=True)
    day = Date(default=None)
    base_fen = BigInt(required=True)
    amount_fen = BigInt(required=True)
    limited_by = Varchar(length=10, default="")
    added = belongs_to(FundGift, optional=True, unique=True)
    returned_fen = BigInt(default=0)
    kept_fen = BigInt(default=0, help_text="should have followed it, but was used already")
    matched_at = moment()

    foundation_pool_match_once = Unique([pool, gift])
    foundation_pool_match_amount = Check(
        "base_fen >= 0 and amount_fen >= 0 and (amount_fen > 0) = (added is not null)"
    )
    foundation_pool_match_returned = Check(
        "returned_fen >= 0 and kept_fen >= 0 and returned_fen + kept_fen <= amount_fen"
    )
