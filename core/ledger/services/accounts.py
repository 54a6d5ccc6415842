"""Accounts: what may be opened, opening one, and folding what waits into the balances."""

from collections.abc import Callable, Sequence

from core import plugins
from core.database import current_unit, unit_of_work
from core.ledger.errors import TransferRefused
from core.manifest import Reason
from core.reference import Ref

EXPORT, PAPER = "core.export_statement", "core.print_statement"
_FOLD_MOST = 5_000


async def open_unit(family: str, member_id: int | str) -> str:
    """The code of a member of a family of units (`GREEN`, 7 -> `GREEN:7`), created now if it is new.

    Raises TransferRefused for a family that no enabled plugin declares.
    """
    code = f"{family}:{member_id}"
    for plugin, unit in plugins.registered("register_units"):
        if unit.is_family and unit.code == family:
            await current_unit().connection.execute(
                "insert into ledger_unit (code, plugin, digits) values ($1, $2, $3) on conflict do nothing",
                code,
                plugin,
                unit.digits,
            )
            return code
    raise TransferRefused(rule=f"unit {family}")


async def open_account(owner: Ref, *, kind: str, unit: str) -> int:
    """The id of the owner's account of that kind and unit, opened now if it is not there yet."""
    return (await open_accounts(owner.kind, [owner.id], kind=kind, unit=unit))[owner.id]


async def open_accounts(owner_kind: str, owner_ids: Sequence[int], *, kind: str, unit: str) -> dict[int, int]:
    """Owner -> account of that kind and unit, for many owners at once; what is not there is opened."""
    ids, connection = list(set(owner_ids)), current_unit().connection
    find = (
        "select owner_id, id from ledger_account"
        " where owner_kind = $1 and owner_id = any($2) and kind = $3 and unit = $4"
    )
    found = await connection.fetch(find, owner_kind, ids, kind, unit)
    if len(found) < len(ids):
        await connection.execute(
            "insert into ledger_account (owner_kind, owner_id, kind, unit, floor, tracks_lots)"
            " select $1, o.id, k.code, $4, k.floor, k.tracks_lots"
            " from ledger_kind k, unnest($2::bigint[]) o(id)"
            " where k.code = $3 order by o.id on conflict do nothing",
            owner_kind,
            ids,
            kind,
            unit,
        )
        found = await connection.fetch(find, owner_kind, ids, kind, unit)
    if len(found) < len(ids):
        raise TransferRefused(rule=f"kind {kind}")
    return {row["owner_id"]: row["id"] for row in found}


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
            if getattr(declared, "is_family", False):
                continue  # its members are the rows
            own = [_VALUES[f](declared) if f in _VALUES else getattr(declared, f) for f in fields]
            values = [declared.code, plugin, *own]
            columns = ", ".join(["code", "plugin", *fields])
            places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
            await connection.execute(
                f"insert into {table} ({columns}) values ({places}) on conflict (code) do nothing", *values
            )
