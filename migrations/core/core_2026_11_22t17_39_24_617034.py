from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Bytea
from piccolo.columns.column_types import Timestamptz

ID = "2026-11-22T17:39:24:617034"
VERSION = "1.38.0"
DESCRIPTION = "identity numbers that wait for somebody who sees the card"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="core", description=DESCRIPTION
    )

    manager.alter_column(
        table_class_name="PersonIdentity",
        tablename="person_identity",
        column_name="fingerprint",
        db_column_name="fingerprint",
        params={"unique": False},
        old_params={"unique": True},
        column_class=Bytea,
        old_column_class=Bytea,
        schema=None,
    )

    manager.alter_column(
        table_class_name="PersonIdentity",
        tablename="person_identity",
        column_name="verified_at",
        db_column_name="verified_at",
        params={"null": True},
        old_params={"null": False},
        column_class=Timestamptz,
        old_column_class=Timestamptz,
        schema=None,
    )

    return manager
