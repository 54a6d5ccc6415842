from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-23T01:50:23:361591"
VERSION = "1.38.0"
DESCRIPTION = "agreements with donors: what fulfils them, in SQL"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="foundation", description=DESCRIPTION)
