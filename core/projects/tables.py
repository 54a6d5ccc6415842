"""A project and what was told of it."""

from piccolo.columns import BigInt, BigSerial, Text, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB
from core.organizations.tables import Organization
from core.people.tables import Person
from core.regions.tables import Region


class Project(Table, db=DB, tablename="project"):
    """`source` is what made it one: a contract of a call, say. `organization` carries it out."""

    id: BigSerial = BigSerial(primary_key=True)
    title = Varchar(length=120, required=True)
    summary = Text(default="")
    organization = belongs_to(Organization)
    region = belongs_to(Region)
    state = Varchar(length=10, default="running")
    source_kind = Varchar(length=60, required=True)
    source_id = BigInt(required=True)
    opened_at = moment()
    ended_at = moment(optional=True)

    project_state = Check("state in ('running', 'completed', 'stopped')")
    project_ends = Check("(state = 'running') = (ended_at is null)")
    project_source = Unique(columns=["source_kind", "source_id"])


class ProjectReport(Table, db=DB, tablename="project_report"):
    """What the organization tells the public, with photos as files about it."""

    id: BigSerial = BigSerial(primary_key=True)
    project = belongs_to(Project)
    text = Text(required=True)
    reported_by = belongs_to(Person)
    reported_at = moment()
