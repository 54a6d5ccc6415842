from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T21:55:17:369880"
VERSION = "1.38.0"
DESCRIPTION = "payments: the arrived state of a bank line, and where payouts wait in SQL"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
