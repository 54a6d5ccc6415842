"""The plugin contract itself: every hook is explained, used by one of ours, and tested."""

import inspect
import re
from pathlib import Path
from types import FunctionType

import pytest

from core import hookspecs, plugins
from core.plugins import build
from core.settings import ROOT

HOOKS = hookspecs.HOOKS
KINDS = ("register_", "check_", "decide_", "collect_")

each_hook = pytest.mark.parametrize("hook", HOOKS)


def our_modules() -> dict[str, object]:
    """Those of this repository, whatever else is installed here."""
    return {
        name: module
        for name, module in plugins.installed().items()
        if module.__name__ == "core.plugin" or module.__name__.startswith("plugins.")
    }


def implementations(hook: str) -> dict[str, FunctionType]:
    """Plugin -> function, of ours."""
    built = build(our_modules(), disabled=frozenset())  # type: ignore[arg-type]
    return {impl.plugin_name: impl.function for impl in getattr(built.hook, hook).get_hookimpls()}


def test_every_public_function_of_the_contract_is_a_hook() -> None:
    defined = {
        name
        for module in hookspecs.MODULES
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__
    }
    assert defined == set(HOOKS)
    assert len(HOOKS) >= 15


@each_hook
def test_a_hook_has_words(hook: str) -> None:
    words = inspect.getdoc(HOOKS[hook])
    assert words
    assert words.splitlines()[0].endswith((".", "first"))


@each_hook
def test_the_grammar_of_a_name_tells_whether_it_is_awaited(hook: str) -> None:
    is_declared_at_start = hook.startswith("register_")
    for function in (HOOKS[hook], *implementations(hook).values()):
        assert inspect.iscoroutinefunction(function) != is_declared_at_start, function
    if not hook.startswith(KINDS):
        assert HOOKS[hook].__annotations__["return"] is None
        assert hook.rsplit("_", 1)[1].endswith(("ed", "id")), "an event is something that happened"


@each_hook
def test_a_hook_is_used_by_one_of_our_plugins_with_arguments_that_exist(hook: str) -> None:
    found = implementations(hook)
    assert found
    for name, function in found.items():
        assert set(inspect.signature(function).parameters) <= plugins.arguments(hook), name


@each_hook
def test_the_arguments_are_those_of_the_signature_and_bear_a_type(hook: str) -> None:
    parameters = inspect.signature(HOOKS[hook]).parameters
    assert plugins.arguments(hook) == set(parameters)
    for parameter in parameters.values():
        if not hook.startswith(KINDS):
            assert parameter.annotation in (int, str, list[int]), "an event is a row: ids and kinds only"
        assert parameter.annotation is not inspect.Parameter.empty
        assert parameter.default is inspect.Parameter.empty


@each_hook
def test_the_words_name_every_argument(hook: str) -> None:
    """Protects who implements it: no argument has to be guessed."""
    words = inspect.getdoc(HOOKS[hook]) or ""
    assert {name for name in plugins.arguments(hook) if f"`{name}`" not in words} == set()


@each_hook
def test_an_event_says_when_it_fires_and_when_not(hook: str) -> None:
    """Protects the subscriber: `order_paid` for a part of the money would lend a tool for half of it."""
    if hook.startswith(("register_", "collect_", "decide_")):
        return
    words = " ".join((inspect.getdoc(HOOKS[hook]) or "").split())
    assert "Fires " in words
    assert re.search(r"[Nn]ot (fire|when|for)|not when|It never", words), "say when it does not fire, too"


@each_hook
def test_a_hook_is_named_by_a_test(hook: str) -> None:
    tests = (ROOT / "tests").rglob("*.py")
    assert any(hook in path.read_text(encoding="utf-8") for path in tests if path != Path(__file__))
