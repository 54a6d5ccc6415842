"""The job row. A broker message carries only its id."""

from piccolo.columns import JSONB, BigInt, BigSerial, Integer, SmallInt, Text, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import goes_with, moment
from core.database import DB


class Job(Table, db=DB, tablename="job"):
    """waiting -> sent -> done; back to waiting after an error; failed after the last attempt.

    cancelled: an operator's decision, for the reason in `note`.
    """

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
    asked_by = BigInt(default=None, null=True, help_text="the person who may see how far it is")
    note = Varchar(length=200, default="")

    job_state = Check("state in ('waiting', 'sent', 'done', 'failed', 'cancelled')")


class JobProgress(Table, db=DB, tablename="job_progress"):
    """How far a long job is. Written apart from its unit of work, so that others see it meanwhile."""

    id: BigSerial = BigSerial(primary_key=True)
    job = goes_with(Job, unique=True)
    done = BigInt(required=True)
    of = BigInt(required=True)
    reported_at = moment()

    job_progress_sane = Check("done >= 0 and done <= of")
