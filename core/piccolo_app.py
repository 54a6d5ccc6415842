"""All of core's tables, as one Piccolo app. Its migrations stand in `migrations/core/`."""

from piccolo.conf.apps import AppConfig, table_finder

from core.settings import ROOT

AREAS = (
    "jobs", "events", "audit", "search", "regions", "parameters", "documents", "evidence", "ledger",
    "approvals", "people", "registration", "answers", "files",
    "organizations", "projects", "funds", "volunteers", "payments", "notifications", "households", "privacy",
    "dossiers",
)  # fmt: skip

APP_CONFIG = AppConfig(
    app_name="core",
    migrations_folder_path=str(ROOT / "migrations" / "core"),
    table_classes=table_finder([f"core.{area}.tables" for area in AREAS], exclude_imported=True),
    migration_dependencies=[],
)
