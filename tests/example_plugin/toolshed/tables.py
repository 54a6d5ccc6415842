"""Tools and loans. What Piccolo cannot say stands in `migrations/*.sql`."""

from piccolo.columns import BigSerial, Date, Integer, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to
from core.database import DB
from core.people.tables import Person


class Tool(Table, db=DB, tablename="toolshed_tool"):
    """A tool that a neighbour lends."""

    id: BigSerial = BigSerial(primary_key=True)
    owner = belongs_to(Person)
    name = Varchar(length=40, required=True)

    toolshed_tool_name = Unique([owner, name])


class Loan(Table, db=DB, tablename="toolshed_loan"):
    """A tool that was lent for points; it is out until `returned_on`."""

    id: BigSerial = BigSerial(primary_key=True)
    tool = belongs_to(Tool)
    borrower = belongs_to(Person)
    points = Integer()
    due_on = Date(default=None)
    returned_on = Date(default=None, null=True)
    reminded_on = Date(default=None, null=True)

    toolshed_loan_points = Check("points > 0")
