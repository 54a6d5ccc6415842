from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T21:06:24:106569"
VERSION = "1.38.0"
DESCRIPTION = "stars of volunteers: one in force, one published; indexes"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
