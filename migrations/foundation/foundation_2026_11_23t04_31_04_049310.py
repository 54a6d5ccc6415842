from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-23T04:31:04:049310"
VERSION = "1.38.0"
DESCRIPTION = "fnd: long projects are told of while they run: in SQL"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="foundation", description=DESCRIPTION)
