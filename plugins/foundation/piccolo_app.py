"""The foundation's tables, as a Piccolo app. Its migrations stand in `migrations/foundation/`."""

from piccolo.conf.apps import AppConfig, table_finder

from core.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="foundation",
    migrations_folder_path=str(ROOT / "migrations" / "foundation"),
    table_classes=table_finder(
        [
            f"plugins.foundation.tables.{subject}"
            for subject in (
                "agreements",
                "calendar",
                "campaigns",
                "disclosures",
                "goods",
                "platforms",
                "pledges",
                "pools",
                "years",
            )
        ],
        exclude_imported=True,
    ),
    migration_dependencies=["core.piccolo_app"],
)
