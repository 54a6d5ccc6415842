from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T11:10:10:000002"
VERSION = "1.38.0"
DESCRIPTION = "a lot is used for what it is given for, also where its origin is named"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
