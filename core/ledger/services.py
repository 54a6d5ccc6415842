"""The verbs of the ledger: declare, open an account, post, and be verified."""

from typing import Any

import asyncpg

from core import clock, plugins
from core.database import Unit, current_unit
from core.ledger import rules
from core.ledger.errors import (
    BalanceTooLow,
    TransferAlreadyPosted,
    TransferKeyReused,
    TransferRefused,
)
from core.ledger.rules import Transfer
from core.reference import Ref

_KEY_TAKEN = "YJ001"


def post(transfer: Transfer) -> None:
    """Add a transfer to the caller's unit of work; it is written just before COMMIT.

    All transfers of the unit go down in one call, their accounts locked in id order. There it can
    still raise BalanceTooLow, TransferAlreadyPosted (same key, same content), TransferKeyReused or
    TransferRefused; the whole unit of work is then rolled back.
    """
    rules.check(transfer)
    current_unit().collect(_write, transfer)


async def _write(unit: Unit, collected: list[Transfer]) -> None:
    transfers = _without_repeats(collected)
    legs = [(n, e) for n, t in enumerate(transfers, 1) for e in t.entries]
    try:
        await unit.connection.execute(
            "select ledger_post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            [t.key for t in transfers],
            [t.unit for t in transfers],
            [t.reason for t in transfers],
            [t.cause.kind for t in transfers],
            [t.cause.id for t in transfers],
            [t.note for t in transfers],
            [t.fingerprint() for t in transfers],
            [t.reverses_id for t in transfers],
            [t.occurred_at for t in transfers],
            clock.now(),
            [n for n, _ in legs],
            [e.account_id for _, e in legs],
            [e.amount for _, e in legs],
        )
    except asyncpg.PostgresError as refusal:
        raise _explain(refusal) from refusal


def _without_repeats(collected: list[Transfer]) -> list[Transfer]:
    """The same transfer posted twice in one unit of work is one; two under one key are refused."""
    by_key: dict[str, Transfer] = {}
    for transfer in collected:
        first = by_key.setdefault(transfer.key, transfer)
        if first.fingerprint() != transfer.fingerprint():
            raise TransferKeyReused
    return list(by_key.values())


def _explain(refusal: Any) -> Exception:
    if refusal.sqlstate == _KEY_TAKEN:
        transfer_id, same = refusal.detail.split()
        if same == "same":
            return TransferAlreadyPosted(transfer_id=int(transfer_id))
        return TransferKeyReused()
    constraint = getattr(refusal, "constraint_name", None) or ""
    if constraint == "ledger_account_floor":
        return BalanceTooLow()
    if refusal.sqlstate[:2] == "23":
        return TransferRefused(rule=constraint or "balance")
    assert isinstance(refusal, Exception)
    return refusal


async def open_account(owner: Ref, *, kind: str, unit: str) -> int:
    """The id of the owner's account of that kind and unit, opened now if it is not there yet."""
    connection = current_unit().connection
    find = "select id from ledger_account where owner_kind = $1 and owner_id = $2 and kind = $3 and unit = $4"
    found = await connection.fetchval(find, *owner, kind, unit)
    if found is None:
        await connection.execute(
            "insert into ledger_account (owner_kind, owner_id, kind, unit, floor)"
            " select $1, $2, k.code, $4, k.floor from ledger_kind k where k.code = $3"
            " on conflict do nothing",
            *owner,
            kind,
            unit,
        )
        found = await connection.fetchval(find, *owner, kind, unit)
    if found is None:
        raise TransferRefused(rule=f"kind {kind}")
    return int(found)


# hook -> table, and the column beside code and plugin, named like the declaration's field
_DECLARED = (
    ("register_units", "ledger_unit", "digits"),
    ("register_account_kinds", "ledger_kind", "floor"),
    ("register_reasons", "ledger_reason", None),
)


async def declare_codes() -> None:
    """Write the units, kinds and reasons of all enabled plugins to rows. Called by `yiji migrate`.

    Rows of plugins that are gone stay: their entries are still to be read.
    """
    connection = current_unit().connection
    for hook, table, field in _DECLARED:
        for plugin, declared in plugins.registered(hook):
            values = [declared.code, plugin, *([getattr(declared, field)] if field else [])]
            columns = ", ".join(["code", "plugin", *([field] if field else [])])
            places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
            await connection.execute(
                f"insert into {table} ({columns}) values ({places}) on conflict (code) do nothing", *values
            )
