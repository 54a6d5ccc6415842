"""The garden's tables. Its migrations stand in `migrations/garden/`."""

from piccolo.conf.apps import AppConfig, table_finder

from core.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="garden",
    migrations_folder_path=str(ROOT / "migrations" / "garden"),
    table_classes=table_finder(["plugins.garden.tables"], exclude_imported=True),
    migration_dependencies=["core.piccolo_app"],
)
