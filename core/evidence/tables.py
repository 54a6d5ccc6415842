"""What happened, and for what it was used. Rules beyond the tables: `migrations/core/*.sql`."""

from piccolo.columns import JSONB, BigInt, BigSerial, Varchar
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB


class Evidence(Table, db=DB, tablename="evidence"):
    """Append-only. `subject` is the thing that it is about: a shift, a contract, a request for money."""

    id: BigSerial = BigSerial(primary_key=True)
    kind = Varchar(length=60, required=True, help_text="prefixed by its plugin: venture.midterm")
    subject_kind = Varchar(length=60, required=True)
    subject_id = BigInt(required=True)
    facts = JSONB(default="{}", help_text="ids, numbers, digests; never personal data")
    recorded_by = BigInt(default=None, null=True)
    recorded_at = moment()


class EvidenceUse(Table, db=DB, tablename="evidence_use"):
    """Append-only; one row for each purpose of one piece of evidence. `user` is what consumed it."""

    id: BigSerial = BigSerial(primary_key=True)
    evidence = belongs_to(Evidence)
    purpose = Varchar(length=60, required=True)
    user_kind = Varchar(length=60, required=True)
    user_id = BigInt(required=True)
