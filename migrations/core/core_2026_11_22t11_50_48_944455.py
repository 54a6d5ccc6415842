from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T11:50:48:944455"
VERSION = "1.38.0"
DESCRIPTION = "payments online: indexes, and facts that stay"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
