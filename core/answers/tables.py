"""The answer row. It may hold what its person may read, so it is kept for a day only."""

from piccolo.columns import BigSerial, Bytea, SmallInt, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from core.columns import goes_with, moment
from core.database import DB
from core.people.tables import Person


class GivenAnswer(Table, db=DB, tablename="given_answer"):
    """What the first request of a person with this key was answered; written with its effect."""

    id: BigSerial = BigSerial(primary_key=True)
    person = goes_with(Person)
    key = Varchar(length=100, required=True)
    digest = Bytea(default=None, null=False, help_text="of the whole request")
    status = SmallInt(required=True)
    media_type = Varchar(length=100, required=True)
    body = Bytea(default=None, null=False)
    given_at = moment()

    given_answer_key = Unique(["person", "key"])
