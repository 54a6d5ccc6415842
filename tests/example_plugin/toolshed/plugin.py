"""The manifest and the hooks."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from core.language import mark
from core.manifest import Manifest, NavigationItem
from core.plugins import hookimpl
from toolshed import pages

MANIFEST = Manifest(
    name="toolshed",
    title=mark("邻里工具间"),
    version="1.0",
    author="A neighbour",
    description=mark("梯子电钻，借来用用"),
)


@hookimpl
def register_pages() -> Sequence[ControllerRouterHandler]:
    return pages.HANDLERS


@hookimpl
def register_navigation() -> list[NavigationItem]:
    return [NavigationItem(title=mark("邻里工具间"), path="/toolshed", order=30)]
