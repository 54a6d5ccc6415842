from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-22T14:15:40:853164"
VERSION = "1.38.0"
DESCRIPTION = "people: indexes of guardians, accesses, identities, deletions"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="", description=DESCRIPTION
    )

    def run():
        print(f"running {ID}")

    manager.add_raw(run)

    return manager
