"""Checkpoints: what came after one is proved from it; what was changed before it, a whole proof finds."""

import asyncio

import asyncpg
import pytest

from core import clock, settled
from core.database import connection_apart, fetch, fetch_value, unit_of_work
from core.ledger.queries import Checkpoint, differences, differences_since, legs_since, newest_checkpoint
from core.ledger.services import fold_waiting, forget_copies, keep_checkpoint, prepare_checkpoint, reverse
from core.reference import Ref
from tests.core.ledger.transfers import Accounts, balance, count, open_public, post_now, transfer


async def keep(upto: int | None) -> Checkpoint:
    """What `yiji verify` does when nothing differs."""
    assert upto is not None
    async with unit_of_work(isolation="repeatable_read", readonly=True):
        assert await differences() == []
        made = await keep_checkpoint(upto)
    await forget_copies(made)
    return made


async def post_three(accounts: Accounts) -> None:
    for _ in range(3):
        await post_now(transfer(accounts.outside, accounts.public, 100))


@pytest.fixture
async def proved(accounts: Accounts) -> Accounts:
    """Three transfers of 100 before the checkpoint, three after it, all folded."""
    await post_three(accounts)
    await fold_waiting()
    await keep(await prepare_checkpoint(1))
    await post_three(accounts)
    await fold_waiting()
    return accounts


async def tamper(script: str, accounts: Accounts) -> None:
    """As somebody who owns the database, with its rules switched off."""
    old, new = [
        await fetch_value("select id from ledger_transfer order by id offset $1 limit 1", at) for at in (1, 4)
    ]
    async with unit_of_work() as unit:
        await unit.connection.execute("set local session_replication_role = replica")
        await unit.connection.execute(
            script.format(public=accounts.public, outside=accounts.outside, old=old, new=new)
        )


async def test_what_came_after_a_checkpoint_is_proved_from_it(proved: Accounts) -> None:
    checkpoint = await newest_checkpoint()
    assert checkpoint is not None
    assert (await legs_since(checkpoint), await legs_since(None)) == (6, 12)
    assert await differences() == []
    second = await keep(await prepare_checkpoint(6))
    assert second.upto == await fetch_value("select max(id) from ledger_transfer")
    assert await legs_since(second) == 0
    assert await differences() == []


async def test_a_checkpoint_is_made_when_enough_has_come(proved: Accounts) -> None:
    assert await prepare_checkpoint(7) is None
    assert await prepare_checkpoint(6) is not None
    assert await prepare_checkpoint(12, whole=True) is not None
    assert await prepare_checkpoint(13, whole=True) is None


async def test_an_account_that_is_opened_later_begins_at_zero(proved: Accounts) -> None:
    late = await open_public(1)
    await post_now(transfer(proved.outside, late, 5), transfer(proved.outside, late, 6))
    await fold_waiting()
    assert await differences() == []
    await tamper(f"update ledger_line set balance = 4 where account = {late} and number = 1", proved)
    assert [d.subject for d in await differences()] == [f"account {late}: balances after its lines"]


AFTER = {
    "update ledger_account set balance = balance + 1 where id = {public}": {"balance"},
    "update ledger_account set lines = 9 where id = {public}": {"number of statement lines"},
    "update ledger_line set balance = 7 where account = {public} and number = 5": {
        "balances after its lines"
    },
    "delete from ledger_line where account = {public} and number = 5": {
        "number of statement lines", "each leg waiting or on a line, once", "balances after its lines",
    },
    "update ledger_line set transfer = {old} where account = {public} and number = 5": {
        "each leg waiting or on a line, once", "balances after its lines",
    },
    "insert into ledger_line select account, 7, transfer, leg, balance from ledger_line"
    " where account = {public} and number = 6": {
        "number of statement lines", "each leg waiting or on a line, once", "balances after its lines",
    },
    "update ledger_entry set amount = 150 where transfer = {new} and account = {public}": {
        "balance", "sum of entries", "balances after its lines",
    },
    "delete from ledger_entry where transfer = {new}": {
        "balance", "each leg waiting or on a line, once", "sum of entries", "balances after its lines",
    },
    "delete from ledger_transfer where id = {new}": {"legs on accounts of its unit"},
    "update ledger_transfer set unit = 'MIN' where id = {new}": {"legs on accounts of its unit"},
    "update ledger_transfer set evidence = 1, evidence_kind = 'x' where id = {new}": {
        "its evidence used for its purpose"
    },
    "insert into ledger_queue select account, transfer, leg, amount from ledger_entry"
    " where transfer = {old} and account = {public}": {"balance", "each leg waiting or on a line, once"},
    "insert into ledger_transfer (id, key, unit, reason, cause_kind, cause_id, fingerprint, occurred_at,"
    " posted_at) values (-1, 'x', 'CNY', 'garden.plot_fee', 'test', 1, '', now(), now());"
    "insert into ledger_entry values (-1, 1, {outside}, -50), (-1, 2, {public}, 50);"
    "insert into ledger_queue select account, transfer, leg, amount from ledger_entry where transfer = -1": {
        "balance", "each leg waiting or on a line, once",
    },
}  # fmt: skip


@pytest.mark.parametrize("script", AFTER)
async def test_damage_after_the_checkpoint_is_found_from_it(proved: Accounts, script: str) -> None:
    await tamper(script, proved)
    found = await differences_since(await newest_checkpoint())
    assert {d.subject.partition(": ")[2] for d in found} == AFTER[script]


@pytest.mark.parametrize(
    "script",
    [
        "update ledger_entry set amount = 2 * amount where transfer = {old}",
        "update ledger_line set balance = 7 where account = {public} and number = 2",
        "delete from ledger_line where account = {public} and number = 2",
        "delete from ledger_transfer where id = {old}",
    ],
)
async def test_damage_before_the_checkpoint_is_found_by_a_whole_proof(proved: Accounts, script: str) -> None:
    await tamper(script, proved)
    assert await differences() == []
    assert await differences_since(None) != []


@pytest.mark.parametrize(
    "script",
    [
        "update ledger_checkpoint set upto = upto + 1",
        "update ledger_checkpoint set beyond = '{{4}}'",
        "update ledger_checkpoint set made_at = made_at + interval '1 microsecond'",
        "update ledger_checkpoint set statement = statement || 'A'",
        "update ledger_checkpoint_account set balance = balance + 1 where account = {public};"
        "update ledger_account set balance = balance + 1 where id = {public}",
        "update ledger_checkpoint_account set lines = lines + 1 where account = {public}",
        "delete from ledger_checkpoint_account where account = {public}",
        "insert into ledger_checkpoint_leg select max(id), {old}, 1, {public}, 5 from ledger_checkpoint",
    ],
)
async def test_a_changed_checkpoint_is_found_and_not_trusted(proved: Accounts, script: str) -> None:
    await tamper(script, proved)
    await tamper("update ledger_line set balance = 7 where account = {public} and number = 2", proved)
    found = [d.subject for d in await differences()]
    assert found[0].startswith("checkpoint ")
    assert f"account {proved.public}: balances after its lines" in found


async def test_a_checkpoint_that_is_gone_is_missed(proved: Accounts) -> None:
    second = await keep(await prepare_checkpoint(1))
    await tamper(f"delete from ledger_checkpoint where id = {second.id}", proved)
    (difference,) = await differences()
    assert difference.subject.startswith(f"checkpoint {second.id - 1}: ")


async def test_another_key_signs_otherwise(proved: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIJI_ENCRYPTION_KEY", "of somebody else, and long enough to be one")
    (difference,) = await differences()
    assert difference.subject.startswith("checkpoint ")


async def test_the_database_refuses_to_change_a_checkpoint(proved: Accounts) -> None:
    for sql in (
        "update ledger_checkpoint set upto = 1",
        "delete from ledger_checkpoint",
        "truncate ledger_checkpoint",
        "update ledger_checkpoint_account set balance = 1",
        "truncate ledger_checkpoint_account",
        "update ledger_checkpoint_leg set amount = 1",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await fetch(sql)


async def test_legs_that_waited_at_the_checkpoint_may_be_folded_after_it(accounts: Accounts) -> None:
    await post_three(accounts)
    await keep(await prepare_checkpoint(1))
    assert await count("ledger_checkpoint_leg") == 6
    assert await differences() == []
    await post_now(transfer(accounts.public, accounts.outside, 250))  # behind a floor: folds
    assert await differences() == []
    await fold_waiting()
    assert await differences() == []
    assert await balance(accounts.public) == 50


_ONCE, _AFTER_ITS_LINES = "each leg waiting or on a line, once", "balances after its lines"


@pytest.mark.parametrize(
    ("script", "subject"),
    [
        ("delete from ledger_queue where transfer = {old} and account = {public}", _ONCE),
        ("update ledger_queue set transfer = {old} - 1 where transfer = {old} and account = {public}", _ONCE),
        (
            "update ledger_queue set amount = 99 where transfer = {old} and account = {public}",
            _AFTER_ITS_LINES,
        ),
    ],
)
async def test_a_leg_that_waited_and_is_not_what_it_was_is_found(
    accounts: Accounts, script: str, subject: str
) -> None:
    await post_now(transfer(accounts.outside, accounts.public, 100))
    await fold_waiting()
    await post_now(transfer(accounts.outside, accounts.public, 100))
    await keep(await prepare_checkpoint(1))
    await tamper(script, accounts)
    await fold_waiting()
    found = await differences_since(await newest_checkpoint())
    assert any(difference.subject.endswith(subject) for difference in found), found


async def test_a_transfer_may_be_reversed_after_the_checkpoint(accounts: Accounts) -> None:
    await post_three(accounts)
    await fold_waiting()
    await keep(await prepare_checkpoint(1))
    first = await fetch_value("select min(id) from ledger_transfer")
    async with unit_of_work():
        await reverse(
            first, reason="garden.plot_fee", cause=Ref("test", 1), occurred_at=clock.now(), note="记错了"
        )
    assert await differences() == []
    assert await balance(accounts.public) == 200
    assert await differences() == []


async def begin_late(connection: asyncpg.Connection, accounts: Accounts) -> int:
    """Be given the id of a transfer and write it, without committing it yet."""
    late: int = await connection.fetchval(
        "insert into ledger_transfer (key, unit, reason, cause_kind, cause_id, fingerprint, occurred_at,"
        " posted_at) values ('late', 'CNY', 'garden.plot_fee', 'test', 1, '', now(), now()) returning id"
    )
    legs = f"({late}, 1, {accounts.outside}, -7), ({late}, 2, {accounts.public}, 7)"
    await connection.execute(f"insert into ledger_entry values {legs}")
    await connection.execute(
        "insert into ledger_queue select account, transfer, leg, amount"
        " from ledger_entry where transfer = $1",
        late,
    )
    return late


async def test_a_transfer_that_was_given_its_id_before_is_waited_for(accounts: Accounts) -> None:
    async with connection_apart(wait_s=5) as other:
        transaction = other.transaction()
        await transaction.start()
        late = await begin_late(other, accounts)
        await post_three(accounts)
        preparing = asyncio.create_task(prepare_checkpoint(1))
        await asyncio.sleep(0.3)
        assert not preparing.done()
        await transaction.commit()
    checkpoint = await keep(await preparing)
    assert checkpoint.upto == late + 3
    assert await legs_since(checkpoint) == 0


async def test_a_transfer_that_commits_after_the_checkpoint_is_proved_by_the_next(
    accounts: Accounts,
) -> None:
    await post_three(accounts)
    upto = await prepare_checkpoint(1)
    async with connection_apart(wait_s=5) as other:
        transaction = other.transaction()
        await transaction.start()
        late = await begin_late(other, accounts)
        await post_now(transfer(accounts.outside, accounts.public, 100))
        await fold_waiting()
        checkpoint = await keep(upto)
        assert (checkpoint.upto, checkpoint.beyond) == (late - 1, [late + 1])
        await transaction.commit()
    assert await legs_since(checkpoint) == 2
    assert await differences() == []
    await fold_waiting()
    assert await differences() == []
    async with unit_of_work() as unit:
        await unit.connection.execute("set local session_replication_role = replica")
        await unit.connection.execute("update ledger_entry set amount = 8 where amount = 7")
    assert f"transfer {late}: sum of entries" in {d.subject for d in await differences()}


async def test_a_transaction_that_does_not_end_leaves_the_checkpoint_to_another_time(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled, "WAIT_S", 0.3)
    await post_three(accounts)
    async with connection_apart(wait_s=5) as other:
        transaction = other.transaction()
        await transaction.start()
        await begin_late(other, accounts)
        await post_three(accounts)
        assert await prepare_checkpoint(1) is None
        await transaction.rollback()
    assert await prepare_checkpoint(1) is not None


async def test_two_checkpoints_at_once_leave_one_whole(accounts: Accounts) -> None:
    await post_three(accounts)
    upto = await prepare_checkpoint(1)
    await asyncio.gather(keep(upto), keep(upto))
    assert await differences() == []
    await post_three(accounts)
    third = await keep(await prepare_checkpoint(1))
    kept = await fetch_value("select array_agg(distinct checkpoint) from ledger_checkpoint_leg")
    assert kept == [third.id]
    assert await count("ledger_checkpoint") == 3
