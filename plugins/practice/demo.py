"""The practice plugin's part of the demo world: the committee takes money online, at the stand-in."""

from collections.abc import Callable

from core.database import fetch_value
from core.demo import COMMITTEE
from core.payments.services import connect_merchant
from core.settings import load
from plugins.practice.rules import stand_in_key, webhook_secret


async def open_cashier(report: Callable[[int, int], None]) -> None:
    """Enter the stand-in's keys as a manager would enter Stripe's; they are tested as soon as it runs."""
    committee_id = await fetch_value("select id from organization where name = $1", COMMITTEE)
    connected = await fetch_value(
        "select exists (select from payment_merchant where organization = $1)", committee_id
    )
    if not connected:
        key = stand_in_key(committee_id, load().secret)
        keys = {"secret_key": key, "webhook_secret": webhook_secret(key, load().secret)}
        await connect_merchant(committee_id, "stripe", keys)
    report(1, 1)
