"""What a line of `page_types.py` says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageType:
    """`route` as the application states it, an address of it in the world, and who looks.

    `press`: the form that sends to a path with this end is sent with nothing filled in, so that it comes
    back refused; with `too_late` its session is over, so that the login page has it, and with `back` it is
    on its way back from there.
    """

    route: str
    address: str
    who: str | None = None
    press: str = ""
    too_late: bool = False
    back: bool = False
