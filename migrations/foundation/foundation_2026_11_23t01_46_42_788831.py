from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-23T01:46:42:788831"
VERSION = "1.38.0"
DESCRIPTION = "foundation: goods received and handed out in SQL"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="foundation", description=DESCRIPTION)
