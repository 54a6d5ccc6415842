"""`yiji verify`: what it reads, what it says, when it makes a checkpoint."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from click.testing import CliRunner, Result

from core.cli import verify
from core.database import unit_of_work
from core.ledger.queries import newest_checkpoint
from tests.core.ledger.transfers import count, post_now, transfer
from tests.factories import make_accounts, make_committee


@pytest.fixture
async def books(db: str) -> tuple[int, int]:
    """(outside, public), and one transfer between them."""
    outside, public = await make_accounts(await make_committee())
    await post_now(transfer(outside, public, 100))
    return outside, public


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Awaitable[Result]]:
    """The command, its work done on this test's database; two new legs are enough for a checkpoint."""

    async def invoke(*arguments: str) -> Result:
        loop = asyncio.get_running_loop()

        def here(work: Callable[[], Awaitable[None]]) -> None:
            asyncio.run_coroutine_threadsafe(work(), loop).result(30)  # type: ignore[arg-type]

        monkeypatch.setattr(verify, "run_connected", here)
        monkeypatch.setattr(verify, "LEAST", 2)
        return await asyncio.to_thread(CliRunner().invoke, verify.command, list(arguments))

    return invoke


async def tamper(sql: str) -> None:
    async with unit_of_work() as unit:
        await unit.connection.execute("set local session_replication_role = replica")
        await unit.connection.execute(sql)


async def test_a_clean_proof_leaves_a_checkpoint_and_the_next_reads_what_came_after(
    books: tuple[int, int], run: Callable[..., Awaitable[Result]]
) -> None:
    first = (await run()).output.splitlines()
    checkpoint = await newest_checkpoint()
    assert checkpoint is not None
    assert first[0] == "2 entries from the beginning"
    assert first[1].startswith(f"made the checkpoint {checkpoint.id} of 20")
    assert first[2:] == ["clean"]
    second = (await run()).output.splitlines()
    assert second[0].startswith(f"0 entries since the checkpoint {checkpoint.id} of 20")
    assert second[1:] == ["clean"]
    await post_now(transfer(*books, 5))
    third = (await run()).output.splitlines()
    assert third[0].startswith("2 entries since the checkpoint")
    assert third[1].startswith("made the checkpoint")


async def test_a_difference_is_told_and_leaves_no_checkpoint(
    books: tuple[int, int], run: Callable[..., Awaitable[Result]]
) -> None:
    await tamper(f"update ledger_account set balance = 1 where id = {books[1]}")
    done = await run()
    assert done.exit_code == 1
    assert f"account {books[1]}: balance: should be 100, is 101" in done.output
    assert done.output.splitlines()[-1] == "1 differences"
    assert await count("ledger_checkpoint") == 0


async def test_all_reads_what_was_proved_before(
    books: tuple[int, int], run: Callable[..., Awaitable[Result]]
) -> None:
    await run()
    await tamper("update ledger_entry set amount = 3 * amount")
    assert (await run()).exit_code == 0
    done = await run("--all")
    assert done.exit_code == 1
    assert "2 entries from the beginning" in done.output
    assert f"account {books[1]}: balance: should be 300, is 100" in done.output
    assert await count("ledger_checkpoint") == 1


async def test_all_finds_a_changed_checkpoint_and_puts_a_sound_one_in_its_place(
    books: tuple[int, int], run: Callable[..., Awaitable[Result]]
) -> None:
    await run()
    await tamper("update ledger_checkpoint set upto = 0")
    short = await run()
    assert short.exit_code == 1
    assert "from the beginning" in short.output
    assert await count("ledger_checkpoint") == 1
    whole = await run("--all")
    assert whole.exit_code == 1
    assert "what was signed here" in whole.output
    assert await count("ledger_checkpoint") == 2
    assert (await run()).output.splitlines()[-1] == "clean"
