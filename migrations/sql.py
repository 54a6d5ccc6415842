"""Migrations whose work is a `.sql` file of the same name beside them."""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from core.database import current_unit


def run_sql_beside(file: str, *, migration_id: str, app: str, description: str) -> MigrationManager:
    """A migration that runs `<file>.sql`, many statements at once, in the unit of work of `migrate()`."""
    manager = MigrationManager(migration_id=migration_id, app_name=app, description=description)

    async def forwards() -> None:
        sql = Path(file).with_suffix(".sql").read_text(encoding="utf-8")
        await current_unit().connection.execute(sql)

    manager.add_raw(forwards)
    return manager
