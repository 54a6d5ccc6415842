"""Reads for a dossier, in batches: what belongs to a set of things."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.database import fetch
from core.reference import Ref

_BATCH, _CONTENTS = 1_000, 8


@dataclass(frozen=True)
class AccountView:
    """An account of one of the things; amounts in the smallest part of its unit, `digits` decimals."""

    id: int
    owner_kind: str
    owner_id: int
    kind: str
    unit: str
    digits: int
    balance: int
    lines: int


@dataclass(frozen=True)
class FileContent:
    """A file that was sent about one of the things."""

    id: int
    name: str
    content: bytes


async def unhurried() -> None:
    """Let the reads of this unit of work take the time they need."""
    await fetch("set local statement_timeout = 0")


async def accounts(subjects: Sequence[Ref], single_ids: Sequence[int]) -> list[AccountView]:
    """The accounts that the things own, and single ones of others, by id."""
    rows = await fetch(
        """
        select b.id, b.owner_kind, b.owner_id, b.kind, b.unit, u.digits, b.balance, b.lines
        from ledger_balance b join ledger_unit u on u.code = b.unit
        where b.id = any($3) or (b.owner_kind, b.owner_id) in (
            select s.kind, s.id from unnest($1::text[], $2::bigint[]) s(kind, id))
        order by b.id""",
        *_columns(subjects),
        list(single_ids),
    )
    return [AccountView(**dict(row)) for row in rows]


async def transfers(account_ids: Sequence[int]) -> AsyncIterator[list[dict[str, Any]]]:
    """All transfers that touch one of the accounts, with all their legs, also those of others; by id."""
    found = await fetch(
        "select distinct transfer from ledger_entry where account = any($1) order by transfer",
        list(account_ids),
    )
    async for some in transfers_with([row["transfer"] for row in found]):
        yield some


async def transfers_with(ids: Sequence[int]) -> AsyncIterator[list[dict[str, Any]]]:
    """These transfers, with all their legs."""
    for start in range(0, len(ids), _BATCH):
        rows = await fetch(
            """
            select t.id, t.unit, t.reason, t.cause_kind, t.cause_id, t.occurred_at, t.posted_at, t.note,
                t.evidence, t.reverses,
                array_agg(e.account order by e.leg) as accounts, array_agg(e.amount order by e.leg) as amounts
            from ledger_transfer t join ledger_entry e on e.transfer = t.id
            where t.id = any($1) group by t.id order by t.id""",
            list(ids[start : start + _BATCH]),
        )
        yield [_with_entries(dict(row)) for row in rows]


def _with_entries(transfer: dict[str, Any]) -> dict[str, Any]:
    legs = zip(transfer.pop("accounts"), transfer.pop("amounts"), strict=True)
    return {**transfer, "entries": [{"account": account, "amount": amount} for account, amount in legs]}


_ABOUT = {
    "evidence": """
        select x.id, x.kind, x.subject_kind, x.subject_id, x.facts::text, x.recorded_by, x.recorded_at,
            (select coalesce(json_agg(json_build_object('purpose', u.purpose, 'user_kind', u.user_kind,
                'user_id', u.user_id) order by u.id), '[]')::text from evidence_use u
                where u.evidence = x.id) as uses
        from evidence x""",
    "files": """
        select x.id, x.name, x.subject_kind, x.subject_id, c.media_type, encode(c.digest, 'hex') as sha256,
            x.uploaded_by, x.uploaded_at
        from file x join file_content c on c.id = x.content""",
    "audit": """
        select x.id, x.happened_at, x.actor_id, x.action, x.subject_kind, x.subject_id, x.facts::text
        from audit_event x""",
}


async def about(what: str, subjects: Sequence[Ref]) -> AsyncIterator[list[dict[str, Any]]]:
    """`evidence`, `files` or `audit` events about the things, by id."""
    last = 0
    while True:
        rows = await fetch(
            f"{_ABOUT[what]} join unnest($1::text[], $2::bigint[]) s(kind, id)"
            " on s.kind = x.subject_kind and s.id = x.subject_id"
            f" where x.id > $3 order by x.id limit {_BATCH}",
            *_columns(subjects),
            last,
        )
        yield [dict(row) for row in rows]
        if len(rows) < _BATCH:
            return
        last = rows[-1]["id"]


async def contents(file_ids: Sequence[int]) -> AsyncIterator[list[FileContent]]:
    """The files themselves, a few at a time."""
    for start in range(0, len(file_ids), _CONTENTS):
        rows = await fetch(
            "select f.id, f.name, c.content from file f join file_content c on c.id = f.content"
            " where f.id = any($1) order by f.id",
            list(file_ids[start : start + _CONTENTS]),
        )
        yield [FileContent(**dict(row)) for row in rows]


def _columns(subjects: Sequence[Ref]) -> tuple[list[str], list[int]]:
    return [subject.kind for subject in subjects], [subject.id for subject in subjects]
