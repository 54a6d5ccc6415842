"""core/listeners.py: none is left behind."""

import inspect

from core import listeners, plugin


def test_core_is_told_whatever_it_listens_to() -> None:
    heard = {name for name, value in vars(listeners).items() if hasattr(value, "yiji_impl")}
    assert len(heard) >= 14
    assert {name for name in heard if inspect.iscoroutinefunction(getattr(plugin, name, None))} == heard
