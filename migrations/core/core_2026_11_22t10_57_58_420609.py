from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T10:57:58:420609"
VERSION = "1.38.0"
DESCRIPTION = "organizations that exist are approved; what is unique among them"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
