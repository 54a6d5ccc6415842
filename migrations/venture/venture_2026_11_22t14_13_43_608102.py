from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-22T14:13:43:608102"
VERSION = "1.38.0"
DESCRIPTION = "what is moved is a parameter, the table of moved days goes"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="venture", description=DESCRIPTION
    )

    manager.drop_table(
        class_name="MovedDay", tablename="venture_moved_day", schema=None
    )

    return manager
