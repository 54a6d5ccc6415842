from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T11:10:47:329615"
VERSION = "1.38.0"
DESCRIPTION = "what holds whatever code runs; the days that are moved in 2026"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="venture", description=DESCRIPTION)
