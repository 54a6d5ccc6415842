from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T17:47:26:585025"
VERSION = "1.38.0"
DESCRIPTION = "payments: refunds that a bill tells of"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
