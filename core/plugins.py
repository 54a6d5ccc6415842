"""Find, check and enable plugins; call their hooks in a stated order.

Installed means: an entry point of the group `yiji.plugins`, ours and strangers' alike. Enabled means:
not named in `YIJI_DISABLED`. Results come sorted by plugin name, core first.
"""

import asyncio
import difflib
import functools
import inspect
import logging
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

import pluggy

from core import hookspecs, settings
from core.database import current_unit, unit_of_work
from core.errors import Conflict, PluginRefused, YijiError, describe
from core.manifest import Manifest

GROUP = "yiji.plugins"
CHECK_LIMIT_S = 2.0
hookimpl = pluggy.HookimplMarker("yiji")
log = logging.getLogger(__name__)


class CheckBroken(Conflict):
    """A plugin's `check_` did not come to an answer: what nobody could check does not happen."""

    message = "插件 %(plugin)s 没能完成检查，现在不能这样做"


@functools.cache
def installed() -> dict[str, ModuleType]:
    """Plugin name -> its `plugin` module, core first, then by name. Imports every plugin."""
    found: dict[str, ModuleType] = {}
    for point in entry_points(group=GROUP):
        if point.name in found:
            raise PluginRefused(f"two installed plugins are called {point.name!r}; uninstall one of them")
        found[point.name] = _load(point)
        _check_manifest(point.name, found[point.name])
    return dict(sorted(found.items(), key=lambda item: (item[0] != "core", item[0])))


def _load(point: EntryPoint) -> ModuleType:
    try:
        module: ModuleType = point.load()
    except Exception as wrong:
        raise PluginRefused(f"plugin {point.name!r}: {point.value} cannot be imported: {wrong!r}") from wrong
    return module


def _check_manifest(name: str, module: ModuleType) -> None:
    manifest = getattr(module, "MANIFEST", None)
    if not isinstance(manifest, Manifest):
        raise PluginRefused(
            f"plugin {name!r}: {module.__name__} has no MANIFEST; add MANIFEST = Manifest(name={name!r}, …)"
        )
    if manifest.name != name:
        raise PluginRefused(
            f"plugin {name!r} calls itself {manifest.name!r} in its manifest; both names must be the same"
        )
    if not name.isidentifier() or not name.islower():
        raise PluginRefused(f"plugin {name!r}: a name is lower-case letters, digits and _")


@functools.cache
def manager() -> pluggy.PluginManager:
    """The manager with every enabled plugin; built and checked once a process."""
    return build(installed(), disabled=settings.load().disabled_plugins)


def build(modules: dict[str, ModuleType], *, disabled: frozenset[str]) -> pluggy.PluginManager:
    """Register `modules`; raise PluginRefused for an unknown hook or a plugin that implements none."""
    if unknown := sorted(disabled - modules.keys()):
        raise PluginRefused(f"YIJI_DISABLED names {unknown[0]!r}, which is not installed")
    built = pluggy.PluginManager("yiji")
    for module in hookspecs.MODULES:
        built.add_hookspecs(module)
    for name, module in modules.items():
        if name in disabled and name != "core":
            continue
        _check_hooks(name, module)
        built.register(module, name=name)
        _check_kinds(name, built)
        _check_codes(name, built)
    _check_units(built)
    built.check_pending()
    return built


def _check_hooks(name: str, module: ModuleType) -> None:
    """Each is of the contract, with arguments of the contract; there is at least one."""
    hooks = {hook: value for hook, value in vars(module).items() if hasattr(value, "yiji_impl")}
    if not hooks:
        raise PluginRefused(
            f"plugin {name!r}: {module.__name__} implements no hook; mark one of the contract with @hookimpl"
        )
    for hook, implementation in hooks.items():
        if hook not in hookspecs.HOOKS:
            near = difflib.get_close_matches(hook, hookspecs.HOOKS, n=1)
            hint = f"did you mean {near[0]}?" if near else "see core/hookspecs/"
            raise PluginRefused(f"plugin {name!r}: a hook is misspelt: there is no {hook}; {hint}")
        if unknown := sorted(set(inspect.signature(implementation).parameters) - arguments(hook)):
            takes = ", ".join(sorted(arguments(hook))) or "nothing"
            raise PluginRefused(f"plugin {name!r}: {hook} has no argument {unknown[0]}; it takes {takes}")


_PREFIXED = (
    "register_account_kinds",
    "register_reasons",
    "register_roles",
    "register_parameters",
    "register_workflows",
    "register_audit_actions",
)


def _check_codes(name: str, built: pluggy.PluginManager) -> None:
    """A plugin's codes begin with its name, so that no two plugins claim the same one; each stands once."""
    for hook in _PREFIXED:
        seen: set[str] = set()
        for declared in _results_of(built, hook, name):
            transitions = getattr(declared, "transitions", ())
            inner = (*getattr(declared, "permissions", ()), *(one.code for one in transitions))
            for code in (declared.code, *inner):
                if name != "core" and not code.startswith(f"{name}."):
                    raise PluginRefused(f"plugin {name!r}: {code!r} must begin with '{name}.'")
            if declared.code in seen:
                raise PluginRefused(f"plugin {name!r}: {hook} declares {declared.code!r} twice; keep one")
            seen.add(declared.code)


def _check_kinds(name: str, built: pluggy.PluginManager) -> None:
    """`register_*` is called once at start and must not be async; all other hooks are awaited."""
    for caller in built.get_hookcallers(built.get_plugin(name)) or ():
        for impl in caller.get_hookimpls():
            is_async = inspect.iscoroutinefunction(impl.function)
            if impl.plugin_name == name and is_async == caller.name.startswith("register_"):
                must = "must not be async; write def" if is_async else "must be async; write async def"
                raise PluginRefused(f"plugin {name!r}: {caller.name} {must}")


def _check_units(built: pluggy.PluginManager) -> None:
    """A unit belongs to the one plugin that declares it."""
    owners: dict[str, str] = {}
    for name, _ in built.list_name_plugin():
        for unit in _results_of(built, "register_units", name):
            if owners.setdefault(unit.code, name) != name:
                raise PluginRefused(f"plugin {name!r}: unit {unit.code!r} belongs to {owners[unit.code]!r}")


def _results_of(built: pluggy.PluginManager, hook: str, name: str) -> list[Any]:
    for impl in getattr(built.hook, hook).get_hookimpls():
        if impl.plugin_name == name:
            try:
                return list(impl.function())
            except Exception as wrong:
                raise PluginRefused(f"plugin {name!r}: {hook} raised {wrong!r}") from wrong
    return []


def registered(hook: str) -> list[tuple[str, Any]]:
    """(plugin name, contribution) of every enabled plugin for one `register_*` hook."""
    return [
        (name, contribution) for name in installed() for contribution in _results_of(manager(), hook, name)
    ]


def contributions(hook: str) -> list[Any]:
    """The contributions of all enabled plugins, without their plugins' names."""
    return [contribution for _, contribution in registered(hook)]


async def collect(hook: str, **facts: Any) -> list[Any]:
    """Await a `collect_*` hook of every enabled plugin, one after the other, and join the lists."""
    joined: list[Any] = []
    for name in installed():
        for impl in _implementations(hook, name):
            joined.extend(await impl.function(**{a: facts[a] for a in impl.argnames}))
    return joined


async def collect_each(hook: str, *, limit_s: float, **facts: Any) -> dict[str, list[Any] | Exception]:
    """By plugin, its list or why there is none: for a page that must come whatever one plugin does.

    Each plugin has `limit_s` seconds and a read-only unit of work of its own: a failed statement, or one
    stopped half way, leaves the connection usable. Not to be called inside a unit of work.
    """
    found: dict[str, list[Any] | Exception] = {}
    for name in installed():
        for impl in _implementations(hook, name):
            try:
                async with asyncio.timeout(limit_s), unit_of_work(readonly=True):
                    found[name] = list(await impl.function(**{a: facts[a] for a in impl.argnames}))
            except Exception as fault:
                found[name] = fault
    return found


async def check(hook: str, **facts: Any) -> None:
    """Ask a `check_*` hook of every enabled plugin, inside the caller's unit of work; all must pass.

    A refusal is raised as the plugin words it. Each runs in a savepoint that is rolled back in any
    case, and may take CHECK_LIMIT_S; one that crashes or takes longer raises CheckBroken.
    """
    current_unit()
    for name in installed():
        for impl in _implementations(hook, name):
            try:
                await _ask_and_undo(impl, facts)
            except YijiError:
                raise
            except Exception as wrong:
                log.error("plugin %s: %s: %s", name, hook, describe(wrong))
                raise CheckBroken(plugin=name) from wrong


class _Passed(Exception):
    """Nothing is wrong; what the check wrote is undone."""


async def _ask_and_undo(impl: Any, facts: dict[str, Any]) -> None:
    try:
        async with unit_of_work():
            async with asyncio.timeout(CHECK_LIMIT_S):
                await impl.function(**{a: facts[a] for a in impl.argnames})
            raise _Passed
    except _Passed:
        return


async def decide(hook: str, **facts: Any) -> Any:
    """The first answer to a `decide_*` hook that is not None; None when nobody has one.

    Asked one after the other: those of `YIJI_DECIDE_FIRST`, then by name, core last.
    """
    first = settings.load().decide_first
    names = [*(n for n in first if n in installed()), *(n for n in installed() if n not in (*first, "core"))]
    for name in (*names, "core"):
        for impl in _implementations(hook, name):
            answer = await impl.function(**{a: facts[a] for a in impl.argnames})
            if answer is not None:
                return answer
    return None


def is_enabled(name: str) -> bool:
    """Is the plugin installed, and not switched off?"""
    return bool(manager().has_plugin(name))


def subscribers(event: str) -> list[str]:
    """Names of the installed plugins that implement `event`, enabled or not: the others wait."""
    return [name for name, module in installed().items() if hasattr(module, event)]


async def deliver(event: str, plugin: str, facts: dict[str, Any]) -> None:
    """Call one plugin's implementation of one event. A plugin gone meanwhile gets nothing."""
    for impl in _implementations(event, plugin):
        await impl.function(**{a: facts[a] for a in impl.argnames})


def _implementations(hook: str, name: str) -> Iterator[Any]:
    impls = getattr(manager().hook, hook).get_hookimpls()
    return (impl for impl in impls if impl.plugin_name == name)


def arguments(hook: str) -> set[str]:
    """Names of the arguments that the contract gives a hook."""
    return set(inspect.signature(hookspecs.HOOKS[hook]).parameters)
