"""One row per decision. Nothing is overwritten: the latest effective row of the nearest scope counts."""

from piccolo.columns import BigInt, BigSerial, Date, Varchar
from piccolo.table import Table

from core.columns import moment
from core.database import DB


class ParameterValue(Table, db=DB, tablename="parameter_value"):
    """What `code` is worth in a scope from `effective_on` (a civil date) on.

    Without a value it withdraws what was planned before it for this scope and day.
    """

    id: BigSerial = BigSerial(primary_key=True)
    code = Varchar(length=80, required=True)
    scope_kind = Varchar(length=60, required=True)
    scope_id = BigInt(required=True)
    value = BigInt(default=None, null=True)
    effective_on = Date(default=None, null=False)
    set_by = BigInt(default=None, null=True)
    set_at = moment()
