from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.sql import run_sql_beside

ID = "2026-11-22T07:50:29:341689"
VERSION = "1.38.0"
DESCRIPTION = "indexes for operators and auditors; seals are append-only"


async def forwards() -> MigrationManager:
    return run_sql_beside(__file__, migration_id=ID, app="core", description=DESCRIPTION)
