"""What can be found. Its keys stand in `search_gram`, which is an index and written in SQL: see below.

`search_gram (gram, kind, rank, thing)` has a hundred rows a thing and is read by its primary key alone,
so it has neither an id of its own nor a foreign key (`migrations/core/*.sql`).
"""

from piccolo.columns import BigInt, BigSerial, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from core.database import DB


class SearchThing(Table, db=DB, tablename="search_thing"):
    """A thing with a page: what it is called, where it is, and the line below its name."""

    id: BigSerial = BigSerial(primary_key=True)
    kind = Varchar(length=60, required=True)
    subject_id = BigInt(required=True)
    name = Varchar(length=120, required=True)
    path = Varchar(length=200, required=True)
    detail = Varchar(length=200, default="")
    folded = Varchar(length=None, required=True)
    spelt = Varchar(length=None, required=True)
    loose = Varchar(length=None, default="", help_text="as spelt, for who mixes sounds up")

    search_thing_subject = Unique([kind, subject_id])
