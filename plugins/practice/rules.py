"""Whose messages may be shown to everybody. Pure."""

from collections.abc import Collection
from datetime import timedelta

from core.settings import Settings

MAIL, SMS = "mail", "sms"
KEPT = timedelta(days=7)


def may_keep(phone: str | None, invented: Collection[str], settings: Settings) -> bool:
    """Only in a demo, and only what is for an account of the demo world."""
    return settings.demo and phone in invented
