"""One row per verb that changed something, and the seals that chain them."""

from piccolo.columns import JSONB, BigInt, BigSerial, Bytea, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import moment
from core.database import DB


class AuditEvent(Table, db=DB, tablename="audit_event"):
    """The database refuses to change or delete a row. `actor_id` null: the system did it."""

    id: BigSerial = BigSerial(primary_key=True)
    happened_at = moment()
    actor_id = BigInt(default=None, null=True)
    action = Varchar(length=60, required=True)
    subject_kind = Varchar(length=60, required=True)
    subject_id = BigInt(required=True)
    facts = JSONB(default="{}", help_text="ids, numbers, states; never personal data")


class AuditSeal(Table, db=DB, tablename="audit_seal"):
    """All events after the seal before, up to `upto_id`: how many, and a digest that chains both."""

    id: BigSerial = BigSerial(primary_key=True)
    upto_id = BigInt(required=True, unique=True)
    events = BigInt(required=True)
    digest = Bytea(default=None, null=False)
    previous = Bytea(default=None, null=False, unique=True)
    sealed_at = moment()

    audit_seal_events = Check("events > 0")
