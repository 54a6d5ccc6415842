"""The tables of calls. Their migrations stand in `migrations/venture/`."""

from piccolo.conf.apps import AppConfig, table_finder

from core.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="venture",
    migrations_folder_path=str(ROOT / "migrations" / "venture"),
    table_classes=table_finder(["plugins.venture.tables"], exclude_imported=True),
    migration_dependencies=["core.piccolo_app"],
)
