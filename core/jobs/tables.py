"""The job row. A broker message carries only its id."""

from piccolo.columns import JSONB, BigSerial, Integer, SmallInt, Text, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import moment
from core.database import DB


class Job(Table, db=DB, tablename="job"):
    """waiting -> sent -> done; back to waiting after an error; failed after the last attempt."""

    id: BigSerial = BigSerial(primary_key=True)
    name = Varchar(length=100, required=True)
    args = JSONB(default="{}")
    state = Varchar(length=10, default="waiting")
    priority = SmallInt(default=0, help_text="lower runs first")
    attempts = Integer(default=0)
    due_at = moment()
    sent_at = moment(optional=True)
    finished_at = moment(optional=True)
    error = Text(default=None, null=True, help_text="class and place of the last error, no data")
    key = Varchar(length=100, default=None, null=True, unique=True, help_text="a second job with it is none")

    job_state = Check("state in ('waiting', 'sent', 'done', 'failed')")
