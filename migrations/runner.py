"""Bring a database to the present schema; say where tables and migration files disagree; make a file."""

import contextlib
import io

from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.commands.new import (
    AutoMigrationManager,
    NoChanges,
    _create_migrations_folder,
    _create_new_migration,
)
from piccolo.conf.apps import Finder

from core import settings
from core.database import current_unit, fetch_value, unit_of_work
from core.events.services import resume_deliveries
from core.ledger.services import declare_codes

_LOCK = 0x59494A49  # "YIJI"


class MigrationFailed(Exception):
    """Piccolo's message; nothing was changed."""


async def migrate() -> None:
    """Run what has not run yet, of all apps, in one transaction behind an advisory lock.

    Several processes may call it at once: one works, the others find nothing left to do.
    """
    async with unit_of_work() as unit:
        await unit.connection.execute("select pg_advisory_xact_lock($1)", _LOCK)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            result = await run_forwards("all")
        if not result.success:
            raise MigrationFailed(f"{result.message}\n{said.getvalue()}")
        await declare_codes()
        await resume_deliveries()
        if settings.load().broker_url is None:
            await _install_queues()


async def _install_queues() -> None:
    """The SQL of pgmq, for Celery's queues in this same database. Its installer runs only once."""
    if await fetch_value("select to_regnamespace('pgmq') is null"):
        from pgmq.install import get_embedded_install_sql

        await current_unit().connection.execute(get_embedded_install_sql())


async def drift() -> dict[str, int]:
    """App -> number of statements by which its tables differ from its migration files."""
    found = {}
    for name in BaseMigrationManager().get_sorted_app_names():
        with contextlib.redirect_stdout(io.StringIO()):
            config = Finder().get_app_config(app_name=name)
            statements = await AutoMigrationManager().get_alter_statements(config)
        if count := sum(len(s.statements) for s in statements):
            found[name] = count
    return found


async def make(app: str, *, description: str, auto: bool = True) -> str | None:
    """Write the next migration file of an app; None when nothing changed. The name stays as made."""
    config = Finder().get_app_config(app_name=app)
    _create_migrations_folder(config.resolved_migrations_folder_path)
    with contextlib.suppress(NoChanges):
        meta = await _create_new_migration(app_config=config, auto=auto, description=description)
        return str(meta.migration_path)
    return None
