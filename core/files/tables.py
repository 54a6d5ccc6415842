"""Files that people sent, and their contents, each stored once."""

from piccolo.columns import BigInt, BigSerial, Boolean, Bytea, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB


class FileContent(Table, db=DB, tablename="file_content"):
    """`digest` is the SHA-256 of `content`; `small` is a picture's thumbnail."""

    id: BigSerial = BigSerial(primary_key=True)
    digest = Bytea(default=None, null=False, unique=True)
    media_type = Varchar(length=40, required=True)
    content = Bytea(default=None, null=False)
    small = Bytea(default=None, null=True)

    file_content_size = Check("length(content) between 1 and 6000000")
    file_content_digest = Check("length(digest) = 32")


class File(Table, db=DB, tablename="file"):
    """A content under a name, about a thing: a claim, a report, a voucher."""

    id: BigSerial = BigSerial(primary_key=True)
    content = belongs_to(FileContent)
    name = Varchar(length=120, required=True)
    subject_kind = Varchar(length=60, required=True)
    subject_id = BigInt(required=True)
    is_public = Boolean(default=False)
    uploaded_by = BigInt(default=None, null=True)
    uploaded_at = moment()
