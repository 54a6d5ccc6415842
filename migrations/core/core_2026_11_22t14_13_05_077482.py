from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T14:13:05:077482"
VERSION = "1.38.0"
DESCRIPTION = "payments: refunds, disputes, settlement lines: indexes, and kinds of facts"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
