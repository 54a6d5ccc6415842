from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T22:06:37:984726"
VERSION = "1.38.0"
DESCRIPTION = "foundation: agreements with donors in SQL"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="foundation", description=DESCRIPTION)
