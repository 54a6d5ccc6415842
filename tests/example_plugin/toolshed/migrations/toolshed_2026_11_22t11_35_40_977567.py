from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T11:35:40:977567"
VERSION = "1.38.0"
DESCRIPTION = "a tool is lent once"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="toolshed", description=DESCRIPTION)
