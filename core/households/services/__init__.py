"""The verbs of households: of their members, and what two sides have to agree to."""

from core.households.services.accounts import invite_child
from core.households.services.children import name_guardian, register_child
from core.households.services.members import (
    found_household,
    hand_over,
    invite,
    join,
    leave,
    register_resident,
)
from core.households.services.requests import (
    agree,
    ask_to_join,
    ask_to_merge,
    ask_to_move,
    ask_to_split,
    refuse,
    withdraw,
)

__all__ = [
    "agree",
    "ask_to_join",
    "ask_to_merge",
    "ask_to_move",
    "ask_to_split",
    "found_household",
    "hand_over",
    "invite",
    "invite_child",
    "join",
    "leave",
    "name_guardian",
    "refuse",
    "register_child",
    "register_resident",
    "withdraw",
]
