"""Accounts: what may be opened, opening one, and folding what waits into the balances."""

from collections.abc import Callable

from core import plugins
from core.database import current_unit, unit_of_work
from core.ledger.errors import TransferRefused
from core.manifest import Reason
from core.reference import Ref

EXPORT, PAPER = "core.export_statement", "core.print_statement"
_FOLD_MOST = 5_000


async def open_account(owner: Ref, *, kind: str, unit: str) -> int:
    """The id of the owner's account of that kind and unit, opened now if it is not there yet."""
    connection = current_unit().connection
    find = "select id from ledger_account where owner_kind = $1 and owner_id = $2 and kind = $3 and unit = $4"
    found = await connection.fetchval(find, *owner, kind, unit)
    if found is None:
        await connection.execute(
            "insert into ledger_account (owner_kind, owner_id, kind, unit, floor, tracks_lots)"
            " select $1, $2, k.code, $4, k.floor, k.tracks_lots from ledger_kind k where k.code = $3"
            " on conflict do nothing",
            *owner,
            kind,
            unit,
        )
        found = await connection.fetchval(find, *owner, kind, unit)
    if found is None:
        raise TransferRefused(rule=f"kind {kind}")
    return int(found)


async def fold_waiting() -> int:
    """Add waiting legs to the balances and statements of their accounts; returns how many.

    Some accounts at a time, each time in a unit of work of its own. Accounts that a verb holds just now
    are passed over: that verb folds them itself.
    """
    total, past = 0, 0
    while True:
        async with unit_of_work() as unit:
            row = await unit.connection.fetchrow("select * from ledger_fold_next($1, $2)", past, _FOLD_MOST)
        total += int(row["folded"])
        if row["reached"] is None:
            return total
        if row["folded"] < _FOLD_MOST:
            past = row["reached"]


# hook -> table, and the columns beside code and plugin
_DECLARED = {
    "register_units": ("ledger_unit", ("digits",)),
    "register_account_kinds": ("ledger_kind", ("floor", "tracks_lots")),
    "register_reasons": ("ledger_reason", ("evidence_kind", "purpose")),
}
# columns of a declared reason that have a name or a default of their own
_VALUES: dict[str, Callable[[Reason], str]] = {
    "evidence_kind": lambda reason: reason.evidence or "",
    "purpose": lambda reason: reason.purpose or reason.code,
}


async def declare_codes() -> None:
    """Write the units, kinds and reasons of all enabled plugins to rows. Called by `yiji migrate`.

    Rows of plugins that are gone stay: their entries are still to be read. A row that is there stays as
    it is, because entries may rest on it: a reason with another gate is another reason.
    """
    connection = current_unit().connection
    for hook, (table, fields) in _DECLARED.items():
        for plugin, declared in plugins.registered(hook):
            own = [_VALUES[f](declared) if f in _VALUES else getattr(declared, f) for f in fields]
            values = [declared.code, plugin, *own]
            columns = ", ".join(["code", "plugin", *fields])
            places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
            await connection.execute(
                f"insert into {table} ({columns}) values ({places}) on conflict (code) do nothing", *values
            )
