from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T14:13:45:250174"
VERSION = "1.38.0"
DESCRIPTION = "the days that are moved in 2026, as a parameter"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="venture", description=DESCRIPTION)
