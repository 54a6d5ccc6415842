"""An organization."""

from piccolo.columns import BigSerial, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.regions.tables import Region


class Organization(Table, db=DB, tablename="organization"):
    """`uscc` is the unified social credit code (GB 32100); self-governance committees have none."""

    id: BigSerial = BigSerial(primary_key=True)
    name = Varchar(length=120, required=True)
    kind = Varchar(length=20, required=True)
    region = belongs_to(Region)
    uscc = Varchar(length=18, default=None, null=True, unique=True)
    registered_at = moment()

    organization_kind = Check(
        "kind in ('social_organization', 'foundation', 'committee', 'street_office', 'company')"
    )
