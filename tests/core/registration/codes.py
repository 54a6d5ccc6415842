"""What an SMS would have said, without sending one."""

from core import settings
from core.database import fetch_value
from core.registration.rules import code_of


async def code_for(token: str) -> str:
    """The six digits of a code that was asked for."""
    phone = await fetch_value("select phone from phone_code where token = $1", token)
    return code_of(settings.load().secret, token, phone)


def another(code: str) -> str:
    """Six digits that are not the code."""
    return f"{(int(code) + 1) % 10**6:06}"
