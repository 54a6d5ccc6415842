"""A file, whole in its row: small enough to be read at once, and backed up with everything else."""

from piccolo.columns import BigInt, BigSerial, Bytea, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import moment
from core.database import DB


class StoredFile(Table, db=DB, tablename="stored_file"):
    """Belongs to the person `owner_id`, nobody else sees it; deleted once `expires_at` is over."""

    id: BigSerial = BigSerial(primary_key=True)
    owner_id = BigInt(required=True)
    job_id = BigInt(default=None, null=True, help_text="the job that made it")
    name = Varchar(length=120, required=True)
    media_type = Varchar(length=100, required=True)
    content = Bytea(default=None, null=False)
    made_at = moment()
    expires_at = moment()

    stored_file_size = Check("length(content) <= 64000000")
    stored_file_expires = Check("expires_at > made_at")
