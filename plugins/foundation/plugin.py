"""The foundation's manifest and hook implementations, nothing more."""

from core.language import mark
from core.manifest import Manifest
from core.plugins import hookimpl

MANIFEST = Manifest(
    name="foundation",
    title=mark("社区基金会"),
    version="0.1.0",
    author="Yiji",
    description=mark("基金会和它的微基金：收了多少，用在哪里，按季度公开"),
)


@hookimpl
def register_piccolo_apps() -> list[str]:
    return ["plugins.foundation.piccolo_app"]
