"""The practice plugin's table. Its migrations stand in `migrations/practice/`."""

from piccolo.conf.apps import AppConfig, table_finder

from core.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="practice",
    migrations_folder_path=str(ROOT / "migrations" / "practice"),
    table_classes=table_finder(["plugins.practice.tables"], exclude_imported=True),
    migration_dependencies=["core.piccolo_app"],
)
