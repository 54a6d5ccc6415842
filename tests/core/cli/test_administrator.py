"""`yiji administrator`: the first one, made from the command line."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from click.testing import CliRunner, Result

from core.cli import administrator
from core.database import fetch_value
from core.people.rules import ADMINISTRATOR
from core.people.services import log_in, register_person

PHONE = "13911112222"


async def run(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    """The command, its work done on this test's database."""
    loop = asyncio.get_running_loop()

    def here(work: Callable[[], Awaitable[None]]) -> None:
        asyncio.run_coroutine_threadsafe(work(), loop).result(20)  # type: ignore[arg-type]

    monkeypatch.setattr(administrator, "run_connected", here)
    return await asyncio.to_thread(CliRunner().invoke, administrator.command, arguments)


async def holders() -> int:
    sql = "select count(*) from role_grant where role = $1 and scope_kind = 'platform'"
    return int(await fetch_value(sql, ADMINISTRATOR))


async def test_a_new_person_gets_the_role_and_a_password(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = await run(PHONE, "高管理", monkeypatch=monkeypatch)
    assert done.exit_code == 0, done.output
    password = done.output.split("password: ")[1].split()[0]
    assert await log_in(PHONE, password, door="web")
    assert await holders() == 1


async def test_who_is_registered_keeps_the_password_and_twice_is_once(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register_person("高管理", phone=PHONE, password="correct horse")
    first = await run(PHONE, "高管理", monkeypatch=monkeypatch)
    assert "password" not in first.output
    assert "holds that role already" in (await run(PHONE, "高管理", monkeypatch=monkeypatch)).output
    assert await log_in(PHONE, "correct horse", door="web")
    assert await holders() == 1


@pytest.mark.parametrize(("phone", "name"), [("1391111222", "高"), ("23911112222", "高"), (PHONE, "")])
async def test_what_is_no_phone_or_name_is_refused(
    db: str, monkeypatch: pytest.MonkeyPatch, phone: str, name: str
) -> None:
    assert (await run(phone, name, monkeypatch=monkeypatch)).exit_code == 2
    assert await holders() == 0
