"""Agreements with donors, and the gifts and pledges that fulfil them."""

from piccolo.columns import BigInt, BigSerial, Date, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.funds.tables import Fund, FundGift
from core.organizations.tables import Organization
from core.people.tables import Person
from plugins.foundation.tables.pledges import Pledge


class Agreement(Table, db=DB, tablename="foundation_agreement"):
    """draft -> signed -> fulfilled | ended. Not money: it stands in no account."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    fund = belongs_to(Fund)
    donor = belongs_to(Person, optional=True)
    donor_name = Varchar(length=60, required=True)
    kind = Varchar(length=10, required=True)
    what = Varchar(length=80, required=True)
    quantity = Varchar(length=40, default="")
    quality = Varchar(length=200, default="")
    value_fen = BigInt(required=True)
    uses = Varchar(length=200, required=True)
    deliver_by = Date(default=None)
    beneficiary = belongs_to(Organization, optional=True)
    state = Varchar(length=10, default="draft")
    drafted_by = belongs_to(Person)
    drafted_at = moment()
    signed_on = Date(default=None, null=True)
    signed_by = belongs_to(Person, optional=True)
    signed_at = moment(optional=True)
    delivered_no = Varchar(length=40, default="")
    reason = Varchar(length=200, default="")
    ended_by = belongs_to(Person, optional=True)
    settled_reason = Varchar(length=200, default="", help_text="why it is fulfilled although not all came")
    settled_by = belongs_to(Person, optional=True)
    ended_at = moment(optional=True)

    foundation_agreement_state = Check("state in ('draft', 'signed', 'fulfilled', 'ended')")
    foundation_agreement_kind = Check("kind in ('money', 'goods')")
    foundation_agreement_goods = Check("kind = 'money' or (quantity <> '' and quality <> '')")
    foundation_agreement_value = Check("value_fen > 0")
    foundation_agreement_second = Check("signed_by <> drafted_by")
    foundation_agreement_signed = Check(
        "(signed_by is null) = (signed_on is null) and (signed_by is null) = (signed_at is null)"
        " and (state <> 'draft' or signed_by is null)"
        " and (state not in ('signed', 'fulfilled') or signed_by is not null)"
    )
    foundation_agreement_over = Check("(state in ('draft', 'signed')) = (ended_at is null)")
    foundation_agreement_settled = Check(
        "(settled_reason = '') = (settled_by is null) and (settled_reason = '' or state = 'fulfilled')"
    )
    foundation_agreement_reason = Check("(state = 'ended') = (reason <> '' and ended_by is not null)")


class AgreementGift(Table, db=DB, tablename="foundation_agreement_gift"):
    """A gift that fulfils an agreement; one agreement at most."""

    id: BigSerial = BigSerial(primary_key=True)
    agreement = belongs_to(Agreement)
    gift = belongs_to(FundGift, unique=True)
    linked_by = belongs_to(Person)
    linked_at = moment()


class AgreementPledge(Table, db=DB, tablename="foundation_agreement_pledge"):
    """A pledge that says by which instalments it is fulfilled: its gifts count; one agreement at most."""

    id: BigSerial = BigSerial(primary_key=True)
    agreement = belongs_to(Agreement)
    pledge = belongs_to(Pledge, unique=True)
    linked_by = belongs_to(Person)
    linked_at = moment()
