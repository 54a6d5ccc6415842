"""The journeys that a newcomer can play in the demo world, each step with its page and its account."""

from litestar import get

from core import plugins
from core.manifest import DemoAccount, Tour
from core.settings import load
from web.access import PUBLIC
from web.forms import Answer
from web.templates import page


@get("/tour", include_in_schema=False, access=PUBLIC)
async def show_tour() -> Answer:
    """All journeys; none outside a demo."""
    return page("web/tour.html", tours=tours(), accounts=demo_accounts())


def tours() -> list[Tour]:
    """What plugins offer, in order."""
    return sorted(plugins.contributions("register_tours"), key=lambda tour: tour.order) if is_demo() else []


def demo_accounts() -> dict[str, DemoAccount]:
    """Phone -> account of the demo world; none outside a demo."""
    offered = plugins.contributions("register_demo_accounts") if is_demo() else []
    return {account.phone: account for account in offered}


def is_demo() -> bool:
    """Was a demo world built here?"""
    return (load().data / "demo-accounts.txt").is_file()


HANDLERS = [show_tour]
