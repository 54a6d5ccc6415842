"""How to call every route once, for `test_permissions.py`: a module for core's areas and for each plugin.

A module's `CALLS` maps "METHOD path" to a function that makes a `Call` of the world. A new module is
found by itself. Give every call what makes it succeed for somebody: only then its row says who may.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.contracts.world import World


@dataclass(frozen=True)
class Call:
    """What fills the path's parameters, and the form or JSON that is sent along."""

    path: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    json: Any = None
    query: Mapping[str, str] | None = None


def calls() -> dict[str, Callable[[World], Call]]:
    """Of all modules of this package."""
    found: dict[str, Callable[[World], Call]] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= importlib.import_module(f"{__name__}.{module.name}").CALLS
    return found
