from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-23T02:06:28:053368"
VERSION = "1.38.0"
DESCRIPTION = "payments: money taken at the counter by two; strangers who transfer, in SQL"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
