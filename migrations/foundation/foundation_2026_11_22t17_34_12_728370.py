from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-22T17:34:12:728370"
VERSION = "1.38.0"
DESCRIPTION = "give: campaigns and host names in SQL"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="", description=DESCRIPTION
    )

    def run():
        print(f"running {ID}")

    manager.add_raw(run)

    return manager
