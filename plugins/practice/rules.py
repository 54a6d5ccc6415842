"""Whose messages may be shown to everybody. Pure."""

from collections.abc import Collection
from datetime import timedelta

from core.settings import Settings

MAIL, SMS = "mail", "sms"
KEPT = timedelta(days=7)


# Whoever tries to register in a demo takes a number of this range, so that no real phone is shown here.
INVENTED = "1380000"


def may_keep(phone: str | None, invented: Collection[str], settings: Settings) -> bool:
    """Only in a demo, and only what is for an account of the demo world, or for a number like theirs."""
    return settings.demo and phone is not None and (phone in invented or phone.startswith(INVENTED))
