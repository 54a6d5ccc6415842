"""A node of the tree."""

from piccolo.columns import BigSerial, Date, Varchar
from piccolo.columns.reference import LazyTableReference
from piccolo.constraints import Check
from piccolo.table import Table

from core.columns import belongs_to
from core.database import DB


class Region(Table, db=DB, tablename="region"):
    """`code` is the national division code where there is one; estates have none."""

    id: BigSerial = BigSerial(primary_key=True)
    parent = belongs_to(LazyTableReference("Region", module_path="core.regions.tables"), optional=True)
    level = Varchar(length=10, required=True)
    name = Varchar(length=60, required=True)
    code = Varchar(length=12, default=None, null=True)
    valid_from = Date(default=None, null=True)
    valid_to = Date(default=None, null=True, help_text="the first day on which it no longer is")

    region_level = Check("level in ('province', 'city', 'county', 'street', 'community', 'estate')")
