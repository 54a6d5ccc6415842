"""Asking plugins: `check_` hooks that may refuse, and `decide_` hooks of which the first answer counts."""

import asyncio
from collections.abc import Callable
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from core import plugins, settings
from core.database import fetch, fetch_value, unit_of_work
from core.errors import Invalid
from core.manifest import Manifest
from core.plugins import CheckBroken, build, hookimpl

FACTS = {
    "code": "tiny.limit",
    "scope_kind": "garden",
    "scope_id": 3,
    "value": 5,
    "effective_on": date(2027, 1, 1),
}
Answer = Callable[..., Any]


class TooMuch(Invalid):
    message = "最多 3 个"
    field = "value"


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let these plugins be installed: name -> its hook implementations."""

    def pretend(**hooks: list[Answer]) -> None:
        modules = {}
        for name in ("core", *sorted(hooks.keys() - {"core"})):
            module = ModuleType(name)
            module.MANIFEST = Manifest(name=name, title="", version="1", author="", description="")
            for hook in hooks.get(name, [register_nothing]):
                setattr(module, hook.__name__, hookimpl(hook))
            modules[name] = module
        built = build(modules, disabled=frozenset())
        monkeypatch.setattr(plugins, "manager", lambda: built)
        monkeypatch.setattr(plugins, "installed", lambda: modules)

    return pretend


def register_units() -> list[Any]:
    return []


register_nothing = register_units


def checking(body: Answer) -> list[Answer]:
    async def check_parameter_change(value: int) -> None:
        await body(value)

    return [check_parameter_change]


async def allow(_value: int) -> None: ...


async def ask() -> None:
    async with unit_of_work() as unit:
        await unit.connection.execute(
            "insert into region (level, name) values ('estate', 'the verb') on conflict do nothing"
        )
        await plugins.check("check_parameter_change", **FACTS)


async def regions() -> list[str]:
    return [row["name"] for row in await fetch("select name from region order by id")]


async def test_a_check_that_passes_lets_the_verb_go_on_and_its_writes_are_undone(
    db: str, install: Any
) -> None:
    async def writes(_value: int) -> None:
        await fetch("insert into region (level, name) values ('estate', 'the check')")

    install(apple=checking(writes), zebra=checking(allow))
    await ask()
    assert await regions() == ["the verb"]


async def test_a_check_refuses_in_its_own_words_and_the_verb_leaves_nothing(db: str, install: Any) -> None:
    async def refuse(value: int) -> None:
        if value > 3:
            raise TooMuch

    install(apple=checking(allow), zebra=checking(refuse))
    with pytest.raises(TooMuch, match="最多 3 个"):
        await ask()
    assert await regions() == []


async def test_all_are_asked_in_order_until_one_refuses(db: str, install: Any) -> None:
    asked: list[str] = []

    def noting(name: str, *, refuses: bool = False) -> list[Answer]:
        async def body(_value: int) -> None:
            asked.append(name)
            if refuses:
                raise TooMuch

        return checking(body)

    install(zebra=noting("zebra"), core=noting("core"), apple=noting("apple"))
    await ask()
    assert asked == ["core", "apple", "zebra"]
    install(zebra=noting("zebra"), apple=noting("apple", refuses=True))
    asked.clear()
    with pytest.raises(TooMuch):
        await ask()
    assert asked == ["apple"]


async def test_a_check_that_crashes_refuses_and_names_its_plugin(
    db: str, install: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def crash(_value: int) -> None:
        await fetch("insert into region (level, name) values ('estate', 'the check')")
        raise ZeroDivisionError("secret words")

    install(apple=checking(allow), zebra=checking(crash))
    with pytest.raises(CheckBroken, match="插件 zebra 没能完成检查"):
        await ask()
    assert await regions() == []
    assert "plugin zebra: check_parameter_change: ZeroDivisionError in crash" in caplog.text
    assert "secret words" not in caplog.text


async def test_a_query_that_fails_inside_a_check_does_not_spoil_the_unit_of_work(
    db: str, install: Any
) -> None:
    async def wrong(_value: int) -> None:
        await fetch("select nonsense")

    install(apple=checking(wrong))
    async with unit_of_work():
        with pytest.raises(CheckBroken):
            await plugins.check("check_parameter_change", **FACTS)
        assert await fetch_value("select 1") == 1


@pytest.mark.parametrize("where", ["here", "in the database"])
async def test_a_slow_check_is_cut_off_and_refuses(
    db: str, install: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(plugins, "CHECK_LIMIT_S", 0.1)

    async def dawdle(_value: int) -> None:
        await (asyncio.sleep(30) if where == "here" else fetch("select pg_sleep(30)"))

    install(apple=checking(dawdle))
    async with asyncio.timeout(5), unit_of_work():
        with pytest.raises(CheckBroken, match="apple"):
            await plugins.check("check_parameter_change", **FACTS)
        assert await fetch_value("select 1") == 1


async def test_a_check_needs_a_unit_of_work(db: str, install: Any) -> None:
    install(apple=checking(allow))
    with pytest.raises(RuntimeError, match="needs a unit of work"):
        await plugins.check("check_parameter_change", **FACTS)


def deciding(answer: int | None) -> list[Answer]:
    async def decide_organization_of() -> int | None:
        return answer

    return [decide_organization_of]


async def decided() -> object:
    return await plugins.decide("decide_organization_of", scope_kind="garden", scope_id=3)


async def test_the_first_answer_counts_and_core_comes_last(install: Any) -> None:
    install(core=deciding(1), apple=deciding(None), zebra=deciding(3))
    assert await decided() == 3
    install(core=deciding(1), apple=deciding(None))
    assert await decided() == 1
    install(apple=deciding(None))
    assert await decided() is None


async def test_nothing_is_an_answer_too_if_it_is_not_none(install: Any) -> None:
    install(apple=deciding(0), zebra=deciding(3))
    assert await decided() == 0


async def test_a_deployment_says_who_is_asked_first(install: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known = settings.load({"YIJI_DECIDE_FIRST": "zebra gone"})
    monkeypatch.setattr(settings, "load", lambda: known)
    install(core=deciding(1), apple=deciding(2), zebra=deciding(3))
    assert await decided() == 3
