"""What a foundation has to make public beside its quarters, and that it did."""

from piccolo.columns import BigSerial, Boolean, Date, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.organizations.tables import Organization
from core.people.tables import Person


class DisclosureDuty(Table, db=DB, tablename="foundation_duty"):
    """A large or related transaction, to be published within days. Years and projects need no row."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    kind = Varchar(length=20, required=True)
    title = Varchar(length=60, required=True, help_text="in public words")
    happened_on = Date(default=None)
    recorded_by = belongs_to(Person)
    recorded_at = moment()

    foundation_duty_kind = Check("kind in ('transaction', 'related')")


class Disclosure(Table, db=DB, tablename="foundation_disclosure"):
    """That it was made public, and every correction of it. Never changed."""

    id: BigSerial = BigSerial(primary_key=True)
    organization = belongs_to(Organization)
    kind = Varchar(length=20, required=True)
    key = Varchar(length=20, required=True)
    link = Varchar(length=300, default="")
    note = Varchar(length=200, default="")
    is_correction = Boolean(default=False)
    published_by = belongs_to(Person)
    published_at = moment()

    foundation_disclosure_kind = Check(
        "kind in ('report', 'annual', 'related_list', 'progress', 'project', 'transaction', 'related')"
    )
    foundation_disclosure_note = Check("not is_correction or note <> ''")
