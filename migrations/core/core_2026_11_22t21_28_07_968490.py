from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T21:28:07:968490"
VERSION = "1.38.0"
DESCRIPTION = "Trace: gifts by method, and those that went back, in SQL"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
