from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T18:28:11:267934"
VERSION = "1.38.0"
DESCRIPTION = "a lease may be ended; indexes of what a committee decides"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="garden", description=DESCRIPTION)
