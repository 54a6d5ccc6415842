"""An event, and one delivery row for each plugin that subscribes to it."""

from piccolo.columns import (
    JSONB,
    BigInt,
    BigSerial,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from core.columns import belongs_to, moment
from core.database import DB


class Event(Table, db=DB, tablename="event"):
    """`facts` are the arguments of the hook called `name`: ids only."""

    id: BigSerial = BigSerial(primary_key=True)
    name = Varchar(length=60, required=True)
    subject_kind = Varchar(length=60, required=True)
    subject_id = BigInt(required=True)
    facts = JSONB(default="{}")
    happened_at = moment()


class Delivery(Table, db=DB, tablename="event_delivery"):
    """waiting -> done, or skipped by an operator. The receipt is written with the effect."""

    id: BigSerial = BigSerial(primary_key=True)
    event = belongs_to(Event)
    plugin = Varchar(length=40, required=True)
    subject_kind = Varchar(length=60, required=True)
    subject_id = BigInt(required=True)
    state = Varchar(length=10, default="waiting")
    finished_at = moment(optional=True)
    note = Varchar(length=200, default="", help_text="why an operator skipped it")

    event_delivery_key = Unique([event, plugin])
    event_delivery_state = Check("state in ('waiting', 'done', 'skipped')")
