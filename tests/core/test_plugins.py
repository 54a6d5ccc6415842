"""Start-up checks of the plugin contract, with tiny modules; and what is asked of our own plugins."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

import pytest
from litestar.handlers import BaseRouteHandler

from core import plugins
from core.errors import PluginRefused
from core.manifest import (
    AccountKind,
    AuditAction,
    DemoAccount,
    DemoStep,
    Difference,
    Manifest,
    NavigationItem,
    Parameter,
    Reason,
    Role,
    ScheduledTask,
    Unit,
)
from core.plugins import build, hookimpl
from workers.task import Task

NONE_DISABLED: frozenset[str] = frozenset()


def manifest(name: str) -> Manifest:
    return Manifest(name=name, title="测试", version="1", author="Yiji", description="测试")


def plugin(name: str, *hooks: Callable[..., Any]) -> ModuleType:
    """A module with a manifest and the given hook implementations."""
    module = ModuleType(name)
    module.MANIFEST = manifest(name)
    for hook in hooks:
        setattr(module, hook.__name__, hookimpl(hook))
    return module


def register_units() -> list[Unit]:
    return []


def contributing(hook: str, contribution: Any) -> Callable[[], list[Any]]:
    """An implementation of a `register_*` hook."""

    def implementation() -> list[Any]:
        return [contribution]

    implementation.__name__ = hook
    return implementation


def test_a_plugin_with_one_hook_is_enough() -> None:
    built = build({"tiny": plugin("tiny", register_units)}, disabled=NONE_DISABLED)
    assert built.has_plugin("tiny")


def test_a_plugin_without_a_hook_is_refused() -> None:
    with pytest.raises(PluginRefused, match="'tiny': tiny implements no hook"):
        build({"tiny": plugin("tiny")}, disabled=NONE_DISABLED)


def test_a_hook_without_its_marker_is_no_hook() -> None:
    module = plugin("tiny")
    module.register_units = lambda: []
    with pytest.raises(PluginRefused, match="implements no hook"):
        build({"tiny": module}, disabled=NONE_DISABLED)


def test_an_argument_outside_the_contract_is_refused() -> None:
    async def order_paid(order_id: int, amount_fen: int) -> None: ...

    takes = "it takes cause_id, cause_kind, order_id"
    with pytest.raises(PluginRefused, match=f"'tiny': order_paid has no argument amount_fen; {takes}"):
        build({"tiny": plugin("tiny", order_paid)}, disabled=NONE_DISABLED)


def test_a_subset_of_the_arguments_is_fine() -> None:
    async def order_paid(cause_id: int) -> None: ...

    assert build({"tiny": plugin("tiny", order_paid)}, disabled=NONE_DISABLED).has_plugin("tiny")


def test_a_misspelt_hook_is_refused_by_its_name() -> None:
    async def order_payed(order_id: int) -> None: ...

    with pytest.raises(PluginRefused, match=r"'tiny': .*no order_payed; did you mean order_paid"):
        build({"tiny": plugin("tiny", register_units, order_payed)}, disabled=NONE_DISABLED)


@pytest.mark.parametrize(
    ("hook", "declare"),
    [
        ("register_reasons", lambda code: Reason(code=code, title="")),
        ("register_account_kinds", lambda code: AccountKind(code=code, title="")),
        ("register_roles", lambda code: Role(code=code, title="", scope_kind="region", permissions=())),
        ("register_parameters", lambda code: Parameter(code=code, title="", default=1)),
        ("register_audit_actions", lambda code: AuditAction(code=code, title="")),
    ],
)
@pytest.mark.parametrize("code", ["fee", "other.fee", "tinyfee", "tiny"])
def test_a_code_begins_with_its_plugins_name_and_a_dot(hook: str, declare: Any, code: str) -> None:
    right = plugin("tiny", contributing(hook, declare("tiny.fee")))
    assert build({"tiny": right}, disabled=NONE_DISABLED).has_plugin("tiny")
    wrong = plugin("tiny", contributing(hook, declare(code)))
    with pytest.raises(PluginRefused, match=rf"'tiny': '{code}' must begin with 'tiny\.'"):
        build({"tiny": wrong}, disabled=NONE_DISABLED)


def test_a_disabled_plugin_is_left_out_unread() -> None:
    modules = {"tiny": plugin("tiny", register_units), "broken": plugin("broken")}
    built = build(modules, disabled=frozenset({"broken"}))
    assert [name for name, _ in built.list_name_plugin()] == ["tiny"]


def test_core_cannot_be_disabled() -> None:
    built = build(plugins.installed(), disabled=frozenset(plugins.installed()))
    assert [name for name, _ in built.list_name_plugin()] == ["core"]


# --- what is installed -------------------------------------------------------------------------


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let exactly the given (entry point name, module) be installed."""

    def pretend(*found: tuple[str, ModuleType]) -> None:
        modules = {f"installed_{n}": module for n, (_, module) in enumerate(found)}
        for name, module in modules.items():
            monkeypatch.setitem(sys.modules, name, module)
        points = [
            EntryPoint(name, module_name, plugins.GROUP)
            for (name, _), module_name in zip(found, modules, strict=True)
        ]
        monkeypatch.setattr(plugins, "entry_points", lambda *, group: points)
        plugins.installed.cache_clear()

    yield pretend
    plugins.installed.cache_clear()


def test_installed_plugins_come_core_first_then_by_name(install: Callable[..., None]) -> None:
    install(("zebra", plugin("zebra")), ("core", plugin("core")), ("apple", plugin("apple")))
    assert list(plugins.installed()) == ["core", "apple", "zebra"]


def test_two_plugins_of_one_name_are_refused(install: Callable[..., None]) -> None:
    install(("tiny", plugin("tiny")), ("tiny", plugin("tiny")))
    with pytest.raises(PluginRefused, match="two installed plugins are called 'tiny'"):
        plugins.installed()


@pytest.mark.parametrize("said", [None, "a title", {"name": "tiny"}])
def test_a_plugin_without_a_manifest_is_refused(install: Callable[..., None], said: Any) -> None:
    module = plugin("tiny")
    module.MANIFEST = said
    install(("tiny", module))
    with pytest.raises(PluginRefused, match="'tiny': tiny has no MANIFEST"):
        plugins.installed()


def test_a_manifest_says_the_name_of_the_entry_point(install: Callable[..., None]) -> None:
    install(("tiny", plugin("small")))
    with pytest.raises(PluginRefused, match="'tiny' calls itself 'small'"):
        plugins.installed()


def test_a_plugin_that_cannot_be_imported_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint("tiny", "no_such_module.plugin", plugins.GROUP)]
    monkeypatch.setattr(plugins, "entry_points", lambda *, group: points)
    plugins.installed.cache_clear()
    with pytest.raises(PluginRefused, match=r"'tiny': no_such_module.plugin cannot be imported"):
        plugins.installed()
    plugins.installed.cache_clear()


@pytest.mark.parametrize(
    ("hook", "declared"),
    [
        ("register_reasons", Reason(code="tiny.fee", title="")),
        ("register_account_kinds", AccountKind(code="tiny.fee", title="")),
        ("register_parameters", Parameter(code="tiny.fee", title="", default=1)),
        ("register_roles", Role(code="tiny.fee", title="", scope_kind="region", permissions=())),
    ],
)
def test_a_code_stands_once(hook: str, declared: Any) -> None:
    def twice() -> list[Any]:
        return [declared, declared]

    twice.__name__ = hook
    with pytest.raises(PluginRefused, match=f"'tiny': {hook} declares 'tiny.fee' twice"):
        build({"tiny": plugin("tiny", twice)}, disabled=NONE_DISABLED)


@pytest.mark.parametrize("name", ["Tiny", "two-words", "two words", "1st", "tiny.sub"])
def test_a_name_is_usable_as_a_prefix(install: Callable[..., None], name: str) -> None:
    install((name, plugin(name)))
    with pytest.raises(PluginRefused, match="a name is lower-case"):
        plugins.installed()


# --- our own plugins ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hook", "kind"),
    [
        ("register_piccolo_apps", str),
        ("register_units", Unit),
        ("register_account_kinds", AccountKind),
        ("register_reasons", Reason),
        ("register_roles", Role),
        ("register_parameters", Parameter),
        ("register_audit_actions", AuditAction),
        ("register_navigation", NavigationItem),
        ("register_tasks", Task),
        ("register_schedule", ScheduledTask),
        ("register_demo_steps", DemoStep),
        ("register_demo_accounts", DemoAccount),
    ],
)
def test_our_plugins_contribute_what_the_contract_says(hook: str, kind: type) -> None:
    found = plugins.contributions(hook)
    assert found
    assert all(isinstance(contribution, kind) for contribution in found)


@pytest.mark.parametrize("hook", ["register_pages", "register_api"])
def test_our_plugins_contribute_route_handlers(hook: str) -> None:
    found = plugins.contributions(hook)
    assert found
    assert all(isinstance(handler, BaseRouteHandler) for handler in found)


@pytest.mark.parametrize(
    "hook", ["register_units", "register_account_kinds", "register_reasons", "register_audit_actions"]
)
def test_no_code_is_declared_twice(hook: str) -> None:
    codes = [contribution.code for contribution in plugins.contributions(hook)]
    assert len(codes) == len(set(codes))


def test_contributions_come_with_their_plugins_name_core_first() -> None:
    names = [name for name, _ in plugins.registered("register_navigation")]
    assert names == sorted(names, key=lambda name: (name != "core", name))
    assert {"core", "garden"} <= set(names)


def test_a_schedule_names_a_task_that_exists() -> None:
    from workers.tasks import all_tasks

    assert {entry.task for entry in plugins.contributions("register_schedule")} <= set(all_tasks())


def test_arguments_are_those_of_the_contract() -> None:
    assert plugins.arguments("order_paid") == {"order_id", "cause_kind", "cause_id"}
    assert plugins.arguments("register_units") == set()


def test_who_subscribes_to_an_event_is_found_by_its_hook() -> None:
    assert plugins.subscribers("order_paid") == ["garden"]


async def test_an_event_for_a_plugin_that_is_gone_reaches_nobody() -> None:
    facts = {"order_id": 1, "cause_kind": "garden.lease", "cause_id": 1}
    await plugins.deliver("order_paid", "gone", facts)


async def test_a_hook_gets_only_the_arguments_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[int] = []

    async def order_paid(cause_id: int) -> None:
        got.append(cause_id)

    built = build({"tiny": plugin("tiny", order_paid)}, disabled=NONE_DISABLED)
    monkeypatch.setattr(plugins, "manager", lambda: built)
    await plugins.deliver("order_paid", "tiny", {"order_id": 1, "cause_kind": "x", "cause_id": 3})
    assert got == [3]


async def test_decide_takes_the_first_answer_and_asks_core_last(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answering(name: str, answer: bool | None) -> ModuleType:
        async def decide_sms_delivery(text: str) -> bool | None:
            asked.append((name, text))
            return answer

        return plugin(name, decide_sms_delivery)

    answers = {"core": True, "ant": None, "bee": False, "cat": True}
    modules = {name: answering(name, answer) for name, answer in answers.items()}
    monkeypatch.setattr(plugins, "installed", lambda: modules)
    for disabled, expected in ((set(), False), ({"bee"}, True), ({"bee", "cat"}, True)):
        built = build(modules, disabled=frozenset(disabled))
        monkeypatch.setattr(plugins, "manager", lambda built=built: built)
        facts = {"phone": "13900000000", "text": "字", "key": "1"}
        assert await plugins.decide("decide_sms_delivery", **facts) is expected
    assert "".join(name[0] for name, _ in asked) == "ab" + "ac" + "ac"
    assert asked[-1] == ("core", "字")


async def test_collect_joins_the_facts_of_all_plugins_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def finding(name: str) -> ModuleType:
        async def collect_differences() -> list[Difference]:
            return [Difference(subject=name, expected="0", found="1")]

        return plugin(name, collect_differences)

    modules = {name: finding(name) for name in ("core", "apple", "zebra")}
    built = build(modules, disabled=frozenset({"apple"}))
    monkeypatch.setattr(plugins, "manager", lambda: built)
    monkeypatch.setattr(plugins, "installed", lambda: modules)
    assert [found.subject for found in await plugins.collect("collect_differences")] == ["core", "zebra"]


def test_a_typing_error_in_the_list_of_disabled_plugins_is_refused() -> None:
    with pytest.raises(PluginRefused, match="YIJI_DISABLED names 'gardn'"):
        build({"tiny": plugin("tiny", register_units)}, disabled=frozenset({"gardn"}))


async def _register_units() -> list[Unit]:
    return []


def _order_paid(order_id: int) -> None: ...


@pytest.mark.parametrize(
    ("name", "hook", "reason"),
    [
        ("register_units", _register_units, "register_units must not be async"),
        ("order_paid", _order_paid, "order_paid must be async"),
    ],
)
def test_a_hook_of_the_wrong_kind_is_refused(name: str, hook: Callable[..., Any], reason: str) -> None:
    hook.__name__ = name
    with pytest.raises(PluginRefused, match=f"'tiny': {reason}"):
        build({"tiny": plugin("tiny", hook)}, disabled=NONE_DISABLED)


def test_a_hook_that_raises_names_its_plugin() -> None:
    def register_reasons() -> list[Reason]:
        raise ZeroDivisionError

    with pytest.raises(PluginRefused, match="'tiny': register_reasons raised"):
        build({"tiny": plugin("tiny", register_reasons)}, disabled=NONE_DISABLED)


def test_a_role_carries_permissions_of_its_own_plugin_only() -> None:
    role = Role(
        code="tiny.boss", title="测试", scope_kind="organization", permissions=("core.payments.confirm",)
    )
    with pytest.raises(PluginRefused, match=r"'core.payments.confirm' must begin with 'tiny.'"):
        build({"tiny": plugin("tiny", contributing("register_roles", role))}, disabled=NONE_DISABLED)


def test_a_unit_belongs_to_one_plugin() -> None:
    unit = Unit(code="GOLD", title="测试", digits=0)
    both = {name: plugin(name, contributing("register_units", unit)) for name in ("apple", "zebra")}
    with pytest.raises(PluginRefused, match="'zebra': unit 'GOLD' belongs to 'apple'"):
        build(both, disabled=NONE_DISABLED)
