from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T11:09:39:258925"
VERSION = "1.38.0"
DESCRIPTION = "indexes, and what happens once"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="greencoin", description=DESCRIPTION)
