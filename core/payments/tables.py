"""Orders, their lines, and the payments that met them."""

from piccolo.columns import BigInt, BigSerial, ForeignKey, SmallInt, Timestamptz, Varchar
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.database import DB
from core.ledger.tables import Account, LedgerReason
from core.organizations.tables import Organization
from core.people.tables import Household, Person


class Order(Table, db=DB, tablename="payment_order"):
    """open -> paid | cancelled. The cause is the thing that is being paid for."""

    id: BigSerial = BigSerial(primary_key=True)
    payee = ForeignKey(
        Organization,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.restrict,
        null=False,
        default=None,
    )
    payer = ForeignKey(
        Person, on_delete=OnDelete.restrict, on_update=OnUpdate.restrict, null=False, default=None
    )
    household = ForeignKey(
        Household, on_delete=OnDelete.restrict, on_update=OnUpdate.restrict, null=True, default=None
    )
    cause_kind = Varchar(length=60, required=True)
    cause_id = BigInt(required=True)
    state = Varchar(length=10, default="open")
    total_fen = BigInt(required=True)
    created_at = Timestamptz(default=None, null=False)
    expires_at = Timestamptz(default=None, null=False)
    closed_at = Timestamptz(default=None, null=True)

    payment_order_state = Check("state in ('open', 'paid', 'cancelled')")
    payment_order_total = Check("total_fen >= 0")
    payment_order_closed = Check("(state = 'open') = (closed_at is null)")


class OrderLine(Table, db=DB, tablename="payment_order_line"):
    """One thing owed. Never changed once the order stands."""

    id: BigSerial = BigSerial(primary_key=True)
    order = ForeignKey(
        Order, on_delete=OnDelete.restrict, on_update=OnUpdate.restrict, null=False, default=None
    )
    number = SmallInt(required=True)
    reason = ForeignKey(
        LedgerReason,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.restrict,
        null=False,
        default=None,
    )
    account = ForeignKey(
        Account, on_delete=OnDelete.restrict, on_update=OnUpdate.restrict, null=False, default=None
    )
    amount_fen = BigInt(required=True)
    note = Varchar(length=80, default="")

    payment_order_line_number = Unique([order, number])
    payment_order_line_amount = Check("amount_fen >= 0")


class Payment(Table, db=DB, tablename="payment"):
    """Money taken at a counter. One order is paid once; a receipt number is used once a payee."""

    id: BigSerial = BigSerial(primary_key=True)
    order = ForeignKey(
        Order,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.restrict,
        null=False,
        default=None,
        unique=True,
    )
    payee = ForeignKey(
        Organization,
        on_delete=OnDelete.restrict,
        on_update=OnUpdate.restrict,
        null=False,
        default=None,
    )
    channel = Varchar(length=20, default="cash")
    amount_fen = BigInt(required=True)
    receipt_no = Varchar(length=40, required=True)
    confirmed_by = ForeignKey(
        Person, on_delete=OnDelete.restrict, on_update=OnUpdate.restrict, null=False, default=None
    )
    confirmed_at = Timestamptz(default=None, null=False)

    payment_receipt_no = Unique([payee, receipt_no])
