from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T14:35:51:823848"
VERSION = "1.38.0"
DESCRIPTION = "funds: change of purpose, indexes and answers in time"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
