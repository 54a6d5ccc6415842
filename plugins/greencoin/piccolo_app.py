"""The tables of 绿币. Its migrations stand in `migrations/greencoin/`."""

from piccolo.conf.apps import AppConfig, table_finder

from core.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="greencoin",
    migrations_folder_path=str(ROOT / "migrations" / "greencoin"),
    table_classes=table_finder(["plugins.greencoin.tables"], exclude_imported=True),
    migration_dependencies=["core.piccolo_app"],
)
