from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T18:18:40:230917"
VERSION = "1.38.0"
DESCRIPTION = "search: everything is indexed anew, with keys for slips"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
