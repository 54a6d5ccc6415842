"""One row per verb that changed something."""

from piccolo.columns import JSONB, BigInt, BigSerial, Varchar
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
