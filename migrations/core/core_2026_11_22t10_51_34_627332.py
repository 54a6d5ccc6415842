from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T10:51:34:627332"
VERSION = "1.38.0"
DESCRIPTION = "indexes of files, and a content that is what its digest says"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
