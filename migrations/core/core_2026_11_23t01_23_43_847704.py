from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-23T01:23:43:847704"
VERSION = "1.38.0"
DESCRIPTION = "dossiers: where copies of what was given are found, in SQL"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
