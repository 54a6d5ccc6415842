from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T14:14:17:966529"
VERSION = "1.38.0"
DESCRIPTION = "claims that the ledger did not take"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="greencoin", description=DESCRIPTION)
