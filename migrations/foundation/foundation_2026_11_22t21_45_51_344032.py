from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T21:45:51:344032"
VERSION = "1.38.0"
DESCRIPTION = "Lists of gifts that platforms hand over: in SQL"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="foundation", description=DESCRIPTION)
