"""Accounts that are to end."""

from piccolo.columns import BigSerial, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.people.tables import Person


class PersonDeletion(Table, db=DB, tablename="person_deletion"):
    """Asked for by the person, done once `due_at` is over and nothing hinders it; until then taken back."""

    id: BigSerial = BigSerial(primary_key=True)
    person = belongs_to(Person)
    state = Varchar(length=10, default="waiting")
    asked_at = moment()
    due_at = moment()

    person_deletion_state = Check("state in ('waiting', 'withdrawn', 'done')")
