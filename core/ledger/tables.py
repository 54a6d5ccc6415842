"""Declared codes, accounts, and the append-only log. Triggers and functions: `migrations/core/*.sql`."""

from piccolo.columns import BigInt, BigSerial, Bytea, SmallInt, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB


class LedgerUnit(Table, db=DB, tablename="ledger_unit"):
    """A unit that some plugin declares."""

    code: Varchar = Varchar(length=40, primary_key=True, default=None, null=False)
    plugin = Varchar(length=40, required=True)
    digits = SmallInt(default=0)


class LedgerKind(Table, db=DB, tablename="ledger_kind"):
    """A kind of account; `floor` null: none (the outside world)."""

    code: Varchar = Varchar(length=60, primary_key=True, default=None, null=False)
    plugin = Varchar(length=40, required=True)
    floor = BigInt(default=None, null=True)


class LedgerReason(Table, db=DB, tablename="ledger_reason"):
    """A reason for transfers."""

    code: Varchar = Varchar(length=60, primary_key=True, default=None, null=False)
    plugin = Varchar(length=40, required=True)


class Account(Table, db=DB, tablename="ledger_account"):
    """`balance` and `lines` follow the entries; only `ledger_post()` moves them."""

    id: BigSerial = BigSerial(primary_key=True)
    owner_kind = Varchar(length=60, required=True)
    owner_id = BigInt(required=True)
    kind = belongs_to(LedgerKind)
    unit = belongs_to(LedgerUnit)
    floor = BigInt(default=None, null=True)
    balance = BigInt(default=0)
    lines = BigInt(default=0, help_text="number of the last statement line")

    ledger_account_owner = Unique([owner_kind, owner_id, kind, unit])
    ledger_account_floor = Check("floor is null or balance >= floor")


class TransferHead(Table, db=DB, tablename="ledger_transfer"):
    """Why and when. Never changed, never deleted; a mistake is reversed by another transfer."""

    id: BigSerial = BigSerial(primary_key=True)
    key = Varchar(length=120, required=True, unique=True)
    unit = belongs_to(LedgerUnit)
    reason = belongs_to(LedgerReason)
    cause_kind = Varchar(length=60, required=True)
    cause_id = BigInt(required=True)
    note = Varchar(length=80, default="")
    fingerprint = Bytea(default=None, null=False)
    reverses = BigInt(default=None, null=True, unique=True)
    occurred_at = moment()
    posted_at = moment()


class EntryLine(Table, db=DB, tablename="ledger_entry"):
    """One leg of a transfer. The statement trigger keeps each transfer balanced and of one unit."""

    id: BigSerial = BigSerial(primary_key=True)
    transfer = BigInt(required=True)
    account = BigInt(required=True)
    amount = BigInt(required=True)

    ledger_entry_amount = Check("amount <> 0")


class StatementLine(Table, db=DB, tablename="ledger_line"):
    """An account's numbered statement: each entry with the balance after it."""

    id: BigSerial = BigSerial(primary_key=True)
    account = BigInt(required=True)
    number = BigInt(required=True)
    entry = BigInt(required=True, unique=True)
    balance = BigInt(required=True)

    ledger_line_number = Unique([account, number])
