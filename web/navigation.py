"""The menu, from what plugins contribute."""

import functools

from core import plugins
from core.manifest import NavigationItem
from web.visit import VISIT

# What stands in the menu at once; the rest is one tap further. 关怀版 offers fewer choices.
_SHOWN, _SHOWN_WITH_CARE = 6, 4


@functools.cache
def _items() -> list[NavigationItem]:
    items: list[NavigationItem] = plugins.contributions("register_navigation")
    return sorted(items, key=lambda item: (item.order, item.path))


def menu() -> tuple[list[NavigationItem], list[NavigationItem], str]:
    """The links that this visitor may follow: shown at once, one tap further, the path of the present one.

    Of `/garden` and `/garden/mine`, both of which lead to the page, the longer one is present.
    """
    visit = VISIT.get()
    items = [item for item in _items() if _may_follow(item)]
    most = _SHOWN_WITH_CARE if visit.care else _SHOWN
    shown = most if len(items) > most + 1 else len(items)  # "more" never hides just one
    leading = [item.path for item in items if f"{visit.path}/".startswith(f"{item.path}/")]
    return items[:shown], items[shown:], max(leading, key=len, default="")


def _may_follow(item: NavigationItem) -> bool:
    actor = VISIT.get().actor
    if actor is None:
        return not item.signed_in and item.permission is None
    return item.permission is None or actor.may(item.permission)
