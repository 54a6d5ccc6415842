"""Tools and loans. What Piccolo cannot say stands in `migrations/*.sql`."""

from piccolo.columns import BigSerial, Date, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to
from core.database import DB
from core.organizations.tables import Organization
from core.payments.tables import Order
from core.people.tables import Person


class Tool(Table, db=DB, tablename="toolshed_tool"):
    """A tool that an organization lends."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    name = Varchar(length=40, required=True)


class Loan(Table, db=DB, tablename="toolshed_loan"):
    """reserved -> out (the deposit is paid) -> returned; or released (not paid in time)."""

    id: BigSerial = BigSerial(primary_key=True)
    tool = belongs_to(Tool)
    person = belongs_to(Person)
    order = belongs_to(Order, unique=True)
    state = Varchar(length=10, default="reserved")
    due_on = Date(default=None, null=True)
    reminded_on = Date(default=None, null=True)

    toolshed_loan_state = Check("state in ('reserved', 'out', 'returned', 'released')")
    toolshed_loan_due = Check("(state in ('out', 'returned')) = (due_on is not null)")
