"""Orders, their lines, and the payments that met them."""

from piccolo.columns import BigInt, BigSerial, SmallInt, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.ledger.tables import Account, LedgerReason
from core.organizations.tables import Organization
from core.people.tables import Household, Person


class Order(Table, db=DB, tablename="payment_order"):
    """open -> paid | cancelled. The cause is the thing that is being paid for."""

    id: BigSerial = BigSerial(primary_key=True)
    payee = belongs_to(Organization)
    payer = belongs_to(Person)
    household = belongs_to(Household, optional=True)
    cause_kind = Varchar(length=60, required=True)
    cause_id = BigInt(required=True)
    state = Varchar(length=10, default="open")
    total_fen = BigInt(required=True)
    created_at = moment()
    expires_at = moment()
    closed_at = moment(optional=True)

    payment_order_state = Check("state in ('open', 'paid', 'cancelled')")
    payment_order_total = Check("total_fen >= 0")
    payment_order_closed = Check("(state = 'open') = (closed_at is null)")


class OrderLine(Table, db=DB, tablename="payment_order_line"):
    """One thing owed. Never changed once the order stands."""

    id: BigSerial = BigSerial(primary_key=True)
    order = belongs_to(Order)
    number = SmallInt(required=True)
    reason = belongs_to(LedgerReason)
    account = belongs_to(Account)
    amount_fen = BigInt(required=True)
    note = Varchar(length=80, default="")

    payment_order_line_number = Unique([order, number])
    payment_order_line_amount = Check("amount_fen >= 0")


class Payment(Table, db=DB, tablename="payment"):
    """Money taken at a counter. One order is paid once; a receipt number is used once a payee."""

    id: BigSerial = BigSerial(primary_key=True)
    order = belongs_to(Order, unique=True)
    payee = belongs_to(Organization)
    channel = Varchar(length=20, default="cash")
    amount_fen = BigInt(required=True)
    receipt_no = Varchar(length=40, required=True)
    confirmed_by = belongs_to(Person)
    confirmed_at = moment()

    payment_receipt_no = Unique([payee, receipt_no])
