"""Where Piccolo's own machinery finds the engine and the apps of all installed plugins."""

from piccolo.conf.apps import AppRegistry

from core import plugins
from core.database import DB as DB


def _apps() -> list[str]:
    """Of every installed plugin, enabled or not: disabling one never orphans its tables."""
    return [
        app
        for module in plugins.installed().values()
        if hasattr(module, "register_piccolo_apps")
        for app in module.register_piccolo_apps()
    ]


APP_REGISTRY = AppRegistry(apps=_apps())
