"""The proof: every balance, line and lot follows from the entries, or is named."""

from core.database import fetch
from core.ledger.queries.checkpoints import Checkpoint, trusted_checkpoint
from core.manifest import Difference

# What the proof reads. `stood`: each account at the checkpoint; `due`: the legs to be found since, waiting
# or on a line; `lines`: the lines since.
_WHOLE = """
with heads as not materialized (select * from ledger_transfer),
legs as not materialized (select * from ledger_entry),
stood as (select 0::bigint as account, 0::bigint as balance, 0::bigint as lines where false),
due as not materialized (select * from ledger_entry),
lines as not materialized (select * from ledger_line)"""
# Lines are looked up account by account, by their key: whatever the planner thinks, it may not read them all.
_SINCE = """
with heads as not materialized (
    select * from ledger_transfer where id > {upto} and id <> all('{beyond}'::bigint[])),
legs as not materialized (
    select * from ledger_entry where transfer > {upto} and transfer <> all('{beyond}'::bigint[])),
stood as not materialized (
    select account, balance, lines from ledger_checkpoint_account where checkpoint = {id}),
due as not materialized (
    select transfer, leg, account, amount from legs
    union all
    select transfer, leg, account, amount from ledger_checkpoint_leg where checkpoint = {id}),
lines as not materialized (
    select l.* from ledger_account a
    left join stood s on s.account = a.id
    cross join lateral (
        select * from ledger_line where account = a.id and number > coalesce(s.lines, 0) offset 0) l)"""

_BOOKS = {
    "account %s: balance": """
        select a.id, coalesce(s.balance, 0) + coalesce(e.amount, 0) as expected,
            a.balance + coalesce(q.amount, 0) as found
        from ledger_account a
        left join stood s on s.account = a.id
        left join (select account, sum(amount) as amount from due group by account) e on e.account = a.id
        left join (select account, sum(amount) as amount from ledger_queue group by account) q
            on q.account = a.id
        where coalesce(s.balance, 0) + coalesce(e.amount, 0) <> a.balance + coalesce(q.amount, 0)""",
    "account %s: number of statement lines": """
        select id, lines as expected, concat(there, ' there, the last ', last) as found
        from (
            select a.id, a.lines, coalesce(s.lines, 0) + coalesce(l.n, 0) as there,
                coalesce(l.last, s.lines, 0) as last
            from ledger_account a
            left join stood s on s.account = a.id
            left join (select account, count(*) as n, max(number) as last from lines group by account) l
                on l.account = a.id) n
        where (lines, lines) is distinct from (there, last)""",
    "transfer %s: legs on accounts of its unit": """
        select e.transfer as id, coalesce(min(t.unit), 'a transfer') as expected,
            string_agg(distinct coalesce(a.unit, 'no account'), ' ') as found
        from legs e
        left join heads t on t.id = e.transfer
        left join ledger_account a on a.id = e.account
        where t.id is null or a.unit is distinct from t.unit
        group by e.transfer""",
    "transfer %s: each leg waiting or on a line, once": """
        select coalesce(e.transfer, w.transfer) as id, count(e.transfer) as expected,
            count(w.transfer) as found
        from due e
        full join (
            select transfer, leg, account, amount from ledger_queue
            union all
            select l.transfer, l.leg, l.account, x.amount
            from lines l left join due x on x.transfer = l.transfer and x.leg = l.leg) w
            on (w.transfer, w.leg, w.account, w.amount) = (e.transfer, e.leg, e.account, e.amount)
        group by coalesce(e.transfer, w.transfer)
        having count(*) <> count(e.transfer) or count(*) <> count(w.transfer)
            or count(*) <> count(distinct e.leg)""",
    "transfer %s: sum of entries": """
        select t.id, 0 as expected, coalesce(sum(e.amount), 0) as found
        from heads t left join legs e on e.transfer = t.id
        group by t.id having count(e.transfer) < 2 or sum(e.amount) <> 0""",
    "account %s: balances after its lines": """
        select id, count(*) || ' right' as expected, count(*) filter (where expected <> balance) || ' wrong'
            as found
        from (
            select l.account as id, l.balance, coalesce(s.balance, 0)
                + sum(e.amount) over (partition by l.account order by l.number) as expected
            from lines l
            join due e on e.transfer = l.transfer and e.leg = l.leg
            left join stood s on s.account = l.account) n
        group by id having bool_or(expected <> balance)""",
    "transfer %s: its evidence used for its purpose": """
        select t.id, r.purpose as expected, coalesce(u.user_kind || ':' || u.user_id, 'nothing') as found
        from heads t
        join ledger_reason r on r.code = t.reason
        left join evidence_use u on u.evidence = t.evidence and u.purpose = r.purpose
        where t.evidence is not null
            and (u.user_kind, u.user_id) is distinct from ('transfer'::varchar, t.id)""",
}
# Read whole each time.
_STOCK = {
    "account %s: lowest allowed balance": """
        select a.id, a.floor as expected, a.balance as found
        from ledger_account a where a.balance < a.floor""",
    "account %s: sum of its lots": """
        select a.id, a.balance as expected, coalesce(sum(p.amount), 0) as found
        from ledger_account a left join ledger_lot_part p on p.account = a.id
        where a.tracks_lots or p.account is not null
        group by a.id
        having coalesce(sum(p.amount), 0) <> case when a.tracks_lots then a.balance else 0 end""",
    "lot %s: its parts after its moves": """
        with came as (
            select lot, account, sum(amount) as amount from (
                select lot, to_account as account, amount from ledger_lot_move
                union all
                select lot, from_account, -amount from ledger_lot_move) m
            where account is not null group by lot, account)
        select coalesce(c.lot, p.lot) as id, sum(coalesce(c.amount, 0)) as expected,
            sum(coalesce(p.amount, 0)) as found
        from came c full join ledger_lot_part p on p.lot = c.lot and p.account = c.account
        where coalesce(c.amount, 0) <> coalesce(p.amount, 0)
        group by coalesce(c.lot, p.lot)""",
    "lot %s: what was received": """
        select l.id, l.amount as expected, coalesce(sum(m.amount), 0) as found
        from ledger_lot l
        left join ledger_lot_move m
            on m.lot = l.id and m.transfer = l.transfer and m.from_account is null
        group by l.id having coalesce(sum(m.amount), 0) <> l.amount""",
}


async def differences(limit: int = 100) -> list[Difference]:
    """Where the stored balances, lines and lots disagree with the entries; empty when none do.

    Reads what came after the newest checkpoint; everything where there is none, or one that is not as it
    was signed, which is a difference too.
    """
    checkpoint, broken = await trusted_checkpoint()
    return [*broken, *await differences_since(checkpoint, limit)]


async def differences_since(checkpoint: Checkpoint | None, limit: int = 100) -> list[Difference]:
    """The same for what came after a checkpoint, taken to be right; None: from the beginning."""
    reads = _WHOLE
    if checkpoint is not None:
        beyond = "{" + ",".join(map(str, checkpoint.beyond)) + "}"
        reads = _SINCE.format(id=checkpoint.id, upto=checkpoint.upto, beyond=beyond)
    found: list[Difference] = []
    for subject, sql in {**{name: reads + sql for name, sql in _BOOKS.items()}, **_STOCK}.items():
        for row in await fetch(f"{sql} order by 1 limit {limit}"):
            found.append(
                Difference(
                    subject=subject % row["id"],
                    expected=str(row["expected"]),
                    found=str(row["found"]),
                )
            )
    return found
