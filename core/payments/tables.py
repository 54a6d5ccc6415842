"""Orders, their lines, and the payments that met them, at the counter and online."""

from piccolo.columns import BigInt, BigSerial, Boolean, Bytea, Date, Integer, SmallInt, Text, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.ledger.tables import Account, LedgerReason
from core.organizations.tables import Organization
from core.people.tables import Household, Person


class Order(Table, db=DB, tablename="payment_order"):
    """open -> paid | cancelled. The cause is the thing that is being paid for.

    `payer` null: a stranger, who knows the order by `page`, the address that its cause has given it.
    """

    id: BigSerial = BigSerial(primary_key=True)
    payee = belongs_to(Organization)
    payer = belongs_to(Person, optional=True)
    household = belongs_to(Household, optional=True)
    cause_kind = Varchar(length=60, required=True)
    cause_id = BigInt(required=True)
    state = Varchar(length=10, default="open")
    total_fen = BigInt(required=True)
    page = Varchar(length=80, default="", help_text="where its payer sees it; empty: the order's own page")
    created_at = moment()
    expires_at = moment()
    closed_at = moment(optional=True)

    payment_order_state = Check("state in ('open', 'paid', 'cancelled')")
    payment_order_total = Check("total_fen >= 0")
    payment_order_payer = Check("payer is not null or page <> ''")
    payment_order_closed = Check("(state = 'open') = (closed_at is null)")


class OrderLine(Table, db=DB, tablename="payment_order_line"):
    """One thing owed. Never changed once the order stands.

    With a cause of its own it becomes a lot of the account, of that origin, bound to `restriction`.
    """

    id: BigSerial = BigSerial(primary_key=True)
    order = belongs_to(Order)
    number = SmallInt(required=True)
    reason = belongs_to(LedgerReason)
    account = belongs_to(Account)
    amount_fen = BigInt(required=True)
    note = Varchar(length=80, default="")
    cause_kind = Varchar(length=60, default=None, null=True)
    cause_id = BigInt(default=None, null=True)
    restriction = Varchar(length=60, default="")

    payment_order_line_number = Unique([order, number])
    payment_order_line_amount = Check("amount_fen >= 0")
    payment_order_line_lot = Check(
        "(cause_kind is null) = (cause_id is null) and (cause_kind is not null or restriction = '')"
    )


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


class Taking(Table, db=DB, tablename="payment_taking"):
    """asked -> booked | refused: more money at a counter than one person takes alone. One waits at a time."""

    id: BigSerial = BigSerial(primary_key=True)
    order = belongs_to(Order)
    payee = belongs_to(Organization)
    channel = Varchar(length=20, required=True)
    amount_fen = BigInt(required=True)
    receipt_no = Varchar(length=40, required=True)
    state = Varchar(length=10, default="asked")
    problem = Varchar(length=20, default="")
    asked_by = belongs_to(Person)
    asked_at = moment()
    ended_at = moment(optional=True)

    payment_taking_state = Check("state in ('asked', 'booked', 'refused')")
    payment_taking_amount = Check("amount_fen > 0")
    payment_taking_ended = Check("(state = 'asked') = (ended_at is null)")


class Merchant(Table, db=DB, tablename="payment_merchant"):
    """An organization's own account at a payment provider. Money of several is never pooled.

    Its settlement lines are read up to `reconciled_at`.
    """

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    provider = Varchar(length=20, required=True)
    secrets = Bytea(default=None, null=True, help_text="encrypted; none where the deployment's key is used")
    former_secrets = Bytea(
        default=None, null=True, help_text="before these: payments under way may be theirs"
    )
    uses_deployment = Boolean(default=False)
    is_active = Boolean(default=True)
    is_live = Boolean(default=False)
    has_webhook = Boolean(default=False)
    connected_by = belongs_to(Person, optional=True)
    connected_at = moment()
    checked_at = moment(optional=True)
    check_failed = Boolean(default=False)
    reconciled_at = moment(optional=True)

    payment_merchant_once = Unique([organization, provider])
    payment_merchant_secrets = Check("not is_active or uses_deployment = (secrets is null)")


class MerchantChange(Table, db=DB, tablename="payment_merchant_change"):
    """asked -> made | refused: other keys for an account, or none, once a second person agrees."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    provider = Varchar(length=20, required=True)
    ends = Boolean(default=False, help_text="no money is to be taken there any more")
    secrets = Bytea(default=None, null=True, help_text="encrypted; forgotten once it is decided")
    uses_deployment = Boolean(default=False)
    state = Varchar(length=10, default="asked")
    problem = Varchar(length=20, default="")
    asked_by = belongs_to(Person)
    asked_at = moment()
    ended_at = moment(optional=True)
    checked_at = moment(optional=True)
    check_failed = Boolean(default=False)

    payment_merchant_change_state = Check("state in ('asked', 'made', 'refused')")
    payment_merchant_change_secrets = Check(
        "secrets is null or (state = 'asked' and not ends and not uses_deployment)"
    )


class PaymentAttempt(Table, db=DB, tablename="payment_attempt"):
    """An attempt to pay an order at a provider; the sums say what its facts add up to."""

    id: BigSerial = BigSerial(primary_key=True)
    order = belongs_to(Order)
    merchant = belongs_to(Merchant)
    reference = Varchar(length=32, required=True, unique=True, help_text="what the provider knows of us")
    state = Varchar(length=20, default="created")
    problem = Varchar(length=20, default="")
    amount_fen = BigInt(required=True)
    captured_fen = BigInt(default=0)
    refunded_fen = BigInt(default=0)
    external_id = Varchar(length=200, default=None, null=True)
    device = Varchar(length=10, default="desktop", help_text="before which the payer sat")
    payer_hint = Varchar(length=200, default="", help_text="forgotten once the page is open")
    flow = Varchar(length=10, default="redirect", help_text="what the url is for")
    url = Text(default=None, null=True, help_text="a page, what a phone scans, or JSON for WeChat")
    created_at = moment()
    expires_at = moment()
    checked_at = moment(optional=True)

    payment_attempt_state = Check(
        "state in ('created', 'pending', 'processing', 'succeeded', 'failed', 'expired',"
        " 'partially_refunded', 'refunded')"
    )
    payment_attempt_sums = Check("amount_fen > 0 and captured_fen >= 0 and refunded_fen >= 0")
    payment_attempt_external = Unique([merchant, external_id])
    payment_attempt_flow = Check("flow in ('redirect', 'qr', 'jsapi')")
    payment_attempt_device = Check("device in ('desktop', 'phone', 'wechat')")


class PaymentFact(Table, db=DB, tablename="payment_fact"):
    """Money that has moved at a provider, once under the provider's own name of it. Never changed."""

    id: BigSerial = BigSerial(primary_key=True)
    attempt = belongs_to(PaymentAttempt)
    kind = Varchar(length=20, required=True)
    external_id = Varchar(length=200, required=True)
    amount_fen = BigInt(required=True)
    happened_at = moment()
    noted_at = moment()

    payment_fact_once = Unique([attempt, kind, external_id])
    payment_fact_kind = Check(
        "kind in ('captured', 'refunded', 'refund_failed', 'disputed', 'dispute_returned')"
    )
    payment_fact_amount = Check("amount_fen > 0")


class BankTransfer(Table, db=DB, tablename="payment_transfer"):
    """A payer has been shown where to transfer an order's money; it is not cancelled before `held_until`.

    `asked_by` null: a stranger, who knows the order by its page.
    """

    id: BigSerial = BigSerial(primary_key=True)
    order = belongs_to(Order, unique=True)
    asked_by = belongs_to(Person, optional=True)
    asked_at = moment()
    held_until = moment()


class BankStatement(Table, db=DB, tablename="payment_statement"):
    """What a bank says of an organization's account, as a treasurer sends it; the content goes once taken.

    mapping -> judging -> judged -> importing -> imported, or refused (no statement at all).
    """

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    asked_by = belongs_to(Person)
    asked_at = moment()
    name = Varchar(length=120, required=True)
    content = Bytea(default=None, null=True)
    digest = Varchar(length=64, required=True, help_text="the same file again is known by it")
    head = Text(default="[]", help_text="its first rows as JSON, while its columns are chosen")
    state = Varchar(length=10, default="mapping")
    reason = Varchar(length=200, default="")
    columns = Text(default="{}", help_text="which column says what, as JSON; used again for the next one")
    credits = Integer(default=0, help_text="rows of money that came in and are new")
    known = Integer(default=0)
    passed = Integer(default=0, help_text="rows of money that went out")
    bad = Integer(default=0)
    problems = Text(default="[]", help_text="the first rows that cannot be taken, and why, as JSON")
    booked = Integer(default=0)
    job = BigInt(default=None, null=True, help_text="the last one that works on it")

    payment_statement_state = Check(
        "state in ('mapping', 'judging', 'judged', 'importing', 'imported', 'refused')"
    )


class BankLine(Table, db=DB, tablename="payment_bank_line"):
    """Money that came in at the bank, as its statement says; `reason`: why it did not book itself."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    statement = belongs_to(BankStatement)
    line = Integer(required=True)
    mark = Varchar(length=64, required=True, help_text="hash of its serial number, or else of what it says")
    happened_on = Date(default=None)
    amount_fen = BigInt(required=True)
    payer_name = Varchar(length=120, default="")
    payer_last4 = Varchar(length=4, default="")
    remark = Varchar(length=200, default="")
    serial = Varchar(length=60, default="")
    state = Varchar(length=10, default="waiting")
    reason = Varchar(length=20, default="")
    order = belongs_to(Order, optional=True)
    is_kept = Boolean(default=False, help_text="it stands in the account of what is not assigned")
    moves = SmallInt(default=0, help_text="how often it was booked, this way and that")
    decided_by = belongs_to(Person, optional=True)
    decided_at = moment(optional=True)
    sent_back_no = Varchar(length=40, default="", help_text="the bank's number of the transfer back")

    payment_bank_line_once = Unique([organization, mark])
    payment_bank_line_state = Check(
        "state in ('waiting', 'asked', 'booked', 'not_ours', 'arrived', 'returning', 'returned')"
    )
    payment_bank_line_amount = Check("amount_fen > 0")
    payment_bank_line_order = Check("state not in ('asked', 'booked') or \"order\" is not null")


class PaymentNotification(Table, db=DB, tablename="payment_notification"):
    """What a provider told us, verified: only a hint to ask it. The inbox of the worker."""

    id: BigSerial = BigSerial(primary_key=True)
    merchant = belongs_to(Merchant)
    external_id = Varchar(length=200, required=True)
    kind = Varchar(length=80, required=True)
    reference = Varchar(length=200, default="")
    received_at = moment()
    handled_at = moment(optional=True)
    tried_at = moment(optional=True)
    outcome = Varchar(length=20, default="")
    problem = Varchar(length=200, default="", help_text="why it was set aside")

    payment_notification_once = Unique([merchant, external_id])


class PaymentRefund(Table, db=DB, tablename="payment_refund"):
    """A refund that a treasurer asked for: of an attempt through its provider, or else by hand.

    With a `line`, nothing went to the payer: that money of the bank had been assigned to a wrong order.
    """

    id: BigSerial = BigSerial(primary_key=True)
    order = belongs_to(Order)
    payee = belongs_to(Organization)
    attempt = belongs_to(PaymentAttempt, optional=True)
    amount_fen = BigInt(required=True)
    reason = Varchar(length=200, required=True)
    state = Varchar(length=20, default="asked")
    problem = Varchar(length=20, default="")
    reference = Varchar(length=32, required=True, unique=True, help_text="what the provider knows of us")
    external_id = Varchar(length=200, default=None, null=True)
    receipt_no = Varchar(length=40, default="", help_text="of the slip that the payer signed for cash")
    line = belongs_to(BankLine, optional=True)
    asked_by = belongs_to(Person)
    asked_at = moment()
    ended_at = moment(optional=True)

    payment_refund_state = Check("state in ('asked', 'sending', 'sent', 'failed', 'refused')")
    payment_refund_amount = Check("amount_fen > 0")
    payment_refund_cash = Check("attempt is null or receipt_no = ''")
    payment_refund_external = Unique([attempt, external_id])


class PaymentDispute(Table, db=DB, tablename="payment_dispute"):
    """A payer has told the own bank that a payment was not right. Never a state of the payment."""

    id: BigSerial = BigSerial(primary_key=True)
    attempt = belongs_to(PaymentAttempt)
    external_id = Varchar(length=200, required=True)
    state = Varchar(length=10, default="open")
    amount_fen = BigInt(required=True)
    reason = Varchar(length=60, default="", help_text="the provider's word for it")
    opened_at = moment()
    due_at = moment(optional=True)
    closed_at = moment(optional=True)

    payment_dispute_once = Unique([attempt, external_id])
    payment_dispute_state = Check("state in ('open', 'won', 'lost')")
    payment_dispute_amount = Check("amount_fen > 0")


class SettlementLine(Table, db=DB, tablename="payment_settlement_line"):
    """A line of a provider's own books, as it says it; `verdict` is ours, found by holding both together."""

    id: BigSerial = BigSerial(primary_key=True)
    merchant = belongs_to(Merchant)
    external_id = Varchar(length=200, required=True)
    kind = Varchar(length=20, required=True)
    amount = BigInt(required=True)
    fee = BigInt(default=0)
    currency = Varchar(length=3, required=True, help_text="of the settlement; amount and fee are in it")
    source = Varchar(length=200, default="", help_text="the provider's name of what moved")
    reference = Varchar(length=200, default="")
    paid_fen = BigInt(default=None, null=True, help_text="what moved, as the payer saw it, in CNY")
    payout = Varchar(length=200, default="", help_text="with which it went to the bank")
    booked_at = moment()
    noted_at = moment()
    attempt = belongs_to(PaymentAttempt, optional=True)
    verdict = Varchar(length=10, default="new")
    is_booked = Boolean(default=False)
    is_paid_out = Boolean(default=False)
    ours = BigInt(default=None, null=True, help_text="of a withdrawal: how much of it is our money")
    bank_line = belongs_to(BankLine, optional=True, unique=True)
    aside_by = belongs_to(Person, optional=True)
    aside_at = moment(optional=True)

    payment_settlement_once = Unique([merchant, external_id])
    payment_settlement_verdict = Check("verdict in ('new', 'agrees', 'differs', 'missing', 'not_ours')")
