"""Stripe's lists: the newest first, a page at a time."""

from collections.abc import Callable, Sequence
from typing import Any

Thing = dict[str, Any]
_PAGE, _PAGE_MOST = 10, 100


def paged(url: str, found: Sequence[Thing], asked: Thing, show: Callable[[Thing], Thing] = dict) -> Thing:
    """The page of `found` that `limit` and `starting_after` ask for, each as `show` gives it."""
    if after := asked.get("starting_after"):
        ids = [one["id"] for one in found]
        found = found[ids.index(after) + 1 :] if after in ids else []
    page = found[: min(asked.get("limit", _PAGE), _PAGE_MOST)]
    return {
        "object": "list",
        "url": url,
        "has_more": len(found) > len(page),
        "data": [show(one) for one in page],
    }
