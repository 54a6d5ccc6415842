"""What everybody reads in the place of a donor's name. That of a minor is not public: our practice. Pure."""

from core.funds.rules import ANONYMOUS, NICKNAME
from core.people.masks import MINOR


def public_name(display: str, donor_name: str, nickname: str, *, by_minor: bool) -> str:
    """Name or nickname, as the donor wishes; of a minor no real name; "" for anonymous."""
    if display == ANONYMOUS:
        return ""
    if display == NICKNAME:
        return nickname
    return MINOR if by_minor else donor_name
