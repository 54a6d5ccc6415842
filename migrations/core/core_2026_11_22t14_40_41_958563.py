"""Organizations on record: history that stays, one account at a time, indexes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T14:40:41:958563"
VERSION = "1.38.0"
DESCRIPTION = "organizations on record in SQL"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
