"""Declared codes, accounts and heads of transfers.

What hangs on them has keys of several columns, which Piccolo cannot say; it stands, with the rules and
functions of the ledger, in `migrations/core/*ledger*.sql`:

* `ledger_entry (transfer, leg, account, amount)`: the legs, append-only.
* `ledger_queue (account, transfer, leg, amount)`: legs that the fold has not yet added to a balance.
* `ledger_line (account, number, transfer, leg, balance)`: the numbered statement, append-only.
* `ledger_lot`, `ledger_lot_part (account, lot, amount)`, `ledger_lot_move`: what lots there are, where their
  parts lie now, and how they came there.
* `ledger_checkpoint`, with `ledger_checkpoint_account` and `ledger_checkpoint_leg` for the newest: the books
  as they stood when they were last proved, signed.
"""

from piccolo.columns import BigInt, BigSerial, Boolean, Bytea, SmallInt, Varchar
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
    tracks_lots = Boolean(default=False)


class LedgerReason(Table, db=DB, tablename="ledger_reason"):
    """A reason for transfers; `evidence_kind` "": it needs none. Evidence is consumed for `purpose`."""

    code: Varchar = Varchar(length=60, primary_key=True, default=None, null=False)
    plugin = Varchar(length=40, required=True)
    evidence_kind = Varchar(length=60, default="")
    purpose = Varchar(length=60, default="")


class Account(Table, db=DB, tablename="ledger_account"):
    """`balance` and `lines` follow the entries; only the fold moves them. The balance that people see is
    this one and what the queue still holds."""

    id: BigSerial = BigSerial(primary_key=True)
    owner_kind = Varchar(length=60, required=True)
    owner_id = BigInt(required=True)
    kind = belongs_to(LedgerKind)
    unit = belongs_to(LedgerUnit)
    floor = BigInt(default=None, null=True)
    tracks_lots = Boolean(default=False)
    balance = BigInt(default=0)
    lines = BigInt(default=0, help_text="number of the last statement line")

    ledger_account_owner = Unique([owner_kind, owner_id, kind, unit])
    ledger_account_floor = Check("floor is null or balance >= floor")


class TransferHead(Table, db=DB, tablename="ledger_transfer"):
    """Why and when. Never changed, never deleted; a mistake is reversed by another transfer."""

    id: BigSerial = BigSerial(primary_key=True)
    key = Varchar(length=120, required=True, unique=True)
    # In the database the unit is held by the check of the entries, and the reason's key has its evidence
    # kind in it; a plain foreign key would lock the one row of CNY for each transfer.
    unit = belongs_to(LedgerUnit)
    reason = belongs_to(LedgerReason)
    evidence = BigInt(default=None, null=True)
    evidence_kind = Varchar(length=60, default="")
    cause_kind = Varchar(length=60, required=True)
    cause_id = BigInt(required=True)
    note = Varchar(length=80, default="")
    fingerprint = Bytea(default=None, null=False)
    reverses = BigInt(default=None, null=True)
    occurred_at = moment()
    posted_at = moment()
