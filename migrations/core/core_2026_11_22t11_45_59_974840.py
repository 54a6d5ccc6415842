from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T11:45:59:974840"
VERSION = "1.38.0"
DESCRIPTION = "heads, indexes of codes and of households' requests, consents as a history"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
