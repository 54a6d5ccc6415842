"""The tool shed's tables. A stranger's migrations travel in the package."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="toolshed",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=table_finder(["toolshed.tables"], exclude_imported=True),
    migration_dependencies=["core.piccolo_app"],
)
