"""What a foundation has published."""

from piccolo.columns import BigInt, BigSerial, SmallInt
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.organizations.tables import Organization
from core.people.tables import Person


class Publication(Table, db=DB, tablename="foundation_publication"):
    """A quarter of all funds of a foundation, as it was published. Never changed."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    year = SmallInt(required=True)
    quarter = SmallInt(required=True)
    opening_fen = BigInt(required=True)
    income_fen = BigInt(required=True)
    uses_fen = BigInt(required=True)
    published_by = belongs_to(Person)
    published_at = moment()

    foundation_publication_once = Unique([organization, year, quarter])
    foundation_publication_quarter = Check("quarter between 1 and 4")
    foundation_publication_sums = Check("opening_fen >= 0 and income_fen >= 0 and uses_fen >= 0")
