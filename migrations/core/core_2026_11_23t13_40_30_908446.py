from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-23T13:40:30:908446"
VERSION = "1.38.0"
DESCRIPTION = "Indexes that others cover; what is kept is not emptied"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
