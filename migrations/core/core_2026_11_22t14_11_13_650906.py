from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T14:11:13:650906"
VERSION = "1.38.0"
DESCRIPTION = "funds: refunds and the rest of a fund that ends, indexes"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
