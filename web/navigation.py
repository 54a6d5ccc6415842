"""The menu, from what plugins contribute."""

import functools

from core import plugins
from core.manifest import NavigationItem
from web.visit import VISIT


@functools.cache
def _items() -> list[NavigationItem]:
    items: list[NavigationItem] = plugins.contributions("register_navigation")
    return sorted(items, key=lambda item: (item.order, item.path))


def menu() -> list[NavigationItem]:
    """The links that this visitor may follow."""
    actor = VISIT.get().actor
    return [
        item
        for item in _items()
        if (not item.signed_in or actor is not None)
        and (item.permission is None or (actor is not None and actor.may(item.permission)))
    ]
