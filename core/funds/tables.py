"""Funds, purposes, gifts, requests. That a purpose is one of its own fund: `migrations/core/*.sql`."""

from piccolo.columns import BigInt, BigSerial, Boolean, Bytea, Date, SmallInt, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.organizations.tables import Organization
from core.payments.tables import Order
from core.people.tables import Person
from core.projects.tables import Project
from core.regions.tables import Region


class Fund(Table, db=DB, tablename="fund"):
    """A purpose account under a foundation, which is the legal person and holds the money."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    region = belongs_to(Region)
    name = Varchar(length=80, required=True, unique=True)
    summary = Varchar(length=200, default="")
    state = Varchar(length=10, default="opening")
    founded_at = moment()

    fund_state = Check("state in ('opening', 'open', 'closing', 'closed')")


class FundPurpose(Table, db=DB, tablename="fund_purpose"):
    """What a gift can be bound to. The ledger's lots name it by its id."""

    id: BigSerial = BigSerial(primary_key=True)
    fund = belongs_to(Fund)
    title = Varchar(length=40, required=True)

    fund_purpose_title = Unique([fund, title])
    fund_purpose_fund = Unique(["id", fund])


class FundAgreement(Table, db=DB, tablename="fund_agreement"):
    """A version of what was agreed when the fund was founded: drafted -> signed | dropped.

    The last signed one holds. Without `signed_by` it was signed on paper before the fund came here.
    """

    id: BigSerial = BigSerial(primary_key=True)
    fund = belongs_to(Fund)
    version = SmallInt(required=True)
    founder_kind = Varchar(length=12, required=True)
    founder = Varchar(length=60, required=True)
    purpose = Varchar(length=300, required=True)
    uses = Varchar(length=500, required=True)
    rights = Varchar(length=500, required=True)
    ending = Varchar(length=500, required=True)
    fee_percent = SmallInt(required=True)
    from_on = Date(default=None)
    until_on = Date(default=None, null=True)
    state = Varchar(length=10, default="drafted")
    drafted_by = belongs_to(Person)
    drafted_at = moment()
    signed_on = Date(default=None, null=True)
    signed_by = belongs_to(Person, optional=True)
    signed_at = moment(optional=True)

    fund_agreement_state = Check("state in ('drafted', 'signed', 'dropped')")
    fund_agreement_founder = Check("founder_kind in ('organization', 'community', 'person')")
    fund_agreement_second = Check("signed_by <> drafted_by")
    fund_agreement_signed = Check("(state = 'signed') = (signed_on is not null and signed_at is not null)")
    fund_agreement_fee = Check("fee_percent between 0 and 100")
    fund_agreement_term = Check("until_on > from_on")
    fund_agreement_version = Unique([fund, version])


class FundGift(Table, db=DB, tablename="fund_gift"):
    """waiting -> counted: one lot of the ledger; or dropped. `organization` is the fund's foundation.

    Given online it is promised -> counted when its order is paid; `returned_fen` has gone back that way.
    """

    id: BigSerial = BigSerial(primary_key=True)
    fund = belongs_to(Fund)
    organization = belongs_to(Organization)
    purpose = belongs_to(FundPurpose, optional=True)
    donor = belongs_to(Person, optional=True)
    donor_name = Varchar(length=60, default="", help_text="kept for the record, shown as `display` says")
    nickname = Varchar(length=40, default="")
    display = Varchar(length=10, required=True)
    amount_fen = BigInt(required=True)
    method = Varchar(length=10, required=True)
    order = belongs_to(Order, optional=True, unique=True)
    returned_fen = BigInt(default=0)
    returned_at = moment(optional=True)
    receipt_no = Varchar(length=40, required=True)
    received_on = Date(default=None)
    trace_code = Varchar(length=32, required=True, unique=True)
    state = Varchar(length=10, default="waiting")
    recorded_by = belongs_to(Person, optional=True)
    recorded_at = moment()
    asked_from = Bytea(default=None, null=True, help_text="a keyed hash of where a stranger promised it")
    confirmed_by = belongs_to(Person, optional=True)
    counted_at = moment(optional=True)

    fund_gift_state = Check("state in ('waiting', 'promised', 'counted', 'dropped')")
    fund_gift_counted = Check("(state = 'counted') = (counted_at is not null)")
    fund_gift_display = Check("display in ('name', 'nickname', 'anonymous')")
    fund_gift_shown = Check(
        "display = 'anonymous' or (donor_name <> '' and (display = 'name' or nickname <> ''))"
    )
    fund_gift_method = Check("method in ('cash', 'bank', 'online', 'match')")
    fund_gift_online = Check("(method = 'online') = (\"order\" is not null)")
    fund_gift_promised = Check("state <> 'promised' or method = 'online'")
    fund_gift_recorded = Check("recorded_by is not null or method = 'online'")
    fund_gift_returned = Check("returned_fen = 0 or (counted_at is not null and returned_fen <= amount_fen)")
    fund_gift_amount = Check("amount_fen > 0")
    fund_gift_second = Check("confirmed_by <> recorded_by")
    fund_gift_receipt = Unique([organization, receipt_no])


class FundRequest(Table, db=DB, tablename="fund_request"):
    """voting -> approved -> held -> prepared -> paid -> reported, or an earlier end."""

    id: BigSerial = BigSerial(primary_key=True)
    fund = belongs_to(Fund)
    foundation = belongs_to(Organization)
    organization = belongs_to(Organization)
    purpose = belongs_to(FundPurpose, optional=True)
    project = belongs_to(Project, optional=True)
    title = Varchar(length=60, required=True)
    amount_fen = BigInt(required=True)
    state = Varchar(length=10, default="voting")
    approval = BigInt(default=None, null=True)
    asked_by = belongs_to(Person)
    asked_at = moment()
    checked_by = belongs_to(Person, optional=True)
    checked_at = moment(optional=True)
    prepared_by = belongs_to(Person, optional=True)
    payment_no = Varchar(length=40, default=None, null=True)
    paid_by = belongs_to(Person, optional=True)
    paid_at = moment(optional=True)
    voucher_due_on = Date(default=None, null=True)
    voucher_no = Varchar(length=40, default="")
    result = Varchar(length=200, default="", help_text="what was done with the money, in public words")
    reported_by = belongs_to(Person, optional=True)
    reported_at = moment(optional=True)
    reason = Varchar(length=200, default="", help_text="why it was refused, sent back or released")
    returned_fen = BigInt(default=0, help_text="what the payee did not use and has sent back")

    fund_request_returned = Check(
        "returned_fen between 0 and amount_fen and (returned_fen = 0 or paid_at is not null)"
    )
    fund_request_state = Check(
        "state in ('voting', 'approved', 'held', 'prepared', 'paid', 'reported', 'refused', 'withdrawn',"
        " 'released')"
    )
    fund_request_amount = Check("amount_fen > 0")
    fund_request_checker = Check("checked_by <> asked_by")
    fund_request_payers = Check("paid_by <> prepared_by and paid_by <> asked_by and prepared_by <> asked_by")
    fund_request_held = Check(
        "state not in ('held', 'prepared', 'paid', 'reported') or checked_by is not null"
    )
    fund_request_prepared = Check(
        "state not in ('prepared', 'paid', 'reported')"
        " or (prepared_by is not null and payment_no is not null)"
    )
    fund_request_paid = Check(
        "(state in ('paid', 'reported')) = (paid_by is not null and paid_at is not null"
        " and voucher_due_on is not null)"
    )
    fund_request_reported = Check("(state = 'reported') = (reported_at is not null and voucher_no <> '')")
    fund_request_payment_no = Unique([foundation, payment_no])


class FundRequestLine(Table, db=DB, tablename="fund_request_line"):
    """A line of the budget. Never changed once the request stands."""

    id: BigSerial = BigSerial(primary_key=True)
    request = belongs_to(FundRequest)
    number = SmallInt(required=True)
    title = Varchar(length=60, required=True)
    amount_fen = BigInt(required=True)

    fund_request_line_number = Unique([request, number])
    fund_request_line_amount = Check("amount_fen > 0")


class FundRefund(Table, db=DB, tablename="fund_refund"):
    """What is not used of a gift goes back to its donor: prepared -> refunded | dropped. Once for a gift."""

    id: BigSerial = BigSerial(primary_key=True)
    gift = belongs_to(FundGift)
    amount_fen = BigInt(required=True)
    reason = Varchar(length=200, required=True)
    payment_no = Varchar(length=40, required=True)
    state = Varchar(length=10, default="prepared")
    prepared_by = belongs_to(Person)
    prepared_at = moment()
    signed_by = belongs_to(Person, optional=True)
    signed_at = moment(optional=True)

    fund_refund_state = Check("state in ('prepared', 'refunded', 'dropped')")
    fund_refund_amount = Check("amount_fen > 0")
    fund_refund_second = Check("signed_by <> prepared_by")
    fund_refund_signed = Check("(state = 'refunded') = (signed_by is not null and signed_at is not null)")


class FundLeftover(Table, db=DB, tablename="fund_leftover"):
    """Where the rest of a closing fund goes: voting -> approved -> moved, or refused."""

    id: BigSerial = BigSerial(primary_key=True)
    fund = belongs_to(Fund)
    foundation = belongs_to(Organization)
    to_fund = belongs_to(Fund)
    to_purpose = belongs_to(FundPurpose, optional=True)
    reason = Varchar(length=200, required=True)
    state = Varchar(length=10, default="voting")
    approval = BigInt(default=None, null=True)
    proposed_by = belongs_to(Person)
    proposed_at = moment()
    moved_fen = BigInt(default=None, null=True)
    moved_by = belongs_to(Person, optional=True)
    moved_at = moment(optional=True)

    fund_leftover_state = Check("state in ('voting', 'approved', 'moved', 'refused')")
    fund_leftover_elsewhere = Check("fund <> to_fund")
    fund_leftover_second = Check("moved_by <> proposed_by")
    fund_leftover_moved = Check(
        "(state = 'moved') = (moved_by is not null and moved_at is not null and moved_fen > 0)"
    )


class FundChange(Table, db=DB, tablename="fund_change"):
    """Whether what is bound to one purpose may be used for another: asking -> done | dropped."""

    id: BigSerial = BigSerial(primary_key=True)
    fund = belongs_to(Fund)
    from_purpose = belongs_to(FundPurpose)
    to_purpose = belongs_to(FundPurpose)
    reason = Varchar(length=200, required=True)
    state = Varchar(length=10, default="asking")
    silence_counts = Boolean(default=False, help_text="whoever does not answer in time has agreed")
    answers_until = Date(default=None)
    proposed_by = belongs_to(Person)
    proposed_at = moment()
    moved_fen = BigInt(default=None, null=True)
    done_by = belongs_to(Person, optional=True)
    done_at = moment(optional=True)

    fund_change_state = Check("state in ('asking', 'done', 'dropped')")
    fund_change_other = Check("from_purpose <> to_purpose")
    fund_change_done = Check(
        "(state = 'done') = (done_by is not null and done_at is not null and moved_fen is not null)"
    )


class FundChangeAnswer(Table, db=DB, tablename="fund_change_answer"):
    """What the donor of a gift says to it. May be changed as long as it is asked."""

    id: BigSerial = BigSerial(primary_key=True)
    change = belongs_to(FundChange)
    gift = belongs_to(FundGift)
    answer = Varchar(length=10, required=True)
    answered_at = moment()

    fund_change_answer_answer = Check("answer in ('consent', 'objection')")
    fund_change_answer_once = Unique([change, gift])


class FundReceipt(Table, db=DB, tablename="fund_receipt"):
    """What a donor holds in the hand (慈善法 38): at most one of a gift is valid, void ones are kept."""

    id: BigSerial = BigSerial(primary_key=True)
    gift = belongs_to(FundGift)
    number = Varchar(length=20, required=True, unique=True)
    amount_fen = BigInt(required=True)
    returned_fen = BigInt(required=True, help_text="what had gone back when it was issued")
    issued_at = moment()
    issued_by = belongs_to(Person, optional=True)
    voided_at = moment(optional=True)
    file_id = BigInt(default=None, null=True, help_text="the paper for whoever has the trace code")

    fund_receipt_amount = Check("amount_fen > 0 and returned_fen >= 0")


class FundNameRefusal(Table, db=DB, tablename="fund_name_refusal"):
    """The name under which a gift wished to appear is not published, until that is lifted."""

    id: BigSerial = BigSerial(primary_key=True)
    gift = belongs_to(FundGift)
    reason = Varchar(length=200, required=True)
    refused_by = belongs_to(Person)
    refused_at = moment()
    lifted_by = belongs_to(Person, optional=True)
    lifted_at = moment(optional=True)

    fund_name_refusal_lifted = Check("(lifted_by is null) = (lifted_at is null)")


class FundFiscalWish(Table, db=DB, tablename="fund_fiscal_wish"):
    """A donor asks for a fiscal receipt of a gift, and made out to whom: sealed, `rules/fiscal.py`."""

    id: BigSerial = BigSerial(primary_key=True)
    gift = belongs_to(FundGift, unique=True)
    title_sealed = Bytea(default=None, null=True)
    tax_no_sealed = Bytea(default=None, null=True)
    asked_by = belongs_to(Person, optional=True)
    asked_at = moment()


class FundFiscal(Table, db=DB, tablename="fund_fiscal"):
    """A 公益事业捐赠票据, numbered by the finance department's system. Corrected by a new row."""

    id: BigSerial = BigSerial(primary_key=True)
    gift = belongs_to(FundGift)
    organization = belongs_to(Organization)
    code = Varchar(length=20, required=True)
    number = Varchar(length=20, required=True)
    check_code = Varchar(length=20, required=True)
    issued_on = Date(default=None)
    recorded_by = belongs_to(Person)
    recorded_at = moment()
    replaced_at = moment(optional=True)

    fund_fiscal_filled = Check("code <> '' and number <> '' and check_code <> ''")


class FundWarning(Table, db=DB, tablename="fund_warning"):
    """That who is paid is close to a donor, the committee or the foundation, as it was found. Stays."""

    id: BigSerial = BigSerial(primary_key=True)
    request = belongs_to(FundRequest)
    code = Varchar(length=20, required=True)
    person = belongs_to(Person, optional=True)
    amount_fen = BigInt(default=0, help_text="what the person, or the organization, had given")
    found_at = moment()
    explained = Varchar(length=200, default="", help_text="why it is a false alarm, in public words")
    explained_by = belongs_to(Person, optional=True)
    explained_at = moment(optional=True)

    fund_warning_code = Check(
        "code in ('donor_role', 'donor_family', 'donor_name', 'donor_self', 'committee_role',"
        " 'committee_family', 'staff_role', 'staff_family', 'account')"
    )
    fund_warning_explained = Check(
        "(explained <> '') = (explained_by is not null and explained_at is not null)"
    )
    fund_warning_others = Check("explained_by <> person")


class FundAware(Table, db=DB, tablename="fund_aware"):
    """Who went on with a request although there were warnings, and why. Never changed."""

    id: BigSerial = BigSerial(primary_key=True)
    request = belongs_to(FundRequest)
    step = Varchar(length=10, required=True)
    reason = Varchar(length=200, required=True)
    person = belongs_to(Person)
    said_at = moment()

    fund_aware_step = Check("step in ('check', 'sign')")
    fund_aware_reason = Check("reason <> ''")


class FundPayback(Table, db=DB, tablename="fund_payback"):
    """What a payee did not use comes back to the fund: prepared -> returned | dropped."""

    id: BigSerial = BigSerial(primary_key=True)
    request = belongs_to(FundRequest)
    foundation = belongs_to(Organization)
    amount_fen = BigInt(required=True)
    slip_no = Varchar(length=40, required=True)
    reason = Varchar(length=200, required=True, help_text="in public words")
    state = Varchar(length=10, default="prepared")
    prepared_by = belongs_to(Person)
    prepared_at = moment()
    signed_by = belongs_to(Person, optional=True)
    signed_at = moment(optional=True)

    fund_payback_state = Check("state in ('prepared', 'returned', 'dropped')")
    fund_payback_amount = Check("amount_fen > 0")
    fund_payback_second = Check("signed_by <> prepared_by")
    fund_payback_signed = Check("(state = 'returned') = (signed_by is not null and signed_at is not null)")
