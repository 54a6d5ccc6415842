"""A notice in a person's inbox."""

from piccolo.columns import JSONB, BigSerial, Varchar
from piccolo.table import Table

from core.columns import goes_with, moment
from core.database import DB
from core.people.tables import Person


class Notification(Table, db=DB, tablename="notification"):
    """`title` and `body` are Chinese messages with `%(name)s` places, translated when shown."""

    id: BigSerial = BigSerial(primary_key=True)
    person = goes_with(Person)
    title = Varchar(length=80, required=True)
    body = Varchar(length=300, required=True)
    params = JSONB(default="{}")
    path = Varchar(length=200, default="", help_text="where in the application it leads")
    created_at = moment()
    read_at = moment(optional=True)
